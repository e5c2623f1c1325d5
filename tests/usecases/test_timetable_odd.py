"""Tables that are read and yet cannot be a week: a day that is none, periods at one time."""

import pytest

from tests.support.clicking import Bot, Hand, card, failed, summary

SCHOOL = {
    "days": "A, B",
    "first": "2026-11-23",
    "until": "2027-06-18",
    "bells": "P1 08:00-08:45",
    "zone": "Europe/Berlin",
}


async def pastes(hand: Hand, table: str) -> str:
    reply = await hand.says(f"timetable {table}")
    assert failed(reply), reply
    return summary(reply)


async def test_a_day_that_is_none_is_refused_with_its_line(bot: Bot, ana: Hand) -> None:
    said = await pastes(ana, "Day,Period,Subject\nMon,P1,Art\nTue,P1,Bio\nFunday,P1,Art")
    assert said.startswith("Line 4: “Funday” is no day of the week.")
    assert bot.rows()["drafts"] == 0


@pytest.mark.parametrize(
    "days",
    [
        ("A", "B"),
        ("Mon", "Tue", "Mon B", "Tue B"),
        ("Day 1", "Day 2", "Day 3"),
        ("Monday", "Tuesday", "Saturday (half)"),
        ("Red", "Blue"),
    ],
)
async def test_days_of_all_sorts_of_cycles_are_taken(ana: Hand, days: tuple[str, ...]) -> None:
    rows = "".join(f"\n{day},P1,Art" for day in days)
    reply = await ana.says(f"timetable Day,Period,Subject{rows}")
    assert card(reply).title == "Is this your week?"


async def test_a_day_that_the_school_has_not_is_refused_with_its_line(ana: Hand) -> None:
    assert not failed(await ana.submits("school.newsave", **SCHOOL))
    said = await pastes(ana, "Day,Period,Subject\nA,P1,Art\nB,P1,Bio\nC,P1,Bio")
    assert said.startswith("Line 4: “C” is no day of the school's cycle (A, B).")


@pytest.mark.parametrize("other", ["08:30-09:15", "08:00-09:30", "08:44-08:46"])
async def test_periods_that_overlap_are_refused_at_reading(bot: Bot, ana: Hand, other: str) -> None:
    said = await pastes(ana, f"Mon, 08:00-08:45, Art\nMon, {other}, Bio")
    assert "“Mon 08:00-" in said
    assert f"“Mon {other}”" in said
    assert "overlap" in said
    assert bot.rows()["drafts"] == 0


async def test_periods_that_touch_or_are_on_other_days_do_not_overlap(ana: Hand) -> None:
    for table in ("Mon, 08:00-08:45, Art\nMon, 08:45-09:30, Bio", "Mon, 8:00-8:45\nTue, 8:30-9:15"):
        assert card(await ana.says(f"timetable {table}")).title == "Is this your week?"


async def test_what_overlaps_of_somebody_else_is_no_hindrance(ana: Hand) -> None:
    rows = "Ana,Mon,08:00-08:45,Art\nBen,Mon,08:00-08:45,Bio\nBen,Mon,08:30-09:15,Bio"
    reply = await ana.says(f"timetable Teacher,Day,Period,Subject\n{rows}")
    assert card(reply).title == "Is this your week?"
