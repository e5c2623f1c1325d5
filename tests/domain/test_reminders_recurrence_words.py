from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import InvalidInput
from bot.domain.reminders.recurrence import Recurrence, next_date, occurrences
from bot.domain.reminders.recurrence_reading import read_rule, read_wish
from bot.domain.reminders.recurrence_words import as_it_goes_on, in_words
from tests.domain.test_reminders_recurrence import rules
from tests.support.examples import examples
from tests.support.hostile import NASTY

ZONE = "Europe/Berlin"
NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)
"""A Monday."""


def told(typed: str) -> str:
    """Return what was understood, in words, and the text."""
    wish = read_wish(typed, ZONE, NOW)
    return f"{in_words(wish.rule, ZONE, NOW)} | {wish.text}"


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("Sundays 18:00: post your notes", "every Sunday at 18:00 | post your notes"),
        ("Sunday 6 p.m. post", "every Sunday at 18:00 | post"),
        ("Sun 18h: post", "every Sunday at 18:00 | post"),
        ("SUNDAYS, AT 18.30: Post", "every Sunday at 18:30 | Post"),
        ("Sundays at 8: post", "every Sunday at 08:00 | post"),
        ("Sundays at 6 in the evening: post", "every Sunday at 18:00 | post"),
        ("Sundays 9 o'clock post", "every Sunday at 09:00 | post"),
        ("Sundays 3 Uhr post", "every Sunday at 03:00 | post"),
        ("Sundays 02:30: post", "every Sunday at 02:30 | post"),
        ("“Sundays 18:00: post”", "every Sunday at 18:00 | post"),
        ("please every Sunday 18:00 post", "every Sunday at 18:00 | post"),
        ("post on Sundays at 18:00 please", "every Sunday at 18:00 | post"),
        ("Sundays 18:00: until we finish: post", "every Sunday at 18:00 | until we finish: post"),
        ("Sundays 18:00 Reading time for all", "every Sunday at 18:00 | Reading time for all"),
        ("Sundays 18:00 from Ben: notes", "every Sunday at 18:00 | from Ben: notes"),
        (
            "fortnightly from 7 Dec 9:00 x",
            "every 2 weeks on Monday at 09:00, from 7 December 2026 | x",
        ),
        ("Tuesdays 9:00 until end of June: x", "every Tuesday at 09:00, until 30 June 2027 | x"),
        ("Tuesdays 9:00 until 18/6: x", "every Tuesday at 09:00, until 18 June 2027 | x"),
        (
            "Tuesdays 9:00 until Friday week: x",
            "every Tuesday at 09:00, until 27 November 2026 | x",
        ),
        (
            "Tuesdays 9:00 from Tuesday the 8th: x",
            "every Tuesday at 09:00, from 8 December 2026 | x",
        ),
        ("18:00 on Sundays: post", "every Sunday at 18:00 | post"),
        ("Sundays: 18:00 - post", "every Sunday at 18:00 | post"),
        ("us every Sunday at 18:00 to post", "every Sunday at 18:00 | post"),
        ("post your notes every Sunday at 18:00.", "every Sunday at 18:00 | post your notes"),
        ("us to post, on Sundays at noon", "every Sunday at 12:00 | post"),
        ("Sundays post your notes at 18:00", "every Sunday at 18:00 | post your notes"),
        ("Sundays 18:00: to do: one; two", "every Sunday at 18:00 | to do: one; two"),
        ("Sundays 18:00 Sunday roast", "every Sunday at 18:00 | Sunday roast"),
        ("Sundays 18:00 monthly report", "every Sunday at 18:00 | monthly report"),
        ("Sundays 18:00 from now on, brief", "every Sunday at 18:00 | from now on, brief"),
        ("Mon, Wed and Fri 8:00 x", "every Monday, Wednesday and Friday at 08:00 | x"),
        ("Mon-Fri 7.30 am: look", "on weekdays at 07:30 | look"),
        ("Fri to Mon 8:00: x", "every Monday, Friday, Saturday and Sunday at 08:00 | x"),
        ("weekdays 17:00 write", "on weekdays at 17:00 | write"),
        ("daily 17:00 write", "every day at 17:00 | write"),
        ("at weekends 9am: rest", "every Saturday and Sunday at 09:00 | rest"),
        (
            "every second Friday 8:30 bring the rubric",
            "every 2 weeks on Friday at 08:30, from 20 November 2026 | bring the rubric",
        ),
        (
            "every 2 weeks on Mon and Thu at 7pm send",
            "every 2 weeks on Monday and Thursday at 19:00 | send",
        ),
        (
            "fortnightly on Mondays 6:00 x",
            "every 2 weeks on Monday at 06:00, from 23 November 2026 | x",
        ),
        (
            "every other week on Tue 9:00 x",
            "every 2 weeks on Tuesday at 09:00, from 17 November 2026 | x",
        ),
        (
            "Fridays every three weeks 9:00 x",
            "every 3 weeks on Friday at 09:00, from 20 November 2026 | x",
        ),
        ("weekly on Friday 9:00 x", "every Friday at 09:00 | x"),
        ("monthly on the 31st 18:00 close", "on the last day of every month at 18:00 | close"),
        ("end of the month 18:00 close", "on the last day of every month at 18:00 | close"),
        (
            "on the 30 at 8:00 pay",
            "on the 30th of every month (the last day of shorter ones) at 08:00 | pay",
        ),
        ("the 1st and 15th at midnight: x", "on the 1st and 15th of every month at 00:00 | x"),
        ("last Friday of the month 15:00 x", "on the last Friday of every month at 15:00 | x"),
        ("every first Monday 9:00 x", "on the first Monday of every month at 09:00 | x"),
        (
            "every second Friday of the month 9:00 x",
            "on the second Friday of every month at 09:00 | x",
        ),
        (
            "first and third Friday 9:00 x",
            "on the first and third Friday of every month at 09:00 | x",
        ),
        (
            "fifth Friday of each month 9:00 x",
            "on the fifth Friday of every month (where there is one) at 09:00 | x",
        ),
        ("Sundays 18:00 Asia/Tokyo: x", "every Sunday at 18:00 (Asia/Tokyo) | x"),
        ("Sundays 18:00 UTC: x", "every Sunday at 18:00 (UTC) | x"),
        (
            "Sundays 18:00 until 18th of June 2027: x",
            "every Sunday at 18:00, until 18 June 2027 | x",
        ),
        (
            "Sundays 18:00 until Fri the 18th of June: x",
            "every Sunday at 18:00, until 18 June 2027 | x",
        ),
        (
            "Sundays 18:00 from Sunday, 10 January until Wed 30.6.: x",
            "every Sunday at 18:00, from 10 January 2027, until 30 June 2027 | x",
        ),
        (
            "Sundays 18:00 from 10 January until 30.6.: x",
            "every Sunday at 18:00, from 10 January 2027, until 30 June 2027 | x",
        ),
        (
            "Sundays 18:00:\nfirst line\nsecond line",
            "every Sunday at 18:00 | first line\nsecond line",
        ),
    ],
)
def test_what_people_type(typed: str, understood: str) -> None:
    assert told(typed) == understood


