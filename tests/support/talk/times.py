"""Wall times as stories write them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def wall(words: str, now: datetime, zone: str) -> datetime:
    """Return the next instant (UTC) of "Tue 07:30" or "07:30" in ``zone`` after ``now``."""
    *day, clock = words.split()
    local = now.astimezone(ZoneInfo(zone))
    found = datetime.combine(local.date(), time.fromisoformat(clock), ZoneInfo(zone))
    if day:
        found += timedelta(days=(_DAYS.index(day[0][:3]) - local.weekday()) % 7)
    if found <= local:
        found += timedelta(days=7 if day else 1)
    return found.astimezone(UTC)
