import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.domain.errors import Conflict, Unavailable
from bot.domain.ids import WorkspaceId
from storage.door import REPEATS, Door
from storage.engine import make_reader, make_writer
from tests.storage.test_door_notebook import (
    COUNTER,
    HERE,
    Notebook,
    Opened,
    Stubborn,
    held_up,
    kept,
    opened,
    prepare,
    putting,
    together,
)
from tests.support.postgres import fresh_database


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a prepared database."""
    if request.param == "postgres":
        with fresh_database("door") as address:
            prepare(address)
            yield address
    else:
        address = f"sqlite:///{tmp_path}/coplan.db"
        prepare(address)
        yield address


@pytest.fixture
async def here(url: str) -> AsyncIterator[Opened]:
    async with opened(url) as door:
        yield door


async def test_a_unit_is_saved_when_it_is_answered(here: Opened, url: str) -> None:
    assert await here.door.write(HERE, putting("a")) == "a"
    assert kept(url) == ["a"]
    assert await here.door.read(HERE, Notebook.keys) == ["a"]


async def test_the_workspace_reaches_the_unit(here: Opened) -> None:
    other = WorkspaceId("other")
    assert await here.door.write(other, lambda notebook: notebook.workspace) == other
    assert await here.door.read(other, lambda notebook: notebook.workspace) == other


async def test_a_failing_unit_saves_nothing_and_its_neighbours_do_not_notice(
    here: Opened, url: str
) -> None:
    def fails(notebook: Notebook) -> None:
        notebook.put("never")
        raise LookupError("mine")

    a, failed, b = await together(here.door, [putting("a"), fails, putting("b")])
    assert (a, b) == ("a", "b")
    assert isinstance(failed, LookupError)
    assert kept(url) == ["a", "b"]


async def test_a_broken_constraint_is_the_units_own(here: Opened, url: str) -> None:
    def twice(notebook: Notebook) -> None:
        notebook.connection.execute(sa.insert(COUNTER), {"name": "n", "n": 1})

    outcomes = await together(here.door, [putting("a"), twice, putting("b")])
    assert isinstance(outcomes[1], IntegrityError)
    assert kept(url) == ["a", "b"]


async def test_a_swallowed_constraint_stays_swallowed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/coplan.db"
    prepare(url)

    def forgiving(notebook: Notebook) -> str:
        try:
            notebook.connection.execute(sa.insert(COUNTER), {"name": "n", "n": 1})
        except IntegrityError:
            notebook.put("instead")
        return "fine"

    async with opened(url) as here:
        assert await together(here.door, [forgiving, putting("b")]) == ["fine", "b"]
    assert kept(url) == ["b", "instead"]


async def test_even_stop_iteration_is_answered(here: Opened) -> None:
    def stops(_: Notebook) -> None:
        raise StopIteration

    with pytest.raises(RuntimeError, match="StopIteration"):
        await here.door.write(HERE, stops)


@pytest.mark.parametrize("conflicts", [1, REPEATS])
async def test_a_conflict_is_repeated(here: Opened, url: str, conflicts: int) -> None:
    unit = Stubborn(conflicts)
    assert await here.door.write(HERE, unit) == "stubborn"
    assert unit.runs == conflicts + 1
    assert kept(url) == ["stubborn"]


async def test_a_conflict_that_stays_is_passed_on(here: Opened, url: str) -> None:
    unit = Stubborn(conflicts=99)
    with pytest.raises(Conflict):
        await here.door.write(HERE, unit)
    assert unit.runs == 1 + REPEATS
    assert kept(url) == []


async def test_a_conflict_inside_a_batch_is_repeated_alone(here: Opened, url: str) -> None:
    soon, never = Stubborn(2, "soon"), Stubborn(99, "never")
    outcomes = await together(here.door, [putting("a"), soon, never, putting("b")])
    assert outcomes[:2] == ["a", "soon"]
    assert isinstance(outcomes[2], Conflict)
    assert (soon.runs, never.runs) == (3, 1 + REPEATS)
    assert kept(url) == ["a", "b", "soon"]


async def test_a_caller_that_gives_up_does_not_cancel_its_unit(here: Opened, url: str) -> None:
    async with held_up(here.door):
        asked = asyncio.ensure_future(here.door.write(HERE, putting("a")))
        await asyncio.sleep(0)
        asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await here.door.write(HERE, putting("b"))
    await here.door.close()
    assert kept(url) == ["a", "b"]


async def test_closing_finishes_what_was_accepted_and_refuses_the_rest(
    here: Opened, url: str
) -> None:
    async with held_up(here.door):
        asked = [asyncio.ensure_future(here.door.write(HERE, putting(str(n)))) for n in range(5)]
        await asyncio.sleep(0)
        closing = asyncio.ensure_future(here.door.close())
        await asyncio.sleep(0.01)
        with pytest.raises(Unavailable, match="stopping"):
            await here.door.write(HERE, putting("late"))
    await closing
    assert await asyncio.gather(*asked) == list("01234")
    assert kept(url) == list("01234")
    with pytest.raises(Unavailable):
        await here.door.read(HERE, Notebook.keys)
    await here.door.close()


async def test_a_door_that_was_never_started_refuses_callers_but_serves_the_command_line(
    url: str,
) -> None:
    writer, reader = make_writer(url), make_reader(url)
    door = Door(writer, reader, Notebook)
    with pytest.raises(Unavailable, match="starting"):
        await door.write(HERE, putting("a"))
    assert door.write_now(HERE, putting("a")) == "a"
    assert door.read_now(HERE, Notebook.keys) == ["a"]
    with pytest.raises(Conflict):
        door.write_now(HERE, Stubborn(99))
    await door.close()
    writer.dispose()
    reader.dispose()


async def test_the_reader_cannot_write(here: Opened, url: str) -> None:
    with pytest.raises((Unavailable, DBAPIError)):
        await here.door.read(HERE, putting("a"))
    assert kept(url) == []


async def test_reading_does_not_wait_for_a_writer_and_sees_one_snapshot(here: Opened) -> None:
    async def write(key: str) -> None:
        await here.door.write(HERE, putting(key))

    loop = asyncio.get_running_loop()

    def looks_twice(notebook: Notebook) -> tuple[list[str], list[str]]:
        before = notebook.keys()
        asyncio.run_coroutine_threadsafe(write("b"), loop).result()
        return before, notebook.keys()

    await write("a")
    assert await here.door.read(HERE, looks_twice) == (["a"], ["a"])
    async with held_up(here.door):
        assert await here.door.read(HERE, Notebook.keys) == ["a", "b"]


async def test_no_increment_is_lost(here: Opened) -> None:
    async def counts() -> None:
        for _ in range(10):
            await here.door.write(HERE, Notebook.count)

    await asyncio.gather(*(counts() for _ in range(20)))
    assert await here.door.write(HERE, Notebook.count) == 201


async def test_callers_on_another_loop_and_a_loop_that_closed(here: Opened, url: str) -> None:
    async def elsewhere() -> str:
        return str(await here.door.write(HERE, putting("elsewhere")))

    async def gives_up() -> None:
        asked = asyncio.ensure_future(here.door.write(HERE, putting("unheard")))
        await asyncio.sleep(0)
        asked.cancel()

    async with held_up(here.door):
        await asyncio.to_thread(asyncio.run, gives_up())
    assert await asyncio.to_thread(asyncio.run, elsewhere()) == "elsewhere"
    assert await here.door.write(HERE, putting("here")) == "here"
    await here.door.close()
    assert kept(url) == ["elsewhere", "here", "unheard"]
