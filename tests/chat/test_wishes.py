"""What is typed after `start` and `when`: titles, people, templates, and people nobody knows."""

import pytest

from bot.chat.inbound import Said
from bot.domain.members import Person
from bot.domain.planning.plan import Plan
from bot.ui.replies import Reply
from tests.support.clicking import Bot, Hand, failed, summary
from tests.support.talk.speaking import parts


@pytest.fixture
def people(bot: Bot) -> dict[str, Person]:
    return {name.casefold(): bot.person(name).person for name in ("Ana", "Ben", "Rosa")}


async def said(hand: Hand, people: dict[str, Person], words: str) -> Reply:
    """Say it as it would be typed: who is known is mentioned, others are words."""
    return await hand.does(Said(parts=parts(words, people)))


def newest(bot: Bot, hand: Hand) -> Plan:
    return bot.read(lambda work: work.plans.of_member(hand.member.id))[-1]


def names(bot: Bot, plan: Plan) -> list[str]:
    found = bot.read(lambda work: work.members.get(plan.members))
    return [found[member].name for member in plan.members]


@pytest.mark.parametrize(
    "words",
    [
        'start "Bad person" @Zork',
        'start "Bad person" @Ben @Zork handy-5',
        "start Bad person @Zork",
        'start @Zork "Bad person"',
        "when @Zork",
        "when @Ben, @Zork!",
    ],
)
async def test_nobody_of_that_name(
    bot: Bot, ana: Hand, ben: Hand, people: dict[str, Person], words: str
) -> None:
    await ana.starts("Rivers", ben)
    before = bot.rows()["plans"]
    reply = await said(ana, people, words)
    assert failed(reply)
    assert summary(reply).startswith("Nobody here is called @Zork.")
    assert "I know: Ben." in summary(reply)
    assert bot.rows()["plans"] == before


async def test_two_strangers_and_nobody_else_known(ana: Hand, people: dict[str, Person]) -> None:
    reply = await said(ana, people, 'start "Rivers" @Zork @Zara')
    assert summary(reply).startswith("Nobody here is called @Zork or @Zara.")
    assert "I know" not in summary(reply)


@pytest.mark.parametrize(
    ("words", "title", "who", "template"),
    [
        ('start "Rivers" @Ben', "Rivers", "Ben", "nine-step"),
        ('start "Rivers" @Ben handy-5', "Rivers", "Ben", "handy-5"),
        ('start "Rivers" handy-5 @Ben', "Rivers", "Ben", "handy-5"),
        ('start @Ben "Rivers" short form', "Rivers", "Ben", "short-form"),
        ("start Unquoted title here @Ben handy-5", "Unquoted title here", "Ben", "handy-5"),
        ("start Unquoted title here handy-5 @Ben", "Unquoted title here", "Ben", "handy-5"),
        ("start Unquoted title here @Ben Short Form", "Unquoted title here", "Ben", "short-form"),
        ("start Unquoted title handy-5", "Unquoted title", "", "handy-5"),
        ("start Our study group @Ben", "Our study group", "Ben", "nine-step"),
        ("start Rivers @Ben and lakes", "Rivers and lakes", "Ben", "nine-step"),
        ("start handy-5", "handy-5", "", "nine-step"),
        ("start @Ben handy-5", "handy-5", "Ben", "nine-step"),
        ('start "Rivers handy-5" @Ben', "Rivers handy-5", "Ben", "nine-step"),
        ('start "Trip with @Ben" @Rosa', "Trip with @Ben", "Rosa", "nine-step"),
        ('start "Trip with @Ben!"', "Trip with @Ben!", "", "nine-step"),
        ('start "Mail to zork@school.org and @Zork"', "Mail to zork@school.org and @Zork", "", ""),
        ("start Meet @ noon", "Meet @ noon", "", "nine-step"),
        ("start “Rivers”\n@Ben", "Rivers", "Ben", "nine-step"),
        ("start \u2018Rivers\u2019 @Ben", "Rivers", "Ben", "nine-step"),
        ("start »Rivers« @Ben", "Rivers", "Ben", "nine-step"),
        ("start \u2039Rivers\u203a @Ben", "Rivers", "Ben", "nine-step"),
        ("start „Rivers” @Ben", "Rivers", "Ben", "nine-step"),
        ('start “Rivers" @Ben', "Rivers", "Ben", "nine-step"),
        ('start "Rivers @Ben', "Rivers", "Ben", "nine-step"),
        ('start "The “great” lake" @Ben', "The “great” lake", "Ben", "nine-step"),
        ("start 'Ben's plan' @Ben", "Ben's plan", "Ben", "nine-step"),
        ("start 'The kids' lakes' @Ben", "The kids' lakes", "Ben", "nine-step"),
        ("start O'Neill's plays @Ben", "O'Neill's plays", "Ben", "nine-step"),
        ('start 5" pipes and 6" pipes @Ben', '5" pipes and 6" pipes', "Ben", "nine-step"),
        ('start "Rivers" with @Ben', "Rivers", "Ben", "nine-step"),
        ('start with @Ben "Rivers"', "Rivers", "Ben", "nine-step"),
        ("start @Ben: Rivers", "Rivers", "Ben", "nine-step"),
        ("start Rivers with @Ben", "Rivers", "Ben", "nine-step"),
        ("start Rivers, @Ben please", "Rivers", "Ben", "nine-step"),
        ("start Working with water @Ben", "Working with water", "Ben", "nine-step"),
        ('start "Working with @Ben" with @Rosa', "Working with @Ben", "Rosa", "nine-step"),
        ('start a new plan called "Rivers" with @Ben', "Rivers", "Ben", "nine-step"),
        ("start Plan B", "Plan B", "", "nine-step"),
        ('start "Rivers" @Ben using the handy-5 template', "Rivers", "Ben", "handy-5"),
        ('start "Rivers" @Ben (template: short form), please', "Rivers", "Ben", "short-form"),
    ],
)
async def test_titles_partners_and_templates(
    bot: Bot,
    ana: Hand,
    people: dict[str, Person],
    words: str,
    title: str,
    who: str,
    template: str,
) -> None:
    reply = await said(ana, people, words)
    assert not failed(reply), reply
    plan = newest(bot, ana)
    assert plan.title == title
    assert names(bot, plan) == ["Ana", *filter(None, [who])]
    assert plan.template.key == (template or "nine-step")


