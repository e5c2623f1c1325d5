"""One plan on Slack and on Discord, and both lose answers: what is told is told once on each."""

import random  # noqa: TID251 - seeded
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.both_house import Both, both, linked
from tests.support.comments import on_discord
from tests.support.discord.api_interactions import SUBMIT
from tests.support.discord.fake import fake_discord
from tests.support.discord.user import DiscordUser
from tests.support.discord.web import POST
from tests.support.discord.web import Made as MadeThere
from tests.support.discord.world import Json
from tests.support.discord.world import World as DiscordWorld
from tests.support.examples import examples
from tests.support.fake_clock import FakeClock
from tests.support.faults import LOST_AFTER, LOST_BEFORE, UNAVAILABLE, Fault
from tests.support.slack.fake import fake_slack
from tests.support.slack.web import Made as MadeHere
from tests.support.slack.world import World as SlackWorld
from tests.support.talk.stage import START

TROUBLES = (LOST_AFTER, LOST_BEFORE, UNAVAILABLE, Fault(answer="status", status=503, done=True))


@pytest.mark.parametrize("where", ["slack", "discord", "both"])
async def test_each_comment_is_told_once_on_each_platform(tmp_path: Path, where: str) -> None:
    many, clock = examples(60), FakeClock(START)
    now = {"now": lambda: clock.now().timestamp()}
    async with (
        fake_slack(SlackWorld(**now)) as slack,
        fake_discord(DiscordWorld(**now)) as discord,
    ):
        slack.team.scopes |= {"channels:history", "groups:history"}
        maya, there = slack.user("Maya"), discord.user("maya_reads")
        async with both(slack, discord, tmp_path / "coplan.db", clock=clock) as run:
            root, thread = await linked(run, maya, there, '"Rivers" short-form')
            troubles(run, where)
            for text in texts(many):
                await comments(there, thread, text)
                await passes(run, clock, minutes=2)
            for fake in (slack, discord):
                fake.faults.clear()
            await passes(run, clock, minutes=90)
            lost = {"slack": in_doubt(slack.api.made), "discord": in_doubt(discord.api.made)}
        here = [" ".join(maya.reader.message(m)) for m in maya.visible(None, root)]
        over = discord.world.channels[thread].messages
        shown = {"slack": here, "discord": [" ".join(there.reader.message(m)) for m in over]}
    for name, told in shown.items():
        assert Counter(t for one in told for t in texts(many) if t in one) == Counter(texts(many))
        assert bool(lost[name]) == (where in {name, "both"}), "troubles there were"
    print(f"{many} comments, in doubt: {lost}")


def texts(many: int) -> list[str]:
    return [f"Comment {number:03d}." for number in range(many)]


def troubles(run: Both, where: str) -> None:
    """Let three of ten sends go wrong, on one platform or on both."""
    rng = random.Random(9)

    def rule(_: Json) -> Fault | None:
        return rng.choice(TROUBLES) if rng.random() < 0.3 else None

    if where != "discord":
        run.slack.faults.when("chat.postMessage", rule)
    if where != "slack":
        run.discord.faults.when(POST, rule)


async def comments(there: DiscordUser, thread: str, text: str) -> None:
    """Let Maya comment at Discord's client."""
    card = there.fake.channel("planning").find(thread)
    assert card is not None
    answer = await there.interacts(SUBMIT, on_discord(card, text), source=card)
    assert answer.acknowledged


def in_doubt(made: Sequence[MadeThere | MadeHere]) -> int:
    return sum(each.outcome in {"lost", "status"} for each in made)


async def passes(run: Both, clock: FakeClock, *, minutes: int) -> None:
    """Let time pass, and everything be sent that is due."""
    for _ in range(minutes):
        await run.settle()
        clock.move(minutes=1)
    await run.settle()
