"""What the alarm will do next for a member: found out by letting it do so, and undoing it.

There is no second reckoning of when reminders come. The alarm's own claim is run at the instant
at which it will wake, and what it puts into the outbox is read as the courier will read it.
"""

from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.ids import MemberId
from bot.domain.reminders.notices import Notice, NoticeState
from bot.domain.reminders.schedule import ReminderKind
from bot.usecases.ports import Work
from bot.usecases.reminders.catching_up import CatchUpView, message_view
from bot.usecases.reminders.claiming import claim
from bot.usecases.reminders.reading import NotNow, ReminderView

AHEAD = timedelta(days=400)
"""How far the alarm is followed; what comes later is looked at again long before."""
UNSENT = frozenset({NoticeState.PENDING, NoticeState.LEASED})
_WAKINGS = 200
_POSTPONED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The member's next message: when it comes (UTC), and what it will say if nothing changes."""

    at: datetime
    says: ReminderView | CatchUpView


def rehearse(work: Work, member: MemberId) -> Coming | None:
    """Return the next message of the member; None when none is to come.

    Writes what the alarm would write: to be called in a unit of work that is rolled back.
    """
    waiting = [one for one in work.outbox.messages(member) if one.state in UNSENT]
    found = (_worded(_at(work, one.notice.due_at), one.notice) for one in waiting)
    coming = [one for one in (*found, _by_alarm(work, member)) if one is not None]
    return min(coming, key=lambda one: one.at, default=None)


def _by_alarm(work: Work, member: MemberId) -> Coming | None:
    """Return the next message that the alarm puts into the outbox, waking as often as it will."""
    known = {one.notice.key for one in work.outbox.messages(member)}
    until = work.now + AHEAD
    for _ in range(_WAKINGS):
        row = work.reminders.of(ReminderKind.MEMBER, member)
        if row is None or row.due_at is None or row.due_at > until:
            return None
        later = _at(work, row.due_at)
        claim(later, row.id)
        put = (one.notice for one in work.outbox.messages(member))
        new = next((one for one in put if one.key not in known), None)
        if new is not None:
            known.add(new.key)
            coming = _worded(later, new)
            if coming is not None:
                return coming
    return None


def _worded(work: Work, notice: Notice) -> Coming | None:
    """Return the message as the courier will find it, who asks again as long as it is not now."""
    for _ in range(_POSTPONED):
        says = message_view(work, notice)
        if says is None:
            return None
        if not isinstance(says, NotNow):
            return Coming(at=work.now, says=says)
        if says.at > work.now + AHEAD:
            return None
        work = _at(work, says.at)
    return None


def _at(work: Work, instant: datetime) -> Work:
    """Return the same unit of work as if it were that instant, or now if that is over."""
    later = copy(work)
    later.now = max(instant, work.now)
    return later
