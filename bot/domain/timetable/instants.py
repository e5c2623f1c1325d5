"""From wall time to instants, fast: seconds since 1970-01-01 UTC as whole numbers.

Free time is computed for sixty people over forty weeks at once, so the common case (a day without
a clock change) is one addition; the few other days go through ``datetime``.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from math import ceil
from zoneinfo import ZoneInfo

DAY_SECONDS = 24 * 60 * 60
_DAY = timedelta(days=1)


def instant(zone: ZoneInfo, day: date, seconds: int) -> int:
    """Return the instant of ``seconds`` (0 to 86400) after midnight on the clocks of ``zone``.

    A wall time that the clocks skip moves on by the gap, of one that they show twice the first is
    meant (RFC 5545 §3.3.5).
    """
    midnight, even = _midnight(zone, day)
    return midnight + seconds if even else _exact(zone, day, seconds)


@lru_cache(maxsize=8192)
def _midnight(zone: ZoneInfo, day: date) -> tuple[int, bool]:
    """Return the instant of 00:00, and whether the clocks then run evenly for 24 hours."""
    start = _exact(zone, day, 0)
    return start, _exact(zone, day, DAY_SECONDS) - start == DAY_SECONDS


def _exact(zone: ZoneInfo, day: date, seconds: int) -> int:
    """Return the instant of a wall time, looked up."""
    days, rest = divmod(seconds, DAY_SECONDS)
    at = time(rest // 3600, rest // 60 % 60, rest % 60, tzinfo=zone)
    wall = datetime.combine(day + timedelta(days=days), at)
    return round(wall.astimezone(UTC).timestamp())


def seconds_of(moment: datetime) -> int:
    """Return the first whole second not before ``moment`` (aware)."""
    return ceil(moment.timestamp())


def moment_of(seconds: int) -> datetime:
    """Return the instant ``seconds`` after 1970-01-01 as an aware UTC datetime."""
    return datetime.fromtimestamp(seconds, UTC)


def local_dates(zone: ZoneInfo, start: int, end: int) -> Iterator[date]:
    """Yield the dates that the clocks of ``zone`` show from instant ``start`` to ``end``."""
    day = datetime.fromtimestamp(start, zone).date()
    last = datetime.fromtimestamp(end, zone).date()
    while day <= last:
        yield day
        day += _DAY
