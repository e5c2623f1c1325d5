"""The fake Discord under load; see ``tests.support.load``."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.support.discord import payloads
from tests.support.discord.api_interactions import SUBMIT
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.world import Interaction, Json, User
from tests.support.driving import Delivered, Driving
from tests.support.load import Heard, Load, Run, There


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What an app needs to connect, and where people meet. ``stranger`` is known to no app."""

    api_url: str
    gateway_url: str
    token: str
    guild: str
    channel: str
    stranger: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A modal that somebody sends: its id, and the answers as Discord has them."""

    user: str
    data: Json


DiscordLoad = Load[Address, Submission]


@dataclass(frozen=True, slots=True)
class DiscordThere(There[Address, Submission]):
    fake: FakeDiscord

    @property
    def address(self) -> Address:
        fake = self.fake
        return Address(
            api_url=fake.api_url,
            gateway_url=fake.gateway_url,
            token=fake.token,
            guild=fake.guild.id,
            channel=fake.channel("planning").id,
            stranger=fake.user("Stranger").me.id,
        )

    def come(self, number: str, name: str) -> None:
        self.fake.world.users[number] = User(id=number, name=name)
        self.fake.guild.members.add(number)

    def standing(self) -> int:
        return len(self.fake.gateway.listening)

    def heard(self) -> Heard:
        fake = self.fake
        shown = sum(bool(message.only_for) for message in fake.channel("planning").messages)
        return Heard(calls=fake.api.counts, shown=shown, problems=fake.problems())

    async def deliver(self, run: Run[Submission]) -> Delivered:
        fake, chains = self.fake, [[self._prepared(each) for each in chain] for chain in run.chains]

        async def deliver(made: tuple[Interaction, Json]) -> bool:
            begun, payload = made
            begun.begun = fake.world.monotonic()
            fake.world.emit("INTERACTION_CREATE", payload, fake.guild.id)
            try:
                async with asyncio.timeout(fake.world.answer_within):
                    await begun.first.wait()
            except TimeoutError:
                return False
            return True

        return await Driving(deliver=deliver, chains=chains, width=run.width, rate=run.rate).done()

    def _prepared(self, sent: Submission) -> tuple[Interaction, Json]:
        world = self.fake.world
        begun = Interaction(
            id=world.id(),
            token=f"aW50ZXJhY3Rpb246{world.id()}",
            type=SUBMIT,
            user=sent.user,
            channel=self.fake.channel("planning").id,
            begun=0.0,
        )
        world.interactions[begun.token] = begun
        return begun, payloads.interaction(world, begun, sent.data)


@asynccontextmanager
async def there() -> AsyncIterator[DiscordThere]:
    """Open it. Tests look at every body; here that would be what is measured."""
    async with fake_discord() as fake:
        fake.api.described = False
        yield DiscordThere(fake)
