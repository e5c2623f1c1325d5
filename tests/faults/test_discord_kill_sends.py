"""SIGKILL around what is sent: told once where Coplan may look, elsewhere never twice.

Everybody comments on a plan of their own; each comment is told in its plan's thread. Whoever's
form was not answered sends it again. A message that was begun by a process that is dead may have
been shown or not. Discord knows a repeated one by its nonce, for some minutes; after that it is
found in the history, or on record as one that may be missing.
"""

import asyncio
import re
from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from bot.config import Guarantee
from tests.support.comments import Written, on_discord
from tests.support.discord.api_interactions import LATER, MESSAGE, SUBMIT, UPDATE
from tests.support.discord.fake import FakeDiscord
from tests.support.discord.user import DiscordUser
from tests.support.discord.web import POST
from tests.support.discord.world import Message
from tests.support.discord_house import known
from tests.support.discord_hunt import DiscordHunt, hunting
from tests.support.hunting import ANY_TIME, PATIENCE, Said, hunted, kills

INSTANTS = (f"{POST} received", f"{POST} applied", ANY_TIME)
PEOPLE = ("Ana", "Ben", "Cy", "Dee", "Eve", "Fay")
PAUSE = 0.05
_NUMBERED = re.compile(r"Comment \d+-\d+")


@pytest.mark.parametrize("history", [True, False])
async def test_no_comment_is_told_twice(tmp_path: Path, *, history: bool) -> None:
    """Where Coplan may look each is told; where it may not, one that is missing is on record."""
    missing, extra, written = await commented(tmp_path / "coplan.db", history=history)
    assert extra == 0
    assert missing <= set(written.given_up), "missing, and nobody knows"
    assert set(written.given_up.values()) <= {"outcome unknown"}
    assert not (history and written.given_up)


async def commented(path: Path, *, history: bool) -> tuple[set[str], int, Written]:
    """Let everybody comment while lives are killed; fail if a comment is lost.

    Return which were not told, how many copies are too many, and what stands in the store.
    """
    many = kills(INSTANTS)
    async with hunting(path, history=history, guarantee=Guarantee.AT_MOST_ONCE) as hunt:
        await begun(hunt)
        said = await hunted(hunt, INSTANTS, many, comment_for_ever)
        told = told_in_threads(hunt.fake)
        written = Written.of(f"sqlite:///{path}")
    assert len(said) > many, "hardly anything was answered"
    assert [text for text in said if not written.comments[text]] == [], "lost"
    # Who was not answered says it again, to Discord another act: killed before the answer, it is
    # there twice, as said.
    again = sum(copies - 1 for copies in written.comments.values())
    assert again <= (many + 1) * len(PEOPLE), "there more often than said"
    missing = {text for text in written.comments if not told[text]}
    extra = sum(max(copies - written.comments[text], 0) for text, copies in told.items())
    print(
        f"{many} kills {dict(hunt.killed)}, {len(said)} comments: {len(missing)} not told,"
        f" {extra} copies too many, {len(written.given_up)} given up"
    )
    return missing, extra, written


async def begun(hunt: DiscordHunt) -> None:
    """Let everybody start a plan, in a life that ends then."""
    fake = hunt.fake
    hunt.begins()
    await fake.breaks.connected(within=PATIENCE)
    await known(fake, PATIENCE)
    for number, name in enumerate(PEOPLE):
        await fake.user(name).command(f'/coplan start "Plan {number}" short-form')
    async with asyncio.timeout(PATIENCE):
        while len(plans(fake)) < len(PEOPLE):  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(PAUSE)
    hunt.gone()


def plans(fake: FakeDiscord) -> dict[str, Message]:
    """Return the plans' cards in the channel, by the titles of their threads."""
    here = fake.channel("planning")
    threads = fake.world.threads(here.id)
    found = {thread.name: here.find(thread.id) for thread in threads}
    return {title: card for title, card in found.items() if card is not None}


async def comment_for_ever(fake: FakeDiscord, said: Said) -> None:
    """Let everybody comment on their plan, one comment after another."""

    async def commenting(number: int, who: DiscordUser, card: Message) -> None:
        for again in count(1):
            text = f"Comment {number}-{again}"
            data = on_discord(card, text)
            kind = 0
            while kind not in {MESSAGE, UPDATE}:
                await fake.breaks.connected(within=PATIENCE)
                kind = (await who.interacts(SUBMIT, data, source=card)).kind
                await asyncio.sleep(PAUSE)
                assert kind != LATER, "a comment takes no time"
            said.append(text)

    async with asyncio.TaskGroup() as group:
        for number, name in enumerate(PEOPLE):
            card = plans(fake)[f"Plan {number}"]
            group.create_task(commenting(number, fake.user(name), card))


def told_in_threads(fake: FakeDiscord) -> Counter[str]:
    """Return how often everybody was told of each comment."""
    reader = fake.user(PEOPLE[0]).reader
    inside = [m for m in fake.written() if fake.world.channels[m.channel].is_thread]
    shown = [" ".join(reader.message(message)) for message in inside]
    return Counter(found for text in shown for found in set(_NUMBERED.findall(text)))
