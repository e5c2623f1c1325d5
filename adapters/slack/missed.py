"""What was said to the bot while Slack could not reach it, found again where it may read.

Slack delivers an event four times within six minutes, and then no more. Of what it has given up,
that counts which changes something: an answer to “next” of yesterday is of use to nobody.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import reading
from adapters.slack.app import TAKEN, SlackApp
from adapters.slack.calls import outcomes
from adapters.slack.keyring import WrongKey
from adapters.slack.origins import PLATFORM
from adapters.slack.signing_in import SignedIn
from adapters.slack.workspace import Workspace
from adapters.slack.workspaces import Workspaces
from bot.chat.payloads import Json, Unreadable
from bot.chat.router import Handler
from bot.domain.clock import Clock
from bot.domain.errors import Unavailable
from bot.domain.ids import EVERYWHERE, WorkspaceId
from bot.domain.members import Identity
from bot.domain.places import Place
from bot.log import reference
from bot.runtime.ports import NotDelivered, OutcomeUnknown
from bot.usecases.conversations import Conversations, conversations
from bot.usecases.ports import Door

REACH: Final = timedelta(days=1)
"""How far back it is looked at most; deliveries are known again for a week."""
PAUSE: Final = 1.3
"""Seconds between calls: Slack takes fifty a minute of each method."""
PAUSES: Final = (2.0, 5.0, 15.0, 30.0, 60.0)
"""Seconds after which is tried again what does not work just now: right after an outage Slack, or
the database, may refuse or cut the first calls."""
_PAGE: Final = 200
_DIRECT: Final = frozenset({"im:history", "im:write"})
_SHARED: Final = frozenset({"channels:history", "groups:history"})
_log = structlog.get_logger(__name__)

_Call = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Looks through the conversations of one workspace; ``pause`` and ``pauses`` are in seconds."""

    client: AsyncWebClient
    signed_in: SignedIn
    door: Door
    handler: Handler
    clock: Clock
    pause: float = PAUSE
    pauses: Sequence[float] = PAUSES

    async def deliver(self, app: SlackApp) -> bool:
        """Hand to ``app`` what was said of late and has taken no effect, in its order.

        False when it did not take all of it: that is to be done once more.
        """
        since = self.clock.now() - REACH
        where = await self.door.read(self.signed_in.workspace, conversations)
        found = [each async for each in self._said(where, f"{since.timestamp():.6f}")]
        statuses = [
            (await app.take(payload, {}))[0]
            for payload in sorted(found, key=lambda each: float(each["event"]["ts"]))
            if await self._missed(payload)
        ]
        _log.info("slack_history_read", count=statuses.count(TAKEN))
        return statuses.count(TAKEN) == len(statuses)

    async def _said(self, where: Conversations, oldest: str) -> AsyncIterator[Json]:
        """Yield as events what people said to the bot there."""
        if self.signed_in.scopes >= _DIRECT:
            for person in where.people:
                async for message in self._directly(person, oldest):
                    yield self._event("message", message, channel_type="im")
        if self.signed_in.scopes & _SHARED:
            called = f"<@{self.signed_in.user}"
            for place in (*where.channels, *where.threads):
                async for message in self._there(place, oldest):
                    if called in str(message.get("text")):
                        yield self._event("app_mention", message)

    def _event(self, kind: str, message: Json, **more: str) -> Json:
        told = {**message, "type": kind, **more}
        return {
            "type": "event_callback",
            "team_id": self.signed_in.team or None,
            "enterprise_id": self.signed_in.enterprise or None,
            "is_enterprise_install": not self.signed_in.team,
            "event_id": f"history:{message['channel']}:{message['ts']}",
            "event": told,
        }

    async def _missed(self, payload: Json) -> bool:
        """Tell whether the words change something, and have not yet."""
        try:
            read = reading.said(payload, self.signed_in.user)
        except Unreadable:
            return False
        if read is None or not self.handler.changes(reading.outline(read)):
            return False
        key = read.key
        return not await self.door.read(self.signed_in.workspace, lambda work: work.inbox.seen(key))

    async def _directly(self, person: Identity, oldest: str) -> AsyncIterator[Json]:
        if person.platform != PLATFORM:
            return
        opened = await self._asked(self.client.conversations_open, users=person.user)
        channel = str((opened.get("channel") or {}).get("id") or "")
        if channel:
            async for message in self._pages(self.client.conversations_history, channel, oldest):
                yield message

    async def _there(self, place: Place, oldest: str) -> AsyncIterator[Json]:
        if place.platform != PLATFORM:
            return
        history, replies = self.client.conversations_history, self.client.conversations_replies
        below = {"ts": place.thread} if place.thread else {}
        pages = self._pages(replies if below else history, place.channel, oldest, **below)
        async for message in pages:
            yield message

    async def _pages(
        self, call: _Call, channel: str, oldest: str, **more: str
    ) -> AsyncIterator[Json]:
        cursor: str | None = ""
        while cursor is not None:
            asked = {**more, **({"cursor": cursor} if cursor else {})}
            page = await self._asked(call, channel=channel, oldest=oldest, limit=_PAGE, **asked)
            for message in page.get("messages") or ():
                if isinstance(message, dict) and _is_stamp(message.get("ts")):
                    yield {**message, "channel": channel}
            before = cursor
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor == before:  # whoever answers has only this page
                break

    async def _asked(self, call: _Call, **given: Any) -> Mapping[str, Any]:  # noqa: ANN401 - Slack's
        """Return Slack's answer; an empty one where it gives none."""
        wait = self.pause
        for pause in (*self.pauses, None):
            await asyncio.sleep(wait)
            try:
                with outcomes():
                    answer = await call(**given)
                return answer.data if isinstance(answer.data, dict) else {}
            except NotDelivered as refusal:
                _log.info("slack_history_not_read", reason=str(refusal))
                if refusal.permanent:
                    break
                wait = max(refusal.retry_after or 0.0, pause or 0.0)
            except OutcomeUnknown as problem:
                _log.info("slack_history_not_read", reason=str(problem))
                wait = pause or 0.0
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedEverywhere:
    """Looks through the workspaces that have installed Coplan, one after the other."""

    workspaces: Workspaces
    door: Door
    handler: Handler
    clock: Clock
    pause: float = PAUSE
    pauses: Sequence[float] = PAUSES

    async def deliver(self, app: SlackApp) -> bool:
        """Do in each what ``Missed`` does."""
        whole = True
        every = await self.door.read(EVERYWHERE, lambda work: work.everywhere.workspaces())
        for place in every:
            found = await self._find(place) if place.startswith(f"{PLATFORM}:") else None
            if found is not None:
                missed = Missed(
                    client=found.client,
                    signed_in=found.signed_in,
                    door=self.door,
                    handler=self.handler,
                    clock=self.clock,
                    pause=self.pause,
                    pauses=self.pauses,
                )
                whole &= await missed.deliver(app)
        return whole

    async def _find(self, place: WorkspaceId) -> Workspace | None:
        """Return the workspace; None where nothing is installed, or no key opens its token."""
        try:
            return await self.workspaces.find(place)
        except WrongKey:
            return None


