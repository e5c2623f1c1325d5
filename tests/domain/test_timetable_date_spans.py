from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.errors import InvalidInput
from bot.domain.timetable.date_spans import LONGEST, read_span

NOW = date(2026, 11, 16)  # a Monday


def day(number: int, month: int = 12, year: int = 2026) -> date:
    return date(year, month, number)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("Thursday", NOW, day(19, 11)),
        ("to Thursday", NOW, day(19, 11)),
        ("Until thursday", NOW, day(19, 11)),
        ("on Thursday", day(19, 11), day(19, 11)),
        ("only Thursday", day(19, 11), day(19, 11)),
        ("today", NOW, NOW),
        ("tomorrow", NOW, NOW + timedelta(days=1)),
        ("from tomorrow to tomorrow", day(17, 11), day(17, 11)),
        ("3 to 12 December", day(3), day(12)),
        ("3-12 December", day(3), day(12)),
        ("3–12 December", day(3), day(12)),
        ("3. to 12. December", day(3), day(12)),
        ("December 3 to 12", day(3), day(12)),
        ("Dec 3-5", day(3), day(5)),
        ("from 3 December, to 12 December 2026", day(3), day(12)),
        ("from Monday until 2026-12-04", day(23, 11), day(4)),
        ("2026-12-04 2026-12-09", day(4), day(9)),
        ("2026-12-04 - 2026-12-09", day(4), day(9)),
        ("Wednesday Friday", day(18, 11), day(20, 11)),
        ("from Friday to Monday", day(20, 11), day(23, 11)),
        ("from Monday to Monday", day(23, 11), day(30, 11)),
        ("28 December to 3 January", day(28), day(3, 1, 2027)),
        ("3.12. bis", None, None),
        ("for two weeks", NOW, day(29, 11)),
        ("for 1 day", NOW, NOW),
        ("this week", NOW, day(22, 11)),
        ("next week", day(23, 11), day(29, 11)),
        ("16 November", NOW, NOW),
        ("to 16 November 2027", NOW, day(16, 11, 2027)),
        ("Mon 30 Nov", NOW, day(30, 11)),
        ("to Monday, 30 November", NOW, day(30, 11)),
        ("on 4 December, Friday", day(4), day(4)),
        ("from Mon 30 Nov to Fri 4 Dec", day(30, 11), day(4)),
        ("Mon 30 Nov Fri 4 Dec", day(30, 11), day(4)),
        ("Mon 7 - Fri 11 Dec", day(7), day(11)),
        ("28 December to Sun 3 January", day(28), day(3, 1, 2027)),
    ],
)
def test_days_as_people_say_them(words: str, first: date | None, last: date | None) -> None:
    if first is None:
        with pytest.raises(InvalidInput):
            read_span(words, NOW)
        return
    found = read_span(words, NOW)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize("words", ["Thursday", "19 November", "2026-11-19"])
def test_one_day_alone_may_mean_until_or_only(words: str) -> None:
    assert read_span(words, NOW).bare
    assert not read_span(f"to {words}", NOW).bare


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "always has an end"),
        ("from Monday", "always has an end"),
        ("31 February", "There is no 31 February."),
        ("30 to 31 February", "There is no 30 February."),
        ("to 15 November", "Sunday, 15 November 2026 has passed."),
        ("to 2026-11-15", "has passed"),
        ("1 to 20 November", "Sunday, 1 November 2026 has passed."),
        ("from Friday to tomorrow", "comes before Friday"),
        ("12 to 3 December", "comes before Saturday, 12 December 2026"),
        ("to 18 November 2027", "more than a year"),
        ("for 99 weeks", "more than a year"),
        ("for 999 weeks", "more than a year"),
        ("for ever", "is not a date"),
        ("0 to 3 December", "There is no 0 December."),
        ("Fri 30 Nov", "30 November 2026 is a Monday, not a Friday."),
        ("Mon 31 Feb", "There is no 31 Feb."),
        ("from Mon 30 Nov to Sat 4 Dec", "4 December 2026 is a Friday, not a Saturday."),
        ("Fri 13 Nov", "Friday, 13 November 2026 has passed."),
    ],
)
def test_what_is_none_is_said_in_words(words: str, says: str) -> None:
    with pytest.raises(InvalidInput) as told:
        read_span(words, NOW)
    assert says in str(told.value)


WORDS = st.sampled_from(
    ["to", "until", "from", "on", "for", "-", "3", "31", "12", "December", "Feb", "29", "monday",
     "Friday", "today", "tomorrow", "2026-12-04", "2027-02-30", "week", "next", "a", "day", "x",
     "9999-12-31", "0001-01-01", "3.12.", "3-4"]
)  # fmt: skip


@given(words=st.lists(WORDS, max_size=6).map(" ".join), ago=st.integers(0, 1500))
@example(words="29 Feb", ago=0)
def test_it_is_from_today_on_and_never_more_than_a_year_or_a_known_problem(
    words: str, ago: int
) -> None:
    today = NOW + timedelta(days=ago)
    with suppress(InvalidInput):
        found = read_span(words, today)
        assert today <= found.first <= found.last <= found.first + LONGEST
