from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import InvalidInput
from bot.domain.timetable.weekly import WeeklyHours, in_words, parse_weekly_hours


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("weekdays after 16:00", "weekdays after 16:00"),
        (
            "Mon, Wed 9-12 and 14:00\u201316:30; Sat mornings",
            "Mon, Wed 09:00\u201312:00 and 14:00\u201316:30; Sat 08:00\u201312:00",
        ),
        ("Tue after 4pm", "Tue after 16:00"),
        ("Tue after 16:00, please.", "Tue after 16:00"),
        ("Mon 16h-18h", "Mon 16:00\u201318:00"),
        ("Mon 04:00-06:00", "Mon 04:00\u201306:00"),
        ("Mon 4:30-6 pm", "Mon 16:30\u201318:00"),
        ("Sundays 18:00-20:00", "Sun 18:00\u201320:00"),
        ("every day 7pm to 9pm", "every day 19:00\u201321:00"),
        ("Mon-Fri 9-5", "weekdays 09:00\u201317:00"),
        ("Fri to Mon from 6 pm to 8 pm", "Mon, Fri, Sat, Sun 18:00\u201320:00"),
        ("Mon 9-12, Tue 14-16", "Mon 09:00\u201312:00; Tue 14:00\u201316:00"),
        ("on Mondays between 9 and 11", "Mon 09:00\u201311:00"),
        ("weekends all day", "weekends all day"),
        ("daily before 9", "every day before 09:00"),
        ("Mon 20:00-midnight\nTue noon-1pm", "Mon after 20:00; Tue 12:00\u201313:00"),
        ("Mon 9-11; Mon 10-12", "Mon 09:00\u201312:00"),
        ("Montag 9-12", "Mon 09:00\u201312:00"),
        ("every Monday 9-10", "Mon 09:00\u201310:00"),
        ("segunda-feira 9-10", "Mon 09:00\u201310:00"),
    ],
)
def test_hours_in_words(text: str, words: str) -> None:
    hours = parse_weekly_hours(text)
    assert in_words(hours) == words
    assert parse_weekly_hours(words) == hours


@pytest.mark.parametrize(
    ("text", "piece"),
    [("weekdays after 4", "after 4"), ("Mon 2-4", "2-4"), ("Mon from 6", "from 6")],
)
def test_hours_that_may_be_at_night_are_asked_about(text: str, piece: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        parse_weekly_hours(text)
    assert problem.value.message == f"Is “{piece}” before or after noon?"
    assert "am or pm" in problem.value.remedy


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no hours"),
        ("whenever", "“whenever”"),
        ("Mon sometimes", "“sometimes”"),
        ("Mon", "“Mon” has no time"),
        ("Mon; Tue 9-10", "“Mon” has no time"),
        ("9-12", "“9-12” has no day"),
        ("Mon 9", "“9”"),
        ("Mon 25-26", "no range"),
        ("Mon 22:00-22:00", "no range"),
        ("Mon 23-2am", "no range"),
        ("Mon after 24:00", "after 24:00"),
        ("Mon after 25", "after 25"),
        ("Mon before 0:00", "before 0:00"),
        ("Mon-Funday 9-10", "Mon-Funday"),
        ("31 February", "“31 February”"),
        ("Mon 9-12; ??? 3", "???"),
    ],
)
def test_the_piece_not_understood_is_named(text: str, words: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        parse_weekly_hours(text)
    assert words in problem.value.message
    assert "for example" in problem.value.remedy


def test_spans_that_are_none_are_refused() -> None:
    with pytest.raises(InvalidInput):
        WeeklyHours(spans=((0, time(10), time(9)),))
    with pytest.raises(InvalidInput):
        WeeklyHours(spans=((7, time(9), time(10)),))


MINUTE = st.integers(0, 1440)
SPAN = st.tuples(st.integers(0, 6), MINUTE, MINUTE).filter(lambda span: span[1] < span[2])


def at(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


@settings(deadline=None)
@given(st.lists(SPAN, min_size=1, max_size=12))
def test_words_read_back_to_the_same(spans: list[tuple[int, int, int]]) -> None:
    hours = WeeklyHours(spans=tuple((day, at(start), at(end)) for day, start, end in spans))
    assert parse_weekly_hours(in_words(hours)) == hours
    for day in range(7):
        covered = {m for d, s, e in spans if d == day for m in range(s, e)}
        assert covered == {m for s, e in hours.minutes_on(day) for m in range(s, e)}


@settings(deadline=None)
@given(st.text("MonTueWed 0123456789:-;,.apmafterbefore\u2013\n", max_size=30))
def test_no_text_causes_another_error(text: str) -> None:
    try:
        hours = parse_weekly_hours(text)
    except InvalidInput:
        return
    assert parse_weekly_hours(in_words(hours)) == hours
