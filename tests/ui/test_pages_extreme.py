"""Every page that can be reached, with as much as there may be of everything, and with nothing."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.inbound import Upload
from bot.domain.ids import PlanId
from bot.templates import limits as template_limits
from bot.ui.actions import action
from bot.ui.pages import help as help_pages
from tests.support.clicking import Bot, Hand, failed, opened, walk, wrong
from tests.ui.test_pages_limits import card_within, within

EMOJI = "👩🏽\u200d🏫"
LONG_NAME = f"{EMOJI} Wolfeschlegelsteinhausenbergerdorff-Montgomery {EMOJI * 30}"
LONG_TITLE = ("A unit of a title that is as long as titles may ever be, about " + EMOJI * 40)[:120]
FULL = "wörter " * 428
NOTE = ("a note that goes on " * 60)[:1000]


def largest() -> str:
    """Return a template with as much in it as the loader takes."""

    def long(words: str, most: int) -> str:
        return (words + " long" * most)[:most].strip()

    fields = [
        {
            "key": f"f{n}",
            "label": long(f"Field {n}", template_limits.LABEL),
            "hint": long("Hint", template_limits.HINT),
            "by": ("anyone", "each", "together", "role")[n % 4],
            **({"role": "scribe"} if n % 4 == 3 else {}),
        }
        for n in range(template_limits.FIELDS)
    ]
    steps = [
        {
            "key": f"s{n}",
            "title": long(f"Step {n}", template_limits.STEP_TITLE),
            "about": long("About", template_limits.ABOUT),
            "fields": fields,
        }
        for n in range(template_limits.STEPS)
    ]
    title = long("Largest", template_limits.TEMPLATE_TITLE)
    document = {"key": "largest", "title": title, "steps": steps}
    return json.dumps(document)  # which is YAML, too


async def filled(bot: Bot, names: list[str], template: str) -> tuple[Hand, PlanId]:
    """Start a plan with those people, and put as much into it as fits."""
    hands = [bot.person(name) for name in names]
    for hand in hands:
        await hand.clicks("next")
    ana = hands[0]
    plan = await start(ana, hands[1:], template)
    for step in bot.plan(plan).template.steps[:2]:
        for number, field in enumerate(step.fields):
            for hand in hands[:8]:
                route = action("field.save", plan, step.key, field.key, "0")
                await hand.submits(route, text=f"{number} {FULL}"[:2900])
    for hand in hands[:4]:
        await everything(bot, hand, plan)
    return ana, plan


async def start(ana: Hand, others: list[Hand], template: str) -> PlanId:
    people = {"partners": tuple(other.person for other in others)}
    reply = await ana.submits("start.save", title=LONG_TITLE, template=template, people=people)
    assert not failed(reply), wrong(reply)
    return ana.bot.read(lambda work: work.plans.of_member(ana.member.id))[-1].id


async def everything(bot: Bot, hand: Hand, plan: PlanId) -> None:
    """Add one of everything, as long as it may be."""
    key = bot.plan(plan).steps[0].key
    soon = int((bot.clock.now() + timedelta(days=1)).timestamp())
    partner = next((m for m in bot.plan(plan).members if m != hand.member.id), "")
    link = "https://example.org/" + "x" * 480
    for reply in [
        await hand.submits(action("comment.save", plan, key), text=NOTE),
        await hand.submits(action("decision.save", plan), text=NOTE),
        await hand.submits(action("challenge.save", plan), kind="other", text=NOTE),
        await hand.submits(action("duty.save", plan), text=NOTE, owner="together", due="Friday"),
        await hand.submits(action("resource.save", plan), title="r" * 200, link=link),
        await hand.submits(action("minutes.save", plan), minutes="600", text=NOTE),
        await hand.submits(
            action("session.save", plan, str(soon), str(soon + 600)),
            purpose="p" * 200,
            medium="m" * 100,
        ),
    ]:
        assert not failed(reply), reply
        within(reply)
    await hand.submits(
        action("out.save", plan), kind="talk", band="0-5", partner=partner, note=NOTE,
        files={"file": (Upload(name="f" * 300, content=b"x"),)},
    )  # fmt: skip


async def seen(bot: Bot, hand: Hand) -> int:
    """Walk over everything the member can reach; fail for what does not fit."""
    first = [await hand.says(verb) for verb in (*help_pages.VERBS, "hm")]
    pages = 0
    async for clicked, reply in walk(hand, *first):
        pages += 1
        try:
            within(reply)
        except AssertionError as error:
            raise AssertionError(f"after {clicked}: {error}: {str(reply)[:200]}") from error
    for composed in bot.told():
        if composed is not None and hasattr(composed, "card"):
            card_within(composed.card)
    return pages


MANY = [f"{number} {LONG_NAME}" for number in range(20)]


@pytest.mark.parametrize(
    ("names", "template"),
    [
        (["Ana", "Ben"], "nine-step"),
        (MANY, "nine-step"),
        (MANY[:6], "largest"),
        (MANY[:2], "coplan-coteach-coassess"),
        (["Ana"], "handy-5"),
        (["\u202eanA", ""], "short-form"),
    ],
)
async def test_everything_fits(tmp_path: Path, names: list[str], template: str) -> None:
    async with opened(tmp_path) as bot:
        if template == "largest":
            added = await bot.person(names[0]).submits("template.save", text=largest())
            assert not failed(added), added
        ana, plan = await filled(bot, names, template)
        assert await seen(bot, ana) > 40
        if len(names) == 2:
            assert await seen(bot, bot.person(names[-1])) > 40
        for route in ("plan.finish", "plan.archive"):
            within(await ana.clicks(action(route, plan, "anyway")))
            within(await ana.clicks(action("plan.show", plan)))


async def test_nothing_at_all_fits(tmp_path: Path) -> None:
    async with opened(tmp_path) as bot:
        assert await seen(bot, bot.person("")) > 20


async def test_thirty_plans_of_one_title(tmp_path: Path) -> None:
    async with opened(tmp_path) as bot:
        ana, ben = bot.person("Ana"), bot.person("Ben")
        for _ in range(30):
            await start(ana, [ben], "handy-5")
        for verb in ("plan", "next", "history", "digest", "export", "log", "when", "history idea"):
            within(await ana.says(verb))
