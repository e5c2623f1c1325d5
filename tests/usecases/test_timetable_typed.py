"""What people type and send: dates, times, zones, file names, a table behind the verb."""

from datetime import date

import pytest

from bot.chat.arguments import rest, upload
from bot.chat.inbound import Inbound, Said, Upload
from bot.chat.saying import verb
from bot.domain import errors
from bot.domain.timetable.clocktimes import zone_of
from bot.domain.timetable.dates import read_date
from bot.domain.timetable.zones import zone_meant
from tests.support.clicking import Bot, Hand, summary

NOW = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("29 February", date(2028, 2, 29)),
        ("29.2.", date(2028, 2, 29)),
        ("23 November", NOW),
        ("22 November", date(2027, 11, 22)),
        ("2025-01-01", date(2025, 1, 1)),
        ("2031-12-31", date(2031, 12, 31)),
        ("Mon 30 Nov", date(2026, 11, 30)),
        ("Friday, 4 December 2026", date(2026, 12, 4)),
        ("2026-12-04, Friday", date(2026, 12, 4)),
        ("Di 1.12.", date(2026, 12, 1)),
        ("Mar 3", date(2027, 3, 3)),
        ("Mar 1 Dec", date(2026, 12, 1)),
        ("3 Mar", date(2027, 3, 3)),
    ],
)
def test_dates_that_are_meant(typed: str, meant: date) -> None:
    assert read_date(typed, NOW) == meant


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("9999-12-31", "Give a date from 2025 to 2031"),
        ("0001-01-01", "Give a date from 2025 to 2031"),
        ("2024-12-31", "too far away"),
        ("0000-11-30", "There is no 0000-11-30"),
        ("30.11.0000", "There is no"),
        ("29 February 2027", "There is no 29 February 2027"),
        ("31 February", "There is no 31 February"),
        ("Thursday, 4 December", "4 December 2026 is a Friday, not a Thursday"),
    ],
)
def test_dates_that_are_none(typed: str, says: str) -> None:
    with pytest.raises(errors.InvalidInput, match=says):
        read_date(typed, NOW)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin.", "Europe/Berlin"),
        ("London", "Europe/London"),
        ("new york", "America/New_York"),
        ("time zone: Zurich", "Europe/Zurich"),
        ("CET", "CET"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_by_its_name_or_its_city(typed: str, meant: str) -> None:
    assert zone_meant(typed).key == meant


@pytest.mark.parametrize(
    ("typed", "instead"),
    [
        ("EST", "America/New_York"),
        ("PT", "America/Los_Angeles"),
        ("GMT+1", "Europe/London"),
        ("UTC-5", "Europe/London"),
        ("Europe/Berln", "Europe/Berlin"),
        ("San Juan", "Europe/London"),
        ("Eastern", "US/Eastern"),
        ("", "Europe/London"),
    ],
)
def test_what_is_no_zone_or_several(typed: str, instead: str) -> None:
    with pytest.raises(errors.InvalidInput) as told:
        zone_meant(typed)
    assert told.value.remedy.endswith(f"for example {instead}.")


def test_zones() -> None:
    assert zone_of("America/New_York").key == "America/New_York"
    for name in ("Europe", "posixrules", "localtime", "Factory", "", "../etc/passwd", "a\x00b"):
        with pytest.raises(errors.InvalidInput, match="There is no time zone"):
            zone_of(name)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("plan.json", "plan.json"),
        ("a\ud800b\x00.txt", "ab.txt"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\temp\\my week.csv", "C:-temp-my week.csv"),
        ("x" * 300 + ".csv", "x" * 96 + ".csv"),
        ("y" * 300, "y" * 100),
        ("a\nb.csv", "a b.csv"),
        ("", "file"),
        ("..", "file"),
        ("/.csv", "csv"),
    ],
)
def test_file_names(bot: Bot, sent: str, kept: str) -> None:
    ana = bot.person("Ana")
    said = Said(parts=("x",), files=(Upload(name=sent, content=b"1"),))
    inbound = Inbound(workspace=ana.workspace, person=ana.person, place=ana.place, what=said)
    assert upload(inbound) == Upload(name=kept, content=b"1")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("timetable", "timetable"),
        ("timetable please", "timetable"),
        ("timetable\n", "timetable"),
        ("timetable\nDay;Period\nMon;P1", "tt.read"),
        ("Timetable Day,Period,Subject", "tt.read"),
        ("next\nday,period", "next"),
    ],
)
def test_a_table_behind_the_verb(said: str, meant: str) -> None:
    assert verb(Said(parts=(said,))) == meant


async def test_lines_behind_the_verb_are_read(bot: Bot, ana: Hand) -> None:
    table = "timetable\nDay;Period;Subject\nMon;P1;Bio with "
    ben = bot.person("Ben").person
    said = Said(parts=(table, ben, "\nTue;P2;Art"))
    inbound = Inbound(workspace=ana.workspace, person=ana.person, place=ana.place, what=said)
    assert rest(inbound) == "Day;Period;Subject\nMon;P1;Bio with Ben\nTue;P2;Art"
    assert "I read 2 lessons on Mon and Tue" in summary(await ana.does(said))