Looking = Missed | MissedEverywhere


@asynccontextmanager
async def catching_up(app: SlackApp, missed: Looking | None) -> AsyncIterator[Callable[[], None]]:
    """Yield what begins to look for what was missed, beside everything else, until the block ends.

    Once at a time; whoever wants it meanwhile has it done once more.
    """
    wanted = asyncio.Event()
    looking: set[asyncio.Task[None]] = set()

    def look() -> None:
        wanted.set()
        if missed is not None and not looking:
            task = asyncio.create_task(_while(wanted, missed, app), name="coplan-slack-missed")
            looking.add(task)
            task.add_done_callback(looking.discard)

    try:
        yield look
    finally:
        for task in list(looking):
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)


async def _while(wanted: asyncio.Event, missed: Looking, app: SlackApp) -> None:
    while wanted.is_set():
        wanted.clear()
        await _tried(missed, app)


async def _tried(missed: Looking, app: SlackApp) -> None:
    """Do it, until all is well; what goes wrong with it is told in the log, and harms nothing else.

    What took effect the time before is known.
    """
    for pause in (*missed.pauses, None):
        try:
            if await missed.deliver(app):
                return
        except Unavailable as problem:
            _log.warning("slack_history_waits", reason=problem.message)
        except Exception:  # noqa: BLE001 - logged
            _log.exception("slack_history_failed", reference=reference())
        if pause is not None:
            await asyncio.sleep(pause)


def _is_stamp(found: object) -> bool:
    return isinstance(found, str) and found.replace(".", "", 1).isdecimal()
