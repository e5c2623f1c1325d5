from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import InvalidInput
from bot.domain.timetable.bells import (
    Bells,
    BellSchedule,
    Period,
)
from bot.domain.timetable.clocktimes import times_in
from bot.domain.timetable.period_lines import (
    parse_bell_schedule,
    periods_from_names,
    render_bell_schedule,
)


def clock(name: str) -> str | None:
    found = times_in(name)
    if found is None:
        return None
    start, end = found
    return f"{start // 60}:{start % 60:02}" + (f"-{end // 60}:{end % 60:02}" if end else "")


@pytest.mark.parametrize(
    ("name", "times"),
    [
        ("08:00-8:50", "8:00-8:50"),
        ("9.30 - 11.00", "9:30-11:00"),
        ("Pd1 (07:10-07:50)", "7:10-7:50"),
        ("07:30", "7:30"),
        ("P1-08:00-08:45", "8:00-8:45"),
        ("G7 - 8.40 - 9.20", "8:40-9:20"),
        ("P1-08:00", "8:00"),
        ("8 h 30 à 9 h 25", "8:30-9:25"),
        ("8h-9h", "8:00-9:00"),
        ("14 h – 15 h", "14:00-15:00"),
        ("8h00 à 8h50", "8:00-8:50"),
        ("1ª de 8:00 a 8:45", "8:00-8:45"),
        ("2h", None),
        ("M1 à M2", None),
        ("Lesson 1 - 08:00", "8:00"),
        ("Mon 8-9:30", "8:00-9:30"),
        (" 09:15 - 09:50", "9:15-9:50"),
        ("9:30am\u201310:15am", "9:30-10:15"),
        ("11:30-1:15pm", "11:30-13:15"),
        ("1-2pm", "13:00-14:00"),
        ("12:50-1:40", "12:50-13:40"),
        ("9h30 - 10h15", "9:30-10:15"),
        ("P1 8:05 am", "8:05"),
        ("2pm", "14:00"),
        ("08:00 bis 08:45 Uhr", "8:00-8:45"),
        ("P1", None),
        ("3", None),
        ("1st", None),
        ("Period 1-2", None),
        ("1a SESION", None),
        ("25:10", None),
        ("08:75", None),
        ("13pm", None),
        ("24:00", None),
        ("08:00-08:00pm-x", "8:00-20:00"),
        ("10:00-09:00am", None),
    ],
)
def test_clock_times_are_found_in_names(name: str, times: str | None) -> None:
    assert clock(name) == times


def test_starts_alone_end_at_the_next_start_in_any_order() -> None:
    names = ["10:20", "07:30", "08:25", "09:25"]
    spans = {p.name: (p.start, p.end) for p in periods_from_names(names)}
    assert spans["07:30"] == (time(7, 30), time(8, 25))
    assert spans["09:25"] == (time(9, 25), time(10, 20))
    assert spans["10:20"] == (time(10, 20), time(11, 15))
    assert [p.name for p in periods_from_names(names)] == names


def test_an_afternoon_on_a_twelve_hour_clock() -> None:
    periods = periods_from_names(["8:10-9:00", "11:00-11:50", "1:05-1:55", "2:00"])
    assert [p.start for p in periods] == [time(8, 10), time(11), time(13, 5), time(14)]
    assert periods[-1].end == time(14, 50)


def test_names_that_tell_nothing_give_no_times() -> None:
    assert not any(p.timed for p in periods_from_names(["P1", "P2"]))
    assert not periods_from_names(["08:00"])[0].timed


def test_overlapping_periods_are_refused_naming_both() -> None:
    with pytest.raises(InvalidInput, match=r"“P1” and “P2” overlap"):
        parse_bell_schedule("P2 08:30-09:15\nP1 08:00-08:45")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("P1 08:00-08:45\nP1 09:00-09:45", "twice"),
        ("P1 25:00-26:00", "no range"),
        ("P1 10:00-10:00", "no range"),
    ],
)
def test_bad_schedules_are_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        parse_bell_schedule(text)


def test_a_period_needs_a_name_and_an_end_after_its_start() -> None:
    with pytest.raises(InvalidInput, match="no name"):
        Period(name=" ")
    with pytest.raises(InvalidInput, match="ends before"):
        Period(name="P1", start=time(9), end=time(8))
    with pytest.raises(InvalidInput, match="no clock times"):
        _ = Period(name="P1", start=time(9)).seconds


def test_a_schedule_reads_as_people_write_it() -> None:
    text = "P1 8:00-8:45\n\n9:00 - 9:45 Period two\n(10:00-10:20) \nLunch 12:00-12:30 (break)\nLate"
    schedule = parse_bell_schedule(text)
    assert [p.name for p in schedule.periods] == [
        "P1",
        "Period two",
        "(10:00-10:20)",
        "Lunch",
        "Late",
    ]
    assert schedule.periods[3].is_break
    assert not schedule.periods[4].timed
    assert schedule.in_order() == schedule.periods
    assert parse_bell_schedule(render_bell_schedule(schedule)) == schedule


def test_the_bells_of_a_day_go_by_date_then_label_then_weekday() -> None:
    names = ("regular", "late", "short", "exam")
    bells = Bells(
        schedules={name: BellSchedule(name=name, periods=()) for name in names},
        default="regular",
        by_label={"B": "short"},
        by_weekday={2: "late"},
        by_date={date(2026, 9, 9): "exam"},
    )
    wednesday = date(2026, 9, 16)
    assert bells.schedule_on(date(2026, 9, 9), "B").name == "exam"
    assert bells.schedule_on(wednesday, "B").name == "short"
    assert bells.schedule_on(wednesday, "A").name == "late"
    assert bells.schedule_on(date(2026, 9, 17), None).name == "regular"
    with pytest.raises(InvalidInput, match="called “other”"):
        Bells(schedules={}, default="other")


NAMES = st.text("ABCdef", min_size=1, max_size=6)


@settings(deadline=None)
@given(st.lists(st.integers(0, 1440), min_size=2, max_size=14, unique=True), st.data())
def test_schedules_survive_being_written(minutes: list[int], data: st.DataObject) -> None:
    minutes = sorted(minutes)[: len(minutes) // 2 * 2]
    spans = list(zip(minutes[::2], minutes[1::2], strict=True))
    names = data.draw(st.lists(NAMES, min_size=len(spans), max_size=len(spans), unique=True))
    periods = tuple(
        Period(
            name=name,
            start=time(start // 60, start % 60),
            end=time(end // 60 % 24, end % 60),
            is_break=data.draw(st.booleans()),
        )
        for name, (start, end) in zip(names, spans, strict=True)
    )
    schedule = BellSchedule(name="regular", periods=periods)
    assert parse_bell_schedule(render_bell_schedule(schedule)) == schedule


def test_a_pasted_afternoon_on_a_twelve_hour_clock() -> None:
    schedule = parse_bell_schedule("P4 12:10-12:55\nP5 1:05-1:50\nP6 1:55-2:40")
    assert [p.start for p in schedule.periods] == [time(12, 10), time(13, 5), time(13, 55)]
