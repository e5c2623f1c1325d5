"""How a notice is marked, by what came of it: a unit of work that is run after the send."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.clock import Clock
from bot.domain.places import MessageRef
from bot.domain.reminders.notices import Leased, NoticeKind, Shown
from bot.domain.reminders.undelivered import Cause
from bot.runtime.manner import ATTEMPTS, HOUR, LASTING, PATIENT, Manner
from bot.runtime.sending import lane_of, plan_of_card
from bot.ui.deliveries import Delivery, Needless
from bot.usecases.planning import threads
from bot.usecases.ports import Work
from bot.usecases.reminders.undelivered import arrived, give_up, put_on_record, written

Mark = Callable[[Work], bool]
"""Returns False when the lease no longer stands: somebody else has taken the notice over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """The mark of what was shown, as ``message`` (None: an edit), with all that follows from it."""

    leased: Leased
    message: MessageRef | None
    mark: Mark

    def __call__(self, work: Work) -> bool:
        """Mark it."""
        return self.mark(work)


Ending = Mark | Shown
"""What came of a notice. Of what was simply shown many are marked at once."""

_log = structlog.get_logger(__name__)


class Marks:
    """Makes marks. ``failing``: something is undelivered somewhere, which a success may mend."""

    def __init__(self, clock: Clock, manner: Manner) -> None:
        self._clock = clock
        self._manner = manner
        self.failing = False

    def sent(self, leased: Leased, delivery: Delivery, message: MessageRef | None) -> Ending:
        """Return the mark of what was shown, as ``message`` (None: an edit)."""
        plan, mends = plan_of_card(delivery), self.failing
        tells = leased.notice.kind is NoticeKind.UNDELIVERED
        if plan is None and not mends and not tells:
            return Shown(leased=leased, message=message)

        def mark(work: Work) -> bool:
            marked = work.outbox.sent(leased, message)
            if marked and plan is not None and message is not None:
                work.plans.set_card(plan, message, leased.notice.on)
            if marked and tells:
                written(work, leased.notice)
            if marked and mends:
                arrived(work, leased.notice)
            return marked

        return Noted(leased=leased, message=message, mark=mark)

    def needless(self, leased: Leased, reason: Needless | None) -> Mark:
        """Return the mark of what is not to be sent any more; None: there is nothing to say."""
        why = "nothing to say" if reason is None else reason.why
        return lambda work: work.outbox.cancel(leased, why)

    def put_off(self, leased: Leased, until: datetime, why: str) -> Mark:
        """Return the mark of what was not tried, and is not to be before ``until`` (UTC)."""
        return lambda work: work.outbox.retry(leased, until, why, counted=False)

    def unsent(self, leased: Leased) -> Mark:
        """Return the mark of what was not tried: the lease is too short, or the courier stops."""
        return self.put_off(leased, self._after(1.0), "given back unsent")

    def limited(self, leased: Leased, until: datetime, why: str) -> Mark:
        """Return the mark of what a platform takes from ``until`` (UTC) on."""
        # Not all that waits for it at one and the same instant; but what keeps its order does.
        share = zlib.crc32(repr(lane_of(leased)).encode()) / 2**32
        spread = timedelta(seconds=share * self._manner.first_delay)
        return self.put_off(leased, until + spread, why)

    def again(self, leased: Leased, why: str, cause: Cause) -> Mark:
        """Return the mark of what failed: tried later and later, and at last given up."""
        most = ATTEMPTS if cause is Cause.FAULT else PATIENT
        if leased.attempts >= most:
            return self._tried(leased, why, cause)
        delay = self._manner.delay(leased.attempts - 1) * (0.5 + self._manner.jitter())
        due_at = self._after(delay)
        return lambda work: work.outbox.retry(leased, due_at, why)

    def unknown(self, leased: Leased, *, safe: bool) -> Mark:
        """Return the mark of what may be shown: looked for when the send is surely over.

        ``safe``: it is not tried again in a way that may show it to somebody twice.
        """
        if leased.attempts >= (PATIENT if safe else ATTEMPTS):
            return self._tried(leased, "outcome unknown", Cause.UNKNOWN)
        delay = max(self._manner.delay(leased.attempts - 1), self._manner.unknown_delay)
        due_at = self._after(delay * (1.0 + self._manner.jitter() / 2))
        return lambda work: work.outbox.retry(leased, due_at, "outcome unknown", doubtful=True)

    def threadless(self, leased: Leased, why: str) -> Mark:
        """Return the mark of what is to be said in a thread that the plan does not have (yet).

        Somebody has touched the plan: a thread that was given up is tried again.
        """
        ending, of = self.again(leased, why, Cause.GONE), leased.notice
        if of.plan is None or leased.attempts > 1:
            return ending
        plan = of.plan

        def mark(work: Work) -> bool:
            threads.ask(work, plan, of.on)
            return ending(work)

        return mark

    def _tried(self, leased: Leased, why: str, cause: Cause) -> Mark:
        """Return the mark of what was tried as often as makes sense: given up, but for a thread.

        That is tried for a week longer; the partners are told when it was not opened for an hour.
        """
        thread = leased.notice.kind is NoticeKind.PLAN_THREAD and cause is not Cause.FAULT
        if not thread or leased.attempts >= LASTING:
            return self.given_up(leased, why, cause)
        due_at = self._after(HOUR * (0.5 + self._manner.jitter()))
        first, unknown = leased.attempts == PATIENT, cause is Cause.UNKNOWN
        if first:
            _log.warning("thread_not_opened", reason=why, cause=cause.value, **facts(leased))
            self.failing = True

        def mark(work: Work) -> bool:
            waits = work.outbox.retry(leased, due_at, why, doubtful=unknown)
            if waits and first:
                put_on_record(work, leased.notice, cause)
            return waits

        return mark

    def given_up(self, leased: Leased, why: str, cause: Cause, platform: str = "") -> Mark:
        """Return the mark of what is not tried again; those whom it concerns are told once.

        ``platform``: the one that refused it, empty for none.
        """
        _log.warning("notice_given_up", reason=why, cause=cause.value, **facts(leased))
        self.failing = True
        return lambda work: give_up(work, leased, why, cause, platform)

    def _after(self, seconds: float) -> datetime:
        return self._clock.now() + timedelta(seconds=seconds)


def facts(leased: Leased) -> dict[str, object]:
    """Return what may be logged about a notice: ids and codes."""
    return {
        "workspace": leased.workspace,
        "notice": leased.notice.key,
        "kind": leased.notice.kind,
        "attempts": leased.attempts,
    }
