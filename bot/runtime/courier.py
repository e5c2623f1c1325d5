"""The courier: takes notices from the outbox, has them worded as things are now, and sends them.

Nothing is sent inside a transaction. A crash between sending and marking leaves a lease that runs
out; what then happens is the operator's choice (``Guarantee``).
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, zip_longest
from typing import Final

import structlog

from bot.config import Guarantee
from bot.domain.clock import Clock
from bot.domain.ids import WorkspaceId
from bot.domain.places import MessageRef
from bot.domain.reminders.notices import Leased, NoticeKind
from bot.log import reference
from bot.runtime.ports import Messenger, NotDelivered, OutcomeUnknown
from bot.runtime.sending import harmless_twice, plan_of_card, platform_of, send
from bot.runtime.ticking import EVERYWHERE
from bot.ui.deliveries import Composed, Composer, Delivery, Later, Unfinished
from bot.usecases.ports import Door, Work

LEASE: Final = timedelta(seconds=60)
BATCH: Final = 64
ATTEMPTS: Final = 8
POSTPONED: Final = 40
"""How often a notice may be put off before it is given up: nothing goes round for ever."""
RESERVE: Final = timedelta(seconds=5)
MARK_TRIES: Final = 3
NEED_A_THREAD: Final = frozenset({NoticeKind.PLAN_CARD, NoticeKind.NEWS, NoticeKind.ITEM})

Mark = Callable[[Work], bool]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How notices are delivered.

    ``deduplicates`` names the platforms that refuse to show the same key twice. ``jitter`` returns
    a number from 0 to 1; ``concurrency`` bounds the sends in flight; a send that takes longer than
    ``send_seconds`` has an unknown outcome; the waits between tries double from ``first_delay`` to
    ``longest_delay`` seconds.
    """

    delivery: Guarantee = Guarantee.AT_MOST_ONCE
    deduplicates: frozenset[str] = frozenset()
    jitter: Callable[[], float] = lambda: 0.5
    concurrency: int = 16
    send_seconds: float = 15.0
    first_delay: float = 2.0
    longest_delay: float = 600.0


