"""aSc Timetables' export, of our own making: what real ones have, and what they may have."""

from datetime import time

import pytest

from adapters.files.recognising import Format, format_of, recognise
from bot.domain.errors import InvalidInput
from bot.domain.timetable.grid import Grid

DAYS = (
    "<daysdefs><daysdef name='Any day' days='100,010,001'/><daysdef name='Every day' days='111'/>"
    "<daysdef name='Two days' days='110'/><daysdef name='Tue' days='010'/>"
    "<daysdef name='' short='Mo' days='100'/></daysdefs>"
)
PERIODS = (
    "<periods><period period='2' name='Pd2'/><period period='0' name='Early' starttime='7:45' "
    "endtime='8:30'/><period period='1' short='1' starttime='8:30' endtime='8:00'/></periods>"
)
TEACHERS = (
    "<teachers><teacher id='T1' name='Brown, J&#10;' short='BJ'/>"
    "<teacher id='T2' firstname='Ana' lastname='Ode'/><teacher id='T3' name='' short='Kim'/>"
    "<teacher id='T4' name='Same' short='S1'/><teacher id='T5' name='Same'/></teachers>"
)


def asc(
    lessons: str, cards: str, *, days: str = DAYS, periods: str = PERIODS, options: str = ""
) -> bytes:
    return (
        "<?xml version='1.0' encoding='windows-1252'?>"
        f"<timetable displayname='aSc Timetables 2012 XML' options='{options}'>{periods}{days}"
        f"<subjects><subject id='S1' name='Fö-3'/></subjects>{TEACHERS}"
        f"<lessons>{lessons}</lessons><cards>{cards}</cards></timetable>"
    ).encode("cp1252")


def lesson(key: str, teachers: str, *, length: str = "1") -> str:
    return f"<lesson id='{key}' subjectid='S1' teacherids='{teachers}' periodspercard='{length}'/>"


def card(key: str, days: str, period: str, more: str = "") -> str:
    return f"<card lessonid='{key}' period='{period}' days='{days}' {more}/>"


def places(grid: Grid, teacher: str) -> set[tuple[str, str]]:
    return {(grid.days[day], grid.periods[at]) for day, at in grid.lessons[teacher]}


def test_masks_lengths_names_and_periods_from_0() -> None:
    data = asc(
        lesson("L1", "T1, T2", length="2") + lesson("L2", "T3") + lesson("L3", ""),
        card("L1", "100", "0") + card("L2", "011", "2") + card("L3", "100", "1"),
    )
    assert format_of(data) is Format.ASC
    grid = recognise(data)
    assert grid.days == ("Mo", "Tue", "Day 3")
    assert grid.periods == ("0", "1", "2")
    assert set(grid.lessons) == {"Brown, J", "Ana Ode", "Kim", "Same (S1)", "Same (T5)"}
    assert places(grid, "Brown, J") == places(grid, "Ana Ode") == {("Mo", "0"), ("Mo", "1")}
    assert places(grid, "Kim") == {("Tue", "2"), ("Day 3", "2")}
    assert grid.what["Kim"][1, 2] == "Fö-3"
    assert grid.clock == {"0": (time(7, 45), time(8, 30))}
    assert grid.titles == {"0": "Early", "2": "Pd2"}
    assert grid.notes == ()


def test_two_people_of_one_name_have_to_be_told_apart() -> None:
    grid = recognise(asc(lesson("L1", "T4"), card("L1", "100", "1")))
    assert places(grid, "Same (S1)") == {("Mo", "1")}
    assert places(grid, "Same (T5)") == set()


def test_what_has_no_place_or_no_lesson_is_told() -> None:
    grid = recognise(
        asc(
            lesson("L1", "T1,T9"),
            card("L1", "100", "1") + card("L1", "", "1") + card("L1", "000", "1")
            + card("L1", "100", "") + card("L9", "100", "1"),
        )
    )  # fmt: skip
    assert places(grid, "Brown, J") == {("Mo", "1")}
    assert grid.notes == (
        "Cards without a place in the week, left out: 3.",
        "Cards of lessons that the file does not define, left out: 1.",
        "Teachers of lessons whom the file does not define, left out: 1.",
    )


