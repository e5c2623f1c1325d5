from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import MemberId
from bot.domain.timetable.absences import (
    Absence,
    Absences,
    away_on,
    back_early,
    back_on,
    with_absence,
)

TODAY = date(2026, 11, 16)
ROSA = MemberId("rosa")


def away(first: int, last: int, stand_in: MemberId | None = None) -> Absence:
    return Absence(
        first=TODAY + timedelta(days=first),
        last=TODAY + timedelta(days=last),
        stand_in=stand_in,
        passes=stand_in is not None,
    )


def test_what_overlaps_becomes_one_as_the_new_one_says() -> None:
    found = with_absence((away(0, 3), away(10, 12)), away(2, 5, ROSA), TODAY)
    assert found == (away(0, 5, ROSA), away(10, 12))


def test_what_touches_becomes_one_only_if_both_say_the_same() -> None:
    assert with_absence((away(0, 3),), away(4, 5), TODAY) == (away(0, 5),)
    assert with_absence((away(0, 3),), away(4, 5, ROSA), TODAY) == (away(0, 3), away(4, 5, ROSA))


def test_what_is_over_stays_as_it_was() -> None:
    assert with_absence((away(-3, -1),), away(0, 2), TODAY) == (away(-3, -1), away(0, 2))


def test_back_early() -> None:
    assert back_early((away(-2, 4),), away(-2, 4), TODAY) == (away(-2, -1),)
    assert back_early((away(0, 4), away(9, 9)), away(0, 4), TODAY) == (away(9, 9),)
    assert back_early((away(3, 4),), away(3, 4), TODAY) == ()


SPANS = st.tuples(st.integers(-9, 30), st.integers(0, 9), st.sampled_from([None, ROSA]))
MADE = SPANS.map(lambda span: away(span[0], span[0] + span[1], span[2]))


@given(known=st.lists(MADE, max_size=5), new=MADE.filter(lambda one: one.first >= TODAY))
def test_merging_changes_no_day_but_those_of_the_new_one(
    known: list[Absence], new: Absence
) -> None:
    before: Absences = ()
    for one in known:
        before = with_absence(before, one, TODAY)
    after = with_absence(before, new, TODAY)
    for n in range(-20, 60):
        day = TODAY + timedelta(days=n)
        standing = away_on(after, day)
        assert (standing is not None) == (away_on(before, day) is not None or new.covers(day))
        if standing is not None and new.covers(day):
            assert standing.stand_in == new.stand_in
        back = back_on(after, day)
        assert away_on(after, back) is None
        assert all(away_on(after, day + timedelta(days=d)) for d in range((back - day).days))
