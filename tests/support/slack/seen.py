"""What people see: blocks and mrkdwn as Slack's client shows them, in plain words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from tests.support.slack.world import Json, Message, Team, View

Times = Callable[[datetime, str, str], str]
"""Shows an instant: its Slack format ("{date_short} at {time}") and the reader's zone (IANA)."""

_TOKEN: Final = re.compile(r"<([^<>]+)>")
_CODE: Final = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
_MARKS: Final = [
    re.compile(
        rf"(?<![\w{re.escape(m)}]){re.escape(m)}(?=\S)([^\n{re.escape(m)}]+?)"
        rf"(?<=\S){re.escape(m)}(?![\w{re.escape(m)}])"
    )
    for m in "*_~"
]
_QUOTED: Final = re.compile(r"^(?:&gt;|>)+ ?", re.MULTILINE)
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))


def slack_times(at: datetime, form: str, zone: str) -> str:
    """Show an instant as Slack does for somebody who reads English in that zone."""
    local = at.astimezone(ZoneInfo(zone))
    day = f"{local:%B} {local.day}, {local.year}"
    known = {
        "date_num": f"{local:%Y-%m-%d}",
        "date": day,
        "date_pretty": day,
        "date_short": f"{local:%b} {local.day}, {local.year}",
        "date_short_pretty": f"{local:%b} {local.day}, {local.year}",
        "date_long": f"{local:%A}, {day}",
        "date_long_pretty": f"{local:%A}, {day}",
        "time": f"{local:%I:%M %p}".lstrip("0"),
        "time_secs": f"{local:%I:%M:%S %p}".lstrip("0"),
    }
    return re.sub(r"\{(\w+)\}", lambda found: known[found[1]], form)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who looks at messages and views of a workspace."""

    team: Team
    zone: str
    times: Times = slack_times

    def message(self, message: Message) -> list[str]:
        """Return what a message shows, line by line; its ``text`` only where it has no blocks."""
        if message.user != self.team.bot.id or not message.blocks:
            lines = [self.mrkdwn(message.text)] if message.text else []
        else:
            lines = self.blocks(message.blocks)
        return [*lines, *(t for f in message.files for t in dict.fromkeys((f.name, f.title)))]

    def view(self, view: View) -> list[str]:
        """Return what a view shows."""
        return [view.title, *self.blocks(view.content["blocks"])]

    def blocks(self, blocks: list[Json]) -> list[str]:
        """Return what blocks show; what menus offer is not visible."""
        return [line for block in blocks for line in self._block(block) if line.strip()]

    def _block(self, block: Json) -> Iterator[str]:  # noqa: C901 - one arm a kind
        match block["type"]:
            case "section":
                for text in (block.get("text"), *block.get("fields", ())):
                    yield self.text(text)
                yield from self._element(block.get("accessory") or {})
            case "context":
                yield " ".join(self._small(each) for each in block["elements"])
            case "header" | "markdown":
                yield self.text(block["text"]) if block["type"] == "header" else block["text"]
            case "image":
                yield from (self.text(block.get("title")), block["alt_text"])
            case "actions":
                for each in block["elements"]:
                    yield from self._element(each)
            case "input":
                yield from (self.text(block["label"]), self.text(block.get("hint")))
            case "table":
                for row in block["rows"]:
                    yield from (self._cell(cell) for cell in row)
            case "rich_text":
                yield from self._rich(block["elements"])

    def _small(self, element: Json) -> str:
        return str(element["alt_text"]) if element["type"] == "image" else self.text(element)

    def _element(self, element: Json) -> Iterator[str]:
        match element.get("type"):
            case "button":
                yield self.text(element["text"])
            case "image":
                yield str(element["alt_text"])
            case None:
                return
            case _:
                yield self.text(element.get("placeholder"))

    def _cell(self, cell: Json) -> str:
        if cell["type"] == "rich_text":
            return " ".join(self._rich(cell["elements"]))
        return str(cell["text"])

    def _rich(self, elements: list[Json]) -> Iterator[str]:
        for each in elements:
            if each["type"] == "rich_text_list":
                yield from self._rich(each["elements"])
            else:
                yield "".join(self._run(part) for part in each["elements"])

    def _run(self, part: Json) -> str:  # noqa: PLR0911 - one arm a kind
        match part["type"]:
            case "text":
                return _clean(str(part["text"]))
            case "link":
                return str(part.get("text") or part["url"])
            case "user":
                return f"@{self._name(part['user_id'])}"
            case "channel":
                return f"#{self._channel(part['channel_id'])}"
            case "broadcast":
                return f"@{part['range']}"
            case "emoji":
                return f":{part['name']}:"
            case "date":
                at = datetime.fromtimestamp(part["timestamp"], UTC)
                return self.times(at, part["format"], self.zone)
        return ""

    def text(self, text: Json | None) -> str:
        """Return a text object as shown."""
        if text is None:
            return ""
        return self.mrkdwn(text["text"]) if text["type"] == "mrkdwn" else _clean(text["text"])

    def mrkdwn(self, text: str) -> str:
        """Return mrkdwn as shown: its marks are gone, its tokens are words."""
        kept: list[str] = []

        def keep(words: str) -> str:
            kept.append(words)
            return f"\x00{len(kept) - 1}\x00"

        text = _CODE.sub(lambda found: keep(_unescape(found[1] or found[2])), text)
        text = _QUOTED.sub("", text)
        text = _TOKEN.sub(lambda found: keep(self._token(found[1])), text)
        for mark in _MARKS:
            text = mark.sub(r"\1", text)
        text = _unescape(text)
        return _clean(re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], text))

    def _token(self, token: str) -> str:
        target, _, label = token.partition("|")
        match target[0]:
            case "@":
                return f"@{self._name(target[1:])}"
            case "#":
                return f"#{self._channel(target[1:])}"
            case "!" if target.startswith("!date^"):
                _, unix, form = target.split("^")[:3]
                return self.times(datetime.fromtimestamp(int(unix), UTC), form, self.zone)
            case "!":
                return f"@{target[1:].partition('^')[0]}"
        return _unescape(label or target)

    def _name(self, user: str) -> str:
        found = self.team.users.get(user)
        return found.name if found else user

    def _channel(self, channel: str) -> str:
        found = self.team.channels.get(channel)
        return found.name if found else channel


def _unescape(text: str) -> str:
    """Return the text with Slack's three entities as characters, and no others."""
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def _clean(text: str) -> str:
    return text.translate(_INVISIBLE)
