"""Dates in the words of those who type them: counted from today, with ordinals, with slashes."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import InvalidInput
from bot.domain.timetable.date_spans import read_span
from bot.domain.timetable.daterange import read_range
from bot.domain.timetable.dates import NotADate, read_date

FULL_WIDTH = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
NOW = date(2026, 11, 25)  # a Wednesday


def day(number: int, month: int = 12, year: int = 2026) -> date:
    return date(year, month, number)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tomorrow.", day(26, 11)),
        ("today!", NOW),
        ("the day after tomorrow", day(27, 11)),
        ("in two weeks", day(9)),
        ("in 10 days", day(5)),
        ("in a month", day(25)),
        ("2 weeks from today", day(9)),
        ("this Friday", day(27, 11)),
        ("this Wednesday", NOW),
        ("next Monday", day(30, 11)),
        ("the coming Friday", day(27, 11)),
        ("Friday week", day(4)),
        ("a week on Friday", day(4)),
        ("Friday next week", day(4)),
        ("Friday of next week", day(4)),
        ("next week on Friday", day(4)),
        ("the 3rd", day(3)),
        ("on the 25th", NOW),
        ("the 24th", day(24)),
        ("the 31st", day(31)),
        ("Thursday the 3rd", day(3)),
        ("3rd of December", day(3)),
        ("December 3rd", day(3)),
        ("Mon the 30th of November, 2026", day(30, 11)),
        ("3 December (Thu)", day(3)),
        ("end of November", day(30, 11)),
        ("the end of the month", day(30, 11)),
        ("end of February", day(28, 2, 2027)),
        ("13/12/2026", day(13)),
        ("12/13/2026", day(13)),
        ("12/12", day(12)),
        ("3.12.26", day(3)),
        ("30 Nov '26", day(30, 11)),
        ("2026/12/03", day(3)),
        ("30-Nov-2026", day(30, 11)),
        ("\u200e2026\u201112\u201103", day(3)),
        ("2026\u201312\u201303", day(3)),
        ("2026-12-03".translate(FULL_WIDTH), day(3)),
        ("3\u00a0December", day(3)),
    ],
)
def test_one_day(typed: str, meant: date) -> None:
    assert read_date(typed, NOW) == meant


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("12/3/2026", "“12/3/2026” may be 12 March or 3 December. Write the month as a word"),
        ("3/12", "may be 3 December or 12 March"),
        ("03-12-2026", "may be 3 December or 12 March"),
        ("next Friday", "“next Friday” may be Friday, 27 November or Friday, 4 December"),
        ("Sunday next week", "may be Sunday, 29 November or Sunday, 6 December"),
        ("this Monday", "“this Monday” was 23 November"),
        ("the 32nd", "No month has a 32nd"),
        ("Friday the 3rd", "3 December 2026 is a Thursday, not a Friday"),
        ("in 99 months", "too far away"),
        ("0/3", "There is no 0/3"),
        ("Fridays", "“Fridays” are many days. Give one: Friday."),
    ],
)
def test_what_may_be_two_days_or_none_is_asked_for(typed: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read_date(typed, NOW)


def test_on_a_sunday_the_next_week_is_not_the_same_for_all() -> None:
    with pytest.raises(InvalidInput, match="Monday, 30 November or Monday, 7 December"):
        read_date("next Monday", date(2026, 11, 29))


@pytest.mark.parametrize(
    "typed",
    ["1 marvelous", "3 decoy", "marble 3", "3 Dec 26", "3.12", "26/27", "after the holidays", "3"],
)
def test_words_that_only_look_like_a_date(typed: str) -> None:
    with pytest.raises(NotADate) as told:
        read_date(typed, NOW)
    assert f"“{typed}” is not a date" in str(told.value)


@given(st.text(max_size=40), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_any_words_are_a_day_or_a_known_problem(typed: str, today: date) -> None:
    try:
        found = read_date(typed, today)
    except InvalidInput:
        return
    assert today.year - 1 <= found.year <= today.year + 5


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("3 days", NOW, day(27, 11)),
        ("for a fortnight", NOW, day(8)),
        ("for the next two weeks", NOW, day(8)),
        ("for a month", NOW, day(24)),
        ("from Monday for two weeks", day(30, 11), day(13)),
        ("Monday for 3 days", day(30, 11), day(2)),
        ("2 weeks from Monday", day(30, 11), day(13)),
        ("all week", NOW, day(29, 11)),
        ("the rest of the week", NOW, day(29, 11)),
        ("this weekend", day(28, 11), day(29, 11)),
        ("Mon-Fri", day(30, 11), day(4)),
        ("Monday-Friday", day(30, 11), day(4)),
        ("30 Nov-4 Dec", day(30, 11), day(4)),
        ("30.11.-4.12.", day(30, 11), day(4)),
        ("2026-12-03..2026-12-05", day(3), day(5)),
        ("the 3rd to the 5th of December", day(3), day(5)),
        ("from the 3rd to the 12th", day(3), day(12)),
        ("until the end of November", NOW, day(30, 11)),
        ("Monday to Wednesday of next week", day(30, 11), day(2)),
        ("Thursday and Friday", day(26, 11), day(27, 11)),
        ("between Monday and Wednesday", day(30, 11), day(2)),
        ("till Thursday!", NOW, day(26, 11)),
    ],
)
def test_an_absence(said: str, first: date, last: date) -> None:
    found = read_span(said, NOW)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize("read", [read_span, read_range])
@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("Monday and Friday", "Are the days between them meant, too"),
        ("Thursday to Friday next week", "may be Thursday, 26 November 2026, or Thursday, 3 Dec"),
        ("12/3/2026 to 12/5/2026", "may be 12 March or 3 December"),
    ],
)
def test_what_may_be_other_days_is_asked_for(
    read: Callable[[str, date], object], said: str, says: str
) -> None:
    with pytest.raises(InvalidInput, match=says):
        read(said, NOW)


def test_a_list_of_days_is_not_a_span() -> None:
    with pytest.raises(InvalidInput, match="Are the days between them meant"):
        read_span("Monday, Wednesday", NOW)


@pytest.mark.parametrize(
    ("said", "first", "last", "rest"),
    [
        ("Thu and Fri Thanksgiving", day(26, 11), day(27, 11), "Thanksgiving"),
        ("26 and 27 November", day(26, 11), day(27, 11), ""),
        ("Dec 3 and 4 exams", day(3), day(4), "exams"),
        ("3rd to 5th December", day(3), day(5), ""),
        ("Friday week: exams", day(4), day(4), "exams"),
        ("Friday next week", day(4), day(4), ""),
        ("Tuesday the 8th", day(8), day(8), ""),
        ("tomorrow - snow day", day(26, 11), day(26, 11), "snow day"),
        ("Monday the party", day(30, 11), day(30, 11), "the party"),
        ("Mon-Wed training", day(30, 11), day(2), "training"),
    ],
)
def test_closed_days(said: str, first: date, last: date, rest: str) -> None:
    found = read_range(said, NOW)
    assert (found.start, found.end, found.rest) == (first, last, rest)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("Monday for 3 days", "not “for 3 days”"),
        ("Monday or Tuesday", "not “or Tuesday”"),
        ("Monday, Wed and Fri", "not “Wed and Fri”"),
        ("12.10. today", "not “today”"),
    ],
)
def test_half_understood_days_are_refused(said: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read_range(said, NOW)
