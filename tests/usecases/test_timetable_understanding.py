"""Files of timetable programs in the chat: shown back, asked about, compared with what is saved."""

import pytest

from bot.domain.timetable.timetable import Cell, Use
from bot.ui.cards import Select
from tests.support.clicking import Bot, Hand, card, failed, form, summary
from tests.ui.test_pages_limits import within

DAYS = "".join(
    f"<daysdef name='{name}' days='{'0' * at}1{'0' * (4 - at)}'/>"
    for at, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri"))
)
ASC = (
    "<timetable><periods><period period='1' name='Pd1' starttime='7:45' endtime='8:30'/>"
    "<period period='2' name='Pd2' starttime='8:30' endtime='9:15'/></periods>"
    f"<daysdefs>{DAYS}</daysdefs><subjects><subject id='S1' name='Art'/>"
    "<subject id='S2' name='Besprechung'/><subject id='S3' name='Mittag'/></subjects>"
    "<teachers><teacher id='T1' name='Ode, ana'/><teacher id='T2' name='Ben'/></teachers><lessons>"
    "<lesson id='L1' subjectid='S1' teacherids='T1' periodspercard='1'/>"
    "<lesson id='L2' subjectid='S2' teacherids='T1,T2' periodspercard='1'/>"
    "<lesson id='L3' subjectid='S3' teacherids='T1' periodspercard='1'/></lessons><cards>"
    "<card lessonid='L1' period='1' days='10000'/><card lessonid='L2' period='2' days='10000'/>"
    "<card lessonid='L3' period='2' days='01000'/><card lessonid='L3' period='' days=''/>"
    "</cards></timetable>"
)
MOVED = ASC.replace("period='1' days='10000'", "period='1' days='00100'")
YEAR = {"first": "2026-08-24", "until": "2027-06-18", "zone": "Europe/Berlin"}


def blocks(reply: object) -> str:
    return str(card(reply).blocks)  # type: ignore[arg-type]


def offered(reply: object, name: str) -> list[str]:
    menus = (block for block in card(reply).blocks if isinstance(block, Select))  # type: ignore[arg-type]
    return [option.value for menu in menus if menu.action.name == name for option in menu.options]


def saved(bot: Bot, hand: Hand) -> dict[tuple[str, str], Cell]:
    found = bot.read(lambda work: work.times.timetables([hand.member.id]))
    return dict(found[hand.member.id].cells)


async def reads(hand: Hand, text: str) -> object:
    return await hand.submits("tt.read", text=text, person="Ana Ode")


async def saves(hand: Hand) -> object:
    bells = form(await hand.clicks("tt.school"))
    [told] = [one.initial for one in bells.inputs if one.key == "bells"]
    assert told == "1 07:45-08:30\n2 08:30-09:15"
    assert not failed(await hand.submits("tt.schoolsave", bells=told, **YEAR))
    return await hand.clicks("tt.save")


async def test_a_file_of_asc_is_shown_back_and_asked_about(bot: Bot, ana: Hand) -> None:
    back = await reads(ana, ASC)
    assert "I read 3 lessons of Ode, ana on Mon, Tue, Wed, Thu and Fri" in summary(back)
    assert "“Besprechung” looks like a meeting and “Mittag” looks like a break" in blocks(back)
    assert "Cards without a place in the week, left out: 1." in blocks(back)
    assert offered(back, "tt.notlesson") == ["free:Besprechung", "break:Mittag", "free:Art"]
    assert offered(back, "tt.planning")[0] in {"Besprechung", "Mittag", "Art"}
    within(back)
    await ana.clicks("tt.notlesson", "free:Besprechung")
    back = await ana.clicks("tt.notlesson", "break:Mittag")
    assert "looks like" not in blocks(back)
    assert "I read 1 lesson of" in summary(back)
    assert "saved" in summary(await saves(ana))
    uses = {place: cell.use for place, cell in saved(bot, ana).items()}
    assert uses == {
        ("Mon", "1"): Use.LESSON,
        ("Mon", "2"): Use.FREE,
        ("Tue", "2"): Use.BREAK,
    }


async def test_a_second_import_says_what_changed_and_keeps_what_was_said(
    bot: Bot, ana: Hand
) -> None:
    await reads(ana, ASC)
    await ana.clicks("tt.notlesson", "free:Besprechung")
    await ana.clicks("tt.planning", "Mittag")
    await saves(ana)

    again = await reads(ana, ASC)
    assert "Nothing is other than in your saved timetable" in blocks(again)
    said = "As you said before, “Besprechung” is not busy time and “Mittag” is preparation."
    assert said in blocks(again)

    moved = await reads(ana, MOVED)
    assert "2 periods are other than in your saved timetable" in blocks(moved)
    assert "Mon 1: Art → free" in blocks(moved)
    assert "Wed 1: free → Art" in blocks(moved)
    within(moved)
    done = await ana.clicks("tt.save")
    assert "Wed 1: free → Art" in blocks(done)
    within(done)
    assert ("Wed", "1") in saved(bot, ana)
    assert saved(bot, ana)["Tue", "2"].use is Use.PLANNING


