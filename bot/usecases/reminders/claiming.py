"""Claiming what is due: the move to the next occurrence and the notice, in one transaction."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import assert_never

from bot.domain.ids import MemberId, PartnershipId, ReminderId
from bot.domain.planning.plan import PlanState
from bot.domain.reminders.marks import latest, mark
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.domain.reminders.nudging import Verdict, decide
from bot.domain.reminders.recurrence import local_date, next_weekly
from bot.domain.reminders.returning import catch_up_at, returned_from
from bot.domain.reminders.schedule import Reminder, ReminderKind
from bot.domain.timetable.absences import in_order
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import availabilities, placeable
from bot.usecases.reminders.occurring import claim_recurring
from bot.usecases.reminders.planning import Agenda, agenda, sooner

A_MOMENT = timedelta(minutes=1)


def claim_all(work: Work, reminders: Iterable[ReminderId]) -> int:
    """Claim those of the reminders that are due; return how many this call moved on.

    As ``claim`` for each, but what they need is read at once. Those that somebody else is just
    claiming are left to them.
    """
    rows = work.reminders.hold(reminders)
    work.read_ahead(MemberId(row.subject) for row in rows if row.kind is ReminderKind.MEMBER)
    return sum(claim(work, row.id) for row in rows)


def claim(work: Work, reminder_id: ReminderId) -> bool:
    """Claim the reminder if it is due; tell whether this call moved it on.

    Whoever calls it, however often, early, late or twice: each occurrence becomes at most one
    notice. A reminder whose time is no longer good (the free period is over, the timetable has
    changed, nothing waits any more) is only moved on.
    """
    row = work.reminders.get(reminder_id)
    if row is None or row.due_at is None or row.due_at > work.now:
        return False
    match row.kind:
        case ReminderKind.MEMBER:
            return _claim_member(work, row)
        case ReminderKind.DIGEST:
            return _claim_digest(work, row)
        case ReminderKind.RECURRING:
            return claim_recurring(work, row)
        case _:
            assert_never(row.kind)


def _claim_member(work: Work, row: Reminder) -> bool:
    member = MemberId(row.subject)
    availability = availabilities(work, (member,)).get(member)
    if availability is None:
        return work.reminders.advance(row, None)
    known, free = agenda(work, member, availability.zone), placeable(availability)
    verdict = decide(free, known.things, known.marks, work.now, known.snoozes)
    back = returned_from(free, work.now)
    told = tuple(replace(one, told=row.occurrence) for one in back)
    still_away = tuple(one for one in free.away if one not in back)
    return_at = catch_up_at(replace(free, away=in_order((*still_away, *told))), work.now)
    if not work.reminders.advance(row, sooner(sooner(verdict.next_at, known.next_turn), return_at)):
        return False
    if verdict.say or verdict.again or back:
        kind = NoticeKind.CATCH_UP if back else NoticeKind.REMINDER
        key = f"reminder:{row.id}:{row.occurrence}"
        if not work.outbox.put(Notice(key=key, kind=kind, due_at=work.now, member=member)):
            # The clock was set back to before a message of this very instant: what is to be said
            # now was not in it. An occurrence of its own says it.
            work.reminders.plan(ReminderKind.MEMBER, member, work.now + A_MOMENT)
            return True
        held = _held_up(work, row, known)
        _keep(work, member, verdict, row.occurrence, held)
        work.absent.replace(member, back, told)
    done = set(known.snoozes) - {thing.key for thing in known.things}
    work.snoozes.drop(member, {*done, *(thing.key for thing in verdict.again)})
    return True


def _keep(
    work: Work, member: MemberId, verdict: Verdict, occurrence: str, held: Iterable[str]
) -> None:
    """Keep what the message of the occurrence speaks about; what comes again is not counted."""
    said = {thing.key: mark(thing.key, work.now, occurrence) for thing in verdict.say}
    again = {*held, *(thing.key for thing in verdict.again)} - set(said)
    marks = (mark(key, work.now, occurrence, again=True) for key in sorted(again))
    work.reminders.count_nudges(member, (*said.values(), *marks), work.now)


def _held_up(work: Work, row: Reminder, known: Agenda) -> tuple[str, ...]:
    """Return the things of earlier messages that are still to be sent: one message says all."""
    waiting, told = {thing.key for thing in known.things}, latest(known.marks)
    notices = {key: f"reminder:{row.id}:{of}" for key, of in told.items() if key in waiting}
    unsent = work.outbox.unsent(set(notices.values()))
    return tuple(key for key, notice in notices.items() if notice in unsent)


def _claim_digest(work: Work, row: Reminder) -> bool:
    partnership = work.partnerships.get(PartnershipId(row.subject))
    if partnership is None or row.due_at is None:
        return work.reminders.advance(row, None)
    # From the later of the two: after an outage comes one digest, not one for every week.
    following = next_weekly(partnership.digest, max(row.due_at, work.now))
    if not work.reminders.advance(row, following):
        return False
    plans = work.plans.of_partnership(partnership.id)
    active = [plan for plan in plans if plan.state is PlanState.ACTIVE]
    if active:
        day = local_date(partnership.digest, row.due_at)
        _put_digest(work, partnership.id, day, None)
        for member in dict.fromkeys(member for plan in active for member in plan.members):
            _put_digest(work, partnership.id, day, member)
    return True


def _put_digest(work: Work, partnership: PartnershipId, day: date, member: MemberId | None) -> None:
    """Put the digest of a day, for one partner or (None) for the thread: composed if wanted."""
    work.outbox.put(
        Notice(
            key=":".join(filter(None, ("digest", partnership, day.isoformat(), member))),
            kind=NoticeKind.DIGEST,
            due_at=work.now,
            partnership=partnership,
            member=member,
        )
    )
