"""What is installed where: sealed in the store, the later installation wins, keys change."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.slack.installations import Installations, Installed, renew
from adapters.slack.keyring import Keyring, WrongKey
from adapters.slack.signing_in import SignedIn
from bot.domain.errors import InvalidInput
from bot.domain.ids import WorkspaceId
from storage.door import Door
from storage.work import StorageWork, make_work
from tests.storage.test_repositories import BOTH, Store, opened

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
SOON = NOON + timedelta(minutes=5)
SCHOOL, OTHER = WorkspaceId("slack:T1"), WorkspaceId("slack:T2")
TRUST = WorkspaceId("slack:E1")
OLD, NEW = (urlsafe_b64encode(letter * 32).decode() for letter in (b"o", b"n"))
BOT = SignedIn(
    team="T1", enterprise="", user="U0", bot="", name="", scopes=frozenset({"chat:write"})
)


def installed(
    place: WorkspaceId = SCHOOL, gave: str = "xoxb-first", at: datetime = NOON
) -> Installed:
    name = place.partition(":")[2]
    bot = replace(
        BOT, team=name if name[0] == "T" else "", enterprise=name if name[0] == "E" else ""
    )
    return Installed(place=place, token=gave, bot=bot, at=at)


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


@pytest.fixture
async def door(store: Store) -> AsyncIterator[Door[StorageWork]]:
    door = Door(store.writer, store.reader, make_work(store.clock, store.ids))
    door.start()
    yield door
    await door.close()


@pytest.fixture
def installations(door: Door[StorageWork]) -> Installations:
    return Installations(door, Keyring(OLD))


async def test_what_was_installed_is_found_and_ended(installations: Installations) -> None:
    assert await installations.find(SCHOOL) is None
    assert await installations.save(installed())
    assert await installations.find(SCHOOL) == installed()
    assert await installations.find(OTHER) is None
    assert not await installations.end(SCHOOL, NOON - timedelta(seconds=1)), "of an older one"
    assert await installations.find(SCHOOL) == installed()
    assert await installations.end(SCHOOL, SOON)
    assert await installations.find(SCHOOL) is None
    assert not await installations.end(SCHOOL, SOON)


async def test_the_later_installation_wins(installations: Installations) -> None:
    later = installed(gave="xoxb-second", at=SOON)
    assert await installations.save(later)
    assert not await installations.save(installed())
    assert await installations.find(SCHOOL) == later


async def test_an_organisation_reaches_into_its_workspaces(installations: Installations) -> None:
    above = installed(TRUST, "xoxb-org", SOON)
    await installations.save(above)
    assert await installations.find(SCHOOL) is None, "nobody has seen it there"
    await installations.reaches(TRUST, SCHOOL)
    found = await installations.find(SCHOOL)
    assert found == above
    assert found.organisation
    await installations.save(installed())
    assert await installations.find(SCHOOL) == above, "the workspace's own is older"
    own = installed(gave="xoxb-own", at=SOON + timedelta(minutes=1))
    await installations.save(own)
    assert await installations.find(SCHOOL) == own
    assert await installations.find(OTHER) is None
    await installations.end(SCHOOL, own.at)
    await installations.leaves(SCHOOL)
    assert await installations.find(SCHOOL) is None
    assert await installations.find(TRUST) == above


async def test_many_at_once_leave_the_latest(installations: Installations) -> None:
    many = [installed(gave=f"xoxb-{n}", at=NOON + timedelta(seconds=n * 7 % 20)) for n in range(20)]
    await asyncio.gather(*(installations.save(each) for each in many))
    found = await installations.find(SCHOOL)
    assert found is not None
    assert found.at == max(each.at for each in many)


async def test_nothing_in_the_store_tells_the_token(
    store: Store, installations: Installations
) -> None:
    await installations.save(installed(gave="xoxb-very-secret"))
    with store.reader.connect() as connection:
        rows = connection.execute(sa.text("SELECT * FROM installations")).all()
    assert len(rows) == 1
    assert "xoxb" not in repr(rows)
    assert "very-secret" not in repr(rows)


async def test_keys_change(door: Door[StorageWork], installations: Installations) -> None:
    await installations.save(installed())
    both, new = Keyring(f"{NEW}, {OLD}"), Keyring(NEW)
    assert await Installations(door, both).find(SCHOOL) == installed(), "old keys open, too"
    with pytest.raises(WrongKey):
        await Installations(door, new).find(SCHOOL)
    with pytest.raises(WrongKey, match="the key it was stored under"):
        await Installations(door, new).check()
    assert await Installations(door, both).check() == 1
    assert await Installations(door, both).usable()
    assert not await Installations(door, new).usable()

    with pytest.raises(WrongKey):
        await door.write(SCHOOL, lambda work: renew(work, new))
    assert await installations.find(SCHOOL) == installed(), "a wrong key overwrites nothing"
    assert await door.write(SCHOOL, lambda work: renew(work, both))
    assert not await door.write(SCHOOL, lambda work: renew(work, both)), "done once"
    assert not await door.write(OTHER, lambda work: renew(work, both))
    assert await Installations(door, new).find(SCHOOL) == installed()


async def test_one_that_no_key_opens_holds_up_no_other(
    door: Door[StorageWork], installations: Installations
) -> None:
    await installations.save(installed(OTHER))
    new = Installations(door, Keyring(NEW))
    await new.save(installed())
    assert await new.check() == 2
    assert await new.usable(), "of one of the two"
    assert await new.find(SCHOOL) == installed()
    with pytest.raises(WrongKey):
        await new.find(OTHER)


async def test_a_token_moved_to_another_row_does_not_open(
    store: Store, installations: Installations
) -> None:
    await installations.save(installed())
    await installations.save(installed(OTHER, "xoxb-other"))
    with store.writer.begin() as connection:
        connection.execute(
            sa.text(
                "UPDATE installations SET secret = (SELECT secret FROM installations"
                " WHERE workspace = 'slack:T2') WHERE workspace = 'slack:T1'"
            )
        )
        connection.commit()
    with pytest.raises(WrongKey):
        await installations.find(SCHOOL)


@pytest.mark.parametrize("keys", ["", " , ", "short", f"{OLD},nonsense", OLD[1:], "ключ"])
def test_what_is_no_key_is_said(keys: str) -> None:
    with pytest.raises(InvalidInput, match="coplan secrets new") as refused:
        Keyring(keys)
    assert OLD not in str(refused.value)


def test_what_was_sealed_is_fresh_for_a_while() -> None:
    ring, ten = Keyring(OLD), timedelta(minutes=10)
    sealed = ring.seal("text", "install", NOON)
    assert ring.fresh(sealed, "install", NOON + ten, ten) == "text"
    assert ring.fresh(sealed, "install", NOON + ten + timedelta(seconds=1), ten) is None
    assert ring.fresh(sealed, "another", NOON, ten) is None
    assert ring.fresh(sealed[:-4] + "AAA=", "install", NOON, ten) is None
    assert ring.fresh("ñ", "install", NOON, ten) is None
    assert Keyring(NEW).fresh(sealed, "install", NOON, ten) is None
    assert Keyring(f"{NEW},{OLD}").fresh(sealed, "install", NOON, ten) == "text"
