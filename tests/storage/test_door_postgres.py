"""What only PostgreSQL does: several writers at once, deadlocks, connections that break."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator

import pytest
import sqlalchemy as sa

from bot.domain.errors import Unavailable
from storage.door import Door
from storage.engine import make_reader, make_writer
from tests.storage.test_door_notebook import (
    COUNTER,
    HERE,
    Notebook,
    Opened,
    Unit,
    kept,
    opened,
    prepare,
    putting,
)
from tests.support.postgres import fresh_database


@pytest.fixture
def url() -> Iterator[str]:
    with fresh_database("door") as address:
        prepare(address)
        yield address


@pytest.fixture
async def here(url: str) -> AsyncIterator[Opened]:
    async with opened(url) as door:
        yield door


def counting_both(first: str, second: str, meet: threading.Barrier) -> Unit:
    """Return a unit that, in its first run, meets the other while each holds one row."""
    runs: list[None] = []

    def unit(notebook: Notebook) -> tuple[int, int]:
        runs.append(None)
        one = notebook.count(first)
        if len(runs) == 1:
            meet.wait(timeout=60)
        return one, notebook.count(second)

    return unit


async def test_a_deadlock_is_repeated(here: Opened) -> None:
    with here.writer.begin() as connection:
        connection.execute(sa.insert(COUNTER), {"name": "m", "n": 0})
    meet = threading.Barrier(2)
    outcomes = await asyncio.gather(
        here.door.write(HERE, counting_both("n", "m", meet)),
        here.door.write(HERE, counting_both("m", "n", meet)),
    )
    assert set(outcomes) == {(1, 1), (2, 2)}
    # Once at least: who repeats without a pause may take its first row before the other wakes up.
    assert here.pauses
    assert 0 <= here.pauses[0] < 0.01


async def test_a_broken_connection_is_replaced_and_the_unit_repeated(
    here: Opened, url: str
) -> None:
    await here.door.write(HERE, putting("a"))
    await here.door.read(HERE, Notebook.keys)
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    admin.dispose()
    assert await here.door.write(HERE, putting("b")) == "b"
    assert await here.door.read(HERE, Notebook.keys) == ["a", "b"]
    assert kept(url) == ["a", "b"]


async def test_units_of_different_callers_run_side_by_side(here: Opened) -> None:
    meet = threading.Barrier(4)
    units = [here.door.write(HERE, lambda _: meet.wait(timeout=60)) for _ in range(4)]
    assert sorted(await asyncio.gather(*units)) == [0, 1, 2, 3]


def test_a_server_that_is_not_there_is_told_in_plain_words() -> None:
    pytest.importorskip("psycopg", reason="PostgreSQL: psycopg is not installed")
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:9/none"
    writer, reader = make_writer(nowhere), make_reader(nowhere)
    door = Door(writer, reader, Notebook)
    with pytest.raises(Unavailable, match="the database server cannot be reached"):
        door.write_now(HERE, putting("a"))
    writer.dispose()
    reader.dispose()
