"""A PostgreSQL that falls silent: nobody says that a connection is of no use any more."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from structlog.testing import capture_logs

from bot.domain.errors import Unavailable, Unclear
from storage import migrate
from tests.storage.test_door_notebook import (
    HERE,
    Notebook,
    Opened,
    kept,
    opened,
    prepare,
    putting,
)
from tests.support.ports import free_port
from tests.support.postgres import fresh_database
from tests.support.quiet_link import QuietLink, quiet_link

PATIENCE = 2.0
"""Seconds in which a server that is well answers, also on a busy machine."""
CALLERS = 12
"""More than there are connections."""


@pytest.fixture
def url() -> Iterator[str]:
    with fresh_database("silence") as address:
        prepare(address)
        yield address


@asynccontextmanager
async def reached(url: str) -> AsyncIterator[tuple[Opened, QuietLink]]:
    """Open a door whose database is at the other end of a link, every connection used once."""
    address = make_url(url)
    async with quiet_link(address.port or 5432) as link:
        way = address.set(port=link.at).render_as_string(hide_password=False)
        async with opened(way, PATIENCE) as here, asyncio.timeout(120):
            await asyncio.gather(*(here.door.write(HERE, Notebook.keys) for _ in range(CALLERS)))
            await asyncio.gather(*(here.door.read(HERE, Notebook.keys) for _ in range(CALLERS)))
            yield here, link


async def test_connections_that_were_cut_in_silence_are_replaced(url: str) -> None:
    async with reached(url) as (here, link):
        link.forget()
        keys = [f"{number:02}" for number in range(CALLERS)]
        assert await asyncio.gather(*(here.door.write(HERE, putting(key)) for key in keys)) == keys
        assert await here.door.read(HERE, Notebook.keys) == keys
    assert kept(url) == keys


async def test_a_server_that_stands_still_is_told_to_callers_and_once_to_the_log(url: str) -> None:
    async with reached(url) as (here, link):
        link.silent = True
        with capture_logs() as logs:
            for number in range(3):
                with pytest.raises(Unavailable, match="cannot be reached"):
                    await here.door.write(HERE, putting(f"lost {number}"))
            link.silent = False
            assert await here.door.write(HERE, putting("kept")) == "kept"
        [failing, works] = [log for log in logs if log["event"].startswith("database_")]
        assert (failing["event"], failing["crew"]) == ("database_failing", "write")
        assert "cannot be reached" in failing["reason"]
        assert works["event"] == "database_works_again"
    assert kept(url) == ["kept"]


async def test_silence_at_the_very_moment_of_saving_is_unclear(url: str) -> None:
    async with reached(url) as (here, link):

        def unit(notebook: Notebook) -> str:
            notebook.put("perhaps")
            link.silent = True
            return notebook.workspace

        with pytest.raises(Unclear):
            await here.door.write(HERE, unit)


async def test_a_start_waits_for_its_server(url: str) -> None:
    address = make_url(url)
    way = address.set(port=free_port())
    with capture_logs() as logs:
        upgrading = asyncio.create_task(migrate.upgrade_at_last(way))
        await asyncio.sleep(0.5)
        assert not upgrading.done()
        async with quiet_link(address.port or 5432, at=way.port or 0), asyncio.timeout(120):
            await upgrading
    assert migrate.current(url) is not None
    [waits] = [log for log in logs if log["event"] == "database_not_reached"]
    assert "cannot be reached" in waits["reason"]


async def test_a_file_that_cannot_be_opened_is_not_waited_for(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be opened"):
        await migrate.upgrade_at_last(f"sqlite:///{tmp_path}/missing/coplan.db")


async def test_a_door_is_closed_although_the_server_stands_still(url: str) -> None:
    async with reached(url) as (here, link):
        link.silent = True
        units = [asyncio.ensure_future(here.door.write(HERE, putting("x"))) for _ in range(1000)]
        await asyncio.sleep(0.2)
        loop = asyncio.get_running_loop()
        began = loop.time()
        await here.door.close()
        assert loop.time() - began < 20, "in turn they would take minutes"
        done = await asyncio.gather(*units, return_exceptions=True)
        assert {type(each) for each in done} == {Unavailable}
