"""A calendar feed given in the chat: in the school's own periods when the school is known."""

from bot.chat.inbound import Upload
from bot.domain.timetable.timetable import Timetable, Use
from tests.support.clicking import Bot, Hand, card, failed, menus, summary

BELLS = "P1 08:00-08:45\nP2 08:50-09:35\nP3 09:55-10:40"
ROTATION = {"first": "2026-11-02", "until": "2027-06-18", "bells": BELLS, "zone": "Europe/Berlin"}


def feed(name: str, *lessons: tuple[str, str, str, str]) -> bytes:
    """Lessons as (first start in Berlin, end, rule, what)."""
    events = (
        f"BEGIN:VEVENT\r\nDTSTART;TZID=Europe/Berlin:{start}\r\nDTEND;TZID=Europe/Berlin:{end}\r\n"
        f"RRULE:{rule}\r\nSUMMARY:{what}\r\nEND:VEVENT\r\n"
        for start, end, rule, what in lessons
    )
    head = f"BEGIN:VCALENDAR\r\nX-WR-CALNAME:{name}\r\nX-WR-TIMEZONE:Europe/Berlin\r\n"
    return f"{head}{''.join(events)}END:VCALENDAR\r\n".encode()


# From Monday on every second weekday: in a rotation of two days always on A.
EVERY_A = "FREQ=WEEKLY;BYDAY=MO,WE,FR;INTERVAL=2;COUNT=9"
EVERY_A_TOO = "FREQ=WEEKLY;BYDAY=TU,TH;INTERVAL=2;COUNT=6"
ART = ("20261102T080000", "20261102T084500", EVERY_A, "Art")
MORE_ART = ("20261110T080000", "20261110T084500", EVERY_A_TOO, "Art")
MEETING = ("20261102T095500", "20261102T104000", EVERY_A, "Staff meeting")


async def school(hand: Hand) -> None:
    assert not failed(await hand.submits("school.newsave", days="A, B", **ROTATION))


def saved(bot: Bot, hand: Hand) -> Timetable:
    member = hand.member.id
    return bot.read(lambda work: work.times.timetables([member]))[member]


async def gives(hand: Hand, data: bytes) -> str:
    reply = await hand.says("timetable", files=(Upload(name="cal.ics", content=data),))
    assert not failed(reply), reply
    return str(card(reply).blocks)


async def test_a_feed_is_read_back_in_the_periods_of_the_school(bot: Bot, ana: Hand) -> None:
    await school(ana)
    told = await gives(ana, feed("Ana", ART, MORE_ART))
    assert "P1" in told
    assert "08:00-08:45" not in told
    assert not failed(await ana.clicks("tt.save"))
    cells = saved(bot, ana).cells
    assert {place: (cell.use, cell.what) for place, cell in cells.items()} == {
        ("A", "P1"): (Use.LESSON, "Art")
    }


async def test_a_second_import_says_what_is_other(bot: Bot, ana: Hand) -> None:
    await school(ana)
    await gives(ana, feed("Ana", ART, MORE_ART))
    await ana.clicks("tt.save")
    told = await gives(ana, feed("Ana", ART, MORE_ART))
    assert "Nothing is other than in your saved timetable." in told
    told = await gives(ana, feed("Ana", ART, MORE_ART, MEETING))
    assert "1 period is other than in your saved timetable" in told
    assert "Staff meeting" in told
    assert saved(bot, ana).cell("A", "P3").use is Use.FREE, "nothing is saved before it is said"


MOVED = (
    b"BEGIN:VEVENT\r\nUID:art\r\nRECURRENCE-ID;TZID=Europe/Berlin:20261104T080000\r\n"
    b"DTSTART;TZID=Europe/Berlin:20261104T095500\r\nDTEND;TZID=Europe/Berlin:20261104T104000\r\n"
    b"SUMMARY:Art\r\nEND:VEVENT\r\n"
)


async def test_a_moved_lesson_is_kept_for_its_date_and_told(bot: Bot, ana: Hand) -> None:
    await school(ana)
    stays = feed("Ana", ART, MORE_ART)
    stays = stays.replace(b"BEGIN:VEVENT", b"BEGIN:VEVENT\r\nUID:art", 1)
    await gives(ana, stays)
    await ana.clicks("tt.save")
    told = await gives(ana, stays.replace(b"END:VCALENDAR", MOVED + b"END:VCALENDAR"))
    assert "2 periods are other than in your saved timetable" in told
    assert "2026-11-04 P1 free, P3 “Art”" in told or "2026-11-04 P3 “Art”, P1 free" in told
    await ana.clicks("tt.save")
    [(day, cells)] = saved(bot, ana).dated.items()
    assert f"{day}" == "2026-11-04"
    assert {period: cell.use for period, cell in cells.items()} == {
        "P1": Use.FREE,
        "P3": Use.LESSON,
    }


