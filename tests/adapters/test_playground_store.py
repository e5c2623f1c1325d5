import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.playground.datafile import put_aside
from adapters.playground.records import BOT, Attachment, Draft, Kind, direct_channel
from adapters.playground.store import PlaygroundStore
from bot.domain.errors import InvalidInput, Unavailable
from bot.domain.ids import RandomIds

AT = datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=UTC)


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[PlaygroundStore]:
    store = PlaygroundStore(path, ids=RandomIds())
    try:
        await store.open()
        yield store
    finally:
        await store.close()


def draft(
    key: str, *, text: str = "hello", private_to: str = "", channel: str = "planning"
) -> Draft:
    return Draft(
        channel=channel,
        author=BOT,
        kind=Kind.CARD,
        private_to=private_to,
        body={"summary": text},
        files=(Attachment(id=f"file-{key}", name="a.txt", media_type="text/plain", content=b"x"),),
        at=AT,
        key=key,
    )


async def test_a_restart_keeps_everything(tmp_path: Path) -> None:
    path = tmp_path / "playground.db"
    async with opened(path) as store:
        birth = await store.birth()
        lee = await store.add_person("Lee  Ann", "America/New_York")
        science = await store.add_channel("#Year 7")
        first = await store.add(draft("k1"))
        await store.add(draft("k2", private_to="ana"))
        await store.save_offset(timedelta(days=3, microseconds=7))
        before = await store.visible("ana")
    async with opened(path) as store:
        assert await store.birth() == birth
        assert (lee.id, lee.name) == ("leeann", "Lee Ann")
        assert lee in await store.people()
        assert [each.name for each in await store.channels()] == ["planning", "library", "year-7"]
        assert science in await store.channels()
        assert await store.visible("ana") == before
        assert (await store.message(first.id)) == first
        assert first.at == AT
        assert await store.offset() == timedelta(days=3, microseconds=7)
        assert await store.file("file-k1", "ben") is not None


async def test_one_key_is_shown_once(tmp_path: Path) -> None:
    async with opened(tmp_path / "p.db") as store:
        first = await store.add(draft("k"))
        again = await store.add(draft("k", text="other"))
        assert again == first
        shown, newest = await store.visible("ana")
        assert shown == (first,)
        assert newest == first.changed
        unkeyed = [await store.add(replace(draft(""), files=())) for _ in range(2)]
        assert unkeyed[0].id != unkeyed[1].id


async def test_others_see_neither_private_messages_nor_their_files(tmp_path: Path) -> None:
    async with opened(tmp_path / "p.db") as store:
        await store.add(draft("mine", private_to="ana"))
        await store.add(draft("direct", channel=direct_channel("maya", "ana")))
        assert len((await store.visible("ana"))[0]) == 2
        assert [each.channel for each in (await store.visible("maya"))[0]] == ["dm.ana.maya"]
        assert (await store.visible("ben"))[0] == ()
        assert await store.file("file-mine", "ben") is None
        assert await store.file("file-direct", "maya") is not None


async def test_a_changed_message_comes_again_with_its_new_files(tmp_path: Path) -> None:
    async with opened(tmp_path / "p.db") as store:
        message = await store.add(draft("k"))
        _, seen = await store.visible("ben")
        assert await store.change(message.id, Kind.CARD, {"summary": "new"})
        (changed,), newest = await store.visible("ben", seen)
        assert (changed.body, changed.edited, changed.number) == (
            {"summary": "new"},
            True,
            message.number,
        )
        assert newest > seen
        assert await store.file("file-k", "ben") is None
        assert not await store.change("nothing", Kind.CARD, {})


@pytest.mark.parametrize("name", ["", "  ", "@Ana", "aNa", "Coplan", "x" * 41, "a\x00b"])
async def test_unusable_names_are_refused(tmp_path: Path, name: str) -> None:
    async with opened(tmp_path / "p.db") as store:
        with pytest.raises(InvalidInput):
            await store.add_person(name, "Europe/Berlin")
        assert len(await store.people()) == 4


async def test_people_and_channels_are_checked(tmp_path: Path) -> None:
    async with opened(tmp_path / "p.db") as store:
        for zone in ("", "Berlin", "../etc/passwd", "Europe"):
            with pytest.raises(InvalidInput):
                await store.add_person("Li", zone)
        for name in ("", "library", "a/b", "dm.ana", "x" * 31):
            with pytest.raises(InvalidInput):
                await store.add_channel(name)
        same_slug = [
            await store.add_person(name, "UTC") for name in ("Zoë", "Zoe", "李", "co plan")
        ]
        assert len({each.id for each in same_slug} | {BOT}) == 5


async def test_another_layout_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    async with opened(path):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE playground_facts SET value = '2' WHERE name = 'layout'")
    connection.close()
    with pytest.raises(InvalidInput, match="--fresh"):
        async with opened(path):
            pass
    assert put_aside(path) == tmp_path / "p.db.bak"
    assert [left.name for left in tmp_path.glob("*")] == ["p.db.bak"]  # noqa: ASYNC240
    async with opened(path) as store:
        assert len(await store.people()) == 4


async def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    path.write_bytes(b"this is a shopping list, not a database" * 100)
    with pytest.raises(Unavailable, match="not a database"):
        async with opened(path):
            pass


async def test_the_file_is_private_and_may_hold_the_core_tables(tmp_path: Path) -> None:
    path = tmp_path / "p.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE plans (id TEXT)")
    connection.close()
    async with opened(path) as store:
        assert len(await store.people()) == 4
    async with opened(tmp_path / "new.db"):
        assert (tmp_path / "new.db").stat().st_mode & 0o777 == 0o600
