import calendar
import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.planning.partnership import DigestSlot
from bot.domain.reminders.recurrence import (
    LAST,
    MonthDays,
    MonthWeekdays,
    Pattern,
    Recurrence,
    Weekly,
    at_wall_time,
    is_shown,
    next_after,
    next_weekly,
    occurrences,
)
from tests.support.examples import IN_CI, examples

NTH = 1 if IN_CI else 8
"""Of how many zones one is tried: of one, that is all, in CI."""
ZONES = sorted(available_timezones() - {"Factory", "localtime"})[::NTH]
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 12, 31, tzinfo=UTC)
DAY = timedelta(days=1)
EVERY_DAY = Weekly(weekdays=(0, 1, 2, 3, 4, 5, 6))
AROUND = [time(hour, minute) for hour in (0, 1, 2, 3, 4, 22, 23) for minute in (0, 30)]
"""Times of the day at which clocks are changed somewhere."""


def shown(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return what the clocks show, as a naive time: only from UTC, which is never ambiguous."""
    return instant.astimezone(zone).replace(tzinfo=None)


def reference(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the first instant that shows the wall time; in a gap, shifted by the gap.

    It knows nothing of ``fold``: it tries every offset in use around that day.
    """
    wall = datetime.combine(day, at)
    around = [wall.replace(tzinfo=UTC) + timedelta(hours=h) for h in range(-48, 49, 8)]
    offsets = {shown(i, zone) - i.replace(tzinfo=None) for i in around}
    candidates = [(wall - offset).replace(tzinfo=UTC) for offset in offsets]
    fits = [c for c in candidates if shown(c, zone) == wall]
    if fits:
        return min(fits)
    before = shown(around[0], zone) - around[0].replace(tzinfo=None)
    return (wall - before).replace(tzinfo=UTC)


def is_on(pattern: Pattern, day: date, anchor: date) -> bool:
    """Tell whether the rule has that date: asked of one date, knowing of no other."""
    match pattern:
        case Weekly():
            weeks = (day.toordinal() - 1) // 7  # 1 January of year 1 was a Monday
            begun = (anchor.toordinal() - 1) // 7
            return day.weekday() in pattern.weekdays and (weeks - begun) % pattern.every == 0
        case MonthDays():
            last = calendar.monthrange(day.year, day.month)[1]
            return day.day in pattern.days or (day.day == last and max(pattern.days) > last)
        case MonthWeekdays():
            weeks_of = calendar.monthcalendar(day.year, day.month)
            listed = [week[pattern.weekday] for week in weeks_of if week[pattern.weekday]]
            wanted = {listed[nth if nth == LAST else nth - 1] for nth in pattern.nths
                      if nth <= len(listed)}  # fmt: skip
            return day.day in wanted


def day_by_day(rule: Recurrence, after: datetime) -> Iterator[datetime]:
    """Walk every local day, and yield the occurrences later than ``after``."""
    zone = ZoneInfo(rule.zone)
    day = shown(after, zone).date() - 2 * DAY
    while rule.until is None or day <= rule.until:
        begun = rule.since is None or day >= rule.since
        if begun and is_on(rule.pattern, day, rule.since or day):
            instant = reference(day, rule.at, zone)
            if instant > after and day_exists(day, zone):
                yield instant
        day += DAY


def day_exists(day: date, zone: ZoneInfo) -> bool:
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    return any(shown(noon + timedelta(hours=h), zone).date() == day for h in range(-26, 27, 4))


@cache
def transitions(name: str) -> tuple[datetime, ...]:
    """Return the first instants after every change of a zone's clocks, by halving."""
    zone, found = ZoneInfo(name), []
    for n in range((END - BEGIN).days + 2):
        early, late = BEGIN + (n - 1) * DAY, BEGIN + n * DAY
        if early.astimezone(zone).utcoffset() == late.astimezone(zone).utcoffset():
            continue
        while late - early > timedelta(seconds=1):
            middle = early + (late - early) / 2
            same = middle.astimezone(zone).utcoffset() == early.astimezone(zone).utcoffset()
            early, late = (middle, late) if same else (early, middle)
        found.append(late)
    return tuple(found)


@cache
def different() -> tuple[str, ...]:
    """Return one zone of each group whose clocks show the same in all those years."""
    groups: dict[tuple[object, ...], str] = {}
    for name in ZONES:
        zone, changed = ZoneInfo(name), transitions(name)
        offsets = tuple(i.astimezone(zone).utcoffset() for i in (BEGIN, *changed))
        groups.setdefault((tuple(i.isoformat("T", "minutes") for i in changed), offsets), name)
    return tuple(groups.values())


def test_every_day_of_eleven_years_in_all_zones() -> None:
    """Zones that show the same at every instant are walked once: they are one to the rule."""
    at, days = time(2, 30), 0
    for name in different():
        zone = ZoneInfo(name)
        near = {(shown(i, zone) + n * DAY).date() for i in transitions(name) for n in (-1, 0, 1)}
        rule = Recurrence(pattern=EVERY_DAY, at=at, zone=name)
        day = shown(BEGIN, zone).date() + (DAY if shown(BEGIN, zone).time() >= at else 0 * DAY)
        for instant in itertools.takewhile(lambda i: i < END, occurrences(rule, BEGIN)):
            wall = shown(instant, zone)
            assert wall.date() == day, (name, day)
            assert wall.time() == at or instant == reference(day, at, zone), (name, day)
            assert day not in near or instant == reference(day, at, zone), (name, day)
            day, days = day + DAY, days + 1
    assert len(different()) > 60 // NTH
    assert days > 4000 * len(different())


def test_every_change_of_clocks_in_all_zones() -> None:
    checked = 0
    for name in different():
        for change in transitions(name):
            for at in AROUND:
                rule = Recurrence(pattern=EVERY_DAY, at=at, zone=name)
                for after in (change - DAY, change):
                    expected = next(day_by_day(rule, after))
                    assert next_after(rule, after) == expected, (name, at, after)
                    checked += 1
    assert checked > 10_000 // NTH


def ascending(elements: st.SearchStrategy[int], most: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.sets(elements, min_size=1, max_size=most).map(lambda s: tuple(sorted(s)))


a_date = st.dates(date(2024, 1, 1), date(2034, 12, 31))
patterns: st.SearchStrategy[Pattern] = st.one_of(
    st.builds(
        Weekly,
        weekdays=ascending(st.integers(0, 6), 7),
        every=st.integers(2, 52) | st.just(1),
    ),
    st.builds(MonthDays, days=ascending(st.integers(1, 31), 4)),
    st.builds(
        MonthWeekdays,
        nths=ascending(st.sampled_from([1, 2, 3, 4, 5, LAST]), 3),
        weekday=st.integers(0, 6),
    ),
)


def rules_of(pattern: Pattern) -> st.SearchStrategy[Recurrence]:
    anchored = isinstance(pattern, Weekly) and pattern.every > 1
    return st.builds(
        Recurrence,
        pattern=st.just(pattern),
        at=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
        zone=st.sampled_from(ZONES),
        since=a_date if anchored else st.none() | a_date,
        until=st.none() | a_date,
    )


rules = patterns.flatmap(rules_of)
instants = st.datetimes(datetime(2024, 1, 1), datetime(2034, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is beside it
APIA = Recurrence(pattern=EVERY_DAY, at=time(18), zone="Pacific/Apia")


@settings(max_examples=examples(300))
@given(rules, instants)
@example(APIA, datetime(2011, 12, 29, 12, tzinfo=UTC))
@example(
    Recurrence(pattern=MonthDays(days=(30, 31)), at=time(8), zone="Pacific/Kwajalein"),
    datetime(1993, 8, 18, tzinfo=UTC),
)
def test_any_rule_agrees_with_a_day_by_day_reference(rule: Recurrence, after: datetime) -> None:
    expected = list(itertools.islice(day_by_day(rule, after), 3))
    assert list(itertools.islice(occurrences(rule, after), 3)) == expected
    assert next_after(rule, after) == (expected[0] if expected else None)


@given(rules, instants)
def test_an_occurrence_is_its_own_successors_predecessor(rule: Recurrence, after: datetime) -> None:
    first = next_after(rule, after)
    if first is not None:
        assert next_after(rule, first - timedelta(microseconds=1)) == first
        second = next_after(rule, first)
        assert second is None or second > first


@pytest.mark.parametrize(
    ("zone", "lost"),
    [("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Kwajalein", date(1993, 8, 21))],
)
def test_a_lost_day_has_no_occurrence(zone: str, lost: date) -> None:
    assert not is_shown(lost, zone)
    rule = Recurrence(pattern=EVERY_DAY, at=time(18), zone=zone)
    start = datetime.combine(lost - 3 * DAY, time(), tzinfo=UTC)
    found = [shown(i, ZoneInfo(zone)) for i in itertools.islice(occurrences(rule, start), 5)]
    assert lost not in {wall.date() for wall in found}
    assert {wall.time() for wall in found} == {time(18)}
    assert len({wall.date() for wall in found}) == 5


def test_fortnights_do_not_drift_over_the_end_of_the_year() -> None:
    pattern, first = Weekly(weekdays=(4,), every=2), date(2026, 11, 20)
    rule = Recurrence(pattern=pattern, at=time(8, 30), zone="Europe/London", since=first)
    found = itertools.islice(occurrences(rule, datetime(2026, 11, 16, tzinfo=UTC)), 60)
    days = [instant.date() for instant in found]
    assert days[:5] == [date(2026, 11, 20) + n * 14 * DAY for n in range(5)]
    assert {later - day for day, later in itertools.pairwise(days)} == {14 * DAY}


def test_the_thirty_first_is_the_last_day_of_shorter_months() -> None:
    rule = Recurrence(pattern=MonthDays(days=(31,)), at=time(18), zone="Europe/London")
    found = itertools.islice(occurrences(rule, datetime(2027, 12, 31, 23, tzinfo=UTC)), 4)
    walls = [shown(i, ZoneInfo("Europe/London")) for i in found]
    assert [(w.month, w.day, w.hour) for w in walls] == [
        (1, 31, 18), (2, 29, 18), (3, 31, 18), (4, 30, 18),
    ]  # fmt: skip


def test_what_comes_every_n_weeks_needs_a_first_date() -> None:
    with pytest.raises(ValueError, match="from a date"):
        Recurrence(pattern=Weekly(weekdays=(1,), every=2), at=time(8), zone="UTC")


def test_the_gap_moves_on_by_the_gap() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    found = at_wall_time(date(2026, 3, 29), time(2, 30), "Europe/Berlin")
    assert shown(found, berlin) == datetime(2026, 3, 29, 3, 30)  # noqa: DTZ001 - a wall time


def test_the_autumn_hour_is_the_first_of_the_two() -> None:
    found = at_wall_time(date(2026, 10, 25), time(2, 30), "Europe/Berlin")
    assert found == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_it_never_drifts_and_never_repeats() -> None:
    slot = DigestSlot(weekday=6, at=time(18), zone="Europe/London")
    instant, walls = BEGIN, []
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
