"""Times of the day, spans and lengths in the words of those who type them."""

import pytest

from bot.domain.errors import InvalidInput
from bot.domain.timetable.clocktimes import as_text
from bot.domain.timetable.typed_times import read_clock, read_end, read_length, read_time


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("8:30", "08:30"),
        ("8.30", "08:30"),
        ("8:30am", "08:30"),
        ("6 pm", "18:00"),
        ("at 9", "09:00"),
        ("noon", "12:00"),
        ("18h30", "18:30"),
        ("3 Uhr", "03:00"),
        ("03:30", "03:30"),
        ("1630", "16:30"),
        ("0430", "04:30"),
        ("16\uff1a30", "16:30"),
        ("\u200e16:30", "16:30"),
        ("9 o\u2019clock", "09:00"),
    ],
)
def test_a_time(typed: str, meant: str) -> None:
    assert as_text(read_time(typed)) == meant


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("3:30", "Is “3:30” before or after noon\\? Write 03:30 or 15:30"),
        ("6", "Write 06:00 or 18:00"),
        ("25:00", "no time of the day"),
        ("midnight", "no time of the day"),
        ("", "no time of the day"),
        ("half past eight", "no time of the day"),
    ],
)
def test_what_is_no_time_or_may_be_two(typed: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read_time(typed)


@pytest.mark.parametrize(
    ("start", "until", "meant"),
    [
        ("16:00", "16:45", "16:00-16:45"),
        ("11:30", "1", "11:30-13:00"),
        ("12:30", "1:15", "12:30-13:15"),
        ("9", "5", "09:00-17:00"),
        ("2", "2:45pm", "14:00-14:45"),
        ("11", "1pm", "11:00-13:00"),
        ("2pm", "3", "14:00-15:00"),
        ("6pm", "7", "18:00-19:00"),
        ("11pm", "1am", "23:00-01:00"),
        ("11pm", "1", "23:00-01:00"),
        ("22", "24", "22:00-24:00"),
        ("23:00", "00:30", "23:00-00:30"),
        ("2pm", "45 minutes", "14:00-14:45"),
        ("9:00", "1.5 hours", "09:00-10:30"),
        ("23:30", "1 hour", "23:30-00:30"),
        ("23:30", "30 min", "23:30-24:00"),
        ("from 4 pm", "5 pm", "16:00-17:00"),
        ("noon", "1", "12:00-13:00"),
        ("02:00", "03:00", "02:00-03:00"),
        ("3 Uhr", "4 Uhr", "03:00-04:00"),
        ("3", "4 Uhr", "03:00-04:00"),
        ("1600", "1645", "16:00-16:45"),
        ("from 4pm", "until 5pm", "16:00-17:00"),
        ("16:00", "to 17:00", "16:00-17:00"),
        ("16:00", "for 45 minutes", "16:00-16:45"),
        ("16:00", "+45", "16:00-16:45"),
    ],
)
def test_from_when_until_when(start: str, until: str, meant: str) -> None:
    assert f"{as_text(read_time(start, until))}-{as_text(read_end(start, until))}" == meant


@pytest.mark.parametrize(
    ("start", "until", "says"),
    [
        ("2", "3", "Is “2” before or after noon\\? Write 02:00 or 14:00"),
        ("1:30", "2:15", "Is “1:30” before or after noon?"),
        ("2", "45 minutes", "Is “2” before or after noon?"),
        ("14:00", "13:00", "It ends before it begins"),
        ("16:00", "9:00", "It ends before it begins"),
        ("11:30", "01:00", "It ends before it begins"),
        ("14:00", "14:00", "The start and the end are the same"),
        ("14:00", "0 min", "It takes no time"),
        ("14:00", "24 h", "It takes a day or more"),
        ("16:00", "", "Write one, for example 16:45"),
        ("2pm", "for ever", "Write one, for example 16:45"),
        ("25", "26", "Write one, for example 08:30"),
        ("24:00", "01:00", "Write one, for example 08:30"),
    ],
)
def test_what_is_no_end_or_may_be_two(start: str, until: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read_end(start, until)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("20", "20:00"), ("8pm", "20:00"), ("7", "07:00"), ("7.30", "07:30"), ("24:00", "00:00")],
)
def test_an_hour_of_the_night(typed: str, meant: str) -> None:
    assert as_text(read_clock(typed)) == meant


@pytest.mark.parametrize("typed", ["", "25:00", "24:01", "20:60", "²", "evening"])
def test_what_is_no_hour(typed: str) -> None:
    with pytest.raises(InvalidInput, match="Write one, for example 20:00"):
        read_clock(typed)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("45", 45),
        ("45 min", 45),
        ("90'", 90),
        ("1h", 60),
        ("1 h 30", 90),
        ("1h30", 90),
        ("1:30", 90),
        ("1.5 hours", 90),
        ("1,5 h", 90),
        ("1½ hours", 90),
        ("1 1/2 hours", 90),
        ("an hour and a half", 90),
        ("half an hour", 30),
        ("two hours", 120),
        ("1 hour and 15 minutes.", 75),
    ],
)
def test_how_long(typed: str, minutes: int) -> None:
    assert read_length(typed) == minutes


@pytest.mark.parametrize("typed", ["", "1.5", "long", "45-60", "about 45", "-5", "²"])
def test_what_is_no_length(typed: str) -> None:
    with pytest.raises(InvalidInput, match="in minutes, for example 45, or 1 h 30"):
        read_length(typed)
