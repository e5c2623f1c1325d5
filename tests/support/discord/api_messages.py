"""Messages: sent, with a nonce only once, edited, read, pinned, deleted."""

from typing import Final

from tests.support.discord import payloads
from tests.support.discord.permissions import Permission
from tests.support.discord.refusals import BAD, FORBIDDEN, Refused, invalid
from tests.support.discord.routes import Answer, Call, route
from tests.support.discord.world import (
    EPHEMERAL,
    V2,
    Attachment,
    Channel,
    Json,
    Kind,
    Message,
    World,
)
from tests.support.discord.writing import checked, fill, pinged, written

_CHANNEL: Final = "/channels/{channel_id}"
PINS: Final = 250
OFTEN_EDITED: Final = 30046


@route("POST", f"{_CHANNEL}/messages")
def send(call: Call) -> Answer:
    """Send a message, or return the one that was sent with the same nonce before."""
    channel = call.writable()
    if channel.kind is Kind.FORUM:
        raise Refused(BAD, 50008, "Cannot send messages in a non-text channel")
    if (call.body.get("flags") or 0) & EPHEMERAL:
        raise invalid(["flags: cannot be set"])
    _allowed(call, channel, call.body, call.files)
    checked(call.body, call.files)
    before = _same(call.world, call.body)
    if before is not None:
        return payloads.message(call.world, before)
    reference = call.body.get("message_reference")
    if reference and not channel.find(str(reference["message_id"])):
        if reference.get("fail_if_not_exists", True):
            raise invalid(["message_reference: Unknown message"])
        reference = None
    channel.archived = False
    made = written(call.world, channel, call.body, call.files)
    made.reference = reference
    post(call.world, channel, made)
    return payloads.message(call.world, made)


def _allowed(call: Call, channel: Channel, body: Json, files: dict[str, Attachment]) -> None:
    if files and not call.may(channel, Permission.ATTACH_FILES):
        raise Refused(FORBIDDEN, 50013, "Missing Permissions")
    if body.get("embeds") and not call.may(channel, Permission.EMBED_LINKS):
        raise Refused(FORBIDDEN, 50013, "Missing Permissions")
    if body.get("message_reference") and not call.may(channel, Permission.READ_MESSAGE_HISTORY):
        raise Refused(FORBIDDEN, 160002, "Cannot reply without permission to read message history")


def _same(world: World, body: Json) -> Message | None:
    """Return the app's message of that nonce of the past few minutes, where it insists on it."""
    if not body.get("enforce_nonce") or body.get("nonce") is None:
        return None
    since, bot = world.now() - world.nonce_lasts, world.app.bot.id
    for channel in world.channels.values():
        for message in reversed(channel.messages):
            if message.at < since:
                break
            if message.author == bot and message.nonce == body["nonce"]:
                return message
    return None


def post(world: World, channel: Channel, message: Message) -> None:
    """Put a message into its channel, and tell of it."""
    channel.messages.append(message)
    if not message.only_for:
        world.emit("MESSAGE_CREATE", payloads.event_message(world, message), channel.guild)


@route("PATCH", f"{_CHANNEL}/messages/{{message_id}}")
def edit(call: Call) -> Answer:
    """Edit a message of the app's own."""
    channel = call.channel()
    message = call.message(channel)
    if message.author != call.world.app.bot.id:
        raise Refused(FORBIDDEN, 50005, "Cannot edit a message authored by another user")
    if channel.is_thread and channel.archived:
        raise Refused(BAD, 50083, "Thread is archived")
    change(call, message)
    return payloads.message(call.world, message)


def change(call: Call, message: Message) -> None:
    """Change a message as the body says: it stays, or becomes, one of components alone."""
    world, body = call.world, call.body
    flags = body.get("flags")
    if message.v2 and flags is not None and not flags & V2:
        raise invalid(["flags: IS_COMPONENTS_V2 cannot be removed"])
    as_new = {"content": message.content, "components": message.components}
    as_new |= {"embeds": message.embeds} if message.embeds else {}
    both = {**as_new, **body, "flags": (flags or 0) | (message.flags & V2)}
    kept = [{"id": each.id, "filename": each.filename} for each in message.attachments]
    both.setdefault("attachments", kept)
    checked(_named(both, message), call.files, new=False)
    message.flags |= (flags or 0) & V2
    fill(world, message, body, call.files)
    message.pings = pinged(message, body.get("allowed_mentions"))
    message.edited += 1
    message.edited_at = world.now()
    if not message.only_for:
        guild = world.channels[message.channel].guild
        world.emit("MESSAGE_UPDATE", payloads.event_message(world, message), guild)


