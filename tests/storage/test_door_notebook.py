"""What the door's tests write into, and how they look at it; no tests of its own."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from bot.domain.errors import Conflict
from bot.domain.ids import WorkspaceId
from storage.door import Door
from storage.engine import PATIENCE, make_reader, make_writer

HERE = WorkspaceId("school")
METADATA = sa.MetaData()
ROWS = sa.Table("door_rows", METADATA, sa.Column("key", sa.Text), sa.Column("body", sa.Text))
COUNTER = sa.Table(
    "door_counter",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("n", sa.Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Notebook:
    """The unit-of-work object of these tests."""

    connection: sa.Connection
    workspace: WorkspaceId

    def put(self, key: str, body: str = "") -> str:
        self.connection.execute(sa.insert(ROWS), {"key": key, "body": body})
        return key

    def keys(self) -> list[str]:
        return list(self.connection.scalars(sa.select(ROWS.c.key).order_by(ROWS.c.key)))

    def count(self, name: str = "n") -> int:
        query = sa.select(COUNTER.c.n).where(COUNTER.c.name == name).with_for_update()
        n: int = self.connection.scalars(query).one() + 1
        self.connection.execute(sa.update(COUNTER).where(COUNTER.c.name == name), {"n": n})
        return n


@dataclass(slots=True)
class Opened:
    """A started door, and what to look at it with."""

    door: Door[Notebook]
    writer: sa.Engine
    reader: sa.Engine
    pauses: list[float]
    commits: list[str]


def prepare(url: str) -> None:
    engine = make_writer(url)
    METADATA.drop_all(engine)
    METADATA.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.insert(COUNTER), {"name": "n", "n": 0})
    engine.dispose()


@asynccontextmanager
async def opened(url: str, patience: float = PATIENCE) -> AsyncIterator[Opened]:
    """Yield a started door on a prepared database."""
    writer, reader = make_writer(url, patience), make_reader(url, patience)
    pauses: list[float] = []
    commits: list[str] = []

    def committed() -> None:
        commits.append(threading.current_thread().name)

    door = Door(writer, reader, Notebook, after_commit=committed, pause=pauses.append)
    door.start()
    try:
        yield Opened(door, writer, reader, pauses, commits)
    finally:
        await door.close()
        writer.dispose()
        reader.dispose()


def kept(url: str) -> list[str]:
    """Return the keys that a connection of its own finds in the database."""
    engine = make_reader(url)
    try:
        with engine.connect() as connection:
            return Notebook(connection, HERE).keys()
    finally:
        engine.dispose()


@asynccontextmanager
async def held_up(door: Door[Notebook]) -> AsyncIterator[None]:
    """Keep the writer busy with one unit: what is asked for meanwhile becomes one batch."""
    running, go_on = threading.Event(), threading.Event()

    def unit(_: Notebook) -> None:
        running.set()
        go_on.wait()

    first = asyncio.ensure_future(door.write(HERE, unit))
    await asyncio.to_thread(running.wait)
    try:
        yield
        await asyncio.sleep(0)  # the tasks made meanwhile take their place in the queue
    finally:
        go_on.set()
        await first


Unit = Callable[[Notebook], object]


async def together(door: Door[Notebook], units: list[Unit]) -> list[object]:
    """Run the units as one batch and return results and exceptions, in order."""
    async with held_up(door):
        asked = [asyncio.ensure_future(door.write(HERE, unit)) for unit in units]
    return await asyncio.gather(*asked, return_exceptions=True)


def putting(key: str) -> Unit:
    return lambda notebook: notebook.put(key)


class Stubborn:
    """A unit that meets a conflict the first so many times."""

    def __init__(self, conflicts: int, key: str = "stubborn") -> None:
        self.left = conflicts
        self.runs = 0
        self.key = key

    def __call__(self, notebook: Notebook) -> str:
        self.runs += 1
        notebook.put(self.key)
        if self.left:
            self.left -= 1
            raise Conflict
        return self.key
