"""Bookmarks: at the top of a channel, a link to each plan's card that stands there.

Nothing of them is stored: a link tells which message it is to. They are a convenience. What goes
wrong with one is logged, and the message it is to stands without it.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import outcomes
from bot.log import reference
from bot.runtime.ports import NotDelivered, OutcomeUnknown
from bot.ui.limits import shorten

ADDS: Final = "bookmarks:write"
FINDS: Final = "bookmarks:read"
TITLE: Final = 75
"""Characters of a title that can be read beside others."""
AFTERWARDS: Final = 3.0
"""Seconds for what comes after a message that is shown: the courier gives a send fifteen."""
FRESH: Final = 600.0
"""Seconds before a channel's bookmarks are asked for again, for a message that has none."""
_MESSAGE: Final = re.compile(r"/p(\d+)(\d{6})(?:\?|$)")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """A bookmark as Slack keeps it."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The bookmarks of a channel by the ts of the message they are to; ``until``: loop's time."""

    of: dict[str, Bookmark]
    until: float


class Bookmarks:
    """The bookmarks of one workspace, as far as ``scopes`` allow any."""

    def __init__(self, client: AsyncWebClient, scopes: frozenset[str]) -> None:
        self._client = client
        self._adds = ADDS in scopes
        self._follows = {ADDS, FINDS} <= scopes
        self._kept: dict[str, Kept] = {}
        self._put_away: set[tuple[str, str]] = set()
        self._looking = asyncio.Lock()

    async def add(self, channel: str, ts: str, title: str) -> None:
        """Keep a link to the message at the top of the channel."""
        if self._adds:
            with _unless_in_trouble():
                async with asyncio.timeout(AFTERWARDS):
                    await self._add(channel, ts, shorten(title, TITLE))

    async def follow(self, channel: str, ts: str, title: str, *, closed: bool) -> None:
        """Let the message's bookmark have the title; put it away while the plan is ``closed``.

        One that people took away is not made again.
        """
        if self._follows:
            with _unless_in_trouble():
                async with asyncio.timeout(AFTERWARDS):
                    await self._follow(channel, ts, shorten(title, TITLE), closed=closed)

    async def _follow(self, channel: str, ts: str, title: str, *, closed: bool) -> None:
        kept = await self._of(channel, ts)
        found = kept.get(ts)
        if found is None:
            if not closed and (channel, ts) in self._put_away:
                await self._add(channel, ts, title)
        elif closed:
            del kept[ts]
            await self._client.bookmarks_remove(bookmark_id=found.id, channel_id=channel)
            self._put_away.add((channel, ts))
        elif found.title != title:
            del kept[ts]  # if people took it away meanwhile, it is not there any more
            await self._client.bookmarks_edit(bookmark_id=found.id, channel_id=channel, title=title)
            kept[ts] = Bookmark(id=found.id, title=title)

    async def _add(self, channel: str, ts: str, title: str) -> None:
        told = await self._client.chat_getPermalink(channel=channel, message_ts=ts)
        link = str(told.get("permalink") or "")
        if not link:
            return
        added = await self._client.bookmarks_add(
            channel_id=channel, title=title, type="link", link=link
        )
        self._put_away.discard((channel, ts))
        if channel in self._kept and isinstance(made := added.get("bookmark"), dict):
            self._kept[channel].of[ts] = _read(made)

    async def _of(self, channel: str, ts: str) -> dict[str, Bookmark]:
        """Return the channel's bookmarks by message; asked for once, and where one is missed."""
        now = asyncio.get_running_loop().time()
        async with self._looking:
            kept = self._kept.get(channel)
            if kept is None or (ts not in kept.of and kept.until < now):
                kept = self._kept[channel] = Kept(of={}, until=now + FRESH)
                told = await self._client.bookmarks_list(channel_id=channel)
                for each in told.get("bookmarks") or ():
                    if message := _message(each):
                        kept.of.setdefault(message, _read(each))
            return kept.of


def _message(bookmark: Mapping[str, Any]) -> str:
    """Return the ts of the message that the bookmark is to; empty for a link to anything else."""
    found = _MESSAGE.search(str(bookmark.get("link") or ""))
    return f"{found[1]}.{found[2]}" if found else ""


def _read(bookmark: Mapping[str, Any]) -> Bookmark:
    return Bookmark(id=str(bookmark["id"]), title=str(bookmark.get("title") or ""))


@contextmanager
def _unless_in_trouble() -> Iterator[None]:
    try:
        with outcomes():
            yield
    except (NotDelivered, OutcomeUnknown) as problem:
        _log.info("slack_bookmark_not_kept", reason=str(problem))
    except Exception:  # noqa: BLE001 - logged: the message was shown, nobody may doubt that
        _log.exception("slack_bookmark_failed", reference=reference())
