"""Days as people say them, with what follows."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import InvalidInput, Problem
from bot.domain.timetable.daterange import read_range
from bot.domain.timetable.dates import NotADate

NOW = date(2026, 11, 16)  # a Monday

SAID = {
    "today": ("2026-11-16", "2026-11-16", ""),
    "tomorrow: snow day": ("2026-11-17", "2026-11-17", "snow day"),
    "tomorrow to Friday because of snow": ("2026-11-17", "2026-11-20", "because of snow"),
    "today to tomorrow": ("2026-11-16", "2026-11-17", ""),
    "Monday": ("2026-11-23", "2026-11-23", ""),
    "from Monday to Wednesday training": ("2026-11-23", "2026-11-25", "training"),
    "Thursday, 3 December, party": ("2026-12-03", "2026-12-03", "party"),
    "3 December": ("2026-12-03", "2026-12-03", ""),
    "3 to 5 December Exams": ("2026-12-03", "2026-12-05", "Exams"),
    "3-5 December": ("2026-12-03", "2026-12-05", ""),
    "3 – 5 December 2026 Exams": ("2026-12-03", "2026-12-05", "Exams"),
    "Thursday 3 to Saturday 5 December": ("2026-12-03", "2026-12-05", ""),
    "December 3 to 5": ("2026-12-03", "2026-12-05", ""),
    "3 December Thursday, party": ("2026-12-03", "2026-12-03", "party"),
    "Monday so sorry": ("2026-11-23", "2026-11-23", "so sorry"),
    "Dec 3-5": ("2026-12-03", "2026-12-05", ""),
    "on 3 December until 5 December": ("2026-12-03", "2026-12-05", ""),
    "3.12.": ("2026-12-03", "2026-12-03", ""),
    "3.-5.12.": ("2026-12-03", "2026-12-05", ""),
    "3.12.-5.12. x": ("2026-12-03", "2026-12-05", "x"),
    "2026-12-03 - 2026-12-05 Winter": ("2026-12-03", "2026-12-05", "Winter"),
    "2026-12-03 unplanned Snow": ("2026-12-03", "2026-12-03", "unplanned Snow"),
    "30 December to 2 January": ("2026-12-30", "2027-01-02", ""),
    "next week: storm": ("2026-11-23", "2026-11-29", "storm"),
    "the whole of this week": ("2026-11-16", "2026-11-22", ""),
    "Tuesday next week": ("2026-11-24", "2026-11-24", ""),
}


@pytest.mark.parametrize(("said", "meant"), SAID.items())
def test_what_is_said_and_meant(said: str, meant: tuple[str, str, str]) -> None:
    found = read_range(said, NOW)
    assert (f"{found.start}", f"{found.end}", found.rest) == meant


@pytest.mark.parametrize("said", ["", "snow", "3 to 5", "-", "to to", "unplanned", "2 2 2"])
def test_what_is_no_date(said: str) -> None:
    with pytest.raises(NotADate, match="does not begin with a date"):
        read_range(said, NOW)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("31 February", "There is no 31 February"),
        ("3 to 31 February", "There is no 31 February"),
        ("Friday 3 December", "3 December 2026 is a Thursday, not a Friday"),
        ("Friday to tomorrow", "2026-11-17 comes before 2026-11-20"),
        ("Monday, Tuesday training", "I understand “Monday,”, but not “Tuesday training”"),
        ("tomorrow to the moon", "not “to the moon”"),
        ("3 December to", "not “to”"),
        ("3 December 40", "not “40”"),
        ("3 to 5 December to 7 December", "not “to 7 December”"),
    ],
)
def test_what_cannot_be_meant(said: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        read_range(said, NOW)


@given(st.text(max_size=60))
def test_any_words_are_days_or_a_problem(said: str) -> None:
    try:
        found = read_range(said, NOW)
    except Problem:
        return
    assert found.start <= found.end


@given(first=st.dates(NOW, date(2027, 10, 1)), days=st.integers(0, 40))
def test_written_in_every_way_it_is_the_same(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    words = {"Exams": "Exams", "": ""}
    for rest in words:
        for form in ("{:%Y-%m-%d}", "{0.day} {0:%B %Y}", "{0:%B} {0.day}, {0.year}", "{0:%A} {0}"):
            for join in ("to", "until", "-"):
                said = f"{form.format(first)} {join} {form.format(last)} {rest}"
                found = read_range(said, NOW)
                assert (found.start, found.end, found.rest) == (first, last, rest), said
