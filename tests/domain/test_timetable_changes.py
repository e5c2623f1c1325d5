"""What a change of the calendar does to its days."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.timetable.changes import Days, closed, only_dates
from bot.domain.timetable.school import Closure, ClosureKind
from tests.support.bells import one_schedule
from tests.support.teaching_team import CALENDAR, PERIODS

MONDAY = date(2026, 11, 2)


def closure(first: int, last: int, name: str = "", kind: str = "unplanned") -> Closure:
    start, end = MONDAY + timedelta(days=first), MONDAY + timedelta(days=last)
    return Closure(start=start, end=end, kind=ClosureKind(kind), name=name)


def test_days_in_a_row_are_one_run_over_the_weekend_and_not_over_a_school_day() -> None:
    after = replace(CALENDAR, closures=(closure(3, 7, "Flood"), closure(9, 9)))
    assert closed(CALENDAR, after) == (
        Days(start=date(2026, 11, 5), end=date(2026, 11, 9), name="Flood"),
        Days(start=date(2026, 11, 11), end=date(2026, 11, 11)),
    )
    assert closed(after, CALENDAR) == ()
    assert closed(CALENDAR, CALENDAR) == ()


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), max_size=4),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), max_size=4),
)
def test_exactly_the_days_that_were_school_days_and_are_none(
    had: list[tuple[int, int]], has: list[tuple[int, int]]
) -> None:
    before, after = (
        replace(CALENDAR, closures=tuple(closure(a, a + more) for a, more in spans))
        for spans in (had, has)
    )
    runs = closed(before, after)
    for at in range(80):
        day = MONDAY + timedelta(days=at)
        lost = before.label_on(day) is not None and after.label_on(day) is None
        within = any(run.start <= day <= run.end for run in runs)
        if lost:
            assert within
        elif within:
            assert before.label_on(day) is None
            assert after.label_on(day) is None


def test_single_dates_are_not_the_week() -> None:
    assert only_dates(CALENDAR, replace(CALENDAR, closures=(closure(1, 2),)))
    assert only_dates(CALENDAR, replace(CALENDAR, labels={MONDAY: None}))
    assert not only_dates(CALENDAR, replace(CALENDAR, bells=one_schedule(PERIODS[:3])))
    assert not only_dates(CALENDAR, replace(CALENDAR, until=date(2027, 7, 1)))


def test_what_was_due_on_a_lost_day_is_due_on_the_next_school_day() -> None:
    lost = replace(CALENDAR, closures=(closure(3, 4),))
    thursday, monday = date(2026, 11, 5), date(2026, 11, 9)
    assert lost.due_on(thursday) == monday
    assert lost.due_on(thursday - timedelta(days=1)) == thursday - timedelta(days=1)
    assert lost.due_on(date(2026, 11, 7)) == date(2026, 11, 7), "a Saturday was none before"
    planned = replace(CALENDAR, closures=(closure(3, 4, kind="planned"),))
    assert planned.due_on(thursday) == thursday, "whoever dated it so could see it"
    labelled = replace(lost, labels={thursday: "A"})
    assert labelled.due_on(thursday) == thursday, "there is school all the same"