@pytest.mark.parametrize(
    ("typed", "says", "do"),
    [
        ("Sundays 25:00: x", "“25:00” is no time of the day.", "like 18:00 or 6 pm"),
        ("Sundays 13 pm: x", "“13 pm” is no time of the day.", "like 18:00"),
        ("Sundays 24:00: x", "“24:00” is no time of the day.", "from 00:00 to 23:59"),
        ("Sundays 18:00-19:00: x", "“18:00-19:00” is a span of time.", "the one time"),
        ("Funday 18:00: x", "“Funday” names no days that I know.", "Sundays 18:00: post"),
        ("31 February 18:00: x", "There is no 31 February.", "Give a date such as"),
        ("monthly on 31 February 18:00 x", "There is no 31 February.", "Give a date such as"),
        ("5 December 18:00: x", "“5 December” is one date.", "on weekdays, every so many weeks"),
        ("on the 32nd 18:00: x", "No month has a day like “32nd”.", "from 1st to 31st"),
        ("every 2 days 8:00: x", "“every 2 days” is not possible.", "every so many weeks"),
        ("every 60 weeks on Monday 8:00: x", "“every 60 weeks” is not possible.", "1 to 52"),
        ("every 2 weeks 8:00: x", "It does not say on which days.", "Write for example"),
        ("monthly on Fridays 8:00: x", "Which one of the month?", "last Friday of the month"),
        ("every 2 weeks on the 15th 8:00 x", "I cannot put every so many weeks", "Write for"),
        ("18:00: post", "It does not say on which days.", "Sundays 18:00: post your notes"),
        ("Sundays: post", "It does not say at what time.", "Sundays 18:00: post your notes"),
        ("Sundays 18:00", "It says when, but not what to remind of.", "post your notes"),
        ("Sundays 18:00:  ", "It says when, but not what to remind of.", "post your notes"),
        ("Sundays at 6: x", "Is “at 6” before or after noon?", "Write 06:00 or 18:00"),
        ("Fridays 2:30 x", "Is “2:30” before or after noon?", "Write 02:30 or 14:30"),
        ("Sundays 18:00 CET: x", "I do not know the time zone “CET”.", "Europe/London"),
        ("Sundays 18:00 UTC+1: x", "I do not know the time zone “UTC+1”.", "region and city"),
        ("Sundays 18:00 New York time x", "I do not know the time zone “New York time”.", "city"),
        ("Sundays 18:00 Eastern time x", "I do not know the time zone “Eastern time”.", "city"),
        ("Sundays 18:00 Europe/Berln: x", "I do not know the time zone “Europe/Berln”.", "city"),
        ("Sundays 18:00 for 6 weeks x", "“for 6 weeks x” is not understood.", "until 18 June"),
        ("Sundays 18:00, 6 times: x", "“6 times” is not understood.", "until 18 June"),
        ("Sundays 18:00 until June: x", "“until June” is not understood.", "until 18 June"),
        ("Sundays 18:00 starting next week: x", "“starting next week” is not", "with dates"),
        ("Sundays 18:00 but not in May x", "“but not in May x” is not understood.", "with dates"),
        ("Sundays 18:00 week A x", "“week A x” is not understood.", "with dates"),
        ("Sundays 18:00 and 20:00: x", "“and 20:00” is one more time", "for each time"),
        ("Sundays 18:00, Mondays 9:00: x", "“Mondays 9:00” is one more time", "for each time"),
        ("Sundays 18:00 and Mondays x", "“and Mondays x” is one more time", "for each time"),
        ("Mondays in odd weeks 8:00 x", "“in odd weeks” is not understood.", "Write for example"),
        ("Mondays at half past six x", "It does not say at what time.", "18:30 or 6 pm"),
        ("Tuesdays 9:00 until 3/4: x", "“3/4” may be 3 April or 4 March.", "as a word"),
        ("tomorrow 18:00: x", "“tomorrow” is one day.", "on weekdays, every so many weeks"),
        ("next Friday 18:00: x", "“next Friday” is one day.", "on weekdays, every so many weeks"),
        ("3.12. 18:00: x", "“3.12.” is one date.", "on weekdays, every so many weeks"),
        ("me", "It does not say when.", "Write for example"),
        ("banana", "“banana” does not say when.", "Sundays 18:00: post your notes"),
        ("Sundays 18:00 until 1 November 2026: x", "That would be over before", "later last"),
        ("Sundays 18:00 until Mon 18 June: x", "18 June 2027 is a Friday, not a Monday", "alone"),
        ("Sundays 18:00: " + "x" * 1000, "That has 1,015 characters", "Shorten it."),
    ],
)
def test_what_cannot_be(typed: str, says: str, do: str) -> None:
    with pytest.raises(InvalidInput) as told:
        read_wish(typed, ZONE, NOW)
    assert told.value.message.startswith(says)
    assert do in told.value.remedy


