"""SIGKILL around what is sent: told once where Coplan may look, elsewhere as the setting promises.

Everybody comments on a plan of their own; each comment is told in its plan's thread. Whoever's
form was not acknowledged sends it again. A message that was begun by a process that is dead may
have been shown or not. Where Coplan may not look, once at most: it is never sent again, and is on
record as one that may be missing; once at least: it is sent again.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from adapters.slack.origins import Origin
from bot.config import Guarantee
from bot.ui.actions import Action, action
from tests.support.comments import STEP, Written
from tests.support.examples import IN_CI
from tests.support.hunting import ANY_TIME, PATIENCE, Said, hunted, kills
from tests.support.slack import payloads
from tests.support.slack.fake import FakeSlack
from tests.support.slack.user import SlackUser
from tests.support.slack.world import Message, View
from tests.support.slack_hunt import SlackHunt, hunting

INSTANTS = ("chat.postMessage received", "chat.postMessage applied", ANY_TIME)
PEOPLE = ("Ana", "Ben", "Cy", "Dee", "Eve", "Fay")
PAUSE = 0.05
_NUMBERED = re.compile(r"Comment \d+-\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Comments that were not told, copies too many, and why what was given up was.

    ``doubts``: of how many messages nobody could know what became of them, at most.
    """

    missing: set[str]
    extra: int
    given_up: Mapping[str, str]
    doubts: int


def told_once(result: Result) -> None:
    """Expect of a Slack where Coplan may look that each comment is told once."""
    assert (result.missing, result.extra, result.given_up) == (set(), 0, {})


def once_at_most(result: Result) -> None:
    assert result.extra == 0
    assert result.missing <= set(result.given_up), "missing, and nobody knows"
    assert set(result.given_up.values()) <= {"outcome unknown"}
    assert 1 <= len(result.given_up) <= result.doubts


def once_at_least(result: Result) -> None:
    assert (result.missing, result.given_up) == (set(), {})
    assert 1 <= result.extra <= result.doubts


PROMISES = (
    (told_once, Guarantee.AT_MOST_ONCE, True),
    (once_at_most, Guarantee.AT_MOST_ONCE, False),
    (once_at_least, Guarantee.AT_LEAST_ONCE, False),
)


@pytest.mark.parametrize(("keeps", "guarantee", "history"), PROMISES[: None if IN_CI else 1])
async def test_each_comment_is_told_as_promised(
    tmp_path: Path, keeps: Callable[[Result], None], guarantee: Guarantee, *, history: bool
) -> None:
    keeps(await commented(tmp_path / "coplan.db", guarantee, history=history))


async def commented(path: Path, guarantee: Guarantee, *, history: bool) -> Result:
    """Let everybody comment while lives are killed; fail if a comment is lost, or there twice."""
    many = kills(INSTANTS)
    async with hunting(path, history=history, guarantee=guarantee) as hunt:
        await begun(hunt)
        said = await hunted(hunt, INSTANTS, many, comment_for_ever)
        told = told_in_threads(hunt.fake)
        written = Written.of(f"sqlite:///{path}")
    assert len(said) > 5 * many, "hardly anything was acknowledged"
    assert [text for text in said if written.comments[text] != 1] == [], "lost, or there twice"
    result = Result(
        missing={text for text in written.comments if not told[text]},
        extra=sum(copies - 1 for copies in told.values()),
        given_up=written.given_up,
        doubts=(many + 1) * len(PEOPLE),
    )
    print(
        f"{many} kills {dict(hunt.killed)}, {len(said)} comments: {len(result.missing)} not told,"
        f" {result.extra} copies too many, {len(result.given_up)} given up"
    )
    return result


async def begun(hunt: SlackHunt) -> None:
    """Let everybody start a plan, in a life that ends then."""
    fake = hunt.fake
    hunt.begins()
    await fake.sockets.connected(within=PATIENCE)
    for number, name in enumerate(PEOPLE):
        await fake.user(name).command(f'/coplan start "Plan {number}" short-form')
    async with asyncio.timeout(PATIENCE):
        while len(plans(fake)) < len(PEOPLE):  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(PAUSE)
    hunt.gone()


def plans(fake: FakeSlack) -> dict[str, Message]:
    """Return the plans' cards in the channel, by title."""
    roots = [m for m in fake.channel("planning").messages if m.blocks and not m.only_for]
    return {m.blocks[0]["text"]["text"]: m for m in roots if not m.thread}


async def comment_for_ever(fake: FakeSlack, said: Said) -> None:
    """Let everybody comment on their plan, one comment after another."""

    async def commenting(number: int, who: SlackUser, card: Message) -> None:
        for again in count(1):
            text = f"Comment {number}-{again}"
            view = form(fake, who, card)
            state = {"text": {"text": {"type": "plain_text_input", "value": text}}}
            payload = payloads.submission(fake.world, fake.team, who.me, view, state)
            taken = False
            while not taken:
                taken = (await fake.sockets.deliver("interactive", payload)).acknowledged
                await asyncio.sleep(PAUSE)
            said.append(text)

    async with asyncio.TaskGroup() as group:
        for number, name in enumerate(PEOPLE):
            card = plans(fake)[f"Plan {number}"]
            group.create_task(commenting(number, fake.user(name), card))


def form(fake: FakeSlack, who: SlackUser, card: Message) -> View:
    """Return a modal for a comment on the card's plan, opened in its thread."""
    used = [each for block in card.blocks for each in block.get("elements", ())]
    plan = next(Action.decode(each["action_id"]).args[0] for each in used if "action_id" in each)
    origin = Origin(channel=card.channel, thread=card.ts, message=card.ts)
    number = fake.world.id("V0")
    content = {
        "type": "modal",
        "callback_id": action("comment.save", plan, STEP).encode(),
        "private_metadata": origin.pack(),
        "title": {"type": "plain_text", "text": "Comment"},
        "blocks": [],
    }
    return View(id=number, user=who.me.id, content=content, hash=f"h{number}", root=number)


def told_in_threads(fake: FakeSlack) -> Counter[str]:
    """Return how often everybody was told of each comment."""
    public = [m for m in fake.channel("planning").messages if m.thread and not m.only_for]
    return Counter(found for m in public for found in set(_NUMBERED.findall(m.text)))
