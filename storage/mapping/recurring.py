"""Recurring reminders <-> rows of ``recurring_reminders``."""

from typing import Any

from sqlalchemy import Row

from bot.domain.reminders.recurrence_code import coded, decoded
from bot.domain.reminders.recurring import RecurringReminder, RecurringState


def recurring_row(reminder: RecurringReminder) -> dict[str, Any]:
    """Return the reminder's columns but for the workspace."""
    return {
        "id": reminder.id,
        "partnership": reminder.partnership,
        "plan": reminder.plan,
        "member": reminder.by,
        "text": reminder.text,
        "rule": coded(reminder.rule),
        "created_at": reminder.created_at,
        "state": reminder.state.value,
        "revision": reminder.revision,
    }


def recurring_of(row: Row[Any]) -> RecurringReminder:
    """Return the reminder of a whole row."""
    return RecurringReminder(
        workspace=row.workspace,
        id=row.id,
        partnership=row.partnership,
        plan=row.plan,
        by=row.member,
        text=row.text,
        rule=decoded(row.rule),
        created_at=row.created_at,
        state=RecurringState(row.state),
        revision=row.revision,
    )
