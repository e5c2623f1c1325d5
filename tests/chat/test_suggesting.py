"""What is suggested while somebody types."""

from bot.chat.suggesting import Wanted, suggested
from bot.domain.members import Identity
from bot.ui.limits import OPTIONS
from tests.support.clicking import Bot, Hand


def offered(bot: Bot, who: Identity, wanted: Wanted, typed: str, plan: str = "") -> dict[str, str]:
    found = bot.read(lambda work: suggested(work, who, wanted, typed, plan))
    return {each.label: each.value for each in found}


async def test_one_s_own_plans_by_any_part_of_their_titles(bot: Bot, ana: Hand) -> None:
    for title in ("River birds", "The old river", "Bridges"):
        await ana.says(f'start "{title}"')
    ben = bot.person("Ben")
    await ben.says('start "Rivers of Ben"')
    who = ana.person.identity
    assert list(offered(bot, who, Wanted.PLAN, "river")) == ["River birds", "The old river"]
    assert set(offered(bot, who, Wanted.PLAN, "")) == {
        "River birds",
        "The old river",
        "Bridges",
    }
    nobody = Identity(platform="playground", user="nobody")
    assert offered(bot, nobody, Wanted.PLAN, "") == {}


async def test_plans_that_are_called_alike_are_told_apart(bot: Bot, ana: Hand) -> None:
    ben, rosa = bot.person("Ben").person, bot.person("Rosa").person
    for partner in (ben, rosa):
        await ana.says('start "Rivers"', partner)
    who = ana.person.identity
    plans = offered(bot, who, Wanted.PLAN, "riv")
    assert sorted(plans) == ["Rivers (with Ben)", "Rivers (with Rosa)"]
    assert "ben" not in str(offered(bot, who, Wanted.PLAN, "ben")), "the title is what is typed"
    fields = bot.read(lambda work: suggested(work, who, Wanted.FIELD, "what shall we plan"))
    assert len({each.label for each in fields}) == 2


async def test_fields_of_the_plan_that_was_chosen(bot: Bot, ana: Hand) -> None:
    await ana.says('start "Rivers" study-group')
    await ana.says('start "Short" short-form')
    who = ana.person.identity
    plans = offered(bot, who, Wanted.PLAN, "")
    chosen = offered(bot, who, Wanted.FIELD, "", plans["Short"])
    assert chosen
    for value in chosen.values():
        plan, step, field = value.split("|")
        steps = {one.key: one for one in bot.plan(plan).template.steps}
        assert field in {one.key for one in steps[step].fields}
    everywhere = offered(bot, who, Wanted.FIELD, "")
    assert all(label.endswith(("(Rivers)", "(Short)")) for label in everywhere)


async def test_templates_and_time_zones(bot: Bot, ana: Hand) -> None:
    who = ana.person.identity
    assert list(offered(bot, who, Wanted.TEMPLATE, "study").values()) == ["study-group"]
    zones = offered(bot, who, Wanted.ZONE, "new york")
    assert zones == {"America/New York": "America/New_York"}
    assert len(offered(bot, who, Wanted.ZONE, "")) == OPTIONS
    assert offered(bot, who, Wanted.ZONE, "x" * 6000) == {}
