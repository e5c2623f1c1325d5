"""SIGKILL between an event, its commit, its acknowledgement and what is sent: judged in Slack."""

import asyncio
from collections import Counter
from pathlib import Path

from tests.support.hunting import ANY_TIME, Said, hunted, kills
from tests.support.slack.fake import FakeSlack
from tests.support.slack_hunt import hunting

INSTANTS = (
    "delivered",
    "acknowledged",
    "chat.postMessage received",
    "chat.postMessage applied",
    "chat.postEphemeral received",
    ANY_TIME,
)
AT_ONCE = 6
PAUSE = 0.05
"""Seconds between what one person says and what they say next."""
PEOPLE = ("Ana", "Ben", "Cy", "Dee", "Eve")


async def talk_for_ever(fake: FakeSlack, said: Said) -> None:
    """Let people start plans, a few at once; what was acknowledged is kept in ``said``."""
    people = [fake.user(name) for name in PEOPLE]

    async def talk(number: int) -> None:
        count = 0
        while True:
            count += 1
            title = f"Plan {number}-{count}"
            who = people[count % len(people)]
            answer = await who.mentions(f'start "{title}" short-form')
            if answer is not None and answer.acknowledged:
                said.append(title)
            await asyncio.sleep(PAUSE)

    async with asyncio.TaskGroup() as group:
        for number in range(AT_ONCE):
            group.create_task(talk(number))


def cards(fake: FakeSlack) -> Counter[str]:
    """Return the plans' cards in the channel by title."""
    roots = [m for m in fake.channel("planning").messages if m.blocks and not m.only_for]
    return Counter(m.blocks[0]["text"]["text"] for m in roots if not m.thread)


async def test_what_was_acknowledged_is_there_and_shown_once(tmp_path: Path) -> None:
    many = kills(INSTANTS)
    async with hunting(tmp_path / "coplan.db") as hunt:
        said = await hunted(hunt, INSTANTS, many, talk_for_ever)
        shown = cards(hunt.fake)
        lost = [title for title in said if title not in shown]
        twice = {title: count for title, count in shown.items() if count > 1}
    assert len(said) > 2 * many, "hardly anything was acknowledged"
    assert (lost, twice) == ([], {})
    print(f"{many} kills {dict(hunt.killed)}, {len(said)} events acknowledged")


async def test_the_equipment_finds_events_that_are_acknowledged_too_early(tmp_path: Path) -> None:
    async with hunting(tmp_path / "coplan.db", hasty=True) as hunt:
        said = await hunted(hunt, INSTANTS, 2, talk_for_ever)
        assert [title for title in said if title not in cards(hunt.fake)]
