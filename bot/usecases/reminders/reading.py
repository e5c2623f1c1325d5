"""What a reminder says: read at the moment it is sent, from the state as it is then."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.ids import MemberId, PlanId
from bot.domain.members import Identity, Member, Nudges, Where
from bot.domain.places import Place
from bot.domain.planning.plan import Plan
from bot.domain.planning.turns import Waiting
from bot.domain.reminders.free_times import free_now, local_date, next_free
from bot.domain.reminders.marks import only_again, told_in
from bot.domain.reminders.notices import Notice
from bot.domain.timetable.absences import Away
from bot.domain.timetable.availability import Availability, FreePeriod
from bot.domain.timetable.costs import Cost
from bot.usecases.ports import Work
from bot.usecases.reminders.absences import covered
from bot.usecases.reminders.availability import availabilities, placeable
from bot.usecases.reminders.planning import to_remind_of

NO_THREAD = timedelta(minutes=1)
"""When to look again for the thread of a plan that has none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something that waits on somebody, in the plan it belongs to.

    ``owner`` is set for who stands in: whose it is, and ``until`` when that partner is away.
    ``held``: they wait for another partner before they go on with it.
    """

    plan: Plan
    waiting: Waiting
    owner: str = ""
    until: date | None = None
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderView:
    """What one member is reminded of, most urgent first.

    ``free`` is the free period that runs, ``assumed`` tells that nobody gave any times, so that it
    is working hours; ``full`` that it is for want of a free period in their timetable. ``thread``
    is the plan's thread for the first contact, None once the member may be written to directly.
    ``planned`` is the instant the message was meant for, and ``occurrence`` its name.
    """

    member: Member
    things: tuple[Thing, ...]
    free: FreePeriod
    assumed: bool
    thread: Place | None
    elsewhere: bool
    """Things of other plans wait as well; a thread does not say which."""
    occurrence: str
    planned: datetime
    now: datetime
    again: bool = False
    """The member had put all of it off."""
    full: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
    """The member is not free at present, or there is no thread to write in: again at ``at``."""

    at: datetime
    why: str


def reminder_view(work: Work, notice: Notice) -> ReminderView | NotNow | None:
    """Return what the reminder says now; None when there is nothing left to say.

    Nothing is said of what is done, moved or gone since it was claimed, nor to somebody who is
    away or wants no reminders any more.
    """
    member = work.members.get((notice.member,)).get(notice.member) if notice.member else None
    if member is None or member.preferences.nudges is Nudges.OFF:
        return None
    occurrence = occurrence_of(notice)
    marks = work.reminders.nudged(member.id)
    # What was put off after the message was claimed comes when its reader wants it.
    told = told_in(marks, occurrence) - work.snoozes.of(member.id).keys()
    things = _things(work, member, told)
    availability = placeable(availabilities(work, (member.id,))[member.id])
    if not things or is_away(availability, work.now):
        return None
    free = free_now(availability, work.now)
    if free is None:
        period = next_free(availability, work.now)
        return NotNow(at=period.start, why="not free now") if period else None
    view = ReminderView(
        member=member,
        things=things,
        free=free,
        assumed=told_no_times(availability),
        full=_full(availability, free),
        thread=None,
        elsewhere=False,
        again=only_again(marks, occurrence),
        occurrence=occurrence,
        planned=_instant(occurrence, work.now),
        now=work.now,
    )
    return view if wants_direct(member) else _in_thread(work, view)


def told_no_times(availability: Availability) -> bool:
    """Tell whether the member gave neither a timetable nor hours."""
    return availability.timetable is None and availability.hours is None


def _full(availability: Availability, free: FreePeriod) -> bool:
    """Tell whether it is working hours only because the member's timetable has no free period."""
    own = availability.timetable is not None and availability.hours is None
    return own and free.cost is Cost.OWN_HOURS


def wants_direct(member: Member) -> bool:
    """Tell whether the member is written to directly: after their first click, if they like."""
    return member.reachable and member.preferences.where is Where.DIRECT


def written_to(work: Work, member: Member) -> Identity:
    """Return to whom direct messages for the member go: where they chose, else their own."""
    chosen = member.preferences.platform
    if chosen in {"", member.identity.platform}:
        return member.identity
    known = work.members.joined(member.id)
    return next((one for one in known if one.platform == chosen), member.identity)


def occurrence_of(notice: Notice) -> str:
    """Return which occurrence of its member's reminders a notice tells of."""
    return notice.key.split(":", 2)[2]


def is_away(availability: Availability, now: datetime) -> bool:
    """Tell whether the member is away today, by their own clock."""
    return any(absence.covers(local_date(availability, now)) for absence in availability.away)


def waiting_of(work: Work, member: Member) -> Iterator[tuple[Plan, Waiting]]:
    """Yield what the member may be reminded of in their plans, each thing once."""
    away, found = covered(work, member.id).now, set[tuple[PlanId, str]]()
    for plan in work.plans.of_member(member.id):
        for one in to_remind_of(plan, member.id, work.now, away):
            if (plan.id, one.thing) not in found:
                found.add((plan.id, one.thing))
                yield plan, one


def _things(work: Work, member: Member, told: Collection[str]) -> tuple[Thing, ...]:
    """Return the things the message speaks about that still wait, by date."""
    away = covered(work, member.id).now
    names = work.members.get(away) if away else {}
    things = [
        thing_of(plan, one, names, away)
        for plan, one in waiting_of(work, member)
        if f"{plan.id}:{one.thing}" in told
    ]
    return tuple(sorted(things, key=lambda t: str(t.waiting.date_in(member.zone))))


def thing_of(
    plan: Plan, one: Waiting, members: Mapping[MemberId, Member], away: Away, *, held: bool = False
) -> Thing:
    """Return what waits with whose it is, if somebody only stands in."""
    owner = members.get(one.owner) if one.owner else None
    return Thing(
        plan=plan,
        waiting=one,
        owner=owner.name if owner else "",
        until=away[one.owner].last if one.owner and one.owner in away else None,
        held=held,
    )


def _in_thread(work: Work, view: ReminderView) -> ReminderView | NotNow:
    """Return the view for the thread of the most urgent thing: only its own plan's things."""
    first = view.things[0].plan.id
    card = work.plans.card(first, written_to(work, view.member).platform) or work.plans.card(first)
    if card is None:
        return NotNow(at=view.now + NO_THREAD, why="no thread yet")
    here = tuple(thing for thing in view.things if thing.plan.id == first)
    elsewhere = len(here) < len(view.things)
    return replace(view, things=here, thread=card.place, elsewhere=elsewhere)


def _instant(occurrence: str, otherwise: datetime) -> datetime:
    """Return the instant an occurrence is named after."""
    try:
        return datetime.fromisoformat(occurrence)
    except ValueError:
        return otherwise
