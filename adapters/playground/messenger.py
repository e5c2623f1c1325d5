"""The messenger: shows the bot's cards in the playground, and fails as it is told to."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

import structlog

from adapters.playground.deliveries import Delivery, Outcome
from adapters.playground.faults import Fault, FaultKind
from adapters.playground.records import (
    BOT,
    PLATFORM,
    Draft,
    Kind,
    Message,
    direct_channel,
    participants,
    place_of,
)
from adapters.playground.store import PlaygroundStore
from adapters.playground.view import card_json
from bot.domain.clock import Clock
from bot.domain.errors import Unavailable
from bot.domain.ids import Ids
from bot.domain.members import Identity
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.domain.reminders.undelivered import Cause
from bot.runtime.ports import Messenger, NotDelivered, NotLookable, OutcomeUnknown
from bot.ui.cards import Card

T = TypeVar("T")

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Try:
    """One try to deliver: under which key, where to, and what it is called in the list."""

    key: str
    channel: str
    title: str


class PlaygroundMessenger(Messenger):
    """Writes cards into the playground's store.

    A store that cannot write is ``NotDelivered``, to be tried again: nothing was shown.
    """

    def __init__(self, store: PlaygroundStore, *, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    async def open_thread(self, channel: Place, title: str, card: Card, key: str) -> MessageRef:
        """Show the card in the channel as the root of a thread called ``title``."""
        root = await self._show(channel.channel, "", card, key, title=title or card.title)
        return MessageRef(place=place_of(root.channel, root.id), message=root.id)

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        """Show the card in a channel, a thread or a direct conversation."""
        message = await self._show(place.channel, _thread(place), card, key)
        return MessageRef(place=place, message=message.id)

    async def edit(self, message: MessageRef, card: Card, key: str) -> None:
        """Replace the card in place; doing it twice shows the same. Its thread takes its title."""

        async def replace() -> None:
            body, files = card_json(card, self._ids)
            known = await self._store.message(message.message)
            if known is None or known.author != BOT or known.kind is Kind.GONE:
                raise _gone("there is no such message of the bot's")
            title = card.title if known.title else ""
            await self._store.change(known.id, Kind.CARD, body, files, title=title)

        what = _Try(key=key, channel=message.place.channel, title=card.title)
        await self._deliver(what, replace, Outcome.EDITED)

    async def direct(self, to: Identity, card: Card, key: str) -> MessageRef:
        """Show the card in somebody's direct conversation with the bot."""
        if to.platform != PLATFORM:
            raise NotDelivered("not a person of the playground", permanent=True, cause=Cause.LEFT)
        channel = direct_channel(to.user)
        message = await self._show(channel, "", card, key)
        return MessageRef(place=place_of(channel), message=message.id)

    async def find(self, where: Place | Identity, key: str, since: datetime) -> MessageRef | None:  # noqa: ARG002 - a key is found at any age
        """Return the message that stands there under the key; ``NotLookable`` if told so."""
        if not self._store.deliveries.lookable:
            raise NotLookable
        if isinstance(where, Identity):
            channel, thread = direct_channel(where.user), ""
        else:
            channel, thread = where.channel, _thread(where)
        try:
            found = await self._store.posted(_stored(channel, thread, key))
            if found is None:
                return None
            title = str(found.body.get("title", ""))
            await self._record(_Try(key=key, channel=channel, title=title), Outcome.FOUND)
        except Unavailable as error:
            raise NotDelivered(error.message) from error
        return MessageRef(place=found.place, message=found.id)

    async def _show(
        self, channel: str, thread: str, card: Card, key: str, title: str = ""
    ) -> Message:
        async def add() -> Message:
            await self._check(channel, thread)
            body, files = card_json(card, self._ids)
            return await self._store.add(
                Draft(
                    channel=channel,
                    thread=thread,
                    title=title,
                    author=BOT,
                    kind=Kind.CARD,
                    body=body,
                    files=files,
                    at=self._clock.now(),
                    key=f"{_stored(channel, thread, key)}#{self._ids.new()}",
                )
            )

        what = _Try(key=key, channel=channel, title=title or card.title)
        return await self._deliver(what, add, Outcome.SHOWN)

    async def _deliver(self, what: _Try, show: Callable[[], Awaitable[T]], outcome: Outcome) -> T:
        """Show it, or fail as told; what came of it is written down before anybody hears."""
        try:
            fault = await self._disturbed(what)
            shown = await self._attempt(what, show)
        except Unavailable as error:
            raise NotDelivered(error.message) from error
        lost = fault is not None and fault.kind is FaultKind.LOST_AFTER
        try:
            await self._record(what, Outcome.LOST_AFTER if lost else outcome)
        except Unavailable:
            _log.warning("playground_delivery_not_listed")  # and yet it was shown
        if lost:
            raise OutcomeUnknown
        return shown

    async def _attempt(self, what: _Try, show: Callable[[], Awaitable[T]]) -> T:
        try:
            return await show()
        except NotDelivered:
            await self._record(what, Outcome.GONE)
            raise

    async def _disturbed(self, what: _Try) -> Fault | None:
        """Raise what is to go wrong before the showing; return what else goes wrong."""
        left = await self._store.deliveries.limited(what.channel, self._clock.now())
        if left:
            await self._record(what, Outcome.EARLY)
            raise NotDelivered("limited", retry_after=left)
        fault = await self._store.deliveries.take(what.channel)
        if fault is None:
            return None
        if fault.kind is FaultKind.SLOW:
            await self._slow(what, fault.seconds)
        elif (refusal := _REFUSALS.get(fault.kind)) is not None:
            await self._record(what, Outcome(fault.kind.value), fault.seconds)
            raise refusal(fault.seconds)
        return fault

    async def _slow(self, what: _Try, seconds: float) -> None:
        await self._record(what, Outcome.UNDER_WAY)
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            await self._record(what, Outcome.CUT_OFF)
            raise

    async def _record(self, what: _Try, outcome: Outcome, seconds: int = 0) -> None:
        await self._store.deliveries.record(
            Delivery(
                key=what.key,
                channel=what.channel,
                title=what.title,
                at=self._clock.now(),
                outcome=outcome,
                seconds=seconds if outcome is Outcome.LIMITED else 0,
            )
        )

    async def _check(self, channel: str, thread: str) -> None:
        """Raise ``NotDelivered`` for a place that does not exist."""
        if await exists(self._store, channel, thread):
            return
        if participants(channel):
            raise NotDelivered("no such person", permanent=True, cause=Cause.LEFT)
        raise _gone(f"there is no such place: {channel} {thread}")