async def test_a_first_import_has_nothing_to_compare(ana: Hand) -> None:
    assert "saved timetable" not in blocks(await reads(ana, ASC))


async def test_long_lists_of_changes_are_cut(ana: Hand) -> None:
    rows = "".join(f"{day},{n},Art\n" for day in ("Mon", "Tue", "Wed", "Thu", "Fri") for n in "12")
    await reads(ana, ASC)
    await saves(ana)
    back = await ana.submits("tt.read", text=f"day,period,subject\n{rows}")
    assert "9 periods are other" in blocks(back)
    assert "and 1 more change" in blocks(back)
    within(back)


async def test_half_days_are_asked_about(ana: Hand) -> None:
    rows = "".join(f"{day} {half},1,Art\n" for day in ("Sun", "Mon") for half in ("AM", "PM"))
    back = await ana.submits("tt.read", text=f"day,period,subject\n{rows}")
    assert "look like halves of days" in blocks(back)
    within(back)


@pytest.mark.parametrize("choice", ["nonsense:Art", "Art", ""])
async def test_a_choice_that_is_none_changes_nothing(ana: Hand, choice: str) -> None:
    await reads(ana, ASC)
    before = blocks(await ana.clicks("tt.planning", "Nobody"))
    await ana.clicks("tt.notlesson", choice)
    assert blocks(await ana.clicks("tt.planning", "Nobody")) == before


UNTIS = '1;"4a";"Ana Ode";"Art";"";1;1;;\n2;"4a";"Ana Ode";"Bio";"";5;2;;\n'


async def test_numbered_days_are_asked_about_and_become_weekdays(bot: Bot, ana: Hand) -> None:
    back = await reads(ana, UNTIS)
    assert "say which one is 1" in blocks(back)
    within(back)
    named = await ana.presses(back, "1 is Monday")
    assert "Is this your week?" in summary(named)
    assert "say which one is 1" not in blocks(named)
    asked = form(await ana.clicks("tt.school"))
    assert "weekdays" not in {one.key for one in asked.inputs}
    bells = "1 08:00-08:45\n2 08:50-09:35"
    assert not failed(await ana.submits("tt.schoolsave", bells=bells, **YEAR))
    await ana.clicks("tt.save")
    assert set(saved(bot, ana)) == {("Mon", "1"), ("Fri", "2")}

    again = await reads(ana, UNTIS.replace("5;2", "4;2"))
    named = await ana.presses(again, "1 is Monday")
    assert "2 periods are other" in blocks(named)
    assert "Thu 2: free → Bio" in blocks(named)


async def test_weekdays_are_called_as_the_school_calls_them(bot: Bot, ana: Hand) -> None:
    names = "So, Mo, Di, Mi, Do"
    bells = "1 08:00-08:45\n2 08:50-09:35"
    year = {**YEAR, "weekdays": ("6", "0", "1", "2", "3")}
    assert not failed(await ana.submits("school.newsave", days=names, bells=bells, **year))
    named = await ana.presses(await reads(ana, UNTIS), "1 is Sunday")
    assert "school's days are" not in blocks(named)
    await ana.clicks("tt.save")
    assert set(saved(bot, ana)) == {("So", "1"), ("Do", "2")}


async def test_days_with_names_are_not_renamed(ana: Hand) -> None:
    await reads(ana, ASC)
    before = blocks(await ana.clicks("tt.planning", "Nobody"))
    await ana.clicks("tt.firstday:0")
    assert blocks(await ana.clicks("tt.planning", "Nobody")) == before


async def test_a_colleagues_file_with_other_names_for_the_same_days_and_times(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    await reads(ana, ASC)
    await saves(ana)
    rows = "Lundi,Heure A (07:45-08:30),Musique\nMardi,Heure B (08:30-09:15),Musique\n"
    back = await ben.submits("tt.read", text=f"Jour,Heure,Matière\n{rows}")
    assert "I read 2 lessons on Mon and Tue" in summary(back)
    await ben.presses(back, "Yes, save it")
    assert set(saved(bot, ben)) == {("Mon", "1"), ("Tue", "2")}


async def test_periods_that_look_like_breaks_are_proposed_as_breaks(bot: Bot, ana: Hand) -> None:
    more = ASC.replace("<period period='2'", "<period period='3' name='Brk'/><period period='2'")
    await reads(ana, more)
    asked = form(await ana.clicks("tt.school"))
    [told] = [one.initial for one in asked.inputs if one.key == "bells"]
    assert told == "1 07:45-08:30\n2 08:30-09:15\n3 (break)"
    bells = told.replace("3 (break)", "3 09:15-09:30 (break)")
    await ana.submits("tt.schoolsave", bells=bells, **YEAR)
    await ana.clicks("tt.save")
    calendar = bot.read(lambda work: work.times.calendar())
    assert calendar is not None
    day = calendar.bells.schedules[calendar.bells.default]
    assert [period.is_break for period in day.in_order()] == [False, False, True]
