"""Group commit, which only SQLite has."""

import asyncio
import itertools
import sqlite3
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.errors import Unavailable
from storage.door import BATCH, Door
from tests.storage.test_door_notebook import (
    HERE,
    Notebook,
    Opened,
    Stubborn,
    Unit,
    held_up,
    kept,
    opened,
    prepare,
    putting,
    together,
)

PAGE = 4096


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path}/coplan.db"
    prepare(address)
    return address


@pytest.fixture
async def here(url: str) -> AsyncIterator[Opened]:
    async with opened(url) as door:
        yield door


def pragma(engine: sa.Engine, words: str) -> int:
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(f"PRAGMA {words}").scalar_one())


async def test_what_queued_shares_one_commit(here: Opened) -> None:
    outcomes = await together(here.door, [putting(str(n)) for n in range(BATCH)])
    assert outcomes == [str(n) for n in range(BATCH)]
    assert here.commits == ["coplan-write-0"]


async def test_a_batch_is_bounded(here: Opened) -> None:
    await together(here.door, [putting(str(n)) for n in range(BATCH + 1)])
    assert len(here.commits) == 2


async def test_a_commit_without_writes_wakes_nobody(here: Opened) -> None:
    await together(here.door, [Notebook.keys, Notebook.keys])
    await here.door.write(HERE, Notebook.keys)
    assert here.commits == []


async def test_a_hook_that_fails_changes_nothing(here: Opened, url: str) -> None:
    def fails() -> None:
        raise ZeroDivisionError

    door = Door(here.writer, here.reader, Notebook, after_commit=fails)
    door.start()
    assert await together(door, [putting("a"), putting("b")]) == ["a", "b"]
    await door.close()
    assert kept(url) == ["a", "b"]


async def test_nobody_is_answered_before_the_commit(here: Opened, url: str) -> None:
    second_runs, go_on = threading.Event(), threading.Event()

    def slow(notebook: Notebook) -> str:
        second_runs.set()
        go_on.wait()
        return notebook.put("b")

    async with held_up(here.door):
        first = asyncio.ensure_future(here.door.write(HERE, putting("a")))
        second = asyncio.ensure_future(here.door.write(HERE, slow))
    await asyncio.to_thread(second_runs.wait)
    await asyncio.sleep(0.02)
    assert not first.done()
    assert kept(url) == []
    go_on.set()
    assert [await first, await second] == ["a", "b"]


async def test_a_commit_that_fails_is_replayed_unit_by_unit(here: Opened, url: str) -> None:
    """A deferred foreign key speaks up at COMMIT only."""
    with here.writer.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql(
            "CREATE TABLE child (of INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)"
        )

    def orphan(notebook: Notebook) -> None:
        notebook.put("orphan")
        notebook.connection.exec_driver_sql("INSERT INTO child VALUES (7)")

    a, failed, b = await together(here.door, [putting("a"), orphan, putting("b")])
    assert (a, b) == ("a", "b")
    assert isinstance(failed, sa.exc.IntegrityError)
    assert kept(url) == ["a", "b"]
    assert len(here.commits) == 2


def loses_the_transaction(notebook: Notebook) -> str:
    """Do what SQLite does on some errors, and swallow the error."""
    driver = notebook.connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    notebook.put("lost")
    driver.execute("ROLLBACK")
    return "fine, it thinks"


async def test_a_transaction_lost_in_silence_is_noticed(here: Opened, url: str) -> None:
    a, lost, b = await together(here.door, [putting("a"), loses_the_transaction, putting("b")])
    assert (a, b) == ("a", "b")
    assert isinstance(lost, Unavailable)
    assert kept(url) == ["a", "b"]
    with pytest.raises(Unavailable):
        await here.door.write(HERE, loses_the_transaction)


async def test_the_fourth_of_eight_units_fills_the_disk(here: Opened, url: str) -> None:
    pages = pragma(here.writer, "page_count")
    pragma(here.writer, f"max_page_count = {pages + 8}")

    def large(notebook: Notebook) -> str:
        return notebook.put("large", "x" * PAGE * 20)

    units: list[Unit] = [putting(str(n)) for n in range(8)]
    units[3] = large
    outcomes = await together(here.door, units)
    assert outcomes[:3] + outcomes[4:] == list("0124567")
    assert isinstance(outcomes[3], Unavailable)
    assert outcomes[3].message == "Coplan cannot reach its database now: the disk is full."
    assert kept(url) == list("0124567")
    pragma(here.writer, "max_page_count = 1000000")
    assert await here.door.write(HERE, large) == "large"  # recovers by itself