class Courier:
    """Delivers what is due. Several couriers, in one process or many, share one outbox."""

    def __init__(
        self,
        door: Door,
        clock: Clock,
        messengers: Mapping[str, Messenger],
        composers: Mapping[NoticeKind, Composer],
        manner: Manner,
    ) -> None:
        self._door = door
        self._clock = clock
        self._messengers = messengers
        self._composers = composers
        self._manner = manner
        self._room = asyncio.Semaphore(manner.concurrency)
        self._in_flight: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def deliver(self) -> int:
        """Deliver one batch of what is due; return how many notices were taken.

        What concerns one plan or person goes in order, everything else at the same time.
        """
        if self._stopping:
            return 0
        now = self._clock.now()
        leased = await self._door.write(
            EVERYWHERE, lambda work: work.everywhere.lease(now, now + LEASE, BATCH)
        )
        tasks = [asyncio.create_task(self._in_order(queue)) for queue in fair(leased)]
        for task in tasks:
            self._in_flight.add(task)
            task.add_done_callback(self._in_flight.discard)
        if tasks:
            await asyncio.wait(tasks)  # a caller who gives up takes no send with them
        return len(leased)

    async def drain(self, seconds: float) -> None:
        """Take nothing more, and let what is being sent finish; cancel it after ``seconds``."""
        self._stopping = True
        if self._in_flight:
            _, late = await asyncio.wait(self._in_flight, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _in_order(self, queue: Sequence[Leased]) -> None:
        for leased in queue:
            async with self._room:
                await self._one(leased)

    async def _one(self, leased: Leased) -> None:
        """Deliver one notice; whatever goes wrong with it, the others do not feel it."""
        try:
            mark = await self._outcome(leased)
        except Exception as error:  # noqa: BLE001 - logged, and tried again
            name = reference()
            _log.exception("notice_failed", reference=name, **_facts(leased))
            mark = self._again(leased, f"{type(error).__name__} {name}")
        await self._mark(leased, mark)

    async def _outcome(self, leased: Leased) -> Mark:
        """Have the notice worded and sent; return how it is to be marked."""
        composer = self._composers.get(leased.notice.kind)
        if composer is None:
            return self._given_up(leased, "no composer")
        if self._too_late(leased):
            return self._put_off(leased, 1.0, "given back unsent")
        composed = await self._door.read(leased.workspace, lambda w: compose(w, leased, composer))
        match composed:
            case None:
                return lambda work: work.outbox.cancel(leased, "nothing to say")
            case Later():
                return self._later(leased, composed)
            case Unfinished():
                return await self._sent(leased, await asyncio.to_thread(composed.finish))
            case _:
                return await self._sent(leased, composed)

    def _later(self, leased: Leased, later: Later) -> Mark:
        if later is NO_THREAD:
            return self._again(leased, later.why)
        if leased.attempts >= POSTPONED:
            return self._given_up(leased, later.why)
        ahead = (later.at - self._clock.now()).total_seconds()
        return self._put_off(leased, max(ahead, 1.0), later.why)

    async def _sent(self, leased: Leased, delivery: Delivery) -> Mark:
        """Send it; return how the notice is to be marked, whatever came of it."""
        if self._too_late(leased):
            return self._put_off(leased, 1.0, "given back unsent")
        if leased.orphaned and not self._repeats(delivery):
            return self._given_up(leased, "outcome unknown")
        try:
            async with asyncio.timeout(self._manner.send_seconds):
                message = await send(self._messengers, delivery, leased.notice.key)
        except NotDelivered as refusal:
            return self._refused(leased, refusal)
        except (OutcomeUnknown, TimeoutError):
            return self._unknown(leased, delivery)
        except Exception:  # noqa: BLE001 - logged, as below
            # A fault in the messenger: it may have come after the message was shown.
            _log.exception("messenger_failed", reference=reference(), **_facts(leased))
            return self._unknown(leased, delivery)
        return _shown(leased, delivery, message)

    def _refused(self, leased: Leased, refusal: NotDelivered) -> Mark:
        if refusal.permanent:
            return self._given_up(leased, refusal.reason)
        return self._again(leased, refusal.reason, refusal.retry_after or 0.0)

    def _unknown(self, leased: Leased, delivery: Delivery) -> Mark:
        if self._repeats(delivery):
            return self._again(leased, "outcome unknown")
        return self._given_up(leased, "outcome unknown")

    def _repeats(self, delivery: Delivery) -> bool:
        """Tell whether it is sent again although it may have been shown."""
        return (
            self._manner.delivery is Guarantee.AT_LEAST_ONCE
            or harmless_twice(delivery)
            or platform_of(delivery) in self._manner.deduplicates
        )

    def _too_late(self, leased: Leased) -> bool:
        """Tell whether a send could outlive the lease, or nothing may be sent any more."""
        needed = timedelta(seconds=self._manner.send_seconds) + RESERVE
        return self._stopping or leased.until - self._clock.now() < needed

    def _again(self, leased: Leased, why: str, at_least: float = 0.0) -> Mark:
        """Try again later and later, and at last give up."""
        if leased.attempts >= ATTEMPTS:
            return self._given_up(leased, why)
        delay = self._manner.first_delay * 2.0 ** (leased.attempts - 1)
        delay = min(delay, self._manner.longest_delay) * (0.5 + self._manner.jitter())
        return self._put_off(leased, max(delay, at_least), why)

    def _put_off(self, leased: Leased, seconds: float, why: str) -> Mark:
        due_at = self._clock.now() + timedelta(seconds=seconds)
        return lambda work: work.outbox.retry(leased, due_at, why)

    def _given_up(self, leased: Leased, why: str) -> Mark:
        _log.warning("notice_given_up", reason=why, **_facts(leased))
        return lambda work: work.outbox.give_up(leased, why)

    async def _mark(self, leased: Leased, mark: Mark) -> None:
        """Write down what came of it; a busy store is asked again, then the lease runs out."""
        for attempt in range(1, MARK_TRIES + 1):
            try:
                if not await self._door.write(leased.workspace, mark):
                    _log.warning("lease_lost", **_facts(leased))
            except Exception:  # noqa: BLE001 - logged, and tried again
                _log.exception("mark_failed", attempts=attempt, **_facts(leased))
                await asyncio.sleep(0.2 * attempt)
            else:
                return


NO_THREAD: Final = Later(at=datetime.min.replace(tzinfo=UTC), why="no thread yet")


def compose(work: Work, leased: Leased, composer: Composer) -> Composed:
    """Word the notice; what is said in a plan's thread waits until there is one."""
    plan = leased.notice.plan if leased.notice.kind in NEED_A_THREAD else None
    if plan is not None and work.plans.card(plan) is None:
        return NO_THREAD
    return composer(work, leased)


def fair(leased: Sequence[Leased]) -> list[list[Leased]]:
    """Return queues to be worked on at the same time, each in the order given.

    A queue holds what concerns one plan, person or partnership. The workspaces take turns, so that
    one with a thousand notices does not hold up the others.
    """
    spaces: dict[WorkspaceId, dict[str, list[Leased]]] = {}
    for one in leased:
        about = one.notice.plan or one.notice.member or one.notice.partnership or one.notice.key
        spaces.setdefault(one.workspace, {}).setdefault(about, []).append(one)
    rounds = zip_longest(*(queues.values() for queues in spaces.values()))
    return [queue for queue in chain.from_iterable(rounds) if queue is not None]


def _shown(leased: Leased, delivery: Delivery, message: MessageRef | None) -> Mark:
    plan = plan_of_card(delivery)

    def mark(work: Work) -> bool:
        marked = work.outbox.sent(leased, message)
        if marked and plan is not None and message is not None:
            work.plans.set_card(plan, message)
        return marked

    return mark


def _facts(leased: Leased) -> dict[str, object]:
    """Return what may be logged about a notice: ids and codes."""
    return {
        "workspace": leased.workspace,
        "notice": leased.notice.key,
        "kind": leased.notice.kind,
        "attempts": leased.attempts,
    }
