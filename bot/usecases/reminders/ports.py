"""What is due, what is to be sent and what has arrived: the ports of the alarm and the courier.

As with all ports, storage implements them, and the repositories of one ``Work`` share a
transaction and a workspace.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.ids import MemberId, ReminderId, WorkspaceId
from bot.domain.places import MessageRef
from bot.domain.reminders.notices import Leased, Notice
from bot.domain.reminders.schedule import Reminder, ReminderKind


class Reminders(Protocol):
    """The calendar of what is due: one row per kind and subject."""

    def of(self, kind: ReminderKind, subject: str) -> Reminder | None:
        """Return the row, or None."""
        ...

    def get(self, reminder: ReminderId) -> Reminder | None:
        """Return the row of that id, or None."""
        ...

    def plan(self, kind: ReminderKind, subject: str, due_at: datetime | None) -> None:
        """Insert or move the subject's next occurrence."""
        ...

    def advance(self, seen: Reminder, due_at: datetime | None) -> bool:
        """Move it on if it still stands as ``seen``: the claim. False: somebody else has."""
        ...

    def nudged(self, member: MemberId) -> Mapping[str, int]:
        """Return how often the member was reminded of each thing, by the thing's key."""
        ...

    def count_nudges(self, member: MemberId, things: Iterable[str], at: datetime) -> None:
        """Count one more reminder for each of the things."""
        ...


class Outbox(Protocol):
    """What is to be told to others: written with the act, sent after the commit."""

    def put(self, notice: Notice) -> None:
        """Add the notice. The same key again does nothing, but for what is edited in place.

        A plan's card and an item's message are sent again then.
        """
        ...

    def message(self, key: str) -> MessageRef | None:
        """Return the message that the notice of that key became, or None."""
        ...

    def sent(self, leased: Leased, message: MessageRef | None) -> bool:
        """Mark it sent if the lease still stands; False: somebody took it over."""
        ...

    def cancel(self, leased: Leased, why: str) -> bool:
        """Mark it as needless, if the lease still stands."""
        ...

    def retry(self, leased: Leased, due_at: datetime, why: str) -> bool:
        """Give it back, to be sent from ``due_at`` (UTC) on, if the lease still stands."""
        ...

    def give_up(self, leased: Leased, why: str) -> bool:
        """Mark it as undeliverable, if the lease still stands."""
        ...


class Inbox(Protocol):
    """Deliveries that have taken effect."""

    def first(self, key: str) -> bool:
        """Remember the delivery; False when it has been here before. Empty keys are always new."""
        ...


class Everywhere(Protocol):
    """What the runtime asks of all workspaces at once; nobody else may."""

    def due(self, now: datetime, limit: int) -> list[tuple[WorkspaceId, ReminderId]]:
        """Return reminders due at ``now`` (UTC), the oldest first."""
        ...

    def lease(self, now: datetime, until: datetime, limit: int) -> list[Leased]:
        """Take due notices, and those whose lease has run out, until ``until``."""
        ...

    def next_due(self) -> datetime | None:
        """Return the earliest instant at which a reminder or a notice is due, or None."""
        ...
