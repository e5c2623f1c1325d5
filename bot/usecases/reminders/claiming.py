"""Claiming what is due: the move to the next occurrence and the notice, in one transaction."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from bot.domain.ids import MemberId, ReminderId
from bot.domain.reminders.schedule import Reminder, ReminderKind
from bot.usecases.ports import Work
from bot.usecases.reminders.claiming_digests import claim_digest
from bot.usecases.reminders.claiming_members import claim_members
from bot.usecases.reminders.occurring import claim_recurring


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
            return claim_digest(work, row)
        case ReminderKind.RECURRING:
            return claim_recurring(work, row)
        case ReminderKind.MEMBER:
            raise ValueError("members' reminders are claimed together")
        case _:
            assert_never(row.kind)
