"""A Discord in a process of its own, that delivers as it is told and measures: for benchmarks."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import assert_never

from tests.support.discord import payloads
from tests.support.discord.api_interactions import SUBMIT
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.world import Interaction, Json, User
from tests.support.driving import ALONE, Delivered, Driving
from tests.support.nursery import nursery


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
class People:
    """Let these people be there, by their ids."""

    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """Wait until so many sessions are listened to."""

    many: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A modal that somebody sends: its id, and the answers as Discord has them."""

    user: str
    data: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Deliver chains; see ``Driving``."""

    chains: Sequence[Sequence[Submission]]
    width: int = ALONE
    rate: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Tell what came so far."""


Order = People | Connected | Run | Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """How often each route was used, how often an answer was shown, and what was wrong."""

    calls: Counter[str]
    shown: int
    problems: Sequence[str]


@dataclass(slots=True, kw_only=True)
class Load:
    """The handle of the process."""

    address: Address
    talk: Connection

    async def connected(self, many: int) -> None:
        """Wait until so many sessions of apps are listened to."""
        await self._asks(Connected(many=many))

    async def people(self, names: Mapping[str, str]) -> None:
        """Let these people be there, by their ids."""
        await self._asks(People(names=names))

    async def runs(self, run: Run) -> Delivered:
        """Deliver, and return what came of it."""
        found = await self._asks(run)
        assert isinstance(found, Delivered)
        return found

    async def heard(self) -> Heard:
        """Return what came so far."""
        found = await self._asks(Told())
        assert isinstance(found, Heard)
        return found

    async def _asks(self, order: Order) -> object:
        self.talk.send(order)
        return await asyncio.to_thread(self.talk.recv)


@asynccontextmanager
async def load() -> AsyncIterator[Load]:
    """Start the process; it ends with the block."""
    ours, theirs = nursery.Pipe()
    process = nursery.Process(target=serve, args=(theirs,), name="discord-load")
    process.start()
    theirs.close()
    try:
        yield Load(address=await asyncio.to_thread(ours.recv), talk=ours)
    finally:
        process.kill()
        process.join()
        ours.close()


def serve(talk: Connection) -> None:
    """Be that process."""
    asyncio.run(_serve(talk))


async def _serve(talk: Connection) -> None:
    async with fake_discord() as fake:
        fake.api.described = False  # tests look at every body; here it would be what is measured
        talk.send(
            Address(
                api_url=fake.api_url,
                gateway_url=fake.gateway_url,
                token=fake.token,
                guild=fake.guild.id,
                channel=fake.channel("planning").id,
                stranger=fake.user("Stranger").me.id,
            )
        )
        while True:
            talk.send(await _obey(fake, await asyncio.to_thread(talk.recv)))


async def _obey(fake: FakeDiscord, order: Order) -> object:
    match order:
        case People(names=names):
            for number, name in names.items():
                fake.world.users[number] = User(id=number, name=name)
                fake.guild.members.add(number)
            return None
        case Connected(many=many):
            async with asyncio.timeout(10):
                while len(fake.gateway.listening) != many:  # noqa: ASYNC110 - nothing tells of it
                    await asyncio.sleep(0.005)
            return None
        case Run():
            return await _run(fake, order)
        case Told():
            where = fake.channel("planning")
            shown = sum(bool(message.only_for) for message in where.messages)
            return Heard(calls=fake.api.counts, shown=shown, problems=fake.problems())
        case _:
            assert_never(order)


async def _run(fake: FakeDiscord, run: Run) -> Delivered:
    """Make everything before the clock starts, then deliver."""
    chains = [[_prepared(fake, each) for each in chain] for chain in run.chains]

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


def _prepared(fake: FakeDiscord, sent: Submission) -> tuple[Interaction, Json]:
    world = fake.world
    begun = Interaction(
        id=world.id(),
        token=f"aW50ZXJhY3Rpb246{world.id()}",
        type=SUBMIT,
        user=sent.user,
        channel=fake.channel("planning").id,
        begun=0.0,
    )
    world.interactions[begun.token] = begun
    return begun, payloads.interaction(world, begun, sent.data)
