"""Units of work that meet: what the second one finds, and that nothing of either is lost."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from bot.domain.ids import MemberId, PartnershipId
from bot.domain.members import Identity, Member
from bot.domain.planning.partnership import DigestSlot, Partnership
from storage.door import Door
from storage.work import StorageWork
from tests.storage.test_repositories import CHANNEL, HERE, Store, opened

WHO = Identity(platform="slack", user="U1")


def member(name: str) -> Member:
    return Member(
        workspace=HERE, id=MemberId(name), identity=WHO, name=name, zone="UTC", zone_assumed=True
    )


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Store]:
    with opened("postgres", tmp_path) as found:
        yield found


async def test_two_first_contacts_at_once_are_one_member(postgres: Store) -> None:
    meet = threading.Barrier(2)

    def arriving(name: str) -> MemberId:
        return _arrived(postgres, name, meet)

    found = await asyncio.gather(*(asyncio.to_thread(arriving, name) for name in ("a", "b")))
    assert len(set(found)) == 1
    with postgres.look() as work:
        assert [one.id for one in work.members.all()] == [found[0]]


def _arrived(store: Store, name: str, meet: threading.Barrier) -> MemberId:
    runs: list[None] = []

    def unit(work: StorageWork) -> MemberId:
        known = work.members.by_identity(WHO)
        runs.append(None)
        if len(runs) == 1:
            meet.wait(timeout=10)
        if known is None:
            work.members.save(member(name))
        return known.id if known else MemberId(name)

    return Door(store.writer, store.reader, store.make).write_now(HERE, unit)


async def test_two_partners_added_at_once_are_both_there(postgres: Store) -> None:
    home = PartnershipId("home")
    slot = DigestSlot(weekday=0, at=time(8), zone="UTC")
    with postgres.unit() as work:
        work.partnerships.save(
            Partnership(workspace=HERE, id=home, place=CHANNEL, members=(), digest=slot)
        )
    door = Door(postgres.writer, postgres.reader, postgres.make)
    meet = threading.Barrier(2)

    def adding(name: str) -> None:
        def unit(work: StorageWork) -> None:
            meet.wait(timeout=10)
            found = work.partnerships.get(home)
            assert found is not None
            grown = (*found.members, MemberId(name))
            work.partnerships.save(replace(found, members=grown))

        door.write_now(HERE, unit)

    await asyncio.gather(*(asyncio.to_thread(adding, name) for name in ("a", "b")))
    with postgres.look() as work:
        found = work.partnerships.get(home)
    assert found is not None
    assert set(found.members) == {"a", "b"}