def test_a_rule_alone_takes_no_further_words() -> None:
    found = read_rule(" every Sunday at 18:00. ", ZONE, NOW)
    assert found == read_wish("Sundays 18:00: x", ZONE, NOW).rule
    with pytest.raises(InvalidInput, match="“post” is not understood"):
        read_rule("Sundays 18:00 post", ZONE, NOW)
    with pytest.raises(InvalidInput, match="“Funday” names no days"):
        read_rule("Funday 18:00", ZONE, NOW)
    with pytest.raises(InvalidInput, match="does not say when"):
        read_rule("", ZONE, NOW)


moments = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001 - the zone is beside it
    datetime(2034, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)


@settings(max_examples=examples(300))
@given(rules, moments, st.booleans())
def test_words_are_read_back_to_the_same_occurrences(
    rule: Recurrence, now: datetime, at_home: bool
) -> None:
    since = rule.since and now.date() + timedelta(days=(rule.since - date(2024, 1, 1)).days % 400)
    until = rule.until and now.date() + timedelta(days=(rule.until - date(2024, 1, 1)).days % 900)
    meant = replace(rule, since=since, until=until)
    if next_date(meant, now) is None:
        return
    zone = meant.zone if at_home else ZONE
    words = in_words(as_it_goes_on(meant, now), zone, now)
    again = read_rule(words, zone, now)
    assert (again.at, again.until, again.pattern) == (meant.at, meant.until, meant.pattern), words
    first, second = occurrences(meant, now), occurrences(again, now)
    for _ in range(6):
        assert next(first, None) == next(second, None), words


def test_a_fortnight_told_again_keeps_its_weeks() -> None:
    rule = read_rule("every second Monday 8:00", ZONE, NOW)  # from today, 16 November
    for days in range(60):
        now = NOW + timedelta(days=days, hours=days % 24)
        words = in_words(as_it_goes_on(rule, now), ZONE, now)
        again = read_rule(words, ZONE, now)
        assert next_date(again, now) == next_date(rule, now), words
    assert again.at == time(8)


@settings(max_examples=examples(300))
@given(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(NASTY),
        st.lists(
            st.sampled_from(
                ["every", "second", "on", "the", "31st", "Monday", "and", "weeks", "18:00", "until",
                 "month", "of", "last", "from", ":", "x", "2", "February", "at", "UTC", "a/b", "-"]
            ),
            max_size=14,
        ).map(" ".join),
    )
)  # fmt: skip
def test_nothing_that_is_typed_makes_it_fail(typed: str) -> None:
    try:
        wish = read_wish(typed, ZONE, NOW)
    except InvalidInput as problem:
        told = problem.message, problem.remedy
    else:
        assert next_date(wish.rule, NOW) is not None
        told = wish.text, in_words(wish.rule, ZONE, NOW)
    assert all(told)
