"""chat.*: messages, checked as Slack checks them."""

import re
from typing import Final

from tests.support.slack.methods import Call, Refused, method, truth
from tests.support.slack.validation import blocks_problems, named_blocks
from tests.support.slack.world import Channel, Json, Message

WRITES: Final = ("chat:write",)
TRUNCATED: Final = 40_000
RECOMMENDED: Final = 4_000
_PINGS: Final = re.compile(r"<(@[UW]\w+|!(?:channel|here|everyone)|!subteam\^\w+)(?:\|[^>]*)?>")
_NAMES: Final = re.compile(r"(?<!\w)@(channel|here|everyone)\b")


@method("chat.postMessage", "channel", scopes=WRITES)
def post_message(call: Call) -> Json:
    """Post a message, maybe in a thread."""
    channel = call.channel(writing=True)
    message = draft(call, channel, call.world.ts())
    message.thread = thread_of(call, channel)
    message.metadata = _metadata(call)
    channel.messages.append(message)
    return {"channel": channel.id, "ts": message.ts, "message": shown(message)}


@method("chat.postEphemeral", "channel", "user", scopes=WRITES, tier=4)
def post_ephemeral(call: Call) -> Json:
    """Show a message to one member of a channel."""
    channel = call.channel(writing=True)
    if str(call.args["user"]) not in channel.members:
        raise Refused("user_not_in_channel")
    message = draft(call, channel, call.world.ts())
    message.only_for = call.user().id
    message.thread = thread_of(call, channel)
    channel.messages.append(message)
    return {"message_ts": message.ts}


@method("chat.update", "channel", "ts", scopes=WRITES)
def update(call: Call) -> Json:
    """Replace what a message of the app says; blocks that are not given stay."""
    channel = call.channel(writing=True)
    message = _own(call, channel)
    new = draft(call, channel, message.ts, standing=message)
    message.text, message.blocks, message.pings = new.text, new.blocks, new.pings
    message.metadata = _metadata(call) or message.metadata
    message.edited += 1
    return {"channel": channel.id, "ts": message.ts, "text": message.text}


@method("chat.delete", "channel", "ts", scopes=WRITES)
def delete(call: Call) -> Json:
    """Take away a message of the app."""
    channel = call.channel()
    message = _own(call, channel)
    channel.messages.remove(message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", "channel", "message_ts")
def permalink(call: Call) -> Json:
    """Return the address of a message."""
    channel = call.channel()
    message = call.message(channel, call.args["message_ts"])
    number = message.ts.replace(".", "")
    address = f"https://{call.team.domain}.slack.com/archives/{channel.id}/p{number}"
    return {"channel": channel.id, "permalink": address}


def draft(call: Call, channel: Channel, ts: str, standing: Message | None = None) -> Message:
    """Return the message that the arguments describe."""
    args = call.args
    text, blocks = str(args.get("text") or ""), args.get("blocks")
    if not text and not blocks and not args.get("attachments"):
        raise Refused("no_text")
    if blocks is None and standing is not None:
        blocks = standing.blocks
    kept = checked(call, blocks or [])
    if not text:
        call.warnings.append("missing_text_in_message")
    if len(text) > RECOMMENDED:
        call.warnings.append("message_text_longer_than_recommended")
    return Message(
        ts=ts,
        channel=channel.id,
        user=call.team.bot.id,
        text=text[:TRUNCATED],
        blocks=kept,
        pings=pings(text, kept, literal=_literal(args)),
    )


def checked(call: Call, blocks: object, surface: str = "message") -> list[Json]:
    """Return the blocks as Slack keeps them, or refuse them."""
    wrong = blocks_problems(blocks, surface)
    if wrong:
        raise Refused("invalid_blocks", *wrong)
    assert isinstance(blocks, list)
    for block in blocks:
        pictures = [block, *(block.get("elements") or ()), block.get("accessory") or {}]
        for each in pictures:
            if isinstance(each, dict) and "slack_file" in each:
                _picture(call, each["slack_file"])
    return named_blocks(blocks, lambda: call.world.id("b"))


def _picture(call: Call, given: Json) -> None:
    file = call.team.files.get(str(given.get("id")))
    if file is None or file.content is None or not file.shared:
        raise Refused("invalid_blocks", "invalid slack file [json-pointer:/blocks]")
    if call.world.monotonic() < file.ready_at:
        raise Refused("invalid_blocks", "slack file is not processed yet [json-pointer:/blocks]")


def pings(text: str, blocks: list[Json], *, literal: bool = False) -> tuple[str, ...]:
    """Return who is called by a message: ``@U…``, ``!channel``, ``!subteam^…``.

    Only mrkdwn calls, and rich text by its elements; ``literal``: bare names call, too.
    """
    found = [text] if not blocks else list(_mrkdwn(blocks))
    called = [name for each in found for name in _PINGS.findall(each)]
    if literal:
        called += [f"!{name}" for each in [text, *found] for name in _NAMES.findall(each)]
    return (*called, *_rich(blocks))


def _mrkdwn(thing: object) -> list[str]:
    if isinstance(thing, list):
        return [text for each in thing for text in _mrkdwn(each)]
    if not isinstance(thing, dict):
        return []
    own = [thing["text"]] if thing.get("type") == "mrkdwn" else []
    if thing.get("type") == "markdown":
        own = [thing["text"]]
    return own + [text for value in thing.values() for text in _mrkdwn(value)]


def _rich(thing: object) -> list[str]:
    if isinstance(thing, list):
        return [name for each in thing for name in _rich(each)]
    if not isinstance(thing, dict):
        return []
    match thing:
        case {"type": "user", "user_id": str(user)}:
            return [f"@{user}"]
        case {"type": "broadcast", "range": str(whom)}:
            return [f"!{whom}"]
        case {"type": "usergroup", "usergroup_id": str(group)}:
            return [f"!subteam^{group}"]
    return [name for value in thing.values() for name in _rich(value)]


def thread_of(call: Call, channel: Channel) -> str:
    """Return the root's time stamp where the message goes into a thread."""
    ts = str(call.args.get("thread_ts") or "")
    if not ts:
        return ""
    root = channel.find(ts)
    if root is None:
        raise Refused("thread_not_found")
    if root.thread:
        raise Refused("cannot_reply_to_message")
    return ts


def shown(message: Message) -> Json:
    """Return a message as Slack's API shows it."""
    body: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text,
        "blocks": message.blocks,
    }
    if message.thread:
        body["thread_ts"] = message.thread
    return body


def _own(call: Call, channel: Channel) -> Message:
    message = call.message(channel, call.args["ts"])
    if message.user != call.team.bot.id:
        raise Refused("cant_update_message")
    return message


def _literal(args: Json) -> bool:
    return truth(args.get("link_names")) or args.get("parse") == "full"


def _metadata(call: Call) -> Json | None:
    given = call.args.get("metadata")
    if given is None:
        return None
    whole = isinstance(given, dict) and set(given) == {"event_type", "event_payload"}
    if not whole or not isinstance(given["event_payload"], dict) or not given["event_type"]:
        raise Refused("invalid_metadata_format")
    return dict(given)
