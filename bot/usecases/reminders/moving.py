"""Which reminders a change of times moves, and to when: told to whoever makes the change."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import MemberId
from bot.domain.reminders.free_times import free_now
from bot.domain.reminders.nudging import next_message
from bot.domain.reminders.schedule import ReminderKind
from bot.domain.timetable.availability import FreePeriod
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import availabilities, placeable
from bot.usecases.reminders.planning import agenda, replan, sooner


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A member's next message: its instant (UTC), and the free period it falls in."""

    at: datetime
    period: FreePeriod | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What became of the reminders that were planned when something changed.

    ``moved`` holds, by member, when each of those that moved comes now, None when no free time is
    in sight any more. ``stood`` is when the alarms that were set anew were due before (UTC).
    """

    moved: Mapping[MemberId, Ahead | None]
    stood: Mapping[MemberId, datetime | None]


def moving(
    work: Work, members: Iterable[MemberId], change: Callable[[], None], *, digests: bool = True
) -> Moves:
    """Carry out the change, plan the members' reminders anew, and return which moved.

    ``digests`` as for ``replan``. Only what was planned before can move.
    """
    known = tuple(members)
    work.read_ahead(known)
    stood = {member: _alarm(work, member) for member in known}
    before = _ahead(work, [member for member, at in stood.items() if at is not None])
    change()
    replan(work, known, digests=digests)
    after = _ahead(work, before)
    return Moves(
        moved={
            member: after.get(member)
            for member, was in before.items()
            if member not in after or after[member].at != was.at
        },
        stood={member: at for member, at in stood.items() if _alarm(work, member) != at},
    )


def wake_again(work: Work, stood: Mapping[MemberId, datetime | None]) -> None:
    """Let the members' alarms ring when they were to before a change that is taken back.

    After ``replan``, which may have found something sooner. An alarm that rings too early finds
    nothing to say and is set anew; one that rings too late would be a reminder missed.
    """
    for member, was in stood.items():
        now = _alarm(work, member)
        due_at = sooner(now, was)
        if due_at != now:
            work.reminders.plan(ReminderKind.MEMBER, member, due_at)


def _alarm(work: Work, member: MemberId) -> datetime | None:
    row = work.reminders.of(ReminderKind.MEMBER, member)
    return row.due_at if row else None


def _ahead(work: Work, members: Iterable[MemberId]) -> dict[MemberId, Ahead]:
    """Return the next message of each of the members, as the rules have it now."""
    found = {}
    for member, told in availabilities(work, members).items():
        availability = placeable(told)
        known = agenda(work, member, availability)
        at = next_message(availability, known.things, known.marks, work.now, known.snoozes)
        if at is not None:
            found[member] = Ahead(at=at, period=free_now(availability, at))
    return found
