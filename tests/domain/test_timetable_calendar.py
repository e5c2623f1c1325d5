from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import InvalidInput
from bot.domain.timetable.bells import Bells, Period
from bot.domain.timetable.school import (
    Closure,
    ClosureKind,
    ClosurePolicy,
    SchoolCalendar,
    Term,
    weekday_calendar,
)
from bot.domain.timetable.weekdays import weekday_of
from tests.support.bells import one_schedule
from tests.support.examples import examples

BELLS: Bells = one_schedule([Period(name="P1")])
MONDAY = date(2026, 9, 7)
SHIFT, SKIP = ClosurePolicy.SHIFT, ClosurePolicy.SKIP


def year(**changes: object) -> SchoolCalendar:
    plain = SchoolCalendar(
        zone="Europe/London",
        cycle=("A", "B", "C"),
        first_date=MONDAY,
        first_label="A",
        until=MONDAY + timedelta(weeks=6),
        bells=BELLS,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def closed(first: int, last: int, kind: ClosureKind = ClosureKind.PLANNED) -> Closure:
    day = MONDAY + timedelta(days=first)
    return Closure(start=day, end=MONDAY + timedelta(days=last), kind=kind, name="closed")


def labels(calendar: SchoolCalendar, days: int) -> str:
    found = calendar.labels_between(MONDAY, MONDAY + timedelta(days=days - 1))
    return "".join(label or "-" for label in found.values())


def test_the_cycle_runs_over_weekends() -> None:
    assert labels(year(), 10) == "ABCAB--CAB"


def test_a_closure_shifts_or_skips_by_its_kind() -> None:
    snow = closed(1, 2, ClosureKind.UNPLANNED)
    assert labels(year(closures=(snow,), planned=SKIP, unplanned=SHIFT), 8) == "A--BC--A"
    assert labels(year(closures=(snow,), planned=SHIFT, unplanned=SKIP), 8) == "A--AB--C"


def test_a_closure_on_a_weekend_changes_nothing() -> None:
    assert labels(year(closures=(closed(5, 6),), planned=SKIP), 10) == labels(year(), 10)


def test_on_a_day_closed_twice_the_planned_closure_counts() -> None:
    both = (closed(1, 1), closed(1, 1, ClosureKind.UNPLANNED))
    assert labels(year(closures=both, planned=SKIP, unplanned=SHIFT), 3) == "A-C"
    assert labels(year(closures=both[::-1], planned=SKIP, unplanned=SHIFT), 3) == "A-C"


def test_a_label_wins_and_moves_nothing() -> None:
    own = {MONDAY: "C", MONDAY + timedelta(days=1): None, MONDAY + timedelta(days=5): "B"}
    assert labels(year(labels=own), 10) == "C-CABB-CAB"
    shut = year(closures=(closed(2, 2),), labels={MONDAY + timedelta(days=2): "A"})
    assert labels(shut, 5) == "ABACA"


def test_outside_terms_the_cycle_waits() -> None:
    terms = (
        Term(name="one", start=MONDAY, end=MONDAY + timedelta(days=1)),
        Term(name="two", start=MONDAY + timedelta(days=7), end=MONDAY + timedelta(days=30)),
    )
    calendar = year(terms=terms)
    assert labels(calendar, 9) == "AB-----CA"
    assert calendar.closed_on(MONDAY + timedelta(days=5))
    assert not year().closed_on(MONDAY + timedelta(days=5))
    assert not calendar.closed_on(MONDAY)
    assert not calendar.closed_on(MONDAY - timedelta(days=1))


def test_weekdays_are_never_moved() -> None:
    calendar = weekday_calendar(
        zone="Europe/Berlin",
        names=("Mo", "Di", "Mi", "Do", "Fr"),
        first_date=MONDAY + timedelta(days=2),
        until=MONDAY + timedelta(weeks=6),
        bells=BELLS,
    )
    shut = replace(
        calendar,
        closures=(closed(3, 8),),
        terms=(Term(name="t", start=MONDAY, end=MONDAY + timedelta(weeks=3, days=2)),),
    )
    names = list(shut.labels_between(MONDAY, MONDAY + timedelta(days=11)).values())
    assert names == [None, None, "Mi", None, None, None, None, None, None, "Mi", "Do", "Fr"]


def test_school_days_are_counted_over_closures_and_beyond_the_end() -> None:
    calendar = year(closures=(closed(3, 7),))
    assert calendar.add_school_days(MONDAY, 0) == MONDAY
    assert calendar.add_school_days(MONDAY, 3) == MONDAY + timedelta(days=8)
    assert calendar.add_school_days(MONDAY + timedelta(days=4), 0) == MONDAY + timedelta(days=8)
    assert calendar.add_school_days(MONDAY + timedelta(days=4), 1) == MONDAY + timedelta(days=8)
    assert calendar.add_school_days(calendar.until, 5) == calendar.until + timedelta(days=7)
    assert calendar.label_on(MONDAY) == "A"
    assert calendar.label_on(calendar.until + timedelta(days=1)) is None
    with pytest.raises(ValueError, match="forwards"):
        calendar.add_school_days(MONDAY, -1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cycle": ()}, "1 to 10 days"),
        ({"cycle": tuple("ABCDEFGHIJK")}, "1 to 10 days"),
        ({"cycle": ("A", "A")}, "different names"),
        ({"cycle": ("A", " ")}, "different names"),
        ({"first_label": "Z"}, "no day “Z”"),
        ({"labels": {MONDAY: "Z"}}, "no day “Z”"),
        ({"until": MONDAY - timedelta(days=1)}, "before it begins"),
        ({"until": MONDAY + timedelta(days=4000)}, "too long"),
        ({"school_weekdays": ()}, "weekdays"),
        ({"school_weekdays": (0, 7)}, "weekdays"),
        ({"school_weekdays": (0, 0)}, "weekdays"),
        ({"weekly": True}, "3 names for 5 weekdays"),
        ({"zone": "Europe/Nowhere"}, "no time zone"),
        ({"zone": ""}, "no time zone"),
        ({"zone": "../etc/passwd"}, "no time zone"),
    ],
)
def test_what_cannot_be_a_calendar_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        year(**changes)


