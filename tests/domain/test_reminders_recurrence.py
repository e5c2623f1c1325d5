import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.planning.partnership import DigestSlot
from bot.domain.reminders.recurrence import at_wall_time, next_weekly

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 12, 20, tzinfo=UTC)


def shown(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return what the clocks show, as a naive time: only from UTC, which is never ambiguous."""
    return instant.astimezone(zone).replace(tzinfo=None)


def reference(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the first instant that shows the wall time; in a gap, shifted by the gap.

    It knows nothing of ``fold``: it tries every offset in use around that day.
    """
    wall = datetime.combine(day, at)
    around = [wall.replace(tzinfo=UTC) + timedelta(hours=h) for h in range(-48, 49, 3)]
    offsets = {shown(i, zone) - i.replace(tzinfo=None) for i in around}
    candidates = [(wall - offset).replace(tzinfo=UTC) for offset in offsets]
    fits = [c for c in candidates if shown(c, zone) == wall]
    if fits:
        return min(fits)
    before = shown(around[0], zone) - around[0].replace(tzinfo=None)
    return (wall - before).replace(tzinfo=UTC)


def expected(slot: DigestSlot, after: datetime) -> datetime:
    zone = ZoneInfo(slot.zone)
    day = shown(after, zone).date() - timedelta(days=2)
    while True:
        if day.weekday() == slot.weekday:
            instant = reference(day, slot.at, zone)
            if instant > after:
                return instant
        day += timedelta(days=1)


slots = st.builds(
    DigestSlot,
    weekday=st.integers(0, 6),
    at=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
)


@settings(deadline=None, max_examples=150)
@given(slots, st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)))
def test_agrees_with_a_day_by_day_reference(slot: DigestSlot, after: datetime) -> None:
    instant = after.replace(tzinfo=UTC)
    assert next_weekly(slot, instant) == expected(slot, instant)


def changes(zone: ZoneInfo, year: int) -> list[date]:
    """Return the dates of a year on which the clocks are changed."""
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    noon = {day: datetime.combine(day, time(12), tzinfo=zone).utcoffset() for day in days}
    return [d for d in noon if noon.get(d - timedelta(days=1), noon[d]) != noon[d]]


@pytest.mark.parametrize("year", [2024, 2027, 2031, 2034])
def test_agrees_on_the_days_of_change_in_all_zones(year: int) -> None:
    checked = 0
    for name in ZONES[year % 8 :: 8]:  # an eighth of the zones for each of four years
        zone = ZoneInfo(name)
        for day in changes(zone, year):
            for at in (time(0), time(0, 30), time(1, 30), time(2), time(2, 30), time(3), time(23)):
                slot = DigestSlot(weekday=day.weekday(), at=at, zone=name)
                after = datetime.combine(day, at, tzinfo=UTC) - timedelta(days=3)
                assert next_weekly(slot, after) == expected(slot, after), (name, day, at)
                checked += 1
    assert checked > 100


def test_the_gap_moves_on_by_the_gap() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    found = at_wall_time(date(2026, 3, 29), time(2, 30), "Europe/Berlin")
    assert shown(found, berlin) == datetime(2026, 3, 29, 3, 30)  # noqa: DTZ001 - a wall time


def test_the_autumn_hour_is_the_first_of_the_two() -> None:
    found = at_wall_time(date(2026, 10, 25), time(2, 30), "Europe/Berlin")
    assert found == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_it_never_drifts_and_never_repeats() -> None:
    slot = DigestSlot(weekday=6, at=time(18), zone="Europe/London")
    instant, walls = FIRST, []
    for _ in range(560):
        instant = next_weekly(slot, instant)
        walls.append(shown(instant, ZoneInfo("Europe/London")))
    assert {wall.time() for wall in walls} == {time(18)}
    assert {later - wall for wall, later in itertools.pairwise(walls)} == {timedelta(days=7)}


def test_new_york_sees_its_own_time_when_only_the_us_has_changed() -> None:
    slot = DigestSlot(weekday=6, at=time(18), zone="Europe/London")
    before = next_weekly(slot, datetime(2026, 3, 2, tzinfo=UTC))
    between = next_weekly(slot, before)
    new_york = ZoneInfo("America/New_York")
    assert [shown(i, new_york).hour for i in (before, between)] == [14, 14]
    assert before.date() == date(2026, 3, 8)
    earlier = next_weekly(slot, datetime(2026, 2, 23, tzinfo=UTC))
    assert shown(earlier, new_york).hour == 13