def test_lessons_of_some_weeks_count_in_all_and_that_is_told() -> None:
    grid = recognise(
        asc(
            lesson("L1", "T1", length="2"),
            card("L1", "100", "0", "weeks='10' terms='11'")
            + card("L1", "100", "1", "weeks='01' terms='11'"),
        )
    )
    assert places(grid, "Brown, J") == {("Mo", "0"), ("Mo", "1"), ("Mo", "2")}
    assert grid.notes == ("Some lessons are not in every week; they count in all of them.",)


@pytest.mark.parametrize("length", ["2", "2.0", "2,00"])
def test_a_card_for_each_period_of_a_double_lesson(length: str) -> None:
    grid = recognise(
        asc(lesson("L1", "T1", length=length), card("L1", "100", "0") + card("L1", "100", "1"))
    )
    assert places(grid, "Brown, J") == {("Mo", "0"), ("Mo", "1")}


def test_double_lessons_that_change_places_with_the_term() -> None:
    grid = recognise(
        asc(
            lesson("L1", "T1", length="2"),
            card("L1", "100", "0", "weeks='1' terms='10'")
            + card("L1", "100", "1", "weeks='1' terms='01'"),
        )
    )
    assert places(grid, "Brown, J") == {("Mo", "0"), ("Mo", "1"), ("Mo", "2")}
    assert grid.notes == ("Some lessons are not in every term; they count in all of them.",)


def test_the_older_word_for_how_long_a_lesson_is() -> None:
    older = lesson("L1", "T1", length="2").replace("periodspercard", "durationperiods")
    grid = recognise(asc(older, card("L1", "100", "0")))
    assert places(grid, "Brown, J") == {("Mo", "0"), ("Mo", "1")}


def test_a_lesson_ends_with_its_day() -> None:
    grid = recognise(asc(lesson("L1", "T1", length="4"), card("L1", "100", "2")))
    assert places(grid, "Brown, J") == {("Mo", "2")}


OLDER = "<days><day name='Mon' day='1'/><day name='Tue' day='2'/></days>"


def test_older_files_number_their_days() -> None:
    numbered = "<card lessonid='L1' period='1' day='2'/>"
    grid = recognise(asc(lesson("L1", "T1"), numbered, days=OLDER))
    assert grid.days == ("Mon", "Tue")
    assert places(grid, "Brown, J") == {("Tue", "1")}
    bare = recognise(asc(lesson("L1", "T1"), numbered, days="", options="daynumbering1"))
    assert places(bare, "Brown, J") == {("Day 2", "1")}
    from_0 = recognise(asc(lesson("L1", "T1"), numbered, days=""))
    assert places(from_0, "Brown, J") == {("Day 3", "1")}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (asc(lesson("L1", "T1"), ""), "None of the lessons"),
        (asc(lesson("L1", "T1"), card("L1", "100", "")), "None of the lessons"),
        (asc(lesson("L1", "T1"), card("L1", "100", "7")), "period “7”"),
        (asc(lesson("L1", "T1"), card("L1", "12x", "1")), "days “12x”"),
        (asc("", "", days=""), "defines no days"),
        (asc("", "", periods=""), "defines no periods"),
        (asc("", "", periods="<periods><period period='x'/></periods>"), "number “x”"),
        (asc(lesson("L1", "T1", length="two"), ""), "number “two”"),
        (asc("", "<card lessonid='L1' period='1' day='9'/>", days=OLDER), "days “9”"),
    ],
)
def test_bad_files(data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as problem:
        recognise(data)
    assert problem.value.remedy


def test_days_are_named_by_their_own_definitions_in_any_order() -> None:
    days = (
        "<daysdefs><daysdef name='Mon' days='10'/><daysdef name='Monday only' days='10'/>"
        "<daysdef name='Tue' days='01'/><daysdef name='Any day' days='10,01'/></daysdefs>"
    )
    assert recognise(asc(lesson("L1", "T1"), card("L1", "01", "1"), days=days)).days == (
        "Mon",
        "Tue",
    )