async def test_a_meeting_in_a_feed_is_asked_about(ana: Hand) -> None:
    await school(ana)
    data = feed("Ana", ART, MORE_ART, MEETING)
    reply = await ana.says("timetable", files=(Upload(name="cal.ics", content=data),))
    assert any("Staff meeting" in str(menu.options) for menu in menus(card(reply)))


async def test_several_calendars_in_a_file_are_matched_by_name(bot: Bot, ana: Hand) -> None:
    await school(ana)
    both = feed("Lowe, Ben", MEETING) + feed("ANA", ART, MORE_ART)
    await gives(ana, both)
    await ana.clicks("tt.save")
    assert set(saved(bot, ana).cells) == {("A", "P1")}


async def test_without_a_school_the_feed_tells_its_week_and_its_clock_times(ana: Hand) -> None:
    weekly = ("20261102T080000", "20261102T084500", "FREQ=WEEKLY;COUNT=9", "Art")
    told = await gives(ana, feed("Ana", weekly))
    assert "08:00-08:45" in told
    assert "Say when school is" in told


WEEKLY = ("20261102T080000", "20261102T084500", "FREQ=WEEKLY;COUNT=9", "Art")
YEAR = {"first": "2026-11-02", "until": "2027-06-18", "zone": "Europe/Berlin"}


async def test_single_dates_are_kept_also_where_the_school_is_asked_for_after_it(
    bot: Bot, ana: Hand
) -> None:
    """The lesson of 16 November is moved to 09:55, that of 30 November does not take place."""
    weekly = feed("Ana", WEEKLY, (*MEETING[:2], "FREQ=WEEKLY;COUNT=9", "Staff meeting"))
    weekly = weekly.replace(b"BEGIN:VEVENT", b"BEGIN:VEVENT\r\nUID:art", 1)
    weekly = weekly.replace(
        b"SUMMARY:Art", b"EXDATE;TZID=Europe/Berlin:20261130T080000\r\nSUMMARY:Art"
    )
    moved = MOVED.replace(b"20261104T0", b"20261116T0").replace(b"20261104T1", b"20261116T1")
    moved = moved.replace(b"T095500", b"T110000").replace(b"T104000", b"T114500")
    told = await gives(ana, weekly.replace(b"END:VCALENDAR", moved + b"END:VCALENDAR"))
    assert "08:00-08:45" in told
    bells = "08:00-08:45\n09:55-10:40\n11:00-11:45"
    again = await ana.submits("tt.schoolsave", bells=bells, **YEAR)
    assert not failed(again), again
    assert "2026-11-16" in str(card(again).blocks)
    assert not failed(await ana.clicks("tt.save"))
    found = saved(bot, ana)
    assert {place: cell.what for place, cell in found.cells.items()} == {
        ("Monday", "08:00-08:45"): "Art",
        ("Monday", "09:55-10:40"): "Staff meeting",
    }
    dated = {
        f"{day}": {period: cell.what for period, cell in cells.items()}
        for day, cells in found.dated.items()
    }
    assert dated == {
        "2026-11-16": {"08:00-08:45": "", "11:00-11:45": "Art"},
        "2026-11-30": {"08:00-08:45": ""},
    }


async def test_what_cannot_be_read_changes_nothing(bot: Bot, ana: Hand) -> None:
    await school(ana)
    await gives(ana, feed("Ana", ART, MORE_ART))
    await ana.clicks("tt.save")
    stood = bot.everything()
    for text in (
        "https://127.0.0.1/cal.ics",
        "http://calendar.example/cal.ics",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY\nEND:VEVENT\n",
    ):
        reply = await ana.submits("tt.read", text=text)
        assert failed(reply)
        assert summary(reply).count(".") <= 4
    changed = {"inbox"}
    now = bot.everything()
    assert {k: v for k, v in now.items() if k not in changed} == {
        k: v for k, v in stood.items() if k not in changed
    }
