"""Planning the next reminder of members, and the slot of a partnership's digest."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ids import MemberId, PartnershipId
from bot.domain.planning.partnership import DigestSlot, Partnership
from bot.domain.planning.plan import Plan
from bot.domain.planning.standing_in import stand_in, waiting_on
from bot.domain.planning.turns import Waiting, as_before, meetings, next_turn
from bot.domain.reminders.notices import digest_key
from bot.domain.reminders.nudging import GRACE, Owed, next_message, owed
from bot.domain.reminders.recurrence import at_wall_time, local_date, next_weekly
from bot.domain.reminders.returning import catch_up_at
from bot.domain.reminders.schedule import ReminderKind
from bot.domain.reminders.snoozing import Snooze
from bot.domain.timetable.absences import NOBODY, Away
from bot.domain.timetable.availability import Availability
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.slots import common_slots
from bot.usecases.ports import Work
from bot.usecases.reminders.absences import away_today, covered
from bot.usecases.reminders.availability import availabilities, placeable
from bot.usecases.reminders.claiming_digests import claim_digest

DIGEST_SEARCH = timedelta(days=14)
START_OF_WORK = time(8)
HALF_A_WEEK = timedelta(days=3, hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """Everything with a date that waits on a member, or lies ahead, from all their plans.

    ``marks`` tell what they heard of when, ``snoozes`` what they put off. ``next_turn`` (UTC) is
    when the clock alone adds to it.
    """

    things: tuple[Owed, ...]
    marks: tuple[str, ...]
    snoozes: Mapping[str, Snooze]
    next_turn: datetime | None


def agenda(work: Work, member: MemberId, told: Availability) -> Agenda:
    """Return the agenda of the member, whose zone and school are those of ``told``."""
    plans, standing_in = work.plans.of_member(member), covered(work, member)
    theirs = (member, *standing_in.now)
    things: list[Owed] = []
    turn = standing_in.next_at
    for plan in plans:
        asked = to_remind_of(plan, member, work.now, standing_in.now)
        things += owed(plan.id, as_school_runs(asked, told.calendar), told.zone)
        for one in theirs:
            turn = sooner(turn, next_turn(plan, one, work.now))
    return Agenda(
        things=tuple(things),
        marks=tuple(work.reminders.nudged(member)),
        snoozes=work.snoozes.of(member),
        next_turn=turn,
    )


def to_remind_of(
    plan: Plan, member: MemberId, now: datetime, away: Away = NOBODY
) -> tuple[Waiting, ...]:
    """Return what the member may be reminded of in a plan: what has a date, and sessions ahead.

    ``away`` are those for whom they may stand in.
    """
    return waiting_on(plan, member, away, now, dated=True) + meetings(plan, member, now)


def as_school_runs(
    things: Iterable[Waiting], calendar: SchoolCalendar | None
) -> tuple[Waiting, ...]:
    """Return the things as they are due since days of school were lost; see ``due_on``."""
    if calendar is None:
        return tuple(things)
    return tuple(_as_school_runs(one, calendar) for one in things)


def _as_school_runs(one: Waiting, calendar: SchoolCalendar) -> Waiting:
    due = one.due if one.due is None else calendar.due_on(one.due)
    return one if due == one.due else replace(one, due=due)


def sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the earlier of two instants, of which either may be missing."""
    if one is None or other is None:
        return one or other
    return min(one, other)


def replan(work: Work, members: Iterable[MemberId], *, digests: bool = True) -> int:
    """Compute anew when each of the members is next reminded; return how many reminders moved.

    To be called after the times and preferences it follows from are saved. The digests of the
    members' partnerships follow too, where nobody chose when they come; not with ``digests``
    False, after what concerns single dates only: a weekly slot does not move for a day of snow.
    """
    known = tuple(members)
    homes = {home.id: home for one in known for home in work.partnerships.of_member(one)}
    for home in homes.values() if digests else ():
        _follow(work, home)
    return remind_anew(work, known)


def remind_anew(work: Work, members: Iterable[MemberId]) -> int:
    """Compute anew when each of the members is next reminded; return for how many it changed."""
    people = availabilities(work, members)
    return sum(_replan_one(work, member, placeable(one)) for member, one in people.items())


def _follow(work: Work, home: Partnership) -> None:
    """Move the digest of a partnership that did not choose its slot to what is now the default."""
    if home.digest.chosen:
        return
    slot = default_slot(work, home.members, home.digest.zone)
    slot = replace(slot, silent=home.digest.silent)
    if slot != home.digest:
        moved = replace(home, digest=slot)
        work.partnerships.save(moved)
        digest_setup(work, moved)


