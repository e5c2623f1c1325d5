"""Several schools in one workspace: each has its own calendar, partners meet by the clock."""

from datetime import date

import pytest

from bot.domain.timetable.school import SchoolCalendar
from bot.ui.actions import action
from bot.ui.deliveries import Edit, Post
from tests.support.clicking import Bot, Hand, button, buttons, card, failed, form, summary, wrong
from tests.ui.test_pages_limits import within
from tests.usecases.test_noschool import news

TUESDAY = date(2026, 11, 24)
WEEK = "Mon, Tue, Wed, Thu, Fri"
NORTH = "P1 08:00-08:45\nP2 08:50-09:35\nP3 09:55-10:40"
SOUTH = "H1 07:30-08:30\nH2 08:40-09:40\nH3 09:50-10:50"
BERLIN = {"first": "2026-08-24", "until": "2027-06-18", "zone": "Europe/Berlin"}
# One hour behind Berlin: H1 is 08:30 to 09:30 there.
LONDON = {**BERLIN, "zone": "Europe/London"}


def calendar(bot: Bot, school: str = "") -> SchoolCalendar:
    found = bot.read(lambda work: work.times.calendar(school))
    assert found is not None
    return found


async def gives(hand: Hand, *periods: str) -> None:
    rows = [f"{day},{period},Bio" for day in WEEK.split(", ") for period in periods]
    await hand.submits("tt.read", text="\n".join(["day,period,subject", *rows]))
    assert "saved" in summary(await hand.clicks("tt.save"))


@pytest.fixture
async def schools(bot: Bot, ana: Hand, ben: Hand) -> None:
    """Let Ana teach at the first school, Ben at one called South, and both be free in part."""
    for hand in (ana, ben):
        await hand.clicks("next")
    await ana.submits("school.newsave", days=WEEK, bells=NORTH, **BERLIN)
    chosen = await ben.submits("school.minesave", school="=", other="  South ")
    within(chosen)
    assert "You teach at South. Its days and periods are not known yet" in summary(chosen)
    assert bot.read(lambda work: work.times.schools()) == [""]
    saved = await ben.presses(chosen, "Say when school is")
    saved = await ben.fills(saved, days=WEEK, bells=SOUTH, **LONDON)
    assert card(saved).title == "School calendar: South"
    await gives(ana, "P1", "P3")
    await gives(ben, "H2", "H3")
    assert bot.read(lambda work: work.times.schools()) == ["", "South"]


@pytest.mark.usefixtures("schools")
async def test_partners_of_two_schools_meet_by_the_clock(bot: Bot, ana: Hand, ben: Hand) -> None:
    assert calendar(bot).bells.names == ("P1", "P2", "P3")
    assert calendar(bot, "South").bells.names == ("H1", "H2", "H3")
    found = await ana.says("when", ben.person)
    lines = str(card(found).blocks)
    # Ana is free in P2, 08:50 to 09:35 in Berlin; Ben in H1, 07:30 to 08:30 in London.
    assert "08:50–09:30 · 40 min, part of a period" in lines
    assert "10 common slots" in summary(found)
    assert card(await ben.clicks("timetable")).title
    assert "No longer" not in summary(await ben.says("timetable"))


