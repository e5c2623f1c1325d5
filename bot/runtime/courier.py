"""The courier: takes notices from the outbox, has them worded as things are now, and sends them.

Nothing is sent inside a transaction. When nobody can tell whether a message was shown (no answer
came, or a crash between beginning and marking left a lease that ran out), it is looked for first;
where the messenger cannot look, the operator has chosen what happens (``Guarantee``).
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import chain, count, zip_longest
from typing import Final

import structlog

from bot.domain.clock import Clock
from bot.domain.errors import Unavailable
from bot.domain.ids import EVERYWHERE, WorkspaceId
from bot.domain.reminders.notices import Leased, NoticeKind, Shown
from bot.domain.reminders.undelivered import Cause
from bot.log import reference
from bot.runtime.composing import NO_THREAD, Composing
from bot.runtime.gathering import Gathering
from bot.runtime.manner import ATTEMPTS, POSTPONED, RESERVE, Manner
from bot.runtime.marks import Ending, Mark, Marks, Noted, facts
from bot.runtime.ports import Messengers
from bot.runtime.posting import Posting
from bot.runtime.sending import Lane, lane_of
from bot.runtime.slots import Slots
from bot.runtime.twins import Twins
from bot.ui.deliveries import Composed, Composer, Delivery, Edit, Later, Needless, Unfinished
from bot.usecases.ports import Door, Work
from bot.usecases.reminders.ports import Standing

LEASE: Final = timedelta(seconds=60)
BATCH: Final = 64
HELD: Final = 4 * BATCH
"""How many notices are leased at once at most."""
SLOW: Final = 1.0
"""Seconds after which a send is slow: nothing else waits for it any longer."""
FINISHED_AT_ONCE: Final = 2
"""How many pictures are drawn at the same time: others need the machine, and its threads, too."""
MARK_TRIES: Final = 3
MARK_PAUSE, LONGEST_MARK_PAUSE = 0.2, 2.0
"""Seconds until a mark that failed is tried again: that many more each time."""
LAST_MARKS: Final = 2.0
"""Seconds that marks which nobody waits for any more may take when the courier stops."""

_TAKEN_OVER: Final[Mark] = lambda _: False  # noqa: E731 - a mark that has nothing to say
_log = structlog.get_logger(__name__)


class Courier:
    """Delivers what is due. Several couriers, in one process or many, share one outbox."""

    def __init__(
        self,
        door: Door,
        clock: Clock,
        messengers: Mapping[str, Messengers],
        composers: Mapping[NoticeKind, Composer],
        manner: Manner,
    ) -> None:
        self._door = door
        self._clock = clock
        self._composers = composers
        self._longest = timedelta(seconds=manner.send_seconds) + RESERVE
        self._marks = Marks(clock, manner)
        self._composing = Composing(door)
        self._posting = Posting(clock, messengers, manner, self._marks)
        self._twins = Twins(door, messengers, manner)
        self._beginning = Gathering(self._begun, "beginning")
        self._marking = Gathering(self._marked, "marking")
        self._finishing = asyncio.Semaphore(FINISHED_AT_ONCE)
        self._slots = Slots(manner.concurrency, SLOW)
        self._lanes: dict[Lane, deque[Leased]] = {}
        self._in_flight: set[asyncio.Task[None]] = set()
        self._held: dict[tuple[WorkspaceId, str], Leased] = {}
        self._stopping = False

    async def deliver(self) -> int:
        """Deliver one batch of what is due; return how many notices were taken.

        What concerns one plan or person goes in order, everything else at the same time; what is
        slow goes on while others are taken. Only what a process left behind that ended goes one by
        one, what was tried least first: if one of them is why it ended, it takes none of the
        others with it.
        """
        most = min(BATCH, HELD - len(self._lanes) - sum(map(len, self._lanes.values())))
        if self._stopping or most <= 0:
            return 0
        now = self._clock.now()

        overdue = [one for one in self._held.values() if one.until <= now]

        def unit(work: Work) -> tuple[list[Leased], Standing]:
            # The clock was set forward, or nothing could be marked: they are in our hands still.
            work.everywhere.renew(overdue, now + LEASE)
            return work.everywhere.lease(now, now + LEASE, most), work.everywhere.standing(now)

        leased, standing = await self._door.write(EVERYWHERE, unit)
        self._held.update({(one.workspace, one.notice.key): one for one in leased})
        self._posting.learn(standing.limits, now)
        self._marks.failing = standing.failing
        queues = fair([one for one in leased if not one.orphaned])
        if orphans := [one for one in leased if one.orphaned]:
            queues.append(deque(sorted(orphans, key=lambda one: one.orphaned)))
        if tasks := [task for queue in queues if (task := self._begin(queue))]:
            await asyncio.wait(tasks, timeout=SLOW)  # a caller who gives up takes no send with them
        return len(leased)

    async def under_way(self) -> bool:
        """Wait a moment for what is being sent; tell whether anything was."""
        if not self._in_flight:
            return False
        await asyncio.wait(self._in_flight, timeout=SLOW)
        return True

    def close(self) -> None:
        """Take nothing more, and send nothing that is not being sent."""
        self._stopping = True

    async def drain(self, seconds: float) -> None:
        """Close, and let what is being sent finish; cancel it after ``seconds``.

        What waits behind it is given back; what is cancelled is left to its lease, and so is what
        cannot be given back in time.
        """
        self.close()
        late = set(self._in_flight)
        for timeout in (seconds, LAST_MARKS):
            if late:
                _, late = await asyncio.wait(late, timeout=timeout)
            for task in late:
                task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        await self._marking.finish(LAST_MARKS)
        await self._twins.stop()

    def _begin(self, queue: deque[Leased]) -> asyncio.Task[None] | None:
        """Work a queue off; None: what it follows is being worked off still, and it after that."""
        lane = lane_of(queue[0])
        if lane in self._lanes:
            self._lanes[lane].extend(queue)
            return None
        self._lanes[lane] = queue
        task = asyncio.create_task(self._work_off(lane))
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)
        return task

    async def _work_off(self, lane: Lane) -> None:
        """Deliver what is in the lane, in order, until nothing is."""
        queue = self._lanes[lane]
        try:
            while queue:
                async with self._slots.one():
                    await self._one(queue.popleft())
        except asyncio.CancelledError:
            await asyncio.gather(*(self._mark(one, self._marks.unsent(one)) for one in queue))
            raise
        finally:
            del self._lanes[lane]

    async def _one(self, leased: Leased) -> None:
        """Deliver one notice; whatever goes wrong with it, the others do not feel it."""
        try:
            mark = await self._outcome(leased)
        except Exception as error:  # noqa: BLE001 - logged, and tried again
            name = reference()
            _log.exception("notice_failed", reference=name, **facts(leased))
            mark = self._marks.again(leased, f"{type(error).__name__} {name}", Cause.FAULT)
        await self._mark(leased, mark)

    async def _outcome(self, leased: Leased) -> Ending:
        """Have the notice worded and sent; return how it is to be marked."""
        composer = self._composers.get(leased.notice.kind)
        if composer is None:
            return self._marks.given_up(leased, "no composer", Cause.FAULT)
        # Whoever took it never came back: it may be its doing.
        if leased.orphaned > ATTEMPTS:
            return self._marks.given_up(leased, "taken too often", Cause.FAULT)
        if self._too_late(leased):
            return self._marks.unsent(leased)
        if leased.orphaned and not await self._write(leased, lambda w: w.outbox.suspect(leased)):
            return _TAKEN_OVER
        return await self._worded(leased, await self._composing.compose(leased, composer))

    async def _worded(self, leased: Leased, composed: Composed) -> Ending:
        if composed is None or isinstance(composed, Needless):
            return self._marks.needless(leased, composed)
        if isinstance(composed, Later):
            return self._later(leased, composed)
        return await self._posted(leased, composed)

    async def _posted(self, leased: Leased, composed: Delivery | Unfinished) -> Ending:
        if isinstance(composed, Unfinished):
            async with self._finishing:
                composed = await asyncio.to_thread(composed.finish)
        limited = self._posting.held_up(leased, composed)
        if limited is not None:
            return limited
        # After a crash only what was begun is in doubt; an edit may be repeated in any case.
        began = isinstance(composed, Edit) or await self._beginning.ask(EVERYWHERE, leased)
        if not began:
            return _TAKEN_OVER
        if self._too_late(leased):
            return self._marks.unsent(leased)
        return await self._posting.post(leased, composed)

    async def _begun(self, workspace: WorkspaceId, leased: Sequence[Leased]) -> Sequence[bool]:
        return await self._door.write(workspace, lambda work: work.everywhere.begin(leased))

    async def _marked(self, workspace: WorkspaceId, shown: Sequence[Shown]) -> Sequence[bool]:
        return await self._door.write(workspace, lambda work: work.everywhere.sent(shown))

    async def _write(self, leased: Leased, mark: Mark) -> bool:
        return await self._door.write(leased.workspace, mark)

    def _later(self, leased: Leased, later: Later) -> Mark:
        if later is NO_THREAD:
            return self._marks.threadless(leased, later.why)
        if leased.epoch >= POSTPONED:
            return self._marks.given_up(leased, later.why, Cause.TRIED)
        soonest = self._clock.now() + timedelta(seconds=1)
        return self._marks.put_off(leased, max(later.at, soonest), later.why)

    def _too_late(self, leased: Leased) -> bool:
        """Tell whether a send could outlive the lease, or nothing may be sent any more."""
        return self._stopping or leased.until - self._clock.now() < self._longest

    async def _mark(self, leased: Leased, outcome: Ending) -> None:
        """Write down what came of it; after a failure a few times more, then the lease runs out.

        A store that nobody can write to (full, locked, gone) is asked until it can be: what is
        known must not pass for unknown because the lease ran out meanwhile.
        """
        try:
            for attempt in count(1):
                try:
                    return await self._marked_once(leased, outcome)
                except Unavailable as problem:
                    _log.warning(
                        "mark_failed", count=attempt, reason=problem.message, **facts(leased)
                    )
                    last = attempt >= MARK_TRIES and self._stopping
                except Exception:  # noqa: BLE001 - logged, and tried again
                    _log.exception("mark_failed", count=attempt, **facts(leased))
                    last = attempt >= MARK_TRIES
                if last:
                    return None
                await asyncio.sleep(min(MARK_PAUSE * attempt, LONGEST_MARK_PAUSE))
        finally:
            self._held.pop((leased.workspace, leased.notice.key), None)

    async def _marked_once(self, leased: Leased, outcome: Ending) -> None:
        if not await self._written_down(leased, outcome):
            _log.warning("lease_lost", **facts(leased))
            if isinstance(outcome, Shown | Noted):
                self._twins.suspect(leased, outcome.message)

    async def _written_down(self, leased: Leased, outcome: Ending) -> bool:
        if isinstance(outcome, Shown):
            return await self._marking.ask(EVERYWHERE, outcome)
        return await self._write(leased, outcome)


def fair(leased: Sequence[Leased]) -> list[deque[Leased]]:
    """Return queues to be worked on at the same time, each in the order given.

    A queue holds what concerns one plan (on one platform), person or partnership. The workspaces
    take turns, so that one with a thousand notices does not hold up the others.
    """
    spaces: dict[WorkspaceId, dict[Lane, deque[Leased]]] = {}
    for one in leased:
        spaces.setdefault(one.workspace, {}).setdefault(lane_of(one), deque()).append(one)
    rounds = zip_longest(*(queues.values() for queues in spaces.values()))
    return [queue for queue in chain.from_iterable(rounds) if queue is not None]
