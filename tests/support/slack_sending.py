"""Coplan sends into the fake Slack; see ``tests.support.sending``."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from bot.config import Guarantee
from tests.support.fake_clock import FakeClock
from tests.support.faults import (
    INTERNAL_AFTER,
    LOST_AFTER,
    LOST_BEFORE,
    UNAVAILABLE,
    Args,
    Fault,
    Faults,
)
from tests.support.sending import NOTES, PEOPLE, PLACES, Post, Sending, title
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.user import SlackUser
from tests.support.slack.world import Message, World
from tests.support.slack_house import Running, running
from tests.support.talk.stage import START

POST = "chat.postMessage"


@dataclass(frozen=True, slots=True)
class SlackSending(Sending):
    run: Running
    clock: FakeClock
    post: ClassVar[str] = POST
    troubles: ClassVar[Sequence[Fault]] = (LOST_AFTER, LOST_BEFORE, UNAVAILABLE, INTERNAL_AFTER)

    @property
    def fake(self) -> FakeSlack:
        return self.run.fake

    @property
    def faults(self) -> Faults:
        return self.fake.faults

    def user(self, name: str) -> SlackUser:
        return self.fake.user(name)

    async def settle(self) -> None:
        await self.run.settle()

    def is_into(self, place: str, args: Args) -> bool:
        return bool(args["channel"] == self.fake.channel(place).id)

    def posts(self) -> list[Post]:
        return [
            Post(
                channel=call.args["channel"],
                outcome=call.outcome,
                at=call.at,
                came=call.came,
                answered=call.answered,
            )
            for call in self.fake.api.made
            if call.method == POST
        ]

    def shown(self) -> Counter[str]:
        channels = [channel for channel in self.fake.team.channels.values() if not channel.is_im]
        return Counter(found for channel in channels for found in titles(channel.messages))

    def cards(self) -> int:
        return self.shown().total()

    def reminders(self) -> Counter[tuple[str, str]]:
        return Counter(
            (message.thread, f"{datetime.fromtimestamp(float(message.ts), UTC):%F}")
            for channel in self.fake.team.channels.values()
            for message in channel.messages
            if message.text.startswith(f"Reminder: {NOTES}")
        )

    async def remind(self, number: int) -> None:
        who = self.user(PEOPLE[number])
        [card] = [m for m in who.channel.messages if title(number) in titles([m])]
        answer = await who.mentions(f"remind every day 9:00: {NOTES}", thread=card.ts)
        assert answer is not None
        assert answer.acknowledged

    def knows_nothing_again(self) -> None:
        """Do nothing: Slack knows no nonce, and Coplan may not look."""


def titles(messages: list[Message]) -> list[str]:
    """Return the titles of plans' cards among the messages, once for each card."""
    roots = [m for m in messages if m.blocks and not m.only_for and not m.thread]
    return [message.blocks[0]["text"]["text"] for message in roots]


@asynccontextmanager
async def sending(
    path: Path, *, guarantee: Guarantee = Guarantee.AT_MOST_ONCE, looks: bool = False
) -> AsyncIterator[SlackSending]:
    """Run Coplan in a workspace of four channels; ``looks``: it may read what stands there."""
    clock = FakeClock(START)
    world = World(now=lambda: clock.now().timestamp())
    async with fake_slack(world) as fake:
        for name in PLACES[1:]:
            fake.world.channel(fake.team, name)
        if looks:
            fake.team.scopes |= {"channels:history", "groups:history", "im:history"}
        async with running(fake, path, clock=clock, guarantee=guarantee) as run:
            yield SlackSending(run, clock)
