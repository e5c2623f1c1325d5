"""A platform in a process of its own, that delivers as it is told and measures: for benchmarks.

async with load(there) as slack:
    slack.address                                # where an app connects to
    await slack.people({"U1": "Ana"})
    await slack.runs(Run(chains=chains, width=50))
"""

import asyncio
from abc import abstractmethod
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Generic, Protocol, TypeVar, assert_never

from tests.support.driving import ALONE, Delivered
from tests.support.nursery import nursery

A = TypeVar("A")
"""What an app needs to connect, and where people meet."""
S = TypeVar("S")
"""A form that somebody sends."""
PATIENCE = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Let these people be there, by their ids."""

    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """Wait until so many connections stand."""

    many: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Generic[S]):
    """Deliver chains; see ``Driving``. ``post_to``: post them there, where a platform can.

    ``answered``: each has an answer that is shown, if not with its acknowledgement then after it.
    """

    chains: Sequence[Sequence[S]]
    width: int = ALONE
    rate: float = 0.0
    post_to: str = ""
    answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Tell what came so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """How often each method was called, how often an answer was shown, and what was wrong."""

    calls: Counter[str]
    shown: int
    problems: Sequence[str]


class There(Protocol[A, S]):
    """The fake of a platform, in that process."""

    @property
    @abstractmethod
    def address(self) -> A: ...

    @abstractmethod
    def come(self, number: str, name: str) -> None:
        """Let somebody be there."""

    @abstractmethod
    def standing(self) -> int:
        """Return how many connections stand."""

    @abstractmethod
    async def deliver(self, run: Run[S]) -> Delivered:
        """Make everything before the clock starts, then deliver."""

    @abstractmethod
    def heard(self) -> Heard: ...


Opening = Callable[[], AbstractAsyncContextManager[There[A, S]]]
"""Opens the fake; a function of a module, for the process finds it by its name."""


@dataclass(slots=True, kw_only=True)
class Load(Generic[A, S]):
    """The handle of the process."""

    address: A
    talk: Connection

    async def connected(self, many: int) -> None:
        """Wait until so many connections of apps stand."""
        await self._asks(Connected(many=many))

    async def people(self, names: Mapping[str, str]) -> None:
        """Let these people be there, by their ids."""
        await self._asks(People(names=names))

    async def runs(self, run: Run[S]) -> Delivered:
        """Deliver, and return what came of it."""
        found = await self._asks(run)
        assert isinstance(found, Delivered)
        return found

    async def heard(self) -> Heard:
        """Return what came so far."""
        found = await self._asks(Told())
        assert isinstance(found, Heard)
        return found

    async def _asks(self, order: People | Connected | Run[S] | Told) -> object:
        self.talk.send(order)
        return await asyncio.to_thread(self.talk.recv)


@asynccontextmanager
async def load(opening: Opening[A, S]) -> AsyncIterator[Load[A, S]]:
    """Start the process; it ends with the block."""
    ours, theirs = nursery.Pipe()
    process = nursery.Process(target=serve, args=(theirs, opening), name="load")
    process.start()
    theirs.close()
    try:
        yield Load(address=await asyncio.to_thread(ours.recv), talk=ours)
    finally:
        process.kill()
        process.join()
        ours.close()


def serve(talk: Connection, opening: Opening[A, S]) -> None:
    """Be that process."""
    asyncio.run(_serve(talk, opening))


async def _serve(talk: Connection, opening: Opening[A, S]) -> None:
    async with opening() as there:
        talk.send(there.address)
        while True:
            talk.send(await _obey(there, await asyncio.to_thread(talk.recv)))


async def _obey(there: There[A, S], order: People | Connected | Run[S] | Told) -> object:
    match order:
        case People(names=names):
            for number, name in names.items():
                there.come(number, name)
            return None
        case Connected(many=many):
            async with asyncio.timeout(PATIENCE):
                while there.standing() != many:  # noqa: ASYNC110 - nothing tells of it
                    await asyncio.sleep(0.005)
            return None
        case Run():
            return await there.deliver(order)
        case Told():
            return there.heard()
        case _:
            assert_never(order)
