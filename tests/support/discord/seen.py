"""What people see: markdown and components as Discord's client shows them, in plain words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from tests.support.discord.components import SELECTS, Part, media
from tests.support.discord.world import Json, Message, Modal, World

Times = Callable[[datetime, str, str], str]
"""Shows an instant: its Discord style ("f", "D", "t" …) and the reader's zone (IANA)."""

_CODE: Final = re.compile(r"```(?:\w+\n)?(.+?)```|``(.+?)``|`([^`\n]+)`", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\([^A-Za-z0-9\s])")
_TIME: Final = re.compile(r"<t:(-?\d+)(?::([tTdDfFsSR]))?>")
_CALLED: Final = re.compile(r"<(@!?|@&|#)(\d+)>")
_COMMAND: Final = re.compile(r"<(/[-\w ]+):\d+>")
_EMOJI: Final = re.compile(r"<a?(:\w+:)\d+>")
_LINK: Final = re.compile(r"\[([^\[\]]+)\]\(<?(?:https?://[^()\s<>]+)>?\)")
_QUIET_LINK: Final = re.compile(r"<(https?://[^<>\s]+)>")
_LINE_START: Final = re.compile(r"^(?:>>> |> |#{1,3} |-# |[-*] )+", re.MULTILINE)
_MARKS: Final = (
    re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL),
    re.compile(r"__(?=\S)(.+?)(?<=\S)__", re.DOTALL),
    re.compile(r"~~(?=\S)(.+?)(?<=\S)~~", re.DOTALL),
    re.compile(r"\|\|(?=\S)(.+?)(?<=\S)\|\|", re.DOTALL),
    re.compile(r"\*(?=\S)([^*]+?)(?<=\S)\*", re.DOTALL),
    re.compile(r"(?<!\w)_(?=\S)([^_]+?)(?<=\S)_(?!\w)", re.DOTALL),
)
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
DELETED: Final = "unknown-user"


def discord_times(at: datetime, style: str, zone: str) -> str:
    """Show an instant as Discord does for somebody who reads English in that zone."""
    local = at.astimezone(ZoneInfo(zone))
    day = f"{local:%B} {local.day}, {local.year}"
    time = f"{local:%I:%M %p}".lstrip("0")
    seconds = f"{local:%I:%M:%S %p}".lstrip("0")
    return {
        "t": time,
        "T": seconds,
        "d": f"{local:%m/%d/%Y}",
        "D": day,
        "f": f"{day} at {time}",
        "F": f"{local:%A}, {day} at {time}",
        "s": f"{local:%m/%d/%Y}, {time}",
        "S": f"{local:%m/%d/%Y}, {seconds}",
    }.get(style, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who looks at messages and modals."""

    world: World
    guild: str
    zone: str
    times: Times = discord_times

    def message(self, message: Message) -> list[str]:
        """Return what a message shows, line by line."""
        if message.thinking:
            return [f"{self.world.app.bot.name} is thinking…"]
        shown = (
            []
            if message.v2
            else [(each.filename, each.description) for each in message.attachments]
        )
        lines = [self.markdown(message.content)] if message.content else []
        for embed in message.embeds:
            lines += [self.markdown(embed.get(key) or "") for key in ("title", "description")]
        lines += self.components(message.components)
        return [line for line in [*lines, *(t for pair in shown for t in pair)] if line.strip()]

    def modal(self, modal: Modal) -> list[str]:
        """Return what a modal shows."""
        return [modal.title, *self.components(modal.content["components"])]

    def components(self, components: list[Json]) -> list[str]:
        """Return what components show; what menus offer is not visible."""
        return [line for each in components for line in self._component(each) if line.strip()]

    def _component(self, each: Json) -> Iterator[str]:
        yield from self._own(each)
        for inner in each.get("components") or ():
            yield from self._component(inner)
        if each.get("accessory"):
            yield from self._component(each["accessory"])

    def _own(self, each: Json) -> Iterator[str]:
        match each["type"]:
            case Part.TEXT:
                yield self.markdown(each["content"])
            case Part.BUTTON:
                yield str(each.get("label") or "")
            case Part.LABEL:
                yield from (each["label"], each.get("description") or "")
            case Part.GALLERY | Part.FILE | Part.THUMBNAIL:
                for address, description in media([each]):
                    yield from (address.rsplit("/", 1)[-1], description)
            case kind if kind in SELECTS:
                yield str(each.get("placeholder") or "")

    def markdown(self, text: str) -> str:
        """Return markdown as shown: its marks are gone, its tokens are words."""
        kept: list[str] = []

        def keep(words: str) -> str:
            kept.append(words)
            return f"\x00{len(kept) - 1}\x00"

        text = _ESCAPED.sub(lambda found: keep(found[1]), _hide_code(text, keep))
        text = _TIME.sub(lambda found: keep(self._time(found)), text)
        text = _CALLED.sub(lambda found: keep(self._called(found[1], found[2])), text)
        text = _COMMAND.sub(lambda found: keep(found[1]), text)
        text = _EMOJI.sub(lambda found: keep(found[1]), text)
        text = _LINK.sub(r"\1", text)
        text = _QUIET_LINK.sub(lambda found: keep(found[1]), text)
        text = _LINE_START.sub("", text)
        for mark in _MARKS:
            text = mark.sub(r"\1", text)
        text = re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], text)
        return text.translate(_INVISIBLE)

    def _time(self, found: re.Match[str]) -> str:
        at = datetime.fromtimestamp(int(found[1]), UTC)
        return self.times(at, found[2] or "f", self.zone)

    def _called(self, mark: str, number: str) -> str:
        if mark == "#":
            channel = self.world.channels.get(number)
            return f"#{channel.name}" if channel else "#unknown"
        user = self.world.users.get(number)
        if user is None:
            return f"@{DELETED}"
        guild = self.world.guilds.get(self.guild)
        return f"@{guild.nicks.get(number, user.name) if guild else user.name}"


def _hide_code(text: str, keep: Callable[[str], str]) -> str:
    """Put code aside, in which nothing else has a meaning; an escaped mark begins none."""
    aside: list[str] = []

    def hide(found: re.Match[str]) -> str:
        aside.append(found[0])
        return f"\x01{len(aside) - 1}\x01"

    hidden = _ESCAPED.sub(hide, text)

    def whole(words: str) -> str:
        return re.sub(r"\x01(\d+)\x01", lambda found: aside[int(found[1])], words)

    hidden = _CODE.sub(lambda found: keep(whole(found[1] or found[2] or found[3])), hidden)
    return whole(hidden)
