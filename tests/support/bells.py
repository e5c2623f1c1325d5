"""Bells for tests that do not care about kinds of days."""

from collections.abc import Sequence

from bot.domain.timetable.bells import Bells, BellSchedule, Period


def one_schedule(periods: Sequence[Period]) -> Bells:
    """Return bells with one schedule for every day."""
    schedule = BellSchedule(name="regular", periods=tuple(periods))
    return Bells(schedules={"regular": schedule}, default="regular")
