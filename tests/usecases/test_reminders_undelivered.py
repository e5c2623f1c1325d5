"""Given up, noted, told once, mended: each alone, and nobody of what is none of theirs."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from bot.domain.ids import MemberId, PlanId, WorkspaceId
from bot.domain.members import Identity, Person
from bot.domain.places import Place, PlaceKind
from bot.domain.reminders.notices import Leased, Notice, NoticeKind
from bot.domain.reminders.undelivered import Cause
from bot.ui.deliveries import Composed, Direct, Later
from bot.ui.pages.reminders.compose import compose_undelivered
from bot.usecases.planning.welcoming import refresh
from bot.usecases.ports import Work
from bot.usecases.reminders.undelivered import Told, arrived, deleted, departed, give_up, tell
from storage.tables import outbox
from tests.support.clicking import HERE, Bot, Hand, card, summary


def reminder(hand: Hand, number: int = 1) -> Notice:
    return Notice(
        key=f"reminder:{hand.member.id}:{number}",
        kind=NoticeKind.REMINDER,
        due_at=hand.bot.clock.now(),
        member=hand.member.id,
    )


def of_plan(bot: Bot, plan: PlanId, kind: NoticeKind = NoticeKind.NEWS, number: int = 1) -> Notice:
    return Notice(
        key=f"{kind}:{plan}:{number}", kind=kind, due_at=bot.clock.now(), plan=plan, entry=1
    )


def fails(bot: Bot, notice: Notice, cause: Cause = Cause.CLOSED, platform: str = "") -> None:
    """Put the notice, lease it, and give it up, as the platform refused it."""

    def unit(work: Work) -> None:
        work.outbox.put(notice)
        held = work.everywhere.lease(work.now, work.now + timedelta(minutes=1), 999)
        [leased] = [one for one in held if one.notice.key == notice.key]
        assert give_up(work, leased, "code", cause, platform)

    bot.write(unit)


def works(bot: Bot, notice: Notice) -> None:
    bot.write(lambda work: arrived(work, notice))


def told(hand: Hand) -> tuple[Told, ...]:
    return hand.bot.write(lambda work: tell(work, hand.member))


def test_somebody_who_took_the_lease_over_is_left_alone(bot: Bot, ana: Hand) -> None:
    def unit(work: Work) -> bool:
        work.outbox.put(reminder(ana))
        [*_, leased] = work.everywhere.lease(work.now, work.now, 999)
        stale: Leased = replace(leased, epoch=leased.epoch - 1)
        return give_up(work, stale, "code", Cause.CLOSED)

    assert not bot.write(unit)
    assert told(ana) == ()


async def test_what_was_for_one_is_told_to_one_and_once(bot: Bot, ana: Hand, ben: Hand) -> None:
    fails(bot, reminder(ana))
    assert "could not" not in summary(await ben.says("next"))
    said = summary(await ana.says("help"))
    assert said.startswith("A reminder of Mon 23 Nov, 09:00 could not reach you: your direct")
    assert "could not" not in summary(await ana.says("help"))
    fails(bot, reminder(ana, 2))
    assert "could not" not in summary(await ana.says("help")), "the cause persists"
    fails(bot, reminder(ana, 3), Cause.LEFT)
    assert "The chat did not know you" in summary(await ana.says("help")), "another cause"
    works(bot, reminder(ana))
    fails(bot, reminder(ana, 4), Cause.LEFT)
    assert "could not" in summary(await ana.says("help")), "it worked in between"


async def test_partners_hear_once_that_somebody_is_no_longer_there(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    eve = bot.person("Eve")
    await eve.clicks("next")
    await ben.clicks("next")
    fails(bot, reminder(ben), Cause.LEFT)
    said = summary(await ana.says("next"))
    assert said.startswith("One of the partners of “Rivers” is no longer in the chat. Nothing is")
    works(bot, of_plan(bot, plan))
    fails(bot, reminder(ben, 2), Cause.LEFT)
    assert "no longer" not in summary(await ana.says("next")), "once"
    assert "no longer" not in summary(await eve.says("next")), "none of hers"


def on_two(ben: Hand) -> tuple[str, str]:
    """Let Ben be known on another platform, too; return the names of both."""
    member, other = ben.member, Identity(platform="elsewhere", user="B")
    ben.bot.write(lambda work: work.members.join(member.id, other))
    return member.identity.platform, other.platform


async def test_several_messages_that_one_platform_refuses_move_somebody_once(
    bot: Bot, ben: Hand
) -> None:
    """Two digests of the same morning were on their way to the same closed messages."""
    await ben.clicks("next")
    here, there = on_two(ben)
    for number, chosen in ((1, there), (2, there)):
        fails(bot, reminder(ben, number), platform=here)
        assert ben.member.preferences.platform == chosen
    for number in (3, 4):
        fails(bot, reminder(ben, number), platform=there)
        assert ben.member.preferences.platform == "", "and back, to their own"


def left(hand: Hand) -> bool:
    member = hand.member.id
    return hand.bot.read(lambda work: work.undelivered.left(member))


@pytest.mark.usefixtures("plan")
async def test_partners_hear_of_somebody_who_has_left_both_platforms(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    await ben.clicks("next")
    here, there = on_two(ben)
    for number in (1, 2):
        fails(bot, reminder(ben, number), Cause.LEFT, here)
    assert "no longer in the chat" not in summary(await ana.says("next")), "they may be there"
    assert not left(ben), "and their calendars' links work"
    for number in (3, 4):
        fails(bot, reminder(ben, number), Cause.LEFT, there)
        assert left(ben)
    assert "One of the partners of “Rivers” is no longer in the chat" in summary(
        await ana.says("next")
    )
    works(bot, reminder(ben, 5))
    assert not left(ben)


@pytest.mark.usefixtures("plan")
async def test_who_leaves_a_platform_is_known_to_be_gone_before_anything_fails(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    await ben.clicks("next")
    _, there = on_two(ben)
    for who in (ben.member.identity, Identity(platform=there, user="B")):
        assert not left(ben)
        for _ in range(2):  # the platform may say so twice
            bot.write(partial(departed, identity=who))
    assert left(ben)
    said = summary(await ana.says("next"))
    assert "One of the partners of “Rivers” is no longer in the chat. Nothing is lost" in said
    assert "no longer" not in summary(await ana.says("next")), "it is told once"
    assert "messages could not reach you" in summary(await ben.says("help")), "they are back"


async def test_of_a_stranger_who_leaves_nothing_is_kept(bot: Bot, ana: Hand) -> None:
    stranger = Identity(platform=ana.member.identity.platform, user="stranger")
    bot.write(lambda work: departed(work, stranger))
    assert bot.read(lambda work: work.members.by_identity(stranger)) is None


async def test_who_is_written_to_elsewhere_is_told_once_what_was(bot: Bot, ben: Hand) -> None:
    await ben.clicks("next")
    here, there = on_two(ben)
    fails(bot, reminder(ben), platform=here)
    said = summary(await ben.says("help"))
    assert "your direct messages were closed" in said
    assert "Open them" not in said
    fails(bot, reminder(ben, 2), Cause.LEFT, there)
    assert "The chat did not know you" in summary(await ben.says("help"))
    assert "could not" not in summary(await ben.says("help"))


async def test_what_works_again_before_it_was_told_is_told_all_the_same(
    bot: Bot, ana: Hand
) -> None:
    fails(bot, reminder(ana))
    fails(bot, reminder(ana, 2))
    works(bot, reminder(ana))
    said = summary(await ana.says("help"))
    assert "2 messages since Mon 23 Nov, 09:00 could not reach you" in said
    assert "your direct messages were closed" in said
    assert "Open them" not in said
    assert bot.rows()["undelivered"] == 0, "nothing is kept of it"


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (NoticeKind.PLAN_THREAD, "“Rivers” could not be opened: Coplan does not see its channel."),
        (NoticeKind.PLAN_CARD, "The card of “Rivers” could not be brought up to date: its"),
        (NoticeKind.NEWS, "News of “Rivers” could not be posted: its channel or thread is gone."),
        (NoticeKind.ITEM, "A message about “Rivers” could not be posted: its channel or thread"),
    ],
)
async def test_what_was_for_all_is_told_to_each_partner(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId, kind: NoticeKind, says: str
) -> None:
    eve = bot.person("Eve")
    await eve.clicks("next")
    fails(bot, of_plan(bot, plan, kind), Cause.GONE)
    for hand in (ana, ben):
        assert says in summary(await hand.says("next"))
        assert "could not" not in summary(await hand.says("next"))
    assert "could not" not in summary(await eve.says("next"))


@pytest.mark.parametrize(
    ("cause", "helps"),
    [(Cause.GONE, True), (Cause.REMOVED, True), (Cause.TRIED, False), (Cause.LEFT, False)],
)
async def test_what_to_do_is_said_where_coplan_is_not_in_the_channel(
    bot: Bot, ana: Hand, plan: PlanId, cause: Cause, *, helps: bool
) -> None:
    fails(bot, of_plan(bot, plan, NoticeKind.PLAN_THREAD), cause)
    said = summary(await ana.says("next"))
    assert ("let Coplan into it: what is missing comes then." in said) == helps
    assert "any more" not in said


async def test_whoever_brought_a_plan_to_another_platform_is_written_to_of_its_thread(
    bot: Bot, ben: Hand, plan: PlanId
) -> None:
    said = re.search(r"link ([0-9A-Z-]+)\.", summary(await ben.says("link")))
    there = Person(identity=Identity(platform="elsewhere", user="B"), name="Ben")
    place = Place(platform="elsewhere", kind=PlaceKind.CHANNEL, channel="c")
    hand = Hand(bot=bot, person=there, workspace=WorkspaceId("elsewhere:1"), place=place)
    assert said
    assert "Linked" in str(await hand.says(f"link {said[1]}"))
    thread = replace(of_plan(bot, plan, NoticeKind.PLAN_THREAD), on="elsewhere")
    for number in (1, 2):
        fails(bot, replace(thread, key=f"thread:{number}"), Cause.REMOVED, "elsewhere")
    assert written_to(bot) == [ben.member.id], "once"


async def test_what_fails_in_a_channel_that_was_deleted_is_not_told_once_more(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    bot.write(lambda work: deleted(work, bot.plan(plan)))
    said = summary(await ana.says("next"))
    assert said.startswith("The channel of “Rivers” was deleted. Nothing is lost")
    assert "let Coplan into it" not in said
    fails(bot, of_plan(bot, plan), Cause.GONE)
    assert "deleted" not in summary(await ana.says("next"))
    bot.write(lambda work: deleted(work, bot.plan(plan)))
    assert "deleted" not in summary(await ana.says("next")), "the platform says it again"


async def test_of_a_deleted_channel_partners_are_written_to_when_they_are_free(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    for who in (ana, ben):
        await who.clicks("next")
    await ben.says("away to 30 November")
    bot.clock.move(hours=12)
    bot.write(lambda work: deleted(work, bot.plan(plan)))
    notices = {ana.member.id: Later, ben.member.id: type(None)}
    assert {one: type(composed(bot, one)) for one in notices} == notices
    bot.clock.move(hours=12)
    found = composed(bot, ana.member.id)
    assert isinstance(found, Direct)
    assert found.identity == ana.member.identity
    assert "The channel of “Rivers” was deleted." in summary(await ben.says("next"))


def composed(bot: Bot, member: MemberId) -> Composed:
    """Return what the member would be written about what could not be delivered, now."""
    now = bot.clock.now()
    leased = Leased(
        workspace=HERE,
        notice=Notice(key="k", kind=NoticeKind.UNDELIVERED, due_at=now, member=member),
        attempts=1,
        epoch=1,
        wanted=1,
        until=now,
        first_due_at=now,
    )
    return bot.read(lambda work: compose_undelivered(work, leased))


def written_to(bot: Bot) -> list[MemberId]:
    """Return who is to be written to about what could not be delivered."""
    query = sa.select(outbox.c.member).where(outbox.c.kind == NoticeKind.UNDELIVERED.value)
    with bot.writer.connect() as connection:
        return list(connection.scalars(query))


def test_a_card_that_is_up_to_date_again_needs_no_words(bot: Bot, ana: Hand, plan: PlanId) -> None:
    fails(bot, of_plan(bot, plan, NoticeKind.PLAN_CARD), Cause.TRIED)
    works(bot, of_plan(bot, plan))
    assert told(ana) == ()
    fails(bot, of_plan(bot, plan, NoticeKind.PLAN_CARD, 2), Cause.TRIED)
    fails(bot, of_plan(bot, plan), Cause.TRIED)
    works(bot, of_plan(bot, plan))
    [one] = told(ana)
    assert (one.undelivered.kind, one.undelivered.mended) == (NoticeKind.NEWS, True)


async def test_of_an_archived_channel_it_is_said_how_it_comes_back(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    fails(bot, of_plan(bot, plan, NoticeKind.PLAN_CARD), Cause.ARCHIVED)
    said = summary(await ana.says("next"))
    assert "could not be brought up to date: its channel is archived. Nothing is lost" in said
    assert "Take the channel out of the archive, and let Coplan into it if it is not there" in said
    assert "If the channel is still there" not in said


@pytest.mark.parametrize("cause", [Cause.GONE, Cause.REMOVED, Cause.ARCHIVED])
async def test_whoever_let_coplan_in_is_not_told_to(
    bot: Bot, ana: Hand, plan: PlanId, cause: Cause
) -> None:
    def let_in(work: Work) -> None:
        (home,) = work.partnerships.of_member(ana.member.id)
        refresh(work, home.place)

    fails(bot, of_plan(bot, plan, NoticeKind.PLAN_CARD), cause)
    bot.write(let_in)
    assert "could not" not in summary(await ana.says("next"))
    fails(bot, of_plan(bot, plan, NoticeKind.NEWS, 2), cause)
    bot.write(let_in)
    said = summary(await ana.says("next"))
    assert "could not be posted: Coplan could not write there then. Nothing is lost" in said
    assert "let Coplan into it" not in said


async def test_who_has_left_the_plan_hears_nothing_of_it(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId
) -> None:
    fails(bot, of_plan(bot, plan), Cause.GONE)
    await ben.clicks(f"plan.leave|{plan}")
    assert told(ben) == ()
    assert [one.title for one in told(ana)] == ["Rivers"]


async def test_a_form_and_a_public_answer_leave_it_for_the_next_one(
    bot: Bot, ana: Hand, plan: PlanId
) -> None:
    fails(bot, reminder(ana))
    await ana.clicks("start.form")
    await ana.submits(f"plan.renamed|{plan}", title=" ")  # stays open with its error
    shown = card(await ana.clicks(f"plan.show|{plan}"))
    assert shown.summary.startswith("A reminder of")


async def test_two_answers_at_once_tell_it_once(bot: Bot, ana: Hand) -> None:
    fails(bot, reminder(ana))
    assert len(told(ana)) == 1
    assert told(ana) == ()


@pytest.mark.parametrize("before", [Cause.LEFT, Cause.REMOVED])
async def test_a_card_that_fails_later_is_told_as_what_it_is(
    bot: Bot, ana: Hand, ben: Hand, plan: PlanId, before: Cause
) -> None:
    await ben.clicks("next")
    fails(bot, reminder(ben) if before is Cause.LEFT else of_plan(bot, plan), before)
    assert len(told(ana)) == 1
    fails(bot, of_plan(bot, plan, NoticeKind.PLAN_CARD), Cause.GONE)
    assert "The card of “Rivers” could not be brought" in summary(await ana.says("next"))
    fails(bot, of_plan(bot, plan, NoticeKind.PLAN_CARD, 2), Cause.TRIED)
    works(bot, of_plan(bot, plan))
    assert told(ana) == (), "it is up to date again"
