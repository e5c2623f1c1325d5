"""A clock that stands still until a test moves it."""

from datetime import datetime, timedelta

from bot.domain.clock import Clock, utc


class FakeClock(Clock):
    def __init__(self, now: datetime) -> None:
        self._now = utc(now)

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        self._now = utc(now)

    def move(self, **parts: float) -> None:
        """Move by a timedelta given by its parts; backwards too."""
        self._now += timedelta(**parts)