def _named(body: Json, message: Message) -> Json:
    """Return the body with the names of files that stay where they are."""
    names = {each.id: each.filename for each in message.attachments}
    told = [
        each if str(each["id"]) not in names else {**each, "filename": names[str(each["id"])]}
        for each in body.get("attachments") or ()
    ]
    listed = {str(each["id"]) for each in told}
    return body if not listed - set(names) and not told else {**body, "attachments": told}


@route("GET", f"{_CHANNEL}/messages/{{message_id}}")
def one(call: Call) -> Answer:
    """Return a message."""
    channel = call.channel(Permission.READ_MESSAGE_HISTORY)
    return seen(call.world, call.message(channel))


@route("GET", f"{_CHANNEL}/messages")
def history(call: Call) -> Answer:
    """Return messages, the newest first; none where the app may not read what was before."""
    channel = call.channel()
    if not call.may(channel, Permission.READ_MESSAGE_HISTORY):
        return []
    most = int(call.query.get("limit", 50))
    if not 1 <= most <= 100:
        raise invalid(["limit: Value must be between 1 and 100."])
    found = [m for m in channel.messages if not m.only_for]
    if "after" in call.query:
        found = [m for m in found if int(m.id) > int(call.query["after"])][:most]
    elif "before" in call.query:
        found = [m for m in found if int(m.id) < int(call.query["before"])]
    elif "around" in call.query:
        found = sorted(found, key=lambda m: abs(int(m.id) - int(call.query["around"])))[:most]
        found.sort(key=lambda m: int(m.id))
    return [seen(call.world, m) for m in found[-most:][::-1]]


def seen(world: World, message: Message) -> Json:
    """Return a message as the app may read it."""
    bot = world.app.bot.id
    direct = world.channels[message.channel].is_dm
    whole = direct or message.author == bot or bot in message.pings or bool(world.app.intents >> 15)
    return payloads.message(world, message, whole=whole)


@route("DELETE", f"{_CHANNEL}/messages/{{message_id}}")
def delete(call: Call) -> Answer:
    """Delete a message."""
    channel = call.channel()
    message = call.message(channel)
    mine = message.author == call.world.app.bot.id
    if not mine and (channel.is_dm or not call.may(channel, Permission.MANAGE_MESSAGES)):
        raise Refused(FORBIDDEN, 50003, "Cannot execute action on a DM channel")
    remove(call.world, channel, message)
    return None


def remove(world: World, channel: Channel, message: Message) -> None:
    """Take a message away, and tell of it."""
    channel.messages.remove(message)
    if message.only_for:
        return
    told = {"id": message.id, "channel_id": channel.id}
    world.emit("MESSAGE_DELETE", told | _guild(channel), channel.guild)


def _guild(channel: Channel) -> Json:
    return {"guild_id": channel.guild} if channel.guild else {}


@route("PUT", f"{_CHANNEL}/messages/pins/{{message_id}}")
@route("PUT", f"{_CHANNEL}/pins/{{message_id}}")
def pin(call: Call) -> Answer:
    """Pin a message."""
    channel = call.channel(Permission.PIN_MESSAGES)
    message = call.message(channel)
    if sum(each.pinned for each in channel.messages) >= PINS:
        raise Refused(BAD, 30003, "Maximum number of pins reached")
    message.pinned = True
    return None


@route("DELETE", f"{_CHANNEL}/messages/pins/{{message_id}}")
@route("DELETE", f"{_CHANNEL}/pins/{{message_id}}")
def unpin(call: Call) -> Answer:
    """Take a pin off."""
    channel = call.channel(Permission.PIN_MESSAGES)
    call.message(channel).pinned = False
    return None


@route("GET", f"{_CHANNEL}/messages/pins")
def pins(call: Call) -> Answer:
    """Return what is pinned."""
    channel = call.channel(Permission.READ_MESSAGE_HISTORY)
    found = [m for m in channel.messages if m.pinned]
    items = [
        {"pinned_at": payloads.at(m.at), "message": payloads.message(call.world, m)} for m in found
    ]
    return {"items": items, "has_more": False}


@route("POST", f"{_CHANNEL}/typing")
def typing(call: Call) -> Answer:
    """Show that the app is writing."""
    call.writable()
    return None


@route("GET", "/users/{user_id}")
def user(call: Call) -> Answer:
    """Return anybody."""
    return payloads.user(call.user(call.path["user_id"]))


@route("POST", "/users/@me/channels")
def open_dm(call: Call) -> Answer:
    """Open the direct conversation with somebody."""
    number = str(call.body.get("recipient_id"))
    who = call.user(number)
    if who.bot:
        raise Refused(BAD, 50007, "Cannot send messages to this user")
    found = call.world.dm_of(who.id) or call.world.dm(who.id)
    return payloads.channel(call.world, found)
