"""Coplan sends into the fake Discord; see ``tests.support.sending``."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from bot.config import Guarantee
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.permissions import Permission
from tests.support.discord.user import DiscordUser
from tests.support.discord.web import POST
from tests.support.discord.world import World
from tests.support.discord_house import Running, running
from tests.support.fake_clock import FakeClock
from tests.support.faults import LOST_AFTER, LOST_BEFORE, UNAVAILABLE, Args, Fault, Faults
from tests.support.looking import shows
from tests.support.sending import NOTES, PEOPLE, PLACES, Post, Sending, title
from tests.support.talk.stage import START

UNAVAILABLE_AFTER = Fault(answer="status", status=503, done=True)
GARBLED_AFTER = Fault(answer="garbled", done=True)


@dataclass(frozen=True, slots=True)
class DiscordSending(Sending):
    run: Running
    clock: FakeClock
    post: ClassVar[str] = POST
    troubles: ClassVar[Sequence[Fault]] = (
        LOST_AFTER, LOST_BEFORE, UNAVAILABLE, UNAVAILABLE_AFTER, GARBLED_AFTER,
    )  # fmt: skip

    @property
    def fake(self) -> FakeDiscord:
        return self.run.fake

    @property
    def faults(self) -> Faults:
        return self.fake.faults

    def user(self, name: str) -> DiscordUser:
        return self.fake.user(name)

    async def settle(self) -> None:
        await self.run.settle()

    def is_into(self, place: str, args: Args) -> bool:
        return bool(args["channel_id"] == self.fake.channel(place).id)

    def posts(self) -> list[Post]:
        return [
            Post(
                channel=call.path["channel_id"],
                outcome=call.outcome,
                at=call.at,
                came=call.came,
                answered=call.answered,
            )
            for call in self.fake.api.made
            if call.name == POST
        ]

    def shown(self) -> Counter[str]:
        return Counter(c.name for c in self.fake.world.channels.values() if c.is_thread)

    def cards(self) -> int:
        every = self.fake.world.channels.values()
        places = {each.id for each in every if each.guild and not each.is_thread}
        return sum(each.channel in places for each in self.fake.written())

    def reminders(self) -> Counter[tuple[str, str]]:
        reader = self.user(PEOPLE[0]).reader
        return Counter(
            (message.channel, f"{datetime.fromtimestamp(message.at, UTC):%F}")
            for message in self.fake.written()
            if shows(reader.message(message)[:1], f"Reminder: {NOTES}")
        )

    async def remind(self, number: int) -> None:
        who = self.user(PEOPLE[number])
        zone = await who.command("/coplan settings Europe/Berlin")
        thread = self.fake.channel(title(number)).id
        told = await who.command(f"/coplan remind every day 9:00: {NOTES}", thread=thread)
        assert zone.acknowledged
        assert told.acknowledged

    def knows_nothing_again(self) -> None:
        self.fake.world.nonce_lasts = -1
        self.forbid_looking()

    def forbid_looking(self) -> None:
        """Let Coplan not read what stands in the channels any more."""
        self.fake.guild.allowed.discard(Permission.READ_MESSAGE_HISTORY)


@asynccontextmanager
async def sending(
    path: Path, *, guarantee: Guarantee = Guarantee.AT_MOST_ONCE, looks: bool = True
) -> AsyncIterator[DiscordSending]:
    """Run Coplan in a server of four channels; ``looks``: it may read what stands there."""
    clock = FakeClock(START)
    world = World(now=lambda: clock.now().timestamp())
    async with fake_discord(world) as fake:
        for name in PLACES[1:]:
            fake.world.channel(fake.guild, name)
        async with running(fake, path, clock=clock, guarantee=guarantee) as run:
            made = DiscordSending(run, clock)
            if not looks:
                made.forbid_looking()
            yield made
