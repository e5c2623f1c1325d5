"""What stands beside an input about who sees it is true of what becomes of the input."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ids import PlanId
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.ui.actions import Action, action
from bot.ui.cards import Note
from bot.ui.deliveries import Composed, OpenThread
from bot.ui.forms import DateInput, Input, SelectInput, TextInput
from bot.ui.limits import FORM_NOTE
from bot.ui.pages.reminders.digest_card import digest_card
from bot.usecases.reminders.digesting import digest_view
from tests.support.clicking import Bot, Hand, card, failed, form, summary

WORDS = "Marigold"
READERS = "by everybody who can read the plan's thread"
SOON = timedelta(hours=1)


async def in_thread(bot: Bot, hand: Hand, *others: Hand) -> PlanId:
    """Start a plan whose card stands in a thread."""
    plan = await hand.starts("Rivers", *others)
    thread = next(told for told in bot.told() if isinstance(told, OpenThread))
    place = Place(
        platform=thread.channel.platform,
        kind=PlaceKind.THREAD,
        channel=thread.channel.channel,
        thread="t1",
    )
    bot.write(lambda w: w.plans.set_card(plan, MessageRef(place=place, message="t1")))
    return plan


def public(bot: Bot, plan: PlanId) -> str:
    """Return all that the channel gets to read from now on, the weekly digest with it."""
    bot.clock.set(bot.clock.now() + timedelta(minutes=5))
    told: list[Composed] = bot.told()
    digest = bot.read(lambda work: digest_view(work, bot.plan(plan).partnership))
    assert digest is not None
    return f"{told} {digest_card(digest)}"


def opens(bot: Bot, plan: PlanId) -> dict[str, Action]:
    """Return the action of every form of a plan by what it asks for."""
    start = int((bot.clock.now() + SOON).timestamp())
    challenge = next(iter(bot.plan(plan).challenges), None)
    return {
        "field": action("field.open", plan, "form", "idea"),
        "comment": action("comment.form", plan, "form"),
        **{
            kind: action("item.form", plan, kind)
            for kind in ("decision", "responsibility", "resource", "challenge", "minutes")
        },
        "remedy": action("remedy.form", plan, challenge.id if challenge else ""),
        "rename": action("plan.rename", plan),
        "session": action("session.form", plan, str(start), str(start + 1800)),
        "outside": action("out.form", plan),
        "note": action("note.form", plan, "1"),
        "dispute": action("dispute.form", plan, "1"),
        "reminder": action("remind.new", plan),
    }


def answer(asked: Input) -> str:
    """Return what is put into an input: the words, where it takes any."""
    match asked:
        case TextInput(key=key):
            return {"minutes": "10", "link": "", "when": "Sundays 18:00"}.get(key, WORDS)
        case DateInput():
            return "tomorrow"
        case SelectInput(required=True):
            return asked.initial or asked.options[0].value
        case _:
            return ""


PUBLIC = {"comment", "reminder", "responsibility", "remedy", "rename", "session", "outside"}
PRIVATE = {"field", "decision", "resource", "challenge", "minutes", "note", "dispute"}


@pytest.mark.parametrize("asked", sorted(PUBLIC | PRIVATE))
async def test_who_sees_it_is_said_and_true(bot: Bot, ana: Hand, ben: Hand, asked: str) -> None:
    plan = await in_thread(bot, ana, ben)
    by = ana
    if asked == "remedy":
        await ana.submits(action("challenge.save", plan), kind="other", text="No time")
    if asked == "dispute":
        by = ben
    opened = form(await by.clicks(opens(bot, plan)[asked]))
    reply = await by.submits(opened.action, **{one.key: answer(one) for one in opened.inputs})
    assert not failed(reply)
    assert "Ana" in opened.note or "Ben" in opened.note
    assert (READERS in opened.note) is (asked in PUBLIC)
    if asked != "remedy":  # a responsibility without a date is told when its turn has come
        assert (WORDS in public(bot, plan)) is (asked in PUBLIC)
    if asked != "challenge":  # its answer is the page of remedies
        assert (READERS in summary(reply)) is (asked in PUBLIC)


@pytest.mark.parametrize("several", [False, True])
async def test_who_sees_a_message_is_said_and_true_of_all_it_can_become(
    bot: Bot, ana: Hand, ben: Hand, several: bool
) -> None:
    plan = await in_thread(bot, ana, ben)
    if several:
        await ana.starts("Alone")
    opened = form(await ana.picks(WORDS, ben))
    told = {"a decision": False, "a resource": False, "a comment": True, "a responsibility": True}
    assert READERS in opened.note
    assert {what: what in opened.note for what in told} == told
    assert ("you and Ben" in opened.note) is not several
    kinds = next(one for one in opened.inputs if one.key == "kind")
    assert isinstance(kinds, SelectInput)
    assert len(kinds.options) == 12, "each is tried"
    for option in kinds.options:
        given = {"plan": plan, "kind": option.value, "text": WORDS, "link": ""}
        reply = await ana.submits(opened.action, **given)
        becomes = option.label.partition(",")[0].partition(" o")[0].lower()
        assert (READERS in summary(reply)) is told[becomes], option
        if becomes != "a responsibility":  # without a date it is told when its turn has come
            assert (WORDS in public(bot, plan)) is told[becomes], option


async def test_the_digest_in_the_thread_quotes_nobody(bot: Bot, ana: Hand, ben: Hand) -> None:
    plan = await in_thread(bot, ana, ben)
    save = action("field.save", plan, "form", "idea", "0")
    await ana.submits(save, text=WORDS)
    told = public(bot, plan)
    assert WORDS not in told
    assert "What shall we plan?" in told
    alone = bot.read(
        lambda work: digest_view(work, bot.plan(plan).partnership, viewer=ben.member.id)
    )
    assert alone is not None
    assert WORDS in digest_card(alone).summary


async def test_the_card_says_who_reads_it_and_who_the_answers(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    plan = await in_thread(bot, ana, ben)
    last = card(await ana.clicks(action("plan.show", plan))).blocks[-1]
    assert isinstance(last, Note)
    assert "everybody who can read this thread; answers only by Ana and Ben." in str(last)


async def test_alone_in_a_direct_conversation_nobody_else_sees_it(bot: Bot, ana: Hand) -> None:
    here = Place(platform=ana.place.platform, kind=PlaceKind.DIRECT, channel="dm.ana")
    alone = ana.at(here)
    plan = await alone.starts("Rivers")
    bot.write(lambda w: w.plans.set_card(plan, MessageRef(place=here, message="m1")))
    opened = form(await alone.clicks(action("comment.form", plan, "form")))
    assert opened.note == "Seen by you."
    last = card(await alone.clicks(action("plan.show", plan))).blocks[-1]
    assert "Seen by Ana. Every act" in str(last)


async def test_of_a_plan_of_one_in_a_channel_the_thread_is_public(bot: Bot, ana: Hand) -> None:
    plan = await in_thread(bot, ana)
    opened = form(await ana.clicks(action("comment.form", plan, "form")))
    assert opened.note == f"Seen by you, and {READERS}."


async def test_beside_five_questions_partners_with_long_names_are_counted(
    bot: Bot, ana: Hand, ben: Hand
) -> None:
    long = replace(ben, person=replace(ben.person, name="Benedikt Maria " * 4))
    await long.says("help")
    plan = await in_thread(bot, ana, long)
    opened = form(await ana.clicks(action("out.form", plan)))
    assert opened.note == f"Seen by you and 1 partner, and {READERS}."
    assert (
        len(opened.note)
        <= FORM_NOTE
        < len(form(await ana.clicks(action("plan.rename", plan))).note)
    )


async def test_exported_files_are_for_the_one_who_asked(ana: Hand, ben: Hand) -> None:
    await ana.starts("Rivers", ben)
    told = str(card(await ana.says("export")).blocks)
    assert "Only you get them here." in told
    assert "Seen by" not in told
