"""No school for some groups alone, and school that ends early: said in a line, and taken back."""

from datetime import date, time

import pytest

from bot.domain.places import MessageRef
from bot.domain.timetable.school import ClosureKind
from bot.usecases.timetable.said_days import NoSchool, read_said
from tests.support.clicking import Bot, Hand, buttons, card, failed, form, summary, wrong
from tests.ui.test_pages_limits import within
from tests.usecases.test_noschool import THREAD, TUESDAY, alarms, calendar, news, school

WEDNESDAY = date(2026, 11, 25)


@pytest.fixture
async def plan(bot: Bot, ana: Hand, ben: Hand) -> str:
    """Return a plan; Ana teaches Grade 9 alone, Ben Grade 9 and Grade 10."""
    plan = await school(bot, ana, ben)
    assert not failed(await ana.submits("tt.groupssave", groups="Grade 9"))
    assert not failed(await ben.submits("tt.groupssave", groups="Grade 9, Grade 10"))
    bot.told()
    return plan


def test_noon_is_a_time() -> None:
    told = read_said(NoSchool(text="tomorrow from noon, storm"), WEDNESDAY)
    assert (told.early, told.closure.name) == (time(12), "storm")


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize(
    "words",
    [
        "noschool tomorrow only grade 9: Trip",
        "noschool tomorrow (only Grade 9) Trip",
        "noschool tomorrow unplanned Trip (only for Grade  9)",
        "noschool tomorrow Trip for Grade 9 only",
    ],
)
async def test_who_teaches_others_too_has_school(bot: Bot, ana: Hand, words: str) -> None:
    before = alarms(bot)
    said = await ana.says(words)
    within(said)
    assert "No school for " in summary(said)
    assert "on Tue 24 Nov (Trip). The others have school" in summary(said)
    assert "1 reminder moved: yours to Thu 26 Nov, 08:50 (P2)." in summary(said)
    (closure,) = calendar(bot).closures
    assert (closure.start, closure.kind, closure.name) == (TUESDAY, ClosureKind.UNPLANNED, "Trip")
    assert [name.casefold() for name in closure.only] == ["grade 9"]
    assert calendar(bot).label_on(TUESDAY) == "B"
    assert [b.label for b in buttons(card(said))] == ["Undo", "School calendar", "My groups"]
    back = await ana.presses(said, "Undo")
    assert summary(back).lower().startswith("there is school for grade 9 on tue 24 nov again.")
    assert "1 reminder moved back" in summary(back)
    assert alarms(bot) == before


@pytest.mark.usefixtures("plan")
async def test_it_moves_for_whom_all_groups_are_closed(bot: Bot, ana: Hand, ben: Hand) -> None:
    said = await ana.says("noschool tomorrow only Grade 9, Grade 10")
    assert "No school for Grade 9 and Grade 10 on Tue 24 Nov." in summary(said)
    assert "2 reminders moved" in summary(said)
    more = await ben.says("noschool tomorrow only Grade 9")
    assert failed(more)
    assert "There is no school on Tuesday 2026-11-24 already" in summary(more)
    assert len(calendar(bot).closures) == 1


@pytest.mark.usefixtures("plan")
async def test_school_ends_early_for_everybody(bot: Bot, ana: Hand, ben: Hand) -> None:
    before = alarms(bot)
    said = await ana.says("noschool tomorrow from 8:50 Storm")
    within(said)
    assert "School ends at 08:50 on Tue 24 Nov (Storm)." in summary(said)
    assert "2 reminders moved" in summary(said)
    assert calendar(bot).bells.dismissals == {TUESDAY: time(8, 50)}
    back = await ben.presses(said, "Undo")
    assert "School does not end at 08:50 on Tue 24 Nov any more." in summary(back)
    assert alarms(bot) == before


