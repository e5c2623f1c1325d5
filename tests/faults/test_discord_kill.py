"""SIGKILL between an interaction, its commit, its answer and what is sent: judged in Discord."""

import asyncio
from collections import Counter
from pathlib import Path

from tests.support.discord.api_interactions import MESSAGE
from tests.support.discord.fake import FakeDiscord
from tests.support.discord.web import POST
from tests.support.discord.world import Kind
from tests.support.discord_house import known
from tests.support.discord_hunt import hunting
from tests.support.examples import IN_CI
from tests.support.hunting import ANY_TIME, PATIENCE, Said, hunted, kills

ANSWER = "POST /interactions/{interaction_id}/{interaction_token}/callback"
THREAD = "POST /channels/{channel_id}/messages/{message_id}/threads"
INSTANTS = (
    f"{ANSWER} received",
    f"{POST} applied",
    ANY_TIME,
    "INTERACTION_CREATE delivered",
    f"{ANSWER} applied",
    f"{POST} received",
    f"{THREAD} applied",
)[: None if IN_CI else 3]
APPLIED = (f"{ANSWER} applied",)
AT_ONCE = 6
PAUSE = 0.05
"""Seconds between what one person does and what they do next."""
PEOPLE = ("Ana", "Ben", "Cy", "Dee", "Eve")


async def talk_for_ever(fake: FakeDiscord, said: Said) -> None:
    """Let people start plans, a few at once; what was answered is kept in ``said``."""
    people = [fake.user(name) for name in PEOPLE]
    await known(fake, PATIENCE)

    async def talk(number: int) -> None:
        count = 0
        while True:
            count += 1
            title = f"Plan {number}-{count}"
            await fake.breaks.connected(within=PATIENCE)
            who = people[count % len(people)]
            answer = await who.command(f'/coplan start "{title}" short-form')
            if answer.kind == MESSAGE:  # "later" promises nothing yet
                said.append(title)
            await asyncio.sleep(PAUSE)

    async with asyncio.TaskGroup() as group:
        for number in range(AT_ONCE):
            group.create_task(talk(number))


def threads(fake: FakeDiscord) -> Counter[str]:
    """Return the plans' threads by title."""
    return Counter(each.name for each in fake.world.channels.values() if each.is_thread)


def alone(fake: FakeDiscord) -> list[str]:
    """Return the cards in the channel that no thread was begun with."""
    places = {each.id for each in fake.world.channels.values() if each.kind is Kind.TEXT}
    roots = [message.id for message in fake.written() if message.channel in places]
    return [each for each in roots if each not in fake.world.channels]


async def test_what_was_answered_is_there_and_shown_once(tmp_path: Path) -> None:
    many = kills(INSTANTS)
    async with hunting(tmp_path / "coplan.db") as hunt:
        said = await hunted(hunt, INSTANTS, many, talk_for_ever)
        shown = threads(hunt.fake)
        lost = [title for title in said if title not in shown]
        twice = {title: count for title, count in shown.items() if count > 1}
        assert alone(hunt.fake) == []
    assert len(said) > many, "hardly anything was answered"
    assert (lost, twice) == ([], {})
    print(f"{many} kills {dict(hunt.killed)}, {len(said)} interactions answered")


async def test_the_equipment_finds_interactions_that_are_answered_too_early(
    tmp_path: Path,
) -> None:
    async with hunting(tmp_path / "coplan.db", hasty=True) as hunt:
        said = await hunted(hunt, APPLIED, 1, talk_for_ever)
        assert [title for title in said if title not in threads(hunt.fake)]
