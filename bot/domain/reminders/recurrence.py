"""When something weekly comes next: by local date and wall time, never by an interval."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.planning.partnership import DigestSlot

WEEK = 7


def at_wall_time(day: date, at: time, zone: str) -> datetime:
    """Return the instant (UTC) of a wall time in ``zone`` (IANA).

    A time that the clocks skip moves on by the gap, of one shown twice the first is meant
    (RFC 5545 §3.3.5): that is what ``fold=0`` does in Python.
    """
    wall = datetime.combine(day, at.replace(fold=0), tzinfo=ZoneInfo(zone))
    return wall.astimezone(UTC)


def next_weekly(slot: DigestSlot, after: datetime) -> datetime:
    """Return the first occurrence of ``slot`` later than ``after`` (aware), in UTC."""
    today = after.astimezone(ZoneInfo(slot.zone)).date()
    # The occurrence of an earlier date may still lie ahead when a gap moved it past midnight.
    first = today - timedelta(days=(today.weekday() - slot.weekday) % WEEK)
    dates = (first + timedelta(days=WEEK * weeks) for weeks in range(3))
    occurrences = (at_wall_time(day, slot.at, slot.zone) for day in dates)
    return next(instant for instant in occurrences if instant > after)


def local_date(slot: DigestSlot, occurrence: datetime) -> date:
    """Return the date on which an occurrence falls, as the slot's zone shows it."""
    return occurrence.astimezone(ZoneInfo(slot.zone)).date()
