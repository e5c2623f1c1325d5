from datetime import date, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.timetable.bells import Bells, BellSchedule, Partly, Period
from bot.domain.timetable.school import (
    Closure,
    ClosureKind,
    ClosurePolicy,
    SchoolCalendar,
    Term,
)
from bot.domain.timetable.timetable import Cell, Timetable, Use
from bot.domain.timetable.weekly import WeeklyHours
from storage.mapping.calendars import calendar_body, calendar_of
from storage.mapping.timetables import hours_body, hours_of, timetable_body, timetable_of
from tests.storage.test_mapping import texts
from tests.support.examples import examples
from tests.support.hostile import maybe

EXAMPLES = settings(max_examples=examples(150), deadline=None)
FIRST = date(2026, 9, 1)
LABELS = ("A", "B", "Tag 3", "ש")

days = st.integers(0, 300).map(lambda n: FIRST + timedelta(days=n))
names = texts().filter(str.strip)


@st.composite
def schedules(draw: st.DrawFn) -> BellSchedule:
    """Return bell schedules with and without clock times, to the second, up to midnight."""
    listed = draw(st.lists(names, min_size=1, max_size=5, unique=True))
    ends = sorted(draw(st.sets(st.integers(0, 86_399), min_size=2 * len(listed))))
    periods = []
    for at, name in enumerate(listed):
        start, end = ((time(n // 3600, n // 60 % 60, n % 60)) for n in ends[2 * at : 2 * at + 2])
        timed = draw(st.booleans())
        span = {"start": start, "end": end} if timed else {}
        periods.append(Period(name=name, is_break=draw(st.booleans()), **span))
    if draw(st.booleans()):
        periods.append(Period(name="to midnight", start=time(23, 59, 59, 1), end=time(0)))
    return BellSchedule(name=draw(names), periods=tuple(periods))


@st.composite
def bells(draw: st.DrawFn) -> Bells:
    listed = draw(st.lists(schedules(), min_size=1, max_size=3, unique_by=lambda s: s.name))
    one = st.sampled_from([schedule.name for schedule in listed])
    return Bells(
        schedules={schedule.name: schedule for schedule in listed},
        default=draw(one),
        by_label=draw(st.dictionaries(st.sampled_from(LABELS), one)),
        by_weekday=draw(st.dictionaries(st.integers(0, 6), one)),
        by_date=draw(st.dictionaries(days, one, max_size=4)),
        dismissals=draw(st.dictionaries(days, st.times(), max_size=3)),
        partly=tuple(draw(st.lists(partly(one), max_size=4))),
    )


def spans() -> st.SearchStrategy[tuple[date, date]]:
    return st.tuples(days, st.integers(0, 20)).map(lambda d: (d[0], d[0] + timedelta(days=d[1])))


def partly(names: st.SearchStrategy[str]) -> st.SearchStrategy[Partly]:
    only = st.lists(texts(), min_size=1, max_size=2).map(tuple)
    other = st.builds(Partly, day=days, only=only, schedule=names)
    return st.one_of(other, st.builds(Partly, day=days, only=only, until=st.times()))


@st.composite
def calendars(draw: st.DrawFn) -> SchoolCalendar:
    closures = draw(
        st.lists(
            st.builds(
                lambda span, **rest: Closure(start=span[0], end=span[1], **rest),
                span=spans(),
                kind=st.sampled_from(ClosureKind),
                name=texts(0),
                only=st.lists(texts(), max_size=2).map(tuple),
            ),
            max_size=4,
        )
    )
    terms = draw(st.lists(st.tuples(texts(), spans()), max_size=3))
    policies = st.sampled_from(ClosurePolicy)
    weekly = draw(st.booleans())
    return SchoolCalendar(
        zone="Europe/Berlin",
        cycle=LABELS,
        first_date=FIRST,
        first_label=draw(st.sampled_from(LABELS)),
        until=FIRST + timedelta(days=300),
        bells=draw(bells()),
        school_weekdays=(0, 2, 3, 6)
        if weekly
        else tuple(draw(st.sets(st.integers(0, 6), min_size=1))),
        closures=tuple(closures),
        planned=draw(policies),
        unplanned=draw(policies),
        labels=draw(st.dictionaries(days, maybe(st.sampled_from(LABELS)), max_size=5)),
        terms=tuple(Term(name=n, start=s, end=e) for n, (s, e) in terms),
        weekly=weekly,
    )


def timetables() -> st.SearchStrategy[Timetable]:
    cell = st.builds(Cell, use=st.sampled_from(Use), what=texts(0))
    places = st.tuples(texts(), texts())
    some = st.dictionaries(texts(), cell, min_size=1, max_size=3)
    dated = st.dictionaries(st.dates(), some, max_size=3)
    return st.builds(Timetable, cells=st.dictionaries(places, cell, max_size=12), dated=dated)


def hours() -> st.SearchStrategy[WeeklyHours]:
    minutes = st.tuples(st.integers(0, 1438), st.integers(1, 1440)).filter(lambda m: m[0] < m[1])
    span = st.tuples(st.integers(0, 6), minutes).map(
        lambda s: (s[0], *(time(n // 60 % 24, n % 60) for n in s[1]))
    )
    return st.builds(WeeklyHours, spans=st.lists(span, max_size=6).map(tuple))


@EXAMPLES
@given(calendar=calendars())
def test_calendars(calendar: SchoolCalendar) -> None:
    loaded = calendar_of(calendar_body(calendar))
    assert loaded == calendar
    some = [FIRST + timedelta(days=n) for n in range(0, 300, 7)]
    assert [loaded.label_on(day) for day in some] == [calendar.label_on(day) for day in some]


@EXAMPLES
@given(timetable=timetables())
def test_timetables(timetable: Timetable) -> None:
    assert timetable_of(timetable_body(timetable)) == timetable


@EXAMPLES
@given(known=hours())
def test_weekly_hours(known: WeeklyHours) -> None:
    assert hours_of(hours_body(known)) == known
