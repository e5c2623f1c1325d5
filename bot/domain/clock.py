"""Time comes in from outside."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """Return the present instant: aware, in UTC."""
        ...


def utc(instant: datetime) -> datetime:
    """Return ``instant`` in UTC; a naive one is a programming error (ValueError)."""
    if instant.tzinfo is None:
        raise ValueError("a naive datetime has no place here")
    return instant.astimezone(UTC)
