"""Disks that are truly full."""

import asyncio
from pathlib import Path

import pytest

from bot.domain.errors import Unavailable
from tests.storage.test_door_notebook import (
    HERE,
    Notebook,
    Unit,
    kept,
    opened,
    prepare,
    putting,
    together,
)
from tests.support import kill
from tests.support.full_disk import filled, limit_file_size, small_disk


def large(key: str, size: int = 100_000) -> Unit:
    return lambda notebook: notebook.put(key, "x" * size)


async def test_the_disk_fills_at_the_fourth_of_eight_units(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=400) as disk:
        url = f"sqlite:///{disk}/coplan.db"
        prepare(url)
        async with opened(url) as here:
            await here.door.write(HERE, putting("before"))
            units = [putting(str(n)) for n in range(8)]
            units[3] = lambda notebook: notebook.put("never", "x" * 9_000_000)
            outcomes = await together(here.door, units)
            saved = [key for key in outcomes if isinstance(key, str)]
            assert "never" not in saved
            assert isinstance(outcomes[3], Unavailable)
            assert kept(url) == sorted([*saved, "before"])
            assert await here.door.read(HERE, Notebook.keys) == kept(url)
            # What does not fit is refused, not queued: the others got through.
            assert saved == list("0124567")


async def test_a_full_disk_refuses_all_and_the_door_recovers_by_itself(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=2000) as disk:
        url = f"sqlite:///{disk}/coplan.db"
        prepare(url)
        async with opened(url) as here:
            await here.door.write(HERE, putting("before"))
            with filled(disk):
                outcomes = await together(here.door, [large(str(n)) for n in range(8)])
                assert {type(outcome) for outcome in outcomes} == {Unavailable}
                with pytest.raises(Unavailable, match="the disk is full"):
                    await here.door.write(HERE, large("alone"))
                assert await here.door.read(HERE, Notebook.keys) == ["before"]
            assert await here.door.write(HERE, large("after")) == "after"
            assert kept(url) == ["after", "before"]


def test_a_disk_that_refuses_to_write(tmp_path: Path) -> None:
    """The kernel says EFBIG: neither "full" nor anything SQLite knows, so an I/O error."""
    url = f"sqlite:///{tmp_path}/coplan.db"
    prepare(url)
    with kill.Victim(writes_to_the_limit, url) as victim:
        *said, refused = victim.finished()
    assert said
    assert kept(url) == sorted(said)
    assert int(refused.removeprefix("refused ")) > 0


def writes_to_the_limit(url: str) -> None:
    limit_file_size(600_000)
    asyncio.run(child(url))


async def child(url: str) -> None:
    """Write batches of eight until the limit, acknowledge what is said to be saved."""
    refused = 0
    async with opened(url) as here:
        for batch in range(6):
            units = [putting(f"{batch}-{n}") for n in range(8)]
            units[3] = large(f"{batch}-3", batch * 150_000)  # the last of them can never fit
            for outcome in await together(here.door, units):
                if isinstance(outcome, str):
                    kill.acknowledge(outcome)
                else:
                    assert isinstance(outcome, Unavailable)
                    refused += 1
    kill.acknowledge(f"refused {refused}")