@pytest.mark.usefixtures("plan")
async def test_school_ends_early_for_some(bot: Bot, ana: Hand, ben: Hand) -> None:
    before = alarms(bot)
    said = await ana.says("noschool tomorrow to Wednesday after 8:50 only Grade 9 and Grade 10")
    assert "School ends at 08:50 for Grade 9 and Grade 10 on Tue 24 Nov to Wed 25 Nov" in summary(
        said
    )
    assert "2 reminders moved" in summary(said)
    bells = calendar(bot).bells
    assert bells.dismissals == {}
    assert [(one.day, one.until) for one in bells.partly] == [
        (TUESDAY, time(8, 50)),
        (WEDNESDAY, time(8, 50)),
    ]
    shown = form(await ben.clicks("school.bells")).inputs[0]
    line = "[until 08:50: 2026-11-24 (only Grade 9, Grade 10), 2026-11-25 (only Grade 9, Grade 10)]"
    assert line in str(getattr(shown, "initial", ""))
    await ana.presses(said, "Undo")
    assert alarms(bot) == before
    later = await ana.says("noschool tomorrow after 8:50 only Grade 9")
    assert "1 reminder moved" in summary(later), "Ben teaches Grade 10 as well"
    sooner = await ana.says("noschool tomorrow after 8:20 only Grade 9")
    assert [one.until for one in calendar(bot).bells.partly] == [time(8, 20)]
    assert "School ends at 08:20" in summary(sooner)


@pytest.mark.usefixtures("plan")
async def test_other_bells_for_some_are_typed_and_taken_back(bot: Bot, ana: Hand) -> None:
    before = alarms(bot)
    bells = (
        "P1 08:00-08:45\nP2 08:50-09:35\nP3 09:55-10:40\n\n"
        "[late: 2026-11-24 (only Grade 9)]\nP2 12:00-12:30\nP3 12:40-13:10"
    )
    saved = await ana.submits("school.bellsave", bells=bells, until="2027-06-18")
    assert "1 reminder moved: yours to Tue 24 Nov, 12:00 (P2)." in summary(saved)
    await ana.presses(saved, "Undo")
    assert alarms(bot) == before


async def test_partners_hear_which_groups_and_when(
    bot: Bot, ana: Hand, ben: Hand, plan: str
) -> None:
    at = MessageRef(place=THREAD, message="t1")
    bot.write(lambda work: work.plans.set_card(bot.plan(plan).id, at))
    first = await ana.says("noschool tomorrow only Grade 9")
    (told,) = news(bot)
    assert told.card.summary == (  # type: ignore[attr-defined]
        "Ana: no school for Grade 9 on Tue 24 Nov. 1 reminder moved with it."
    )
    await ana.presses(first, "Undo")
    (edited,) = news(bot)
    assert "There is school for Grade 9 on Tue 24 Nov again." in edited.card.summary  # type: ignore[attr-defined]
    early = await ben.says("noschool 3 December from 10:00")
    (told,) = news(bot)
    assert told.card.summary.startswith("Ben: school ends at 10:00 on Thu 3 Dec.")  # type: ignore[attr-defined]
    assert "Undo" in {b.label for b in buttons(told.card)}  # type: ignore[attr-defined]
    await ben.presses(early, "Undo")
    (edited,) = news(bot)
    assert "School does not end at 10:00 on Thu 3 Dec any more." in edited.card.summary  # type: ignore[attr-defined]


@pytest.mark.usefixtures("plan")
async def test_the_form_takes_groups_and_a_time(ana: Hand) -> None:
    asked = await ana.clicks("noschool.form")
    within(asked)
    told = await ana.fills(asked, first="2026-12-03", only="Grade 9", kind="planned")
    assert "No school for Grade 9 on Thu 3 Dec." in summary(told)
    told = await ana.fills(asked, first="2026-12-07", reason="from 10:00 Concert")
    assert "School ends at 10:00 on Mon 7 Dec (Concert)." in summary(told)


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize(
    ("only", "told"),
    [("4B (AM)", "The group “4B (AM)” has a “(”"), ("4B, a]b", "“]”"), ("x" * 50, "too long")],
)
async def test_a_group_that_could_not_be_written_in_a_line_is_refused(
    bot: Bot, ana: Hand, only: str, told: str
) -> None:
    before = bot.everything()
    for reason in ("", "from 10:00"):
        bad = await ana.submits("noschool.save", first="2026-12-03", only=only, reason=reason)
        assert told in wrong(bad)["only"]
    assert bot.everything() == before


