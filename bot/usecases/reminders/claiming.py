"""Claiming what is due: the move to the next occurrence and the notice, in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import assert_never

from bot.domain.ids import MemberId, PartnershipId, ReminderId
from bot.domain.planning.plan import PlanState
from bot.domain.reminders.notices import Notice, NoticeKind, digest_key
from bot.domain.reminders.recurrence import local_date, next_weekly
from bot.domain.reminders.schedule import Reminder, ReminderKind
from bot.usecases.ports import Work
from bot.usecases.reminders.claiming_members import claim_members
from bot.usecases.reminders.occurring import claim_recurring
from bot.usecases.reminders.places import linked


def claim(work: Work, reminder: ReminderId) -> bool:
    """Claim the reminder if it is due; tell whether this call moved it on."""
    return claim_all(work, (reminder,)) == 1


def claim_all(work: Work, reminders: Iterable[ReminderId]) -> int:
    """Claim those of the reminders that are due; return how many this call moved on.

    Whoever calls it, however often, early, late or twice: each occurrence becomes at most one
    notice. A reminder whose time is no longer good (the free period is over, the timetable has
    changed, nothing waits any more) is only moved on. Those that somebody else is just claiming are
    left to them.
    """
    held = work.reminders.hold(reminders)
    due = [row for row in held if row.due_at is not None and row.due_at <= work.now]
    members = [row for row in due if row.kind is ReminderKind.MEMBER]
    others = [row for row in due if row.kind is not ReminderKind.MEMBER]
    return _claim_members(work, members) + sum(_claim_other(work, row) for row in others)


def _claim_members(work: Work, due: Sequence[Reminder]) -> int:
    if len(due) > 1:
        work.read_ahead(MemberId(row.subject) for row in due)
    return claim_members(work, due)


def _claim_other(work: Work, row: Reminder) -> bool:
    match row.kind:
        case ReminderKind.DIGEST:
            return _claim_digest(work, row)
        case ReminderKind.RECURRING:
            return claim_recurring(work, row)
        case ReminderKind.MEMBER:
            raise ValueError("members' reminders are claimed together")
        case _:
            assert_never(row.kind)


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
        members = dict.fromkeys(member for plan in active for member in plan.members)
        notices = [_digest(partnership.id, day, row.due_at, to) for to in (None, *members)]
        notices += [
            replace(notices[0], key=f"{notices[0].key}@{platform}", on=platform)
            for platform in linked(active)
        ]
        work.outbox.put_all(notices)
    return True


def _digest(
    partnership: PartnershipId, day: date, planned: datetime, member: MemberId | None
) -> Notice:
    """Return the digest of a day, for one partner or (None) for the thread: composed if wanted.

    It is due since it was ``planned`` (UTC), which says how late it is: somebody may choose another
    slot before it is sent.
    """
    return Notice(
        key=digest_key(partnership, day, member),
        kind=NoticeKind.DIGEST,
        due_at=planned,
        partnership=partnership,
        member=member,
    )
