"""Days off and other bells of some groups alone, against a look at every day and group."""

from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.timetable.bell_text import parse_bells, render_bells
from bot.domain.timetable.bells import Partly
from bot.domain.timetable.groups import for_groups
from bot.domain.timetable.school import Closure, ClosureKind, SchoolCalendar
from tests.support.examples import examples

MONDAY = date(2026, 9, 7)
CYCLE = ("A", "B", "C")
BELLS = parse_bells(
    "P1 08:00-09:00\nP2 09:10-10:10\n[late: C]\nP1 09:00-10:00\n[short: Fri]\nP1 08:00-08:30\n"
    "[until 09:30: 2026-09-09]",
    CYCLE,
)
PLAIN = SchoolCalendar(
    zone="UTC",
    cycle=CYCLE,
    first_date=MONDAY,
    first_label="A",
    until=MONDAY + timedelta(days=13),
    bells=BELLS,
)
names = st.lists(st.sampled_from("xyz"), min_size=1, max_size=3, unique=True).map(tuple)
days = st.integers(0, 13).map(lambda at: MONDAY + timedelta(days=at))
ends = st.sampled_from((time(8, 20), time(9, 15), time(9, 45)))
others = st.one_of(
    st.builds(Partly, day=days, only=names, schedule=st.sampled_from(("late", "short"))),
    st.builds(Partly, day=days, only=names, until=ends),
)
closures = st.builds(
    lambda day, length, only: Closure(
        start=day, end=day + timedelta(days=length), kind=ClosureKind.PLANNED, only=only
    ),
    days,
    st.integers(0, 3),
    names,
)


@settings(max_examples=examples(300), deadline=None)
@given(
    partly=st.lists(others, max_size=8).map(tuple),
    closed=st.lists(closures, max_size=3).map(tuple),
    mine=names,
)
def test_every_day_is_as_ones_groups_have_it(
    partly: tuple[Partly, ...], closed: tuple[Closure, ...], mine: tuple[str, ...]
) -> None:
    bells = replace(BELLS, partly=partly)
    assert parse_bells(render_bells(bells), CYCLE) == bells
    school = replace(PLAIN, bells=bells, closures=closed)
    theirs = for_groups(school, mine)
    for at in range(14):
        day = MONDAY + timedelta(days=at)
        there = [
            group
            for group in mine
            if not any(group in one.only and one.start <= day <= one.end for one in closed)
        ]
        label = school.label_on(day)
        assert theirs.label_on(day) == (label if there else None)
        if label is None or not there:
            continue
        told = [[o for o in bells.partly if o.day == day and group in o.only] for group in there]
        kinds = [next((o.schedule for o in some if o.schedule), "") for some in told]
        until = [max((o.until for o in some if o.until), default=time.max) for some in told]
        usual = bells.schedules[
            {"C": "late"}.get(label, "short" if day.weekday() == 4 else "regular")
        ]
        expected = bells.schedules[kinds[0]] if len(set(kinds)) == 1 and kinds[0] else usual
        early = min(max(until), bells.dismissals.get(day, time.max))
        found = [(p.name, p.start, p.end) for p in theirs.bells.schedule_on(day, label).in_order()]
        assert found == [
            (p.name, p.start, min(p.end or time.max, early))
            for p in expected.in_order()
            if p.start is not None and p.start < early
        ]
