"""`when`: people never seen before, a plan of just these people, many with long names."""

from bot.chat.inbound import Said
from bot.ui.pages import help as help_pages
from tests.support.clicking import TABLE, Bot, Hand, button, buttons, card, failed, summary
from tests.ui.test_pages_limits import within

NAMES = [
    f"{number} Wolfeschlegelsteinhausenbergerdorff-Montgomery the {number}th"
    for number in range(19)
]


async def test_whoever_was_never_seen_can_be_named(bot: Bot, ana: Hand) -> None:
    found = await ana.says("when", bot.person("Stranger").person)
    assert "of you and Stranger" in summary(found)


async def test_no_verb_fails_for_a_person_never_seen(bot: Bot, ana: Hand) -> None:
    await ana.starts("Rivers")
    reading = [verb for verb in help_pages.VERBS if not TABLE[verb].changes]
    for number, verb in enumerate(["when", *reading]):
        reply = await ana.does(Said(parts=(f"{verb} ", bot.person(f"New {number}").person)))
        assert "read-only" not in str(reply), verb
        assert "Something went wrong" not in str(reply), verb
        assert "cannot reach its database" not in str(reply), verb


async def test_only_a_plan_of_just_these_people_gets_the_session(bot: Bot, ana: Hand) -> None:
    ben, cara = bot.person("Ben"), bot.person("Cara")
    await ana.starts("Rivers", ben, cara)
    found = await ana.says("when", ben.person)
    assert not [b for b in buttons(card(found)) if b.label.startswith("Propose")]
    assert "start a plan with just these people" in str(card(found).blocks)
    pair = await ana.starts("Towns", ben)
    assert button(await ana.says("when", ben.person), "Propose").action.args[0] == pair


async def test_twenty_people_with_long_names(bot: Bot, ana: Hand) -> None:
    others = [bot.person(name) for name in NAMES]
    plan = await ana.starts("Rivers", *others)
    for at, other in enumerate(others):
        await other.submits("tt.hourssave", hours="Mon 8-18" if at % 2 else "Tue 8-18")
    none = await ana.clicks(f"when|{plan}")
    assert card(none).title == "No common time"
    within(none)
    for other in others:
        await other.submits("tt.hourssave", hours="weekdays 8-18")
    found = await ana.clicks(f"when|{plan}")
    within(found)
    assert not failed(found)


async def test_lines_and_buttons_tell_one_zone(bot: Bot) -> None:
    ana = bot.person("Ana", zone="Europe/Berlin")
    ben = bot.person("Ben")
    await ana.starts("Rivers", ben)
    answers = {"nudges": "normal", "days": ("1", "2"), "quiet": "20-7", "zone": "America/New_York"}
    assert not failed(await ana.submits("settings.save", **answers))
    found = await ana.says("when")
    told = button(found, "Propose").label.removeprefix("Propose ")
    assert told in str(card(found).blocks[1])
    assert "Times are those of America/New_York." in str(card(found).blocks)
