"""No school: a closure in one line, the reminders that move with it, and taking it back."""

from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.places import MessageRef, Place, PlaceKind
from bot.domain.reminders.notices import Leased, NoticeKind
from bot.domain.timetable.school import Closure, ClosureKind, ClosurePolicy, SchoolCalendar
from bot.ui.actions import action
from bot.ui.deliveries import Edit, Post
from bot.ui.replies import Reply
from bot.usecases.ports import Work
from tests.support.clicking import MONDAY, Bot, Hand, buttons, card, failed, form, summary, wrong
from tests.support.examples import examples
from tests.ui.test_pages_limits import within

BELLS = "P1 08:00-08:45\nP2 08:50-09:35\nP3 09:55-10:40"
YEAR = {"first": "2026-11-09", "until": "2027-06-18", "bells": BELLS, "zone": "Europe/Berlin"}
TUESDAY = date(2026, 11, 24)
THREAD = Place(platform="playground", kind=PlaceKind.THREAD, channel="staff", thread="t1")
# The clock stands at Monday 23 November, 09:00 in Berlin. It is an A-day; on B-days Ana is free
# in P2 only and Ben in P3, on A-days nobody.
WEEKS = {
    "Ana": "A,P1,x\nA,P2,x\nA,P3,x\nB,P1,x\nB,P3,x",
    "Ben": "A,P1,x\nA,P2,x\nA,P3,x\nB,P1,x\nB,P2,x",
}


async def school(bot: Bot, ana: Hand, ben: Hand) -> str:
    """Let there be a school, and a plan in which each owes something on Tuesday, a B-day."""
    for hand in (ana, ben):
        await hand.clicks("next")
    await ana.submits("school.newsave", days="A, B", **YEAR)
    for hand in (ana, ben):
        await hand.submits("tt.read", text=f"day,period,subject\n{WEEKS[hand.person.name]}\n")
        assert not failed(await hand.clicks("tt.save"))
    plan = await ana.starts("Rivers", ben, template="short-form")
    for hand, text in ((ana, "Maps"), (ben, "Bus")):
        owner = hand.member.id
        saved = await ana.submits(
            action("duty.save", plan), text=text, owner=owner, due=f"{TUESDAY}"
        )
        assert not failed(saved), saved
    bot.told()
    return plan


def calendar(bot: Bot) -> SchoolCalendar:
    found = bot.read(lambda work: work.times.calendar())
    assert found is not None
    return found


def alarms(bot: Bot) -> object:
    """Return the rows of reminders and the calendar."""
    rows = bot.everything()
    return rows["reminders"], [row[1] for row in rows["calendars"]], rows["partnerships"]


async def test_it_says_what_moves_where_and_takes_it_back(bot: Bot, ana: Hand, ben: Hand) -> None:
    await school(bot, ana, ben)
    before = alarms(bot)
    said = await ana.says("noschool tomorrow Snow")
    within(said)
    assert "No school on Tue 24 Nov (Snow)." in summary(said)
    assert "It counts as unplanned: the cycle waits, as your school does" in summary(said)
    assert "Wed 25 Nov is day B." in summary(said)
    assert (
        "2 reminders moved: yours to Wed 25 Nov, 08:50 (P2), and 1 of another member."
        in summary(said)
    )
    unplanned = ClosureKind.UNPLANNED
    snow = Closure(start=TUESDAY, end=TUESDAY, kind=unplanned, name="Snow")
    assert calendar(bot).closures == (snow,)

    back = await ben.presses(said, "Undo")  # anybody may
    within(back)
    assert summary(back).startswith("There is school on Tue 24 Nov again. Taken back.")
    assert "2 reminders moved back: yours to Tue 24 Nov, 09:55 (P3)" in summary(back)
    assert alarms(bot) == before


