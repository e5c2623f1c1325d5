"""What somebody who is back is told: what changed, who acted, what waits on them now."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.domain.contributions.acts import OF_ABSENCES, ActKind, Entry, concerns
from bot.domain.members import Member, Nudges
from bot.domain.planning.plan import Plan, PlanState
from bot.domain.planning.turns import WaitingKind, meetings, urgency
from bot.domain.reminders.free_times import free_now, next_free
from bot.domain.reminders.marks import spoken_of
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.domain.reminders.recurrence import at_wall_time
from bot.domain.timetable.absences import Absences
from bot.usecases.actors import today
from bot.usecases.planning.acting import view_of
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import availabilities, placeable
from bot.usecases.reminders.digesting import FieldChange, field_changes
from bot.usecases.reminders.reading import (
    NotNow,
    ReminderView,
    Thing,
    occurrence_of,
    reminder_view,
    thing_of,
    wants_direct,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchUpView:
    """What happened from ``first`` to ``last``, the days ``member`` was away, and until now.

    ``acted`` are the others with the number of their acts, the busiest first. ``changed`` are
    fields, the most important first: those of steps that wait on the member now, then those that
    said something else before. ``waiting`` is what waits on them, most urgent first, after the
    sessions of which a reminder would tell them now: the catch-up takes its place. ``late`` is how
    many of these were due before ``today``, their date. ``occurrence`` names the message.
    """

    member: Member
    first: date
    last: date
    today: date
    acts: int
    acted: tuple[tuple[str, int], ...]
    changed: tuple[FieldChange, ...]
    waiting: tuple[Thing, ...]
    late: int
    occurrence: str


def message_view(work: Work, notice: Notice) -> ReminderView | CatchUpView | NotNow | None:
    """Return what the message of a notice says to its member now, be it a reminder or a catch-up.

    Who is not written to directly hears in the thread only what is due: the rest is their own.
    """
    if notice.kind is not NoticeKind.CATCH_UP:
        return reminder_view(work, notice)
    view = catch_up_view(work, notice)
    if isinstance(view, CatchUpView) and not wants_direct(view.member):
        return reminder_view(work, notice)
    return view


def catch_up_view(work: Work, notice: Notice) -> CatchUpView | NotNow | None:
    """Return what the member is told now; None when nothing happened and nothing waits.

    Nor is anything said to who wants no reminders. Who is away again, or in a lesson, is told in
    their next free period.
    """
    found = work.members.get((notice.member,)) if notice.member else {}
    member = next(iter(found.values()), None)
    if member is None or member.preferences.nudges is Nudges.OFF:
        return None
    occurrence = occurrence_of(notice)
    availability = placeable(availabilities(work, (member.id,))[member.id])
    told = tuple(one for one in availability.away if one.told == occurrence)
    if not told:
        return None
    if free_now(availability, work.now) is None:
        period = next_free(availability, work.now)
        return NotNow(at=period.start, why="not free now") if period else None
    view = _view(work, member, told, occurrence)
    return view if view.acts or view.waiting else None


def _view(work: Work, member: Member, told: Absences, occurrence: str) -> CatchUpView:
    first, last = told[0].first, max(one.last for one in told)
    plans = work.plans.of_member(member.id)
    entries = _of_others(work, member, plans, first)
    waiting = _waiting(work, member, plans, occurrence)
    now = today(work, member)
    dates = (thing.waiting.date_in(member.zone) for thing in waiting)
    return CatchUpView(
        member=member,
        first=first,
        last=last,
        today=now,
        acts=len(entries),
        acted=_acted(work, entries),
        changed=_by_importance(field_changes(plans, entries), waiting),
        waiting=waiting,
        late=sum(day is not None and day < now for day in dates),
        occurrence=occurrence,
    )


def _of_others(work: Work, member: Member, plans: Iterable[Plan], first: date) -> list[Entry]:
    """Return what the others did from the first day on.

    Of that day only what came after the member said that they are away: the rest they saw.
    """
    logged = work.log.since([p.id for p in plans], at_wall_time(first, time(), member.zone))
    second = at_wall_time(first + timedelta(days=1), time(), member.zone)
    own = (e.act for e in logged if e.act.by == member.id and e.act.kind is ActKind.AWAY)
    said = max((act.at for act in own if act.at < second), default=None)
    return [
        entry
        for entry in logged
        if entry.act.by != member.id
        and concerns(entry.act) not in OF_ABSENCES
        and (said is None or entry.act.at > said)
    ]


def _acted(work: Work, entries: Iterable[Entry]) -> tuple[tuple[str, int], ...]:
    counts = Counter(entry.act.by for entry in entries)
    names = work.members.get(counts)
    return tuple(
        (names[member].name, times) for member, times in counts.most_common() if member in names
    )


def _waiting(
    work: Work, member: Member, plans: Iterable[Plan], occurrence: str
) -> tuple[Thing, ...]:
    """Return the sessions to be told of with it, then what waits on the member, each once."""
    told = spoken_of(work.reminders.nudged(member.id), occurrence)
    found: dict[tuple[str, str], Thing] = {}
    for plan in plans:
        if plan.state is PlanState.ACTIVE:
            view = view_of(work, member, plan)
            members = work.members.get(view.away)
            ahead = meetings(plan, member.id, work.now)
            due = (one for one in ahead if f"{plan.id}:{one.thing}" in told)
            for one in (*due, *view.waiting(member.id)):
                thing = thing_of(plan, one, members, view.away)
                found.setdefault((plan.id, one.thing), thing)
    return tuple(sorted(found.values(), key=_sessions_first))


def _sessions_first(thing: Thing) -> tuple[bool, date]:
    return thing.waiting.kind is not WaitingKind.MEET, urgency(thing.waiting)


def _by_importance(
    changes: Sequence[FieldChange], waiting: Iterable[Thing]
) -> tuple[FieldChange, ...]:
    asked = {(thing.plan.id, thing.waiting.step) for thing in waiting}

    def rank(change: FieldChange) -> tuple[bool, bool]:
        return (change.plan.id, change.step) not in asked, not change.before

    return tuple(sorted(changes, key=rank))