def test_what_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidInput, match="snow"):
        Closure(
            start=MONDAY,
            end=MONDAY - timedelta(days=1),
            kind=ClosureKind.UNPLANNED,
            name="snow",
        )
    with pytest.raises(InvalidInput, match="term"):
        Term(name="", start=MONDAY, end=MONDAY - timedelta(days=1))


def reference(calendar: SchoolCalendar) -> dict[date, str | None]:
    """Every label by the words of the rules, one day after the other."""
    waiting = list(calendar.cycle)
    while waiting[0] != calendar.first_label:
        waiting.append(waiting.pop(0))
    found: dict[date, str | None] = {}
    day = calendar.first_date
    while day <= calendar.until:
        kinds = {c.kind for c in calendar.closures if c.start <= day <= c.end}
        term = not calendar.terms or any(t.start <= day <= t.end for t in calendar.terms)
        found[day] = None
        if day.weekday() in calendar.school_weekdays and term:
            policies = {ClosureKind.PLANNED: calendar.planned}
            policies[ClosureKind.UNPLANNED] = calendar.unplanned
            policy = policies[min(kinds)] if kinds else None
            if policy is None:
                found[day] = waiting[0]
            if policy is not SHIFT:
                waiting.append(waiting.pop(0))
        if day in calendar.labels:
            found[day] = calendar.labels[day]
        day += timedelta(days=1)
    return found


@st.composite
def calendars(draw: st.DrawFn) -> SchoolCalendar:
    cycle = tuple("ABCDEFGHIJ"[: draw(st.integers(1, 10))])
    days = st.integers(-3, 75)
    length = st.integers(0, 9)
    kinds = st.sampled_from(ClosureKind)
    spots = draw(st.lists(st.tuples(days, length, kinds), max_size=6))
    terms = draw(st.lists(st.tuples(days, st.integers(5, 40)), max_size=3))
    dates = st.integers(0, 70).map(lambda at: MONDAY + timedelta(days=at))
    return year(
        cycle=cycle,
        first_date=MONDAY + timedelta(days=draw(st.integers(0, 6))),
        first_label=draw(st.sampled_from(cycle)),
        until=MONDAY + timedelta(days=70),
        school_weekdays=tuple(draw(st.sets(st.integers(0, 6), min_size=1))),
        closures=tuple(closed(at, at + more, kind) for at, more, kind in spots),
        planned=draw(st.sampled_from(ClosurePolicy)),
        unplanned=draw(st.sampled_from(ClosurePolicy)),
        labels=draw(st.dictionaries(dates, st.none() | st.sampled_from(cycle), max_size=4)),
        terms=tuple(
            Term(name="t", start=MONDAY + timedelta(days=at), end=MONDAY + timedelta(days=at + n))
            for at, n in terms
        ),
    )


@settings(deadline=None, max_examples=examples(150))
@given(calendars())
def test_labels_agree_with_a_walk_day_by_day(calendar: SchoolCalendar) -> None:
    for day, label in reference(calendar).items():
        assert calendar.label_on(day) == label


@settings(deadline=None, max_examples=examples(60))
@given(calendars(), st.integers(0, 80), st.integers(0, 30))
def test_school_days_agree_with_counting(calendar: SchoolCalendar, at: int, n: int) -> None:
    start = MONDAY + timedelta(days=at)

    def school(day: date) -> bool:
        later = day > calendar.until and day.weekday() in calendar.school_weekdays
        return calendar.label_on(day) is not None or later

    day, left = start, n
    while left or not school(day):
        day += timedelta(days=1)
        left -= left > 0 and school(day)
    assert calendar.add_school_days(start, n) == day


@pytest.mark.parametrize(
    ("name", "weekday"),
    [
        ("Monday", 0),
        (" mon. ", 0),
        ("Dienstag", 1),
        ("Di", 1),
        ("Miércoles", 2),
        ("mercredi", 2),
        ("Terça-feira", 1),
        ("giovedì", 3),
        ("vrijdag", 4),
        ("lørdag", 5),
        ("środa", 2),
        ("Sonntag", 6),
        ("Day 1", None),
        ("ma", None),
        ("", None),
    ],
)
def test_weekdays_are_known_in_several_languages(name: str, weekday: int | None) -> None:
    assert weekday_of(name) == weekday