async def test_a_unit_that_swallows_a_full_disk_is_not_answered_with_ok(
    here: Opened, url: str
) -> None:
    pragma(here.writer, f"max_page_count = {pragma(here.writer, 'page_count') + 8}")

    def careless(notebook: Notebook) -> str:
        try:
            notebook.put("large", "x" * PAGE * 20)
        except sa.exc.OperationalError:
            return "fine, it thinks"
        return "too much room"

    a, swallowed, b = await together(here.door, [putting("a"), careless, putting("b")])
    assert (a, b) == ("a", "b")
    assert isinstance(swallowed, Unavailable)
    assert kept(url) == ["a", "b"]


async def test_the_thread_outlives_what_nobody_expected(url: str) -> None:
    class Broken(Door[Notebook]):
        """Its writing fails in the one place where nothing may."""

        def _save(self, jobs: Sequence[object]) -> None:
            raise MemoryError(len(jobs))

    async with opened(url) as here:
        broken = Broken(here.writer, here.reader, Notebook)
        broken.start()
        for _ in range(2):
            with pytest.raises(MemoryError):
                await broken.write(HERE, putting("a"))
        await broken.close()


class Fate:
    """What becomes of one unit of a generated batch."""

    FINE, FAILS, CONFLICTS_ONCE, CONFLICTS, FILLS, LOSES, CANCELLED = range(7)


def fated(fate: int, key: str) -> Unit:
    def fails(notebook: Notebook) -> None:
        notebook.put(key)
        raise LookupError(key)

    def fills(notebook: Notebook) -> None:
        notebook.put(key, "x" * PAGE * 5000)

    others: dict[int, Unit] = {
        Fate.FAILS: fails,
        Fate.CONFLICTS_ONCE: Stubborn(1, key),
        Fate.CONFLICTS: Stubborn(99, key),
        Fate.FILLS: fills,
        Fate.LOSES: loses_the_transaction,
    }
    return others.get(fate, putting(key))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 6), min_size=1, max_size=12))
async def test_what_was_reported_saved_is_what_another_connection_reads(
    tmp_path_factory: pytest.TempPathFactory, fates: list[int]
) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('batch')}/coplan.db"
    prepare(url)
    async with opened(url) as here:
        pragma(here.writer, "max_page_count = 1000")
        async with held_up(here.door):
            asked = [
                asyncio.ensure_future(here.door.write(HERE, fated(fate, f"{place:02}")))
                for place, fate in enumerate(fates)
            ]
            await asyncio.sleep(0)
            for task, fate in zip(asked, fates, strict=True):
                if fate == Fate.CANCELLED:
                    task.cancel()
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
    reported = [key for key in outcomes if isinstance(key, str)]
    unheard = [f"{n:02}" for n, fate in enumerate(fates) if fate == Fate.CANCELLED]
    assert kept(url) == sorted(reported + unheard)
    fine = [fate in {Fate.FINE, Fate.CONFLICTS_ONCE} for fate in fates]
    assert [isinstance(outcome, str) for outcome in outcomes] == fine


async def test_a_lock_held_outside_is_waited_for(here: Opened, url: str, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "coplan.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asked = asyncio.ensure_future(here.door.write(HERE, putting("a")))
    await asyncio.sleep(0.1)
    assert kept(url) == []
    other.execute("COMMIT")
    other.close()
    assert await asked == "a"


async def test_a_lock_held_for_ever_is_told_in_plain_words(
    here: Opened, url: str, tmp_path: Path
) -> None:
    pragma(here.writer, "busy_timeout = 1")
    other = sqlite3.connect(tmp_path / "coplan.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with asyncio.timeout(20):
        told = await asyncio.gather(
            *(here.door.write(HERE, putting(str(n))) for n in range(3)), return_exceptions=True
        )
    assert [str(error).split(". ")[0] for error in told] == [
        "Coplan cannot reach its database now: another program is holding the database"
    ] * 3
    other.close()
    assert await here.door.write(HERE, putting("a")) == "a"
    assert kept(url) == ["a"]


def test_doors_on_one_file_do_not_disturb_each_other(url: str) -> None:
    """Two event loops in two threads of one process, each with a door."""
    doors = itertools.count()

    async def run() -> None:
        async with opened(url) as here:
            name = next(doors)
            await asyncio.gather(
                *(here.door.write(HERE, putting(f"{name}-{n}")) for n in range(50))
            )

    threads = [threading.Thread(target=asyncio.run, args=(run(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(kept(url))) == 100


async def test_in_a_hurry_no_other_program_is_waited_for(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/coplan.db"
    prepare(url)
    async with opened(url) as here:
        with closing(sqlite3.connect(tmp_path / "coplan.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            here.door.hurry(2.0)
            async with asyncio.timeout(30):  # a hurry for each would be longer, and so would none
                for _ in range(20):
                    with pytest.raises(Unavailable, match="another program"):
                        await here.door.write(HERE, putting("a"))
            other.execute("ROLLBACK")
        assert await here.door.write(HERE, putting("b")) == "b", "a lock that is free is taken"
    assert kept(url) == ["b"]
