"""Looking after the database itself: what is done now and then, and what may be forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

Key = tuple[str, ...]
"""A row's primary key, the workspace first."""


class Chore(StrEnum):
    """What is done now and then for all workspaces at once; the values are stored."""

    HOUSEKEEPING = "housekeeping"
    BACKUP = "backup"
    DISCORD = "discord"
    """Discord was listened to."""
    HEALTH = "health"
    """Something was written, to see whether that works."""


class Bygone(StrEnum):
    """Rows that lose their use with time."""

    INBOX = "inbox"
    """Keys of deliveries: needed until no platform delivers them again."""
    DRAFTS = "drafts"
    """What a member looked at and never confirmed."""
    OUTBOX = "outbox"
    """Notices that were sent, cancelled or given up; not the messages that are edited in place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Rows that were looked through: ``old`` are to be forgotten, ``last`` is where to go on."""

    old: Sequence[Key]
    last: Key | None
    """None: that was the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What is in the outbox: how much waits, how much of that is due, and since when (UTC).

    What was tried and failed goes on being due, however long it waits for its next try.
    """

    waiting: int
    due: int
    oldest: datetime | None


class Upkeep(Protocol):
    """When chores were done. ``now`` is the unit's."""

    def claim(self, chore: Chore, every: timedelta) -> bool:
        """Note that it is done now, if that is ``every`` after the last time; else False.

        Of several that ask at once one is told True. So it is when the last time lies in the
        future: a clock was wrong then.
        """
        ...

    def note(self, chore: Chore, at: datetime) -> None:
        """Note that it was done then (UTC)."""
        ...

    def last(self, chore: Chore) -> datetime | None:
        """Return when it was last done (UTC), or None."""
        ...