def _replan_one(work: Work, member: MemberId, availability: Availability) -> bool:
    row = work.reminders.of(ReminderKind.MEMBER, member)
    known = agenda(work, member, availability)
    due_at = next_message(availability, known.things, known.marks, work.now, known.snoozes)
    due_at = sooner(sooner(due_at, known.next_turn), catch_up_at(availability, work.now))
    standing = row.due_at if row else None
    if due_at is not None and standing is not None and due_at <= work.now + GRACE:
        # The period runs. A moment of grace is given once, not with every act that follows.
        due_at = standing if work.now - GRACE <= standing <= due_at else due_at
    if due_at == standing:
        return False
    work.reminders.plan(ReminderKind.MEMBER, member, due_at)
    return True


def replan_after(work: Work, before: Plan | None, after: Plan) -> None:
    """Plan the reminders that an act on a plan has made new or moved; call it after saving.

    Looks into storage only for partners for whom something with a date is new or has another
    date. What has vanished needs no planning: its reminder finds nothing to say and moves on.
    """
    members = tuple(_with_something_new(before, after, work.now))
    if members:
        away = away_today(work, work.members.get(members).values())
        stand_ins = (stand_in(after, member, away) for member in members)
        remind_anew(work, (*members, *(one for one in stand_ins if one is not None)))


def _with_something_new(before: Plan | None, after: Plan, now: datetime) -> Iterator[MemberId]:
    """Yield the partners who have a dated thing that was not there, or not on that date.

    Also those for whom the clock will add one: a session that runs became one all agreed to.
    """
    if before is not None and as_before(after, before, now):
        return
    for member in after.members:
        things, turn = to_remind_of(after, member, now), next_turn(after, member, now)
        known = () if before is None else to_remind_of(before, member, now)
        turned = turn is not None and (before is None or turn != next_turn(before, member, now))
        if turned or (things != known and not _dated(things) <= _dated(known)):
            yield member


def _dated(things: Iterable[Waiting]) -> set[tuple[object, ...]]:
    """Return what tells things with a date apart for a reminder, which names no fields."""
    return {(w.thing, w.due, w.at) for w in things}


def digest_setup(work: Work, partnership: Partnership) -> None:
    """Plan the next digest of the partnership: when it is new, and when its slot has changed.

    One that is due at that very moment, and was not claimed yet (nothing ran at its time), comes
    now, late, as it would have come had the slot been changed a little later. Not twice on a date.
    """
    row = work.reminders.of(ReminderKind.DIGEST, partnership.id)
    if row is not None and row.due_at is not None and row.due_at <= work.now:
        claim_digest(work, row)
    work.reminders.plan(ReminderKind.DIGEST, partnership.id, next_digest(work, partnership))


def next_digest(work: Work, partnership: Partnership) -> datetime:
    """Return when the digest comes by its slot (UTC): not twice on a date, if the slot changed."""
    slot = partnership.digest
    at = next_weekly(slot, work.now)
    told = work.outbox.known(digest_key(partnership.id, local_date(slot, at)))
    return next_weekly(slot, at) if told else at


def replan_digest(work: Work, partnership: PartnershipId) -> int:
    """Compute anew when the digest that is planned comes, by the rules its zone has now.

    It stays the one it was, on its date: one that was due by the old rules and not sent is not
    passed over. Return whether it moved.
    """
    row, home = (
        work.reminders.of(ReminderKind.DIGEST, partnership),
        work.partnerships.get(partnership),
    )
    if row is None or row.due_at is None or home is None:
        return 0
    due_at = next_weekly(home.digest, row.due_at - HALF_A_WEEK)
    if due_at == row.due_at:
        return 0
    work.reminders.plan(ReminderKind.DIGEST, partnership, due_at)
    return 1


def default_slot(work: Work, members: Iterable[MemberId], zone: str) -> DigestSlot:
    """Return when the digest of these members comes unless they choose: their best common slot.

    Without one in the coming two weeks, and as long as one of them has told no times (or only a
    timetable without clock times): Monday, at the start of work, in ``zone`` (IANA).
    """
    known = availabilities(work, members)
    # Nobody is away for ever: an absence does not move what comes every week.
    people = {m: placeable(replace(a, away=())) for m, a in known.items()}
    default = DigestSlot(weekday=0, at=START_OF_WORK, zone=zone)
    if not all(one.timetable is not None or one.hours is not None for one in people.values()):
        return default
    # From tomorrow on: a slot that runs just now would be cut at this very minute.
    tomorrow = work.now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    start = at_wall_time(tomorrow, time(), zone)
    slots = common_slots(people, start, start + DIGEST_SEARCH)
    if not slots:
        return default
    best = slots[0].start.astimezone(ZoneInfo(zone))
    return DigestSlot(weekday=best.weekday(), at=best.time(), zone=zone)
