"""`away`: what is said of it, what it moves, who stands in, and how it is taken back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.chat.inbound import Said
from bot.domain.contributions.acts import ActKind
from bot.domain.ids import PlanId
from bot.domain.reminders.schedule import ReminderKind
from bot.domain.timetable.absences import Absences
from bot.ui.actions import action
from bot.ui.deliveries import Direct, Later, Post
from bot.ui.spans import Mention
from bot.usecases.reminders.claiming import claim
from tests.support.clicking import Bot, Hand, button, failed, form, summary, wrong
from tests.support.teaching_team import CARD
from tests.ui.test_pages_limits import within


@pytest.fixture
async def rosa(bot: Bot) -> Hand:
    hand = bot.person("Rosa")
    await hand.clicks("next")
    return hand


@pytest.fixture
async def three(ana: Hand, ben: Hand, rosa: Hand) -> PlanId:
    return await ana.starts("Rivers", ben, rosa)


def absences(hand: Hand) -> Absences:
    member = hand.member.id
    return hand.bot.read(lambda work: work.absent.of((member,)).get(member, ()))


def spans(hand: Hand) -> list[str]:
    return [f"{one.first} {one.last}" for one in absences(hand)]


def due(hand: Hand) -> datetime | None:
    row = hand.bot.read(lambda work: work.reminders.of(ReminderKind.MEMBER, hand.member.id))
    return row.due_at if row else None


def tick(bot: Bot) -> None:
    due = bot.read(lambda work: work.everywhere.due(work.now, 100))
    for workspace, reminder in due:
        bot.write(lambda work, one=reminder: claim(work, one), workspace)  # type: ignore[misc]


def direct(bot: Bot) -> list[str]:
    """Return what is sent to somebody alone now."""
    return [c.card.summary for c in bot.told() if isinstance(c, Direct)]


async def test_until_when_and_how_many_moved(bot: Bot, ben: Hand, plan: PlanId) -> None:
    before = due(ben)
    reply = await ben.says("away to 30 November")
    within(reply)
    assert "You are away to Monday, 30 November: nothing reaches you until Tuesday." in summary(
        reply
    )
    assert "1 reminder moved." in summary(reply)
    assert before == datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert due(ben) == datetime(2026, 12, 1, 8, tzinfo=UTC)
    [entry] = [e for e in bot.log(plan) if e.act.kind is ActKind.AWAY]
    assert (entry.act.by, entry.act.after) == (ben.member.id, "2026-11-23 to 2026-11-30")


@pytest.mark.usefixtures("plan")
async def test_alone_it_asks_and_then_it_shows(ben: Hand) -> None:
    asked = await ben.says("away")
    within(asked)
    assert [one.key for one in form(asked).inputs] == ["first", "last", "stand_in", "passes"]
    saved = await ben.fills(asked, first="2026-11-24", last="Friday", passes="wait")
    assert spans(ben) == ["2026-11-24 2026-11-27"]
    assert "from Tuesday, 24 November to Friday, 27 November" in summary(saved)
    shown = await ben.says("away")
    assert "Tue 24 Nov to Fri 27 Nov: your steps wait for you." in summary(shown)
    changing = await ben.presses(shown, "Change Tue 24 Nov")
    await ben.fills(changing, first="2026-11-25", last="2026-11-25", passes="wait")
    assert spans(ben) == ["2026-11-25 2026-11-25"], "changed, not merged"
    again = await ben.presses(await ben.says("away"), "Call off Wed 25 Nov")
    assert not failed(again)
    assert spans(ben) == []


async def test_without_partners_nobody_can_stand_in(bot: Bot) -> None:
    eve = bot.person("Eve")
    assert [one.key for one in form(await eve.says("away")).inputs] == ["first", "last"]
    reply = await eve.says("away to Friday")
    assert "No reminder moved." in summary(reply)
    await eve.presses(reply, "Undo")
    assert spans(eve) == []


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize(
    ("answers", "key"),
    [
        ({"first": "2026-11-24", "last": ""}, "last"),
        ({"first": "", "last": "2026-11-24"}, "first"),
        ({"first": "2026-11-22", "last": "2026-11-24"}, "last"),
        ({"first": "2026-11-25", "last": "2026-11-24"}, "last"),
        ({"first": "2026-11-25", "last": "2027-11-27"}, "last"),
        ({"first": "31 February", "last": "2026-11-24"}, "first"),
        ({"first": "today", "last": "Friday", "passes": "pass"}, "stand_in"),
        ({"first": "today", "last": "Friday", "stand_in": "nobody"}, "stand_in"),
    ],
)
async def test_answers_that_are_none_change_nothing(
    bot: Bot, ben: Hand, answers: dict[str, str], key: str
) -> None:
    before = bot.rows()
    assert key in wrong(await ben.submits("away.save", **answers))
    assert bot.rows() == before | {"inbox": before["inbox"]}
    assert absences(ben) == ()


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize(
    "words", ["to 31 February", "to yesterday", "from Monday", "to 22 November", "for 99 weeks"]
)
async def test_words_that_are_none_change_nothing(ben: Hand, words: str) -> None:
    assert failed(await ben.says(f"away {words}"))
    assert absences(ben) == ()


@pytest.mark.usefixtures("plan")
async def test_who_plans_nothing_with_me_cannot_stand_in(ben: Hand, rosa: Hand) -> None:
    reply = await ben.says("away to Friday", rosa.person)
    assert "Rosa does not plan anything with you" in summary(reply)
    assert absences(ben) == ()


@pytest.mark.usefixtures("plan")
async def test_what_overlaps_is_one_and_undo_brings_both_back(ben: Hand) -> None:
    await ben.says("away 25 to 27 November")
    reply = await ben.says("away from 26 November to 2 December")
    assert spans(ben) == ["2026-11-25 2026-12-02"]
    assert "from Wednesday, 25 November to Wednesday, 2 December" in summary(reply)
    undone = await ben.presses(reply, "Undo")
    assert "Taken back" in summary(undone)
    assert spans(ben) == ["2026-11-25 2026-11-27"]
    assert failed(await ben.presses(reply, "Undo"))
    assert spans(ben) == ["2026-11-25 2026-11-27"]


async def test_the_same_again_changes_nothing(bot: Bot, ben: Hand, plan: PlanId) -> None:
    await ben.says("away to Friday")
    entries = len(bot.log(plan))
    assert "That is how it stood already." in summary(await ben.says("away to Thursday"))
    assert len(bot.log(plan)) == entries


async def test_the_history_takes_it_back_in_all_plans(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    other = await ana.starts("Lakes", ben)
    await ben.says("away to Friday")
    [entry] = [e for e in bot.log(other) if e.act.kind is ActKind.AWAY]
    undo = action("undo", other, str(entry.number))
    assert "Only the one who is away can take that back." in summary(await ana.clicks(undo))
    assert len(absences(ben)) == 1
    assert "Undone" in summary(await ben.clicks(undo))
    assert absences(ben) == ()
    for one in (plan, other):
        assert bot.log(one)[-1].act.kind is ActKind.UNDONE
    assert failed(await ben.clicks(undo))
    await ben.says("away to Friday")
    [first, second] = [e for e in bot.log(plan) if e.act.kind is ActKind.AWAY]
    await ben.says("away to 30 November")
    assert failed(await ben.clicks(action("undo", plan, str(second.number))))
    assert first.number < second.number
    assert spans(ben) == ["2026-11-23 2026-11-30"]


@pytest.mark.usefixtures("plan")
async def test_an_old_button_of_an_absence_that_is_over(ben: Hand) -> None:
    reply = await ben.says("away to Friday")
    back = button(reply, "I am back")
    assert "Welcome back" in summary(await ben.clicks(back.action))
    assert "over, or was called off" in summary(await ben.clicks(back.action))
    assert absences(ben) == (), "it began today"


@pytest.mark.usefixtures("plan")
async def test_back_early_keeps_the_days_that_were(bot: Bot, ben: Hand) -> None:
    await ben.says("away to Friday")
    bot.clock.move(hours=48)
    await ben.presses(await ben.says("away"), "I am back")
    assert spans(ben) == ["2026-11-23 2026-11-24"]


@pytest.mark.usefixtures("plan")
async def test_only_that_day(ben: Hand) -> None:
    reply = await ben.says("away Friday")
    assert spans(ben) == ["2026-11-23 2026-11-27"]
    await ben.presses(reply, "Only on Fri 27 Nov")
    assert spans(ben) == ["2026-11-27 2026-11-27"]
    assert failed(await ben.presses(reply, "Only on Fri 27 Nov"))


async def test_the_stand_in_is_told_and_reminded_and_not_after(
    bot: Bot, ana: Hand, ben: Hand, rosa: Hand, three: PlanId
) -> None:
    await ana.submits(action("step.duesave", three, "complete"), due="2026-11-25")
    bot.write(lambda work: work.plans.set_card(three, CARD))
    bot.told()
    before = due(rosa)
    await ben.says("away 24 to 26 November", rosa.person)
    [told] = [c for c in bot.told() if isinstance(c, Post)]
    assert told.card.blocks[0].spans[0] == Mention(rosa.member.id, "Rosa", ping=True)  # type: ignore[union-attr]
    assert "you stand in for Ben" in told.card.summary
    begins = datetime(2026, 11, 23, 23, tzinfo=UTC)
    assert due(rosa) == min(begins, before or begins), "the clock alone passes it to her"
    bot.clock.set(begins + timedelta(minutes=1))
    tick(bot)
    bot.clock.set(datetime(2026, 11, 25, 9, 30, tzinfo=UTC))
    tick(bot)
    [reminder] = [s for s in direct(bot) if "for Ben" in s]
    assert "away until Thu 26 Nov" in reminder
    bot.clock.set(datetime(2026, 11, 27, 9, 30, tzinfo=UTC))
    assert "for Ben" not in summary(await rosa.says("next"))


async def test_the_stand_in_is_asked_for_the_minutes_when_the_session_is_over(
    bot: Bot, ana: Hand, ben: Hand, rosa: Hand, three: PlanId
) -> None:
    start = datetime(2026, 11, 24, 8, tzinfo=UTC)
    times = str(int(start.timestamp())), str(int(start.timestamp()) + 1800)
    made = await ben.submits(action("session.save", three, *times), purpose="Rubric", medium="")
    assert not failed(made)
    [session] = bot.plan(three).sessions
    for who in (ana, rosa):
        await who.clicks(action("session.yes", three, session.id).encode())
    await ben.says("away 24 to 26 November", rosa.person)
    bot.clock.set(start)
    tick(bot)
    assert due(rosa) == start + timedelta(minutes=30), "the clock alone passes them to her"


async def test_nobody_away_is_called_in_the_thread(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    bot.write(lambda work: work.plans.set_card(plan, CARD))
    await ben.says("away to Friday")
    bot.told()
    await ana.clicks(action("step.hand", plan, "idea"), ben.member.id)
    await ana.clicks(action("step.hand", plan, "form"), ben.member.id)
    posts = [c.card for c in bot.told() if isinstance(c, Post)]
    assert posts
    for one in posts:
        assert "Ben is away until Fri 27 Nov." in one.summary
        spans = [s for b in one.blocks for s in getattr(b, "spans", ())]
        assert not any(isinstance(s, Mention) and s.ping for s in spans)


async def test_a_catch_up_takes_the_place_of_the_reminder(
    bot: Bot, ben: Hand, plan: PlanId
) -> None:
    eve = bot.person("Eve")
    await eve.clicks("next")
    for who in (eve, ben):
        await who.says("away to 1 December")
    bot.clock.set(datetime(2026, 12, 2, 9, 30, tzinfo=UTC))
    tick(bot)
    told = [one for one in direct(bot) if "nothing changed" in one]
    assert len(told) == 1, "nothing happened to Eve, and nothing waits on her"
    assert "Mon 23 Nov to Tue 1 Dec: nothing changed in your plans. Waits on you (" in told[0]
    assert all(one.told for who in (eve, ben) for one in absences(who))
    key = f"{plan}:answer:partners:"
    nudged = bot.read(lambda work: work.reminders.nudged(ben.member.id))
    assert sum(one.startswith(f"{key}@") for one in nudged) == 1, "it counts as a reminder"
    after = due(ben)
    assert after is not None
    assert after.date() == date(2026, 12, 3), "the follow-up"


async def test_a_catch_up_names_the_plans_where_there_are_several(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    await ana.starts("Bridges", ben)
    await ben.says("away to 1 December")
    bot.clock.set(datetime(2026, 12, 2, 9, 30, tzinfo=UTC))
    tick(bot)
    [told] = [one for one in direct(bot) if "nothing changed" in one]
    title = bot.plan(plan).title
    assert "Bridges · Identify partners (" in told
    assert f"{title} · Identify partners (" in told


async def test_a_catch_up_tells_of_the_session_of_that_day(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    start = int(datetime(2026, 12, 2, 14, tzinfo=UTC).timestamp())
    times = str(start), str(start + 3600)
    made = await ana.submits(action("session.save", plan, *times), purpose="Rubric", medium="")
    assert not failed(made)
    [session] = bot.plan(plan).sessions
    await ben.clicks(action("session.yes", plan, session.id).encode())
    await ben.says("away to 1 December")
    bot.told()
    bot.clock.set(datetime(2026, 12, 2, 9, 30, tzinfo=UTC))
    tick(bot)
    [told] = [one for one in direct(bot) if one.startswith("Welcome back")]
    assert ": Session: Rubric (Wed 2 Dec, 1" in told


async def test_several_absences_before_a_return_are_told_at_once(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    await ben.says("away 24 November to 25 November")
    await ben.says("away 27 November to 29 November")
    await ana.submits(action("field.save", plan, "form", "idea", "0"), text="Early")
    bot.clock.set(datetime(2026, 11, 25, 12, tzinfo=UTC))
    await ana.submits(action("field.save", plan, "form", "class", "0"), text="7b")
    bot.clock.set(datetime(2026, 11, 30, 9, tzinfo=UTC))  # an outage on Thursday
    tick(bot)
    [told] = [one for one in direct(bot) if one.startswith("Welcome back")]
    assert "Tue 24 Nov to Sun 29 Nov: " in told
    assert "1 act by Ana (1), 1 field changed" in told
    assert "Early" not in told


@pytest.mark.usefixtures("plan")
async def test_who_is_away_again_when_it_is_sent_is_told_after_that(bot: Bot, ben: Hand) -> None:
    await ben.says("away to Tuesday")
    bot.clock.set(datetime(2026, 11, 25, 9, tzinfo=UTC))
    tick(bot)
    await ben.says("away to Thursday")
    [later] = [c for c in bot.told() if isinstance(c, Later) and c.why == "not free now"]
    assert later.at == datetime(2026, 11, 27, 8, tzinfo=UTC)


async def test_before_the_first_click_the_thread_hears_of_nothing_but_what_is_due(
    bot: Bot, ana: Hand
) -> None:
    zoe = bot.person("Zoe")  # has only ever spoken
    plan = await ana.starts("Rivers", zoe)
    bot.write(lambda work: work.plans.set_card(plan, CARD))
    await zoe.says("away to 1 December")
    await ana.submits(action("field.save", plan, "form", "idea", "0"), text="A secret")
    bot.told()
    bot.clock.set(datetime(2026, 12, 2, 9, 30, tzinfo=UTC))
    tick(bot)
    [posted] = [c.card.summary for c in bot.told() if isinstance(c, Post)]
    assert posted.startswith("Zoe, this comes next for you:")
    assert "secret" not in posted


@pytest.mark.parametrize(
    "words",
    ["until Thursday", "until Thursday with", "until Thursday, instead", "until Thursday and"],
)
@pytest.mark.usefixtures("three")
async def test_words_around_the_stand_in(ben: Hand, rosa: Hand, words: str) -> None:
    assert not failed(await ben.says(f"away {words}", rosa.person))
    (one,) = absences(ben)
    assert (one.last, one.stand_in) == (date(2026, 11, 26), rosa.member.id)


@pytest.mark.usefixtures("three")
async def test_what_the_stand_in_does_may_be_said(ben: Hand, rosa: Hand) -> None:
    for said in (" stands in", " covers for me.", " is my stand-in", " will take over"):
        parts = ("away until Thursday, ", rosa.person, said)
        assert not failed(await ben.does(Said(parts=parts))), said
    assert spans(ben) == ["2026-11-23 2026-11-26"]


@pytest.mark.usefixtures("three")
async def test_two_cannot_stand_in(ana: Hand, ben: Hand, rosa: Hand) -> None:
    reply = await ben.says("away until Thursday", rosa.person, ana.person)
    assert "2 people are named, and one can stand in." in summary(reply)
    assert absences(ben) == ()


@pytest.mark.parametrize("words", ["back", "off", "until Thursday, Rosa stands in", "sick"])
@pytest.mark.usefixtures("three")
async def test_other_words_are_told_what_away_is_for(ben: Hand, words: str) -> None:
    reply = await ben.says(f"away {words}")
    assert failed(reply)
    assert "Say “away” alone to change or end an absence" in summary(reply)
    assert absences(ben) == ()
