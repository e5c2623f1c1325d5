"""How messages are made of what the app sends: checked, with files, and who is called by them."""

import re
from collections.abc import Mapping
from typing import Final

from tests.support.discord import payloads
from tests.support.discord.components import Part, is_empty, message_problems, walk
from tests.support.discord.refusals import BAD, Refused, invalid
from tests.support.discord.world import (
    EPHEMERAL,
    SILENT,
    V2,
    Attachment,
    Channel,
    Json,
    Message,
    World,
)

LARGEST_FILE: Final = 10 * 1024 * 1024
FILES: Final = 10
SETTABLE: Final = SILENT | V2 | EPHEMERAL | (1 << 2)
_CALLED: Final = re.compile(r"<@!?(\d+)>|@(everyone|here)")


def checked(body: Json, files: Mapping[str, Attachment], *, new: bool = True) -> None:
    """Refuse a message that Discord would refuse."""
    names = [each.filename for each in files.values()]
    if new and is_empty(body, names):
        raise Refused(BAD, 50006, "Cannot send an empty message")
    kept = [str(each.get("filename") or "") for each in body.get("attachments") or ()]
    wrong = message_problems(body, [*names, *kept])
    if (body.get("flags") or 0) & ~SETTABLE:
        wrong.append("flags: cannot be set")
    listed = {str(each["id"]) for each in body.get("attachments") or ()}
    wrong += [
        f"files/{key}: is not in attachments" for key in files if listed and key not in listed
    ]
    if len(files) > FILES:
        wrong.append(f"files: Must be {FILES} or fewer in length.")
    if wrong:
        raise invalid(wrong)
    if any(len(each.content) > LARGEST_FILE for each in files.values()):
        raise Refused(413, 40005, "Request entity too large")


def written(world: World, channel: Channel, body: Json, files: Mapping[str, Attachment]) -> Message:
    """Return a new message of the app's, not yet in the channel."""
    flags = body.get("flags") or 0
    made = Message(
        id=world.id(),
        channel=channel.id,
        author=world.app.bot.id,
        at=world.now(),
        nonce=body.get("nonce"),
        silent=bool(flags & SILENT),
    )
    made.flags = flags & V2
    fill(world, made, body, files)
    made.pings = pinged(made, body.get("allowed_mentions"))
    return made


def fill(world: World, message: Message, body: Json, files: Mapping[str, Attachment]) -> None:
    """Put into a message what the body says, and leave what it says nothing of."""
    if "content" in body:
        message.content = body["content"] or ""
    if "embeds" in body:
        message.embeds = body["embeds"] or []
    if files or "attachments" in body:
        message.attachments = _attached(world, message, body, files)
    if "components" in body:
        message.components = _kept(world, body["components"] or [], message.attachments)


def _attached(
    world: World, message: Message, body: Json, files: Mapping[str, Attachment]
) -> list[Attachment]:
    told = {str(each["id"]): each for each in body.get("attachments") or ()}
    kept = [each for each in message.attachments if "attachments" not in body or each.id in told]
    for key, each in files.items():
        own = told.get(key, {})
        each.filename = own.get("filename") or each.filename
        each.description = own.get("description") or ""
        each.id = world.id()
        world.uploads[each.id] = each
        kept.append(each)
    return kept


def _kept(world: World, components: list[Json], files: list[Attachment]) -> list[Json]:
    """Return components as Discord keeps them: numbered, with their files' addresses."""
    by_name = {each.filename: payloads.attachment(world, each) for each in files}
    for number, each in enumerate(walk(components), start=1):
        each.setdefault("id", number)
        for key in ("file", "media"):
            _unfurl(each, key, by_name)
        for item in each.get("items") or ():
            _unfurl(item, "media", by_name)
    return components


def _unfurl(holder: Json, key: str, by_name: Mapping[str, Json]) -> None:
    shown = holder.get(key)
    name = shown["url"].removeprefix("attachment://") if shown else ""
    if shown and name in by_name:
        found = by_name[name]
        shown |= {"url": found["url"], "proxy_url": found["url"], "attachment_id": found["id"]}


def pinged(message: Message, allowed: Json | None) -> tuple[str, ...]:
    """Return whom a message calls; without ``allowed_mentions`` all that it names."""
    texts = [message.content]
    texts += [str(c["content"]) for c in walk(message.components) if c["type"] == Part.TEXT]
    found = [match[1] or "everyone" for text in texts for match in _CALLED.finditer(text)]
    if allowed is not None:
        parse = allowed.get("parse") or ()
        users = {str(each) for each in allowed.get("users") or ()}
        found = [
            each
            for each in found
            if (each == "everyone" and "everyone" in parse)
            or (each != "everyone" and ("users" in parse or each in users))
        ]
    return tuple(dict.fromkeys(found))