BAD = {
    "noschool tomorrow only 4B]": "has a “]” in its name",
    "noschool tomorrow from 7:30": "School does not begin before 07:30 on 2026-11-24",
    "noschool tomorrow from 15:00": "There is no school after 15:00 then anyway",
    "noschool 28 November from 9:00": "There is no school after 09:00 then anyway",
    f"noschool tomorrow only {'x' * 50}": "is too long for a group",
    "noschool tomorrow afternoon": "I do not understand “afternoon”",
    "noschool tomorrow for Grade 9": "I do not understand “for Grade 9”",
    "noschool tomorrow grades 9 and 10": "I do not understand “grades 9”",
    "noschool tomorrow for everyone but Grade 9": "I do not understand “but”",
    "noschool tomorrow except Grade 9": "I do not understand “except”",
    "noschool tomorrow only me": "I do not understand “only me”",
    "noschool tomorrow for us": "I do not understand “for us”",
    "noschool tomorrow after lunch": "I do not understand “after lunch”",
    "noschool tomorrow two hours late": "I do not understand “hours”",
    "noschool tomorrow early dismissal": "I do not understand “early dismissal”",
    "noschool tomorrow from 1": "Is “from 1” before or after noon?",
    "noschool Fridays in December": "“Fridays” are many days. Give one: Friday.",
    "noschool tomorrow period 1": "I do not understand “period 1”",
    "noschool tomorrow for the 3rd lesson": "I do not understand “3rd lesson”",
    "noschool tomorrow only": "I do not understand “only”",
    "noschool tomorrow Storm 13:05": "I do not understand “13:05”",
    "noschool 25 November only Grade 9": "has a day of its own in the school's calendar",
}


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize(("words", "told"), BAD.items())
async def test_what_changes_nothing_is_refused(bot: Bot, ana: Hand, words: str, told: str) -> None:
    await ana.submits("school.save", labels="2026-11-25 = A")
    before = bot.everything()
    said = await ana.says(words)
    within(said)
    assert failed(said)
    assert told in summary(said)
    assert bot.everything() == before


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize(
    "words",
    [
        "from 10:00 only for Grade 9 and 10: Storm",
        "(only Grade 9, Grade 10) from 10:00 Storm",
        "Storm, after 10 am (only Grade 9 & 10)",
        "unplanned Storm at 10.00 for Grade 9 and Grade 10 only",
    ],
)
async def test_the_words_may_come_in_any_order(bot: Bot, ana: Hand, words: str) -> None:
    said = await ana.says(f"noschool tomorrow {words}")
    assert not failed(said), said
    assert "School ends at 10:00 for Grade 9 and Grade 10 on Tue 24 Nov (Storm)." in summary(said)
    assert len(calendar(bot).bells.partly) == 1


async def test_half_term_is_a_reason(bot: Bot, ana: Hand, ben: Hand) -> None:
    await school(bot, ana, ben)
    said = await ana.says("noschool 3 to 5 December half-term")
    assert "No school on Thu 3 Dec to Fri 4 Dec (half-term)." in summary(said)


async def test_without_clock_times_no_day_can_end_early(bot: Bot, ana: Hand, ben: Hand) -> None:
    await school(bot, ana, ben)
    await ana.submits("school.bellsave", bells="P1\nP2\nP3", until="2027-06-18")
    before = calendar(bot)
    said = await ana.says("noschool tomorrow from 10:00")
    assert failed(said)
    assert "no clock times yet" in summary(said)
    assert calendar(bot) == before


@pytest.mark.usefixtures("plan")
async def test_a_list_of_other_bells_that_is_full_is_told(bot: Bot, ana: Hand) -> None:
    """What does not fit the form of the bells any more could never be taken out of it."""
    groups = ", ".join(f"Group {'x' * 25} {number}" for number in range(7))
    days = ("23 November to 4 December", "7 to 18 December", "4 to 15 January")
    said = [await ana.says(f"noschool {some} from 9:30 (only {groups})") for some in days]
    assert [failed(one) for one in said] == [False, True, True]
    assert "The list of days with other bells is full." in summary(said[-1])
    assert len(calendar(bot).bells.partly) == 10
