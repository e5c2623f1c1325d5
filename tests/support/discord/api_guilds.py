"""The app itself, its guilds, their members, and their scheduled events."""

from typing import Final

from tests.support.discord import payloads
from tests.support.discord.permissions import Permission, bits
from tests.support.discord.refusals import BAD, FORBIDDEN, Refused, invalid, unknown
from tests.support.discord.routes import Answer, Call, route
from tests.support.discord.world import Json

_GUILD: Final = "/guilds/{guild_id}"
_EVENTS: Final = f"{_GUILD}/scheduled-events"
EXTERNAL: Final = 3
OPEN_EVENTS: Final = 100
_CLOSED: Final = (3, 4)


@route("GET", "/users/@me")
def me(call: Call) -> Answer:
    """Return the bot."""
    found = payloads.user(call.world.app.bot)
    return found | {"verified": True, "mfa_enabled": False, "locale": "en-US", "email": None}


@route("GET", "/users/@me/guilds")
def guilds(call: Call) -> Answer:
    """Return where the app is installed."""
    every = [each for each in call.world.guilds.values() if not each.gone]
    facts = {"icon": None, "owner": False, "features": []}
    return [{"id": g.id, "name": g.name, "permissions": bits(g.allowed)} | facts for g in every]


@route("GET", "/oauth2/applications/@me")
@route("GET", "/applications/@me")
def application(call: Call) -> Answer:
    """Return the app."""
    app = call.world.app
    return {
        "id": app.id,
        "name": app.bot.name,
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": _flags(app.intents),
        "owner": payloads.user(app.bot),
        "team": None,
        "bot": payloads.user(app.bot),
        "approximate_guild_count": len(call.world.guilds),
    }


def _flags(intents: int) -> int:
    """Return which privileged intents are granted, as an app's flags say it."""
    granted = ((1 << 8, 1 << 13), (1 << 1, 1 << 15), (1 << 15, 1 << 19))
    return sum(flag for intent, flag in granted if intents & intent)


@route("GET", _GUILD)
def guild(call: Call) -> Answer:
    """Return a guild."""
    return payloads.guild(call.world, call.guild)


@route("GET", f"{_GUILD}/channels")
def channels(call: Call) -> Answer:
    """Return a guild's channels."""
    here = [c for c in call.world.channels.values() if c.guild == call.guild.id]
    return [payloads.channel(call.world, c) for c in here if not c.is_thread]


@route("GET", f"{_GUILD}/members/{{user_id}}")
def member(call: Call) -> Answer:
    """Return a member."""
    number = call.path["user_id"]
    if number not in call.guild.members:
        raise unknown("Member" if number in call.world.users else "User")
    return payloads.member(call.world, call.guild, call.world.users[number])


@route("GET", f"{_GUILD}/members/search")
def search(call: Call) -> Answer:
    """Return the members whose names begin so."""
    begins, most = call.query.get("query", "").casefold(), int(call.query.get("limit", 1))
    if not begins or not 1 <= most <= 1000:
        raise invalid(["query: This field is required"])
    people = [call.world.users[each] for each in sorted(call.guild.members)]
    named = [
        each
        for each in people
        if each.name.casefold().startswith(begins)
        or call.guild.nicks.get(each.id, "").casefold().startswith(begins)
    ]
    return [payloads.member(call.world, call.guild, each) for each in named[:most]]


@route("GET", f"{_GUILD}/members")
def members(call: Call) -> Answer:
    """Return all members: with the privileged intent alone."""
    if not call.world.app.intents & 2:
        raise Refused(FORBIDDEN, 50001, "Missing Access")
    people = [call.world.users[each] for each in sorted(call.guild.members)]
    return [payloads.member(call.world, call.guild, each) for each in people]


@route("GET", f"{_GUILD}/roles")
def roles(call: Call) -> Answer:
    """Return the guild's roles: everybody's alone."""
    return [payloads.everyone(call.guild)]


@route("GET", _EVENTS)
def events(call: Call) -> Answer:
    """Return the scheduled events."""
    return list(call.guild.events.values())


@route("POST", _EVENTS)
def schedule(call: Call) -> Answer:
    """Schedule an event; one outside Discord has a place and an end."""
    found, body = call.guild, call.body
    if Permission.CREATE_EVENTS not in found.allowed:
        raise Refused(FORBIDDEN, 50013, "Missing Permissions")
    _checked(call)
    if sum(each["status"] not in _CLOSED for each in found.events.values()) >= OPEN_EVENTS:
        raise Refused(BAD, 30038, "Maximum number of guild scheduled events reached (100)")
    made: Json = {
        "id": call.world.id(),
        "guild_id": found.id,
        "channel_id": body.get("channel_id"),
        "creator_id": call.world.app.bot.id,
        "creator": payloads.user(call.world.app.bot),
        "name": body["name"],
        "description": body.get("description"),
        "scheduled_start_time": body["scheduled_start_time"],
        "scheduled_end_time": body.get("scheduled_end_time"),
        "privacy_level": body["privacy_level"],
        "status": 1,
        "entity_type": body["entity_type"],
        "entity_id": None,
        "entity_metadata": body.get("entity_metadata"),
        "image": None,
        "user_count": 0,
    }
    found.events[made["id"]] = made
    call.world.emit("GUILD_SCHEDULED_EVENT_CREATE", made, found.id)
    return made


def _checked(call: Call) -> None:
    body, wrong = call.body, []
    if body["entity_type"] == EXTERNAL:
        if not (body.get("entity_metadata") or {}).get("location"):
            wrong.append("entity_metadata/location: This field is required")
        if not body.get("scheduled_end_time"):
            wrong.append("scheduled_end_time: This field is required")
    elif not body.get("channel_id"):
        wrong.append("channel_id: This field is required")
    start, end = body["scheduled_start_time"], body.get("scheduled_end_time")
    if payloads.unix(start) <= call.world.now():
        wrong.append("scheduled_start_time: Cannot schedule event in the past.")
    if end and payloads.unix(end) <= payloads.unix(start):
        wrong.append("scheduled_end_time: Cannot schedule event to end before it starts.")
    if wrong:
        raise invalid(wrong)


@route("PATCH", f"{_EVENTS}/{{guild_scheduled_event_id}}")
def reschedule(call: Call) -> Answer:
    """Change an event of the app's own."""
    found = _event(call)
    found.update({key: value for key, value in call.body.items() if key in found})
    call.world.emit("GUILD_SCHEDULED_EVENT_UPDATE", found, call.guild.id)
    return found


@route("DELETE", f"{_EVENTS}/{{guild_scheduled_event_id}}")
def cancel(call: Call) -> Answer:
    """Take an event away."""
    found = _event(call)
    del call.guild.events[found["id"]]
    call.world.emit("GUILD_SCHEDULED_EVENT_DELETE", found, call.guild.id)
    return None


def _event(call: Call) -> Json:
    found = call.guild.events.get(call.path["guild_scheduled_event_id"])
    if found is None:
        raise unknown("Guild Scheduled Event")
    if not call.guild.allowed & {Permission.CREATE_EVENTS, Permission.MANAGE_EVENTS}:
        raise Refused(FORBIDDEN, 50013, "Missing Permissions")
    return found
