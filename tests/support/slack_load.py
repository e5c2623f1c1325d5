"""A Slack in a process of its own, that delivers as it is told and measures: for benchmarks.

async with load() as slack:
    slack.address                                # where an app connects to
    await slack.asks(People(names={"U1": "Ana"}))
    await slack.asks(Run(chains=chains, width=50))
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import assert_never

import aiohttp

from tests.support.driving import ALONE, Delivered, Driving
from tests.support.nursery import nursery
from tests.support.slack import payloads
from tests.support.slack.deliveries import Transport
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.signing import SignedHttp
from tests.support.slack.world import Json, User, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What an app needs to connect, and where people meet."""

    api_url: str
    bot_token: str
    app_token: str
    signing_secret: str
    team: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Let these people be there, by their ids."""

    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """Wait until so many connections stand."""

    many: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A modal that somebody sends; ``state`` is what is filled in."""

    user: str
    view: Json
    state: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Deliver chains: what is in one goes one after another, ``width`` chains at once.

    With a ``rate`` all chains at once, and so many deliveries a second at random instants, whether
    the earlier ones are acknowledged or not. ``address``: post them there, signed.
    """

    chains: Sequence[Sequence[Submission]]
    width: int = ALONE
    rate: float = 0.0
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Tell what came so far."""


Order = People | Connected | Run | Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """How often each method was called, how often an answer was shown, and what was wrong."""

    calls: Counter[str]
    shown: int
    problems: Sequence[str]


@dataclass(slots=True, kw_only=True)
class Load:
    """The handle of the process."""

    address: Address
    talk: Connection

    async def connected(self, many: int) -> None:
        """Wait until so many connections of apps stand."""
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
    process = nursery.Process(target=serve, args=(theirs,), name="slack-load")
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
    async with fake_slack() as fake:
        channel = fake.channel("planning")
        talk.send(
            Address(
                api_url=fake.base_url,
                bot_token=fake.team.token,
                app_token=fake.world.app.token,
                signing_secret=fake.world.app.signing_secret,
                team=fake.team.id,
                channel=channel.id,
            )
        )
        while True:
            talk.send(await _obey(fake, await asyncio.to_thread(talk.recv)))


async def _obey(fake: FakeSlack, order: Order) -> object:
    match order:
        case People(names=names):
            _come(fake, names)
            return None
        case Connected(many=many):
            await _connected(fake, many)
            return None
        case Run():
            return await _run(fake, order)
        case Told():
            return Heard(calls=fake.api.counts, shown=len(fake.responded), problems=fake.problems())
        case _:
            assert_never(order)


async def _connected(fake: FakeSlack, many: int) -> None:
    async with asyncio.timeout(10):
        while len(fake.sockets.connections) != many:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.005)


def _come(fake: FakeSlack, names: Mapping[str, str]) -> None:
    for number, name in names.items():
        fake.team.users[number] = User(id=number, name=name)
        fake.channel("planning").members.add(number)


async def _run(fake: FakeSlack, run: Run) -> Delivered:
    if not run.address:
        return await _Running(fake, run, fake.sockets).done()
    async with aiohttp.ClientSession() as session:
        posting = SignedHttp(world=fake.world, session=session, address=run.address)
        return await _Running(fake, run, posting).done()


@dataclass(slots=True)
class _Running:
    """One run. Everything is made before the clock starts."""

    fake: FakeSlack
    run: Run
    transport: Transport

    async def done(self) -> Delivered:
        chains = [[self._payload(each) for each in chain] for chain in self.run.chains]
        return await Driving(
            deliver=self._deliver, chains=chains, width=self.run.width, rate=self.run.rate
        ).done()

    async def _deliver(self, payload: Json) -> bool:
        answer = await self.transport.deliver("interactive", payload)
        return answer.acknowledged and not any(answer.body.values())

    def _payload(self, sent: Submission) -> Json:
        world, team = self.fake.world, self.fake.team
        channel = self.fake.channel("planning").id
        origin = json.loads(sent.view["private_metadata"])
        origin |= {"response_url": world.answer_url(team, sent.user, channel)}
        number = world.id("V0")
        view = View(
            id=number,
            user=sent.user,
            content=sent.view | {"private_metadata": json.dumps(origin)},
            hash=world.id("hash"),
            root=number,
        )
        return payloads.submission(world, team, team.users[sent.user], view, sent.state)