async def test_the_cycle_shifts_or_skips_as_the_school_has_it(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    await school(bot, ana, ben)
    await ana.submits("school.save", planned="shift", unplanned="skip")
    said = await ana.says("noschool tomorrow")
    assert "that day of the cycle is skipped, as your school does" in summary(said)
    assert "Wed 25 Nov is day A." in summary(said)
    assert "yours to Thu 26 Nov, 08:50 (P2)" in summary(said)
    assert "If it is planned, undo it and add that word: noschool 2026-11-24 planned" in summary(
        said
    )
    await ana.presses(said, "Undo")
    said = await ana.says("noschool 2026-11-24 planned Training")
    assert "the cycle waits" in summary(said)
    assert "Wed 25 Nov is day B." in summary(said)
    (closure,) = calendar(bot).closures
    assert (closure.kind, closure.name) == (ClosureKind.PLANNED, "Training")
    ahead = await ana.says("noschool 3 to 5 December Exams")
    assert "No school on Thu 3 Dec to Fri 4 Dec (Exams). It counts as planned" in summary(ahead)


async def test_a_date_that_had_a_day_of_its_own_is_closed_all_the_same(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    await school(bot, ana, ben)
    await ana.submits("school.save", labels="2026-11-24 = A\n2026-11-25 = -")
    before = calendar(bot)
    said = await ana.says("noschool 24 November to 26 November")
    assert calendar(bot).label_on(TUESDAY) is None
    assert "No school on Tue 24 Nov to Thu 26 Nov" in summary(said)
    await ana.presses(said, "Undo")
    assert calendar(bot) == before


BAD = {
    "noschool 31 February": "There is no 31 February",
    "noschool 2026-11-20": "2026-11-20 is over",
    "noschool 2028-01-10": "2028-01-10 is more than a year ahead",
    "noschool 28 November": "There is no school on Saturday 2026-11-28 anyway",
    "noschool 10 November": "2026-11-10 is over",
    "noschool 5 to 3 December": "2026-12-03 comes before 2026-12-05",
    "noschool 2026-12-05 to 2026-12-03": "2026-12-03 comes before 2026-12-05",
    "noschool 1 December to 1 May": "is longer than any holidays",
    "noschool 2027-08-02": "runs from 2026-11-09 to 2027-06-18",
    "noschool tomorrow to": "I understand “tomorrow”, but not “to”",
    "noschool Monday 24 November": "24 November 2026 is a Tuesday, not a Monday",
    "noschool because of snow": "“because of snow” does not begin with a date",
    "noschool 1 December": "no school on Tuesday 2026-12-01 already: it is closed (Training)",
}


@pytest.mark.parametrize(("words", "told"), BAD.items())
async def test_what_cannot_be_closed_changes_nothing(
    bot: Bot, ana: Hand, ben: Hand, words: str, told: str
) -> None:
    await school(bot, ana, ben)
    await ana.submits("school.save", closures="2026-12-01 planned Training")
    before = bot.everything()
    said = await ana.says(words)
    within(said)
    assert failed(said)
    assert told in summary(said)
    assert bot.everything() == before


async def test_without_a_calendar_it_says_what_is_possible(bot: Bot, ana: Hand) -> None:
    await ana.clicks("next")
    before = bot.everything()
    for words in ("noschool", "noschool tomorrow"):
        said = await ana.says(words)
        within(said)
        assert "There is no school calendar here yet" in summary(said)
        assert "also for those who gave no timetable" in summary(said)
        assert [b.action.name for b in buttons(card(said))] == ["school.new"]
    assert failed(await ana.clicks("noschool.form"))
    left = {k: v for k, v in bot.everything().items() if k != "inbox"}
    assert left == {k: v for k, v in before.items() if k != "inbox"}


async def test_it_is_asked_for_by_buttons_and_a_form(bot: Bot, ana: Hand, ben: Hand) -> None:
    await school(bot, ana, ben)
    menu = await ana.says("noschool")
    within(menu)
    assert [b.label for b in buttons(card(menu))] == [
        "Tomorrow, Tue 24 Nov",
        "Today, Mon 23 Nov",
        "Another day…",
    ]
    bot.clock.move(days=1)  # the button means the day it names
    said = await ana.presses(menu, "Tomorrow, Tue 24 Nov")
    assert "No school on Tue 24 Nov." in summary(said)
    await ana.presses(said, "Undo")

    asked = await ana.presses(menu, "Another day…")
    within(asked)
    assert form(asked).inputs[0].initial == date(2026, 11, 25)  # type: ignore[union-attr]
    assert "first" in wrong(await ana.fills(asked, first=""))
    assert "There is no 31 Feb" in wrong(await ana.fills(asked, first="31 Feb"))["first"]
    told = await ana.fills(
        asked, first="2026-12-03", last="2026-12-04", reason="Flood", kind="unplanned"
    )
    assert "No school on Thu 3 Dec to Fri 4 Dec (Flood). It counts as unplanned" in summary(told)


async def test_taking_back_twice_or_after_a_later_change(bot: Bot, ana: Hand, ben: Hand) -> None:
    await school(bot, ana, ben)
    snow = await ana.says("noschool tomorrow Snow")
    storm = await ben.says("noschool Wednesday Storm")
    standing = calendar(bot)
    refused = await ana.presses(snow, "Undo")
    assert failed(refused)
    assert "changed the school's calendar after that" in summary(refused)
    assert "Closures, labels and terms" in summary(refused)
    assert calendar(bot) == standing
    await ana.presses(storm, "Undo")
    await ana.presses(snow, "Undo")  # in turn it goes
    assert calendar(bot).closures == ()
    again = await ana.presses(snow, "Undo")
    assert failed(again)
    assert "taken back already" in summary(again)
    assert failed(await ana.clicks(action("school.undo", "nonsense")))


def marked(leased: Leased, work: Work, *, sent: bool) -> bool:
    ref = MessageRef(place=THREAD, message="m1")
    return work.outbox.sent(leased, ref) if sent else work.outbox.cancel(leased, "nothing to say")


def news(bot: Bot) -> list[object]:
    """Return what the outbox would tell about the school now."""
    until = bot.clock.now() + timedelta(seconds=60)
    leased = bot.write(lambda w: w.everywhere.lease(bot.clock.now(), until, 100))
    found = []
    for one in leased:
        if one.notice.kind is NoticeKind.SCHOOL:
            from bot.main import COMPOSERS  # noqa: PLC0415 - as in tests.support.clicking

            composed = bot.read(lambda w, one=one: COMPOSERS[one.notice.kind](w, one))  # type: ignore[misc]
            found.append(composed)
            bot.write(partial(marked, one, sent=composed is not None))
    return found


async def test_partners_are_told_once_in_their_thread(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await school(bot, ana, ben)
    at = MessageRef(place=THREAD, message="t1")
    bot.write(lambda work: work.plans.set_card(bot.plan(plan).id, at))
    said = await ana.says("noschool tomorrow Snow")
    assert "Partners are told in their threads." in summary(said)
    (told,) = news(bot)
    assert isinstance(told, Post)
    assert told.place == THREAD
    assert told.card.summary == ("Ana: no school on Tue 24 Nov (Snow). 2 reminders moved with it.")
    assert news(bot) == []
    await ana.presses(said, "Undo")
    (edited,) = news(bot)
    assert isinstance(edited, Edit)
    assert edited.message.message == "m1"
    assert edited.card.summary == "This was taken back. There is school on Tue 24 Nov again."
    assert news(bot) == []


async def test_what_was_taken_back_before_it_went_is_told_to_nobody(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    await school(bot, ana, ben)
    said = await ana.says("noschool tomorrow")
    await ana.presses(said, "Undo")
    assert news(bot) == [None]
    assert news(bot) == []


async def test_who_has_nothing_to_do_with_it_hears_nothing(bot: Bot, ana: Hand, ben: Hand) -> None:
    await school(bot, ana, ben)
    eve, fay = bot.person("Eve"), bot.person("Fay")
    await eve.starts("Elsewhere", fay)
    await bot.person("Gus").starts("Alone")
    await ana.says("noschool tomorrow")
    kept = bot.read(lambda w: w.partnerships.of_member(ana.member.id))
    told = [row for row in bot.everything()["outbox"] if str(row[1]).startswith("school:")]
    assert [row[1].split(":")[1] for row in told] == [kept[0].id]  # type: ignore[attr-defined]


async def test_it_holds_for_those_who_gave_no_timetable(ana: Hand, ben: Hand) -> None:
    await ana.clicks("next")
    await ben.clicks("next")
    await ana.submits("school.newsave", days="A, B", **YEAR)
    plan = await ana.starts("Rivers", ben, template="short-form")
    owner = ben.member.id
    await ana.submits(action("duty.save", plan), text="Bus", owner=owner, due=f"{TUESDAY}")
    said = await ben.says("noschool tomorrow to Wednesday")
    assert "1 reminder moved: yours to Thu 26 Nov, 09:00." in summary(said)


async def test_forms_say_what_moves_and_can_be_taken_back(bot: Bot, ana: Hand, ben: Hand) -> None:
    await school(bot, ana, ben)
    before = alarms(bot)
    saved = await ana.submits("school.save", closures="2026-11-24 unplanned Snow")
    within(saved)
    assert "Saved. 2 reminders moved: yours to Wed 25 Nov, 08:50 (P2)" in summary(saved)
    await ana.presses(saved, "Undo")
    assert alarms(bot) == before
    bells = "P1 08:00-08:45\nP2 09:00-09:35\nP3 09:55-10:40"
    saved = await ben.submits("school.bellsave", bells=bells, until="2027-06-18")
    assert "1 reminder moved; it is of others." in summary(saved)
    await ben.presses(saved, "Undo")
    assert alarms(bot) == before
    unchanged = await ana.submits("school.save", closures="")
    assert "Saved. No reminder moved." in summary(unchanged)
    assert "Undo" not in {b.label for b in buttons(card(unchanged))}
    own = await ana.submits("tt.hourssave", hours="weekdays 15:00-16:00")
    assert "1 reminder moved: yours to Tue 24 Nov, 15:00." in summary(own)


async def test_a_weekly_digest_does_not_move_for_a_day_of_snow(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    await school(bot, ana, ben)
    for hand in (ana, ben):
        await hand.submits("tt.hourssave", hours="Tue 15:00-16:00; Fri 15:00-16:00")
    before = bot.everything()["partnerships"]
    await ana.says("noschool tomorrow")
    assert bot.everything()["partnerships"] == before


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    minutes=st.integers(0, 60 * 24 * 5),
    days=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 4)), min_size=1, max_size=3),
    policy=st.sampled_from(ClosurePolicy),
)
async def test_undone_in_turn_everything_is_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    minutes: int,
    days: list[tuple[int, int]],
    policy: ClosurePolicy,
) -> None:
    from tests.support.clicking import store  # noqa: PLC0415 - one database an example

    with store(tmp_path_factory.mktemp("undo")) as bot:
        ana, ben = bot.person("Ana"), bot.person("Ben")
        await school(bot, ana, ben)
        await ana.submits("school.save", planned=policy, unplanned=policy)
        bot.clock.set(MONDAY + timedelta(minutes=minutes))
        before = alarms(bot)
        done: list[Reply] = []
        here = bot.clock.now().astimezone(ZoneInfo("Europe/Berlin")).date()
        for ahead, more in days:
            first = here + timedelta(days=ahead)
            said = await ana.says(f"noschool {first} to {first + timedelta(days=more)}")
            if not failed(said):
                done.append(said)
        for said in reversed(done):
            assert not failed(await ben.presses(said, "Undo"))
        assert alarms(bot) == before
