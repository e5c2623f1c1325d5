"""The school's calendar belongs to everybody: one member's table never replaces it by the way."""

from datetime import date

import pytest

from bot.domain.timetable.school import SchoolCalendar
from bot.ui.actions import action
from bot.ui.forms import DateInput
from tests.support.clicking import Bot, Hand, button, buttons, card, failed, form, summary, wrong
from tests.ui.test_pages_limits import within

BELLS = "P1 08:00-08:45\nP2 08:50-09:35\nP3 09:55-10:40"
ROTATION = {"first": "2026-08-24", "until": "2027-06-18", "bells": BELLS, "zone": "Europe/Berlin"}
ASKED = {**ROTATION, "weekdays": ("0", "1", "2", "3", "4")}
CLOSURES = {
    "closures": "2026-12-21 to 2027-01-01 planned Winter",
    "labels": "2026-11-30 = B\n2026-12-01 = -",
    "terms": "2026-08-24 to 2027-06-18 Year",
    "planned": "skip",
    "unplanned": "shift",
}
MINE = "day,period,subject\nA,P1,Bio\nB,P2,Art\n"
WEEKDAYS = "day,period,subject\nMon,P1,Bio\nTue,P2,Art\n"


def calendar(bot: Bot) -> SchoolCalendar:
    found = bot.read(lambda work: work.times.calendar())
    assert found is not None
    return found


async def rotation(hand: Hand) -> None:
    assert not failed(await hand.submits("school.newsave", days="A, B", **ROTATION))
    assert not failed(await hand.submits("school.save", **CLOSURES))


async def gives(hand: Hand, table: str = MINE) -> None:
    await hand.submits("tt.read", text=table)
    assert "saved" in summary(await hand.clicks("tt.save"))


async def test_nothing_of_the_school_changes_before_the_week_is_saved(bot: Bot, ana: Hand) -> None:
    back = await ana.submits("tt.read", text=MINE)
    back = await ana.submits("tt.schoolsave", **ASKED)
    assert bot.read(lambda work: work.times.calendar()) is None
    assert "hold for the whole school" in str(card(back).blocks)
    again = form(await ana.presses(back, "Change when school is"))
    assert [one.initial for one in again.inputs if isinstance(one, DateInput)] == [
        date(2026, 8, 24),
        date(2027, 6, 18),
    ]
    await ana.presses(back, "Yes, save it")
    assert calendar(bot).cycle == ("A", "B")


