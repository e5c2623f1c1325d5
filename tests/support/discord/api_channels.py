"""Channels and threads: seen, changed, begun, deleted."""

from typing import Final

from tests.support.discord import payloads
from tests.support.discord.api_messages import post
from tests.support.discord.permissions import Permission
from tests.support.discord.refusals import BAD, FORBIDDEN, Refused, invalid
from tests.support.discord.routes import Answer, Call, route
from tests.support.discord.world import Channel, Json, Kind, Message, World
from tests.support.discord.writing import checked, written

_CHANNEL: Final = "/channels/{channel_id}"
ACTIVE: Final = 1000
"""Threads of a server that are not archived."""
_STARTED = 18
_STARTER = 21


@route("GET", _CHANNEL)
def one(call: Call) -> Answer:
    """Return a channel."""
    return payloads.channel(call.world, call.channel())


@route("PATCH", _CHANNEL)
def change(call: Call) -> Answer:
    """Change a thread: its name, whether it is archived or locked, its tags; or a channel."""
    found, body = call.channel(), call.body
    if not found.is_thread:
        call.channel(Permission.MANAGE_CHANNELS)
        found.name = body.get("name") or found.name
        announce(call.world, "CHANNEL_UPDATE", found)
        return payloads.channel(call.world, found)
    mine = found.owner == call.world.app.bot.id
    manages = call.may(found, Permission.MANAGE_THREADS)
    if not manages and (not mine or found.locked or "locked" in body):
        raise Refused(FORBIDDEN, 50013, "Missing Permissions")
    if found.archived and body.get("archived") is not False:
        raise Refused(BAD, 50083, "Thread is archived")
    found.name = body.get("name") or found.name
    for key, name in (("archived", "archived"), ("locked", "locked")):
        setattr(found, name, body[key] if body.get(key) is not None else getattr(found, name))
    found.archives_after = body.get("auto_archive_duration") or found.archives_after
    found.applied = [str(each) for each in body.get("applied_tags", found.applied)]
    announce(call.world, "THREAD_UPDATE", found)
    return payloads.channel(call.world, found)


@route("DELETE", _CHANNEL)
def delete(call: Call) -> Answer:
    """Delete a channel or thread; a direct conversation is only closed."""
    found = call.channel()
    told = payloads.channel(call.world, found)
    if not found.is_dm:
        needed = Permission.MANAGE_THREADS if found.is_thread else Permission.MANAGE_CHANNELS
        call.channel(needed)
        gone(call.world, found)
    return told


def announce(world: World, event: str, found: Channel) -> None:
    """Tell of a channel."""
    world.emit(event, payloads.channel(world, found), found.guild)


def gone(world: World, found: Channel) -> None:
    """Take a channel away, with its threads."""
    for each in [*world.threads(found.id), found]:
        announce(world, "THREAD_DELETE" if each.is_thread else "CHANNEL_DELETE", each)
        del world.channels[each.id]


@route("POST", f"{_CHANNEL}/messages/{{message_id}}/threads")
def begin_at_message(call: Call) -> Answer:
    """Begin the thread of a message, whose id it has."""
    above = call.channel(Permission.CREATE_PUBLIC_THREADS)
    if above.kind is not Kind.TEXT:
        raise Refused(BAD, 50024, "Cannot execute action on this channel type")
    message = call.message(above)
    if message.id in call.world.channels:
        raise Refused(BAD, 160004, "A thread has already been created for this message")
    made = _begun(call, above, message.id)
    made.messages.append(_system(call.world, made, _STARTER))
    announce_new(call.world, made)
    return payloads.channel(call.world, made)


@route("POST", f"{_CHANNEL}/threads")
def begin(call: Call) -> Answer:
    """Begin a thread without a message; in a forum with its first message."""
    above = call.channel()
    if above.kind is Kind.FORUM:
        return _post(call, above)
    call.channel(Permission.CREATE_PUBLIC_THREADS)
    if call.body.get("type", 12) != Kind.THREAD:
        raise Refused(FORBIDDEN, 50013, "Missing Permissions")
    made = _begun(call, above, call.world.id())
    announce_new(call.world, made)
    above.messages.append(_system(call.world, above, _STARTED, made.name))
    return payloads.channel(call.world, made)


def _post(call: Call, forum: Channel) -> Answer:
    """Begin a post: a thread whose first message has its id."""
    call.channel(Permission.SEND_MESSAGES)
    tags = [str(each) for each in call.body.get("applied_tags") or ()]
    if set(tags) - {each["id"] for each in forum.tags}:
        raise invalid(["applied_tags: Unknown tag"])
    if forum.tagged and not tags:
        raise Refused(BAD, 40067, "A tag is required to create a forum post in this channel")
    first: Json = call.body.get("message") or {}
    checked(first, call.files)
    made = _begun(call, forum, call.world.id())
    made.applied = tags
    announce_new(call.world, made)
    message = written(call.world, made, first, call.files)
    message.id = made.id
    post(call.world, made, message)
    told = payloads.channel(call.world, made)
    return told | {"message": payloads.message(call.world, message)}


def _begun(call: Call, above: Channel, number: str) -> Channel:
    world = call.world
    here = [c for c in world.channels.values() if c.guild == above.guild and c.is_thread]
    if sum(not each.archived for each in here) >= ACTIVE:
        raise Refused(BAD, 160006, "Maximum number of active threads reached")
    made = Channel(
        id=number,
        name=call.body["name"],
        kind=Kind.THREAD,
        guild=above.guild,
        parent=above.id,
        owner=world.app.bot.id,
        archives_after=call.body.get("auto_archive_duration") or 1440,
    )
    world.channels[made.id] = made
    return made


def announce_new(world: World, made: Channel) -> None:
    """Tell of a new thread."""
    told = payloads.channel(world, made) | {"newly_created": True}
    world.emit("THREAD_CREATE", told, made.guild)


def _system(world: World, channel: Channel, kind: int, content: str = "") -> Message:
    """Return a message that Discord itself writes."""
    return Message(
        id=world.id(),
        channel=channel.id,
        author=world.app.bot.id,
        at=world.now(),
        content=content,
        type=kind,
    )


@route("PUT", f"{_CHANNEL}/thread-members/@me")
def join(call: Call) -> Answer:
    """Join a thread."""
    found = call.channel()
    if found.archived:
        raise Refused(BAD, 50083, "Thread is archived")
    return None


@route("PUT", f"{_CHANNEL}/thread-members/{{user_id}}")
def add(call: Call) -> Answer:
    """Let somebody into a thread."""
    found = call.channel(Permission.SEND_MESSAGES_IN_THREADS)
    call.user(call.path["user_id"])
    if found.archived:
        raise Refused(BAD, 50083, "Thread is archived")
    found.members.add(call.path["user_id"])
    return None


@route("GET", "/guilds/{guild_id}/threads/active")
def active(call: Call) -> Answer:
    """Return the threads that are not archived."""
    here = [c for c in call.world.channels.values() if c.guild == call.guild.id and c.is_thread]
    for thread in here:
        call.world.fold(thread)
    told = [payloads.channel(call.world, c) for c in here if not c.archived]
    return {"threads": told, "members": []}


@route("GET", f"{_CHANNEL}/threads/archived/public")
def archived(call: Call) -> Answer:
    """Return a channel's archived threads."""
    above = call.channel(Permission.READ_MESSAGE_HISTORY)
    found = [t for t in call.world.threads(above.id) if t.archived]
    told = [payloads.channel(call.world, t) for t in found]
    return {"threads": told, "members": [], "has_more": False}