@pytest.mark.parametrize(
    "words",
    [
        'start "Rivers" with @Ben and @Rosa',
        "start Rivers with @Ben and @Rosa",
        "start Rivers @Ben, @Rosa",
        'start @Ben and @Rosa "Rivers"',
        'start "Rivers" (together with @Ben & @Rosa)',
    ],
)
async def test_several_partners(bot: Bot, ana: Hand, people: dict[str, Person], words: str) -> None:
    assert not failed(await said(ana, people, words))
    plan = newest(bot, ana)
    assert (plan.title, names(bot, plan)) == ("Rivers", ["Ana", "Ben", "Rosa"])


async def test_partners_without_an_at_are_no_template(ana: Hand, people: dict[str, Person]) -> None:
    reply = await said(ana, people, 'start "Rivers" with Ben and Rosa')
    assert failed(reply)
    assert "Partners are named with an @." in summary(reply)


async def test_what_was_taken_for_the_template_is_said(
    ana: Hand, people: dict[str, Person]
) -> None:
    reply = await said(ana, people, "start Rivers @Ben handy-5")
    told = "“handy-5” was taken for its template, “Handy 5”: what stands in quotation marks stays"
    assert told in summary(reply)
    quoted = await said(ana, people, 'start "Lakes" @Ben handy-5')
    assert "taken for" not in summary(quoted)


async def test_an_unknown_template_is_still_named(ana: Hand, people: dict[str, Person]) -> None:
    reply = await said(ana, people, 'start "Rivers" @Ben ten-step')
    assert "There is no template called “ten-step”." in summary(reply)


@pytest.mark.parametrize(
    "words", ['start "" @Ben', "start @Ben", "start a new plan with @Ben", 'start "  "']
)
async def test_no_title_is_answered_without_a_word_of_forms(
    ana: Hand, people: dict[str, Person], words: str
) -> None:
    reply = await said(ana, people, words)
    assert failed(reply)
    assert "is empty: write a few words." in summary(reply)
    assert "form" not in summary(reply)


@pytest.mark.parametrize(
    "words",
    ["when can we meet?", "when are we all free", "when Rivers", "when rivers?", "when with @Ben"],
)
async def test_when_takes_a_question_or_a_title(
    ana: Hand, ben: Hand, people: dict[str, Person], words: str
) -> None:
    await ana.starts("Rivers", ben)
    assert "common slots of you and Ben" in summary(await said(ana, people, words))


@pytest.mark.parametrize("words", ["when Ben", "when tomorrow"])
async def test_when_does_not_pass_over_words_it_cannot_take(
    ana: Hand, ben: Hand, people: dict[str, Person], words: str
) -> None:
    await ana.starts("Rivers", ben)
    reply = await said(ana, people, words)
    assert failed(reply)
    assert "is no plan of yours, and people are named with an @" in summary(reply)


@pytest.mark.parametrize(
    "words", ["log 45 min talk with Ben", "log 1h30", "log an hour @Ben", "log 90'", "log Rivers."]
)
async def test_how_long_is_no_title_of_a_plan(
    ana: Hand, ben: Hand, people: dict[str, Person], words: str
) -> None:
    await ana.starts("Rivers", ben)
    assert "Two taps log it" in summary(await said(ana, people, words))


async def test_a_title_that_begins_with_a_number_is_one(
    ana: Hand, ben: Hand, people: dict[str, Person]
) -> None:
    await ana.starts("Rivers", ben)
    await ana.starts("5 maps", ben)
    assert "“5 maps”" in str(await said(ana, people, "log 5 maps"))