async def test_a_table_of_other_days_leaves_the_calendar_as_it_is(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    await rotation(ana)
    await gives(ana)
    stood = calendar(bot)
    back = await ben.submits("tt.read", text=WEEKDAYS)
    told = str(card(back).blocks)
    assert "The school's days are A and B; your table has Mon and Tue." in told
    assert "They rotate" in told
    assert [b.label for b in buttons(card(back))] == ["Paste it again", "School calendar"]
    for reply in (
        await ben.clicks("tt.school"),
        await ben.submits("tt.schoolsave", **ASKED),
        await ben.clicks("tt.save"),
    ):
        assert failed(reply)
        assert "The school's days are A, B" in summary(reply)
    assert calendar(bot) == stood
    shown = await ben.presses(back, "School calendar")
    assert button(shown, "Start a new school year")


async def test_missing_periods_are_added_and_all_else_stays(bot: Bot, ana: Hand, ben: Hand) -> None:
    await rotation(ana)
    await gives(ana)
    stood = calendar(bot)
    back = await ben.submits("tt.read", text="day,period,subject\nA,P1,Bio\nB,P4,Art\n")
    assert "your table also has P4" in str(card(back).blocks)
    asked = form(await ben.presses(back, "Add clock times"))
    assert [one.key for one in asked.inputs] == ["bells"]
    assert "overlap" in wrong(await ben.submits(asked.action, bells="P4 10:00-10:50"))["bells"]
    assert "P4" in wrong(await ben.submits(asked.action, bells="P5 10:45-11:30"))["bells"]
    other = await ben.submits(asked.action, bells="P4 10:45-11:30\nP1 07:00-07:30")
    assert "“P1” has other times" in wrong(other)["bells"]
    back = await ben.submits(asked.action, bells="P4 10:45-11:30")
    assert calendar(bot) == stood, "not before it is saved"
    await ben.presses(back, "Yes, save it")
    now = calendar(bot)
    assert now.bells.names == ("P1", "P2", "P3", "P4")
    assert (now.closures, now.labels, now.terms) == (stood.closures, stood.labels, stood.terms)


async def test_a_calendar_that_came_meanwhile_wins(bot: Bot, ana: Hand, ben: Hand) -> None:
    await ben.submits("tt.read", text=MINE)
    back = await ben.submits("tt.schoolsave", **{**ASKED, "first": "2026-08-25"})
    await rotation(ana)
    stood = calendar(bot)
    assert not failed(await ben.presses(back, "Yes, save it"))
    assert calendar(bot) == stood


async def test_a_new_year_asks_before_timetables_stop_fitting(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    await rotation(ana)
    await gives(ana)
    await gives(ben, MINE.replace("B,P2", "C,P2").replace("C", "A"))
    stood = calendar(bot)
    opened = form(await ben.presses(await ben.clicks("school"), "Start a new"))
    answers = {**ROTATION, "days": "A, C", "first": "2026-08-31"}
    asked = await ben.submits(opened.action, **answers)
    within(asked)
    assert calendar(bot) == stood
    yes = button(asked, "Start it: 1 timetable no longer fits")
    assert failed(await ana.clicks(yes.action)), "it was Ben who gave the answers"
    await ben.clicks(yes.action)
    now = calendar(bot)
    assert now.cycle == ("A", "C")
    assert now.closures == stood.closures
    assert now.terms == stood.terms
    assert now.labels == {date(2026, 12, 1): None}, "there is no day B any more"
    assert (now.planned, now.unplanned) == (stood.planned, stood.unplanned)
    assert failed(await ben.clicks(yes.action))
    own = str(card(await ana.says("timetable")).blocks)
    assert "Your timetable no longer fits the school's calendar: paste it again." in own
    assert "There is no B there any more." in own


async def test_more_misfits_than_were_agreed_to_ask_again(bot: Bot, ana: Hand, ben: Hand) -> None:
    await rotation(ana)
    await gives(ana)
    asked = await ana.submits("school.newsave", **{**ROTATION, "days": "C, D"})
    await gives(ben)
    again = await ana.presses(asked, "Start it: 1 timetable")
    assert button(again, "Start it: 2 timetables no longer fit")
    assert calendar(bot).cycle == ("A", "B")


async def test_terms_of_another_year_are_not_kept(bot: Bot, ana: Hand) -> None:
    await rotation(ana)
    dates = {"first": "2027-08-23", "until": "2028-06-16"}
    await ana.submits("school.newsave", **{**ROTATION, **dates, "days": "A, B"})
    assert calendar(bot).terms == ()
    assert calendar(bot).label_on(date(2027, 8, 23)) == "A"


async def test_two_open_forms_do_not_overwrite_each_other(bot: Bot, ana: Hand, ben: Hand) -> None:
    await rotation(ana)
    theirs, mine = form(await ben.clicks("school.form")), form(await ana.clicks("school.form"))
    bells, year = form(await ben.clicks("school.bells")), form(await ben.clicks("school.new"))
    snow = CLOSURES["closures"] + "\n2026-11-25 unplanned Snow"
    assert not failed(await ana.submits(mine.action, **{**CLOSURES, "closures": snow}))
    stood = calendar(bot)
    late = {**CLOSURES, "closures": "2027-05-01 May", "planned": "shift"}
    told = wrong(await ben.submits(theirs.action, **late))
    assert set(told) == {"closures", "planned"}
    assert "2026-11-25 unplanned Snow" in told["closures"]
    changed = await ben.submits(bells.action, bells="P1 08:00-09:00", until="2027-06-18")
    assert "P2 08:50-09:35" in wrong(changed)["bells"]
    started = await ben.submits(year.action, **ROTATION, days="A, B")
    assert "changed the school's calendar meanwhile" in wrong(started)["days"]
    assert calendar(bot) == stood
    same = await ben.submits(theirs.action, **{**CLOSURES, "closures": snow})
    assert not failed(same), "what stands already may be said twice"


async def test_days_in_a_row_become_one_line_and_too_many_lines_are_refused(
    bot: Bot, ana: Hand
) -> None:
    await rotation(ana)
    days = "\n".join(f"2026-12-{day} Winter" for day in range(10, 32))
    assert not failed(await ana.submits("school.save", **{**CLOSURES, "closures": days}))
    opened = form(await ana.clicks("school.form"))
    within(await ana.clicks("school.form"))
    assert opened.inputs[0].initial == "2026-12-10 to 2026-12-31 planned Winter"  # type: ignore[union-attr]
    stood = calendar(bot)
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Sep", "Oct")
    many = "\n".join(
        f"{day} {month} A day off school" for month in months for day in range(1, 29, 2)
    )
    reply = await ana.submits("school.save", **{**CLOSURES, "closures": many})
    assert "at most 3,000 fit" in wrong(reply)["closures"]
    labels = "\n".join(f"{date(2026, 9, 1).replace(day=d, month=m)} = B"
                       for m in range(1, 13) for d in range(1, 29))  # fmt: skip
    reply = await ana.submits("school.save", **{**CLOSURES, "labels": labels})
    assert "at most 3,000 fit" in wrong(reply)["labels"]
    assert calendar(bot) == stood
    bells = "\n".join(f"{'Period number'} {n}" for n in range(240))
    reply = await ana.submits("school.bellsave", bells=bells, until="2027-06-18")
    assert "at most 3,000 fit" in wrong(reply)["bells"]


@pytest.mark.parametrize(
    ("key", "typed", "says"),
    [
        ("zone", "Mars/Base", "There is no time zone"),
        ("zone", "Factory", "There is no time zone"),
        ("until", "2020-01-01", "too far away"),
        ("until", "2026-08-01", "before it begins"),
        ("bells", "P|1 08:00-08:45", "“|” in its name"),
        ("bells", "x" * 41, "At most 40 fit"),
        ("bells", "P1\n[a|b: A]\nP1", "“|” in its name"),
        ("days", "A|x, B", "“|” in its name"),
        ("days", "A, A", "different names"),
        ("days", "d" * 41, "At most 40 fit"),
    ],
)
async def test_what_is_wrong_stands_below_its_own_input(
    ana: Hand, key: str, typed: str, says: str
) -> None:
    answers = {"days": "A, B", **ROTATION, key: typed}
    told = wrong(await ana.submits("school.newsave", **answers))
    assert list(told) == [key]
    assert says in told[key]


async def test_weekdays_are_asked_of_a_rotation_only(ana: Hand) -> None:
    await ana.submits("tt.read", text=MINE)
    assert "weekdays" in wrong(await ana.submits("tt.schoolsave", **ROTATION))
    back = await ana.submits("tt.read", text=WEEKDAYS)
    asked = form(await ana.presses(back, "Say when school is"))
    assert "weekdays" not in {one.key for one in asked.inputs}
    assert not failed(await ana.submits("tt.schoolsave", **ROTATION))


@pytest.mark.parametrize(
    "row", ["A|x,P1,Bio", f"A,{'p' * 41},Bio", "\n".join(f"D{n},P1,Bio" for n in range(11))]
)
async def test_a_table_that_no_calendar_can_hold(bot: Bot, ana: Hand, row: str) -> None:
    assert failed(await ana.submits("tt.read", text=f"day,period,subject\n{row}\n"))
    assert not bot.everything()["drafts"]


async def test_a_school_without_clock_times(ana: Hand, ben: Hand) -> None:
    await ana.submits("tt.read", text=MINE)
    back = await ana.submits("tt.schoolsave", **{**ASKED, "bells": "P1\nP2"})
    assert "Without clock times I cannot place it" in str(card(back).blocks)
    saved = await ana.presses(back, "Yes, save it")
    assert "Without clock times I cannot place it" in summary(saved)
    assert form(await ana.presses(saved, "Add the bell schedule")).title == "Bell schedules"
    own = await ana.says("timetable")
    assert "Without clock times I cannot place it" in str(card(own).blocks)
    within(own)
    found = await ana.says("when", ben.person)
    assert "There are no clock times yet for you" in str(card(found).blocks)
    within(found)
    assert "have no clock times" in str(card(await ana.clicks("school")).blocks)
    bells = await ana.submits("school.bellsave", bells=BELLS, until="2027-06-18")
    assert not failed(bells)
    assert "Without clock times" not in str(card(await ana.says("timetable")).blocks)


async def test_a_draft_of_several_people_is_settled_first(ana: Hand) -> None:
    await ana.submits("tt.read", text="teacher,day,period\nX,A,P1\nY,A,P2\n")
    for reply in (await ana.clicks("tt.planning", "Bio"), await ana.clicks(action("tt.save"))):
        assert "not settled yet who you are" in summary(reply)


@pytest.mark.parametrize(
    "line",
    [
        "2026-12-21 - 2027-01-01 Winter",
        "21 Dec – 1 Jan Winter",
        "Dec 21 - Jan 1 Winter",
        "21.12.2026 until 1.1.2027: Winter",
        "12/21/2026 to 1/1/2027 - Winter",
    ],
)
async def test_closed_days_in_a_line_as_people_write_them(bot: Bot, ana: Hand, line: str) -> None:
    await rotation(ana)
    assert not failed(await ana.submits("school.save", closures=line))
    (closure,) = calendar(bot).closures
    assert (f"{closure.start}", f"{closure.end}", closure.name) == (
        "2026-12-21",
        "2027-01-01",
        "Winter",
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2026-12-21 2027-01-01 Winter", "is not a date, or a date to a date"),
        ("21 Dec and 23 Dec", "is not a date, or a date to a date"),
        ("12/3/2026 Fair", "may be 12 March or 3 December"),
    ],
)
async def test_closed_days_that_may_be_others_are_refused(
    bot: Bot, ana: Hand, line: str, says: str
) -> None:
    await rotation(ana)
    before = calendar(bot)
    assert says in wrong(await ana.submits("school.save", closures=line))["closures"]
    assert calendar(bot) == before
