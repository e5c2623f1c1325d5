"""The school's calendar is changed: reminders follow, partners hear of it, and it can be undone."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain import errors
from bot.domain.ids import ChangeId, PartnershipId
from bot.domain.members import Member
from bot.domain.planning.partnership import Partnership
from bot.domain.planning.plan import PlanState
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.domain.timetable.changes import CalendarChange, only_dates
from bot.domain.timetable.school import SchoolCalendar
from bot.usecases.actors import Actor
from bot.usecases.ports import Work
from bot.usecases.reminders.moving import Moves, moving, wake_again


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSaved:
    """The calendar as it is now, and the reminders that moved with it.

    ``change`` None: nothing changed, or there was no calendar before, so there is nothing to undo.
    """

    calendar: SchoolCalendar
    viewer: Member
    moves: Moves
    change: CalendarChange | None


def save_calendar(
    work: Work, actor: Actor, calendar: SchoolCalendar, also: Callable[[], None] = lambda: None
) -> CalendarSaved:
    """Store the calendar of the actor's school, plan reminders by it, and let partners know.

    The unit has held the calendar since it read it. ``also`` saves what belongs to it.
    """
    if calendar.school != actor.school:
        calendar = replace(calendar, school=actor.school)
    standing = work.times.calendar(actor.school)
    moves = _save(work, standing, calendar, also)
    change = None
    if standing is not None and standing != calendar:
        change = CalendarChange(
            id=ChangeId(work.ids.new()),
            by=actor.id,
            at=work.now,
            before=standing,
            after=calendar,
            moved=len(moves.moved),
            stood=moves.stood,
            told=_concerned(work, actor, moves),
        )
        work.times.keep_change(change)
        _tell(work, change)
    return CalendarSaved(calendar=calendar, viewer=actor.member, moves=moves, change=change)


def undo_change(work: Work, actor: Actor, which: ChangeId) -> CalendarSaved:
    """Restore the calendar and the reminders as they were before a change.

    ``InvalidInput`` when it was taken back already, or the calendar was changed again since.
    """
    change = work.times.change(which)
    if change is None:
        raise errors.StaleButton
    work.times.hold_calendar(change.after.school)
    change = work.times.change(which) or change  # as it is now that nobody else can change it
    if change.undone:
        raise errors.InvalidInput(
            what="That change was taken back already.",
            remedy="“School calendar” shows what stands now.",
        )
    if work.times.calendar(change.after.school) != change.after:
        raise errors.InvalidInput(
            what="Somebody changed the school's calendar after that, so it is not taken back: "
            "the later change would be lost.",
            remedy="Open “School calendar”, then “Closures, labels and terms”, and correct it.",
        )
    moves = _save(work, change.after, change.before)
    wake_again(work, change.stood)
    undone = replace(change, undone=True)
    work.times.keep_change(undone)
    _tell(work, undone)
    return CalendarSaved(calendar=change.before, viewer=actor.member, moves=moves, change=undone)


def _save(
    work: Work,
    standing: SchoolCalendar | None,
    calendar: SchoolCalendar,
    also: Callable[[], None] = lambda: None,
) -> Moves:
    """Store the calendar; digests follow unless only single dates are other ones."""

    def save() -> None:
        work.times.save_calendar(calendar)
        also()

    members = [one.id for one in work.members.all() if one.preferences.school == calendar.school]
    return moving(
        work,
        members,
        save,
        digests=standing is None or not only_dates(standing, calendar),
    )


def _tell(work: Work, change: CalendarChange) -> None:
    """Put the news of the change, or of its being taken back, in place of the same news."""
    for home in change.told:
        work.outbox.put(
            Notice(
                key=f"school:{home}:{change.id}",
                kind=NoticeKind.SCHOOL,
                due_at=work.now,
                partnership=home,
            )
        )


def _concerned(work: Work, actor: Actor, moves: Moves) -> tuple[PartnershipId, ...]:
    """Return the partnerships to be told: the actor's own, and where somebody's reminder moved.

    Only while they plan something, and not the actor's own conversation with the bot: there the
    answer is enough.
    """
    homes: dict[PartnershipId, Partnership] = {}
    for member in dict.fromkeys((actor.id, *moves.moved)):
        homes.update((home.id, home) for home in work.partnerships.of_member(member))
    return tuple(
        home.id
        for home in homes.values()
        if set(home.members) != {actor.id} and _plans_something(work, home.id)
    )


def _plans_something(work: Work, home: PartnershipId) -> bool:
    return any(plan.state is PlanState.ACTIVE for plan in work.plans.of_partnership(home))