@pytest.mark.usefixtures("schools")
async def test_a_closed_day_is_that_of_one_school(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await ana.starts("Rivers", ben, template="short-form")
    for hand in (ana, ben):
        owner = hand.member.id
        await ana.submits(action("duty.save", plan), text="Map", owner=owner, due=f"{TUESDAY}")
    before = bot.everything()
    said = await ben.says("noschool tomorrow Storm")
    within(said)
    assert "1 reminder moved: yours to Wed 25 Nov" in summary(said)
    assert calendar(bot).closures == ()
    assert calendar(bot, "South").label_on(TUESDAY) is None
    told = [row for row in bot.everything()["outbox"] if str(row[1]).startswith("school:")]
    assert len(told) == 1
    assert "9 common slots" in summary(await ana.says("when", ben.person))
    back = await ana.presses(said, "Undo")  # anybody may, also of another school
    assert "There is school on Tue 24 Nov again." in summary(back)
    assert bot.everything()["reminders"] == before["reminders"]
    assert calendar(bot, "South").closures == ()


@pytest.mark.usefixtures("schools")
async def test_whoever_changes_school_is_told_what_no_longer_fits(bot: Bot, ana: Hand) -> None:
    shown = await ana.clicks("school")
    asked = form(await ana.presses(shown, "My school"))
    assert [option.label for option in asked.inputs[0].options] == [  # type: ignore[union-attr]
        "The first school here",
        "South",
    ]
    chosen = await ana.submits("school.minesave", school="=South")
    within(chosen)
    assert "Your timetable does not fit its days and periods" in summary(chosen)
    assert button(chosen, "Paste it again")
    again = await ana.submits("school.minesave", school="=South", other="south")
    assert ana.member.preferences.school == "South"
    assert not failed(again)
    back = await ana.submits("school.minesave", school="=")
    assert summary(back).startswith("Saved. You teach at the first school here.")
    assert "  " not in summary(back)
    assert [b.label for b in buttons(card(back))] == ["School calendar"]
    assert ana.member.preferences.school == ""
    assert len(bot.read(lambda work: work.times.schools())) == 2


@pytest.mark.usefixtures("schools")
async def test_a_timetable_waits_for_the_calendar_of_a_new_school(ana: Hand) -> None:
    chosen = await ana.submits("school.minesave", other="West")
    assert button(chosen, "Say when school is")
    shown = await ana.says("timetable")
    within(shown)
    assert summary(shown).startswith("Your timetable. Your timetable is kept, but when your")
    await ana.submits("school.minesave", school="=")
    assert summary(await ana.says("timetable")) == "Your timetable. It is saved."


@pytest.mark.usefixtures("schools")
async def test_holidays_of_one_school_are_not_taken_for_another(bot: Bot, ana: Hand) -> None:
    asked = form(await ana.presses(await ana.clicks("school"), "Public holidays"))
    shown = await ana.submits(asked.action, country="Germany", region="BE")
    before = calendar(bot, "South")
    await ana.submits("school.minesave", school="=South")
    assert failed(await ana.presses(shown, "Close "))
    assert calendar(bot, "South") == before


@pytest.mark.usefixtures("schools")
async def test_a_new_year_of_one_school_leaves_the_other_alone(bot: Bot, ben: Hand) -> None:
    stood = calendar(bot)
    bells = f"{SOUTH}\nH4 11:00-12:00"
    saved = await ben.submits("school.newsave", days=WEEK, bells=bells, **LONDON)
    assert not failed(saved)
    assert calendar(bot) == stood
    assert calendar(bot, "South").bells.names == ("H1", "H2", "H3", "H4")
    await ben.presses(saved, "Undo")
    assert calendar(bot, "South").bells.names == ("H1", "H2", "H3")
    lost = await ben.submits("school.bellsave", bells="X1 08:00-09:00", until="2027-06-18")
    assert "1 timetable" in summary(lost) or "Yours" in summary(lost)
    assert calendar(bot, "South").bells.names == ("H1", "H2", "H3"), "asked first"


@pytest.mark.parametrize(
    ("values", "says"),
    [({}, "Choose your school"), ({"other": "x" * 50}, "characters"), ({"other": "a|b"}, "sign")],
)
async def test_a_school_needs_a_name(
    bot: Bot, ana: Hand, values: dict[str, str], says: str
) -> None:
    await ana.clicks("next")
    before = bot.everything()
    assert says in wrong(await ana.submits("school.minesave", **values))["other"]
    after = bot.everything()
    assert after["members"] == before["members"]


@pytest.mark.usefixtures("schools")
async def test_partners_of_the_other_school_are_told_whose_day_it_is(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    await ana.starts("Rivers", ben, template="short-form")
    said = await ana.says("noschool 1 December Fair")
    (post,) = news(bot)
    assert isinstance(post, Post)
    assert post.card.summary == "Ana for the first school here: no school on Tue 1 Dec (Fair)."
    await ben.presses(said, "Undo")
    (edit,) = news(bot)
    assert isinstance(edit, Edit)
    assert edit.card.summary.startswith("This was taken back for the first school here. There is")