_REFUSALS: Final[dict[FaultKind, Callable[[int], Exception]]] = {
    FaultKind.CLOSED: lambda _: NotDelivered("closed", permanent=True, cause=Cause.CLOSED),
    FaultKind.GONE: lambda _: _gone("gone"),
    FaultKind.BUSY: lambda _: NotDelivered("busy"),
    FaultKind.LIMITED: lambda seconds: NotDelivered("limited", retry_after=seconds),
    FaultKind.LOST_BEFORE: lambda _: OutcomeUnknown(),
}


def _gone(reason: str) -> NotDelivered:
    return NotDelivered(reason, permanent=True, cause=Cause.GONE)


def _thread(place: Place) -> str:
    return place.thread if place.kind is PlaceKind.THREAD else ""


def _stored(channel: str, thread: str, key: str) -> str:
    """Return the key under which the copies of a message are stored, each with an id of its own."""
    return f"outbox:{channel}:{thread}:{key}"


async def exists(store: PlaygroundStore, channel: str, thread: str) -> bool:
    """Tell whether there is such a channel or conversation, and such a thread in it."""
    members = participants(channel)
    if thread:
        root = await store.message(thread)
        if root is None or root.channel != channel or root.thread or root.private:
            return False
        return not members  # a direct conversation has no threads
    if members:
        known = {each.id for each in await store.people()}
        return set(members) <= known and channel == direct_channel(*members)
    return channel in {each.id for each in await store.channels()}
