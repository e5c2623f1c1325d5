"""Reminders <-> rows of ``reminders``."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from bot.domain.reminders.schedule import Reminder, ReminderKind


def occurrence_of(due_at: datetime | None) -> str:
    """Return the name of the occurrence at ``due_at``: its instant in UTC; empty for None.

    A new instant is a new occurrence; the same instant, however often it is planned, is the same.
    """
    return "" if due_at is None else due_at.astimezone(UTC).isoformat()


def reminder_of(row: Row[Any]) -> Reminder:
    """Return the reminder of a whole row."""
    # Taken apart at once: each column by its name costs as much as all of this.
    workspace, id_, kind, subject, due_at, occurrence = tuple(row)
    return Reminder(
        workspace=workspace,
        id=id_,
        kind=ReminderKind(kind),
        subject=subject,
        due_at=due_at,
        occurrence=occurrence,
    )
