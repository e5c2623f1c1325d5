"""A clock that can be moved ahead, and goes on from there."""

from datetime import datetime, timedelta

from bot.domain.clock import Clock, utc


class MovableClock(Clock):
    """The real time plus an offset."""

    def __init__(self, real: Clock, offset: timedelta = timedelta()) -> None:
        self._real = real
        self.offset = offset

    def now(self) -> datetime:
        """Return the playground's present instant: aware, in UTC."""
        return self._real.now() + self.offset

    def set(self, instant: datetime) -> None:
        """Make ``instant`` (aware) the present one."""
        self.offset = utc(instant) - self._real.now()
