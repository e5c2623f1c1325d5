"""Units of work that meet: what the second one finds, and that nothing of either is lost."""

import asyncio
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import time as day_time
from pathlib import Path

import pytest

from bot.domain.ids import MemberId, PartnershipId
from bot.domain.members import Identity, Member
from bot.domain.planning.partnership import DigestSlot, Partnership
from bot.domain.reminders.notices import Notice, NoticeKind
from storage.door import Door
from storage.work import StorageWork
from tests.storage.test_repositories import CHANNEL, HERE, NOON, Store, opened

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
            meet.wait(timeout=60)
        if known is None:
            work.members.save(member(name))
        return known.id if known else MemberId(name)

    return Door(store.writer, store.reader, store.make).write_now(HERE, unit)


async def test_two_partners_added_at_once_are_both_there(postgres: Store) -> None:
    home = PartnershipId("home")
    slot = DigestSlot(weekday=0, at=day_time(8), zone="UTC")
    with postgres.unit() as work:
        work.partnerships.save(
            Partnership(workspace=HERE, id=home, place=CHANNEL, members=(), digest=slot)
        )
    door = Door(postgres.writer, postgres.reader, postgres.make)
    meet = threading.Barrier(2)

    def adding(name: str) -> None:
        def unit(work: StorageWork) -> None:
            meet.wait(timeout=60)
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


async def test_of_two_who_put_a_notice_at_once_one_has_put_it(postgres: Store) -> None:
    notices = [Notice(key=key, kind=NoticeKind.DIGEST, due_at=NOON) for key in ("a", "b")]
    door = Door(postgres.writer, postgres.reader, postgres.make)
    put, runs = threading.Event(), [0]

    def first(work: StorageWork) -> frozenset[str]:
        new = work.outbox.put_all(notices[:1])
        put.set()
        assert any(waits(postgres) for _ in range(3000)), "the other one waits for this commit"
        return new

    def second(work: StorageWork) -> frozenset[str]:
        put.wait(timeout=60)
        runs[0] += 1
        return work.outbox.put_all(notices)

    units = (asyncio.to_thread(door.write_now, HERE, unit) for unit in (first, second))
    assert await asyncio.gather(*units) == [{"a"}, {"b"}]
    assert runs == [2], "the second one was run again, and found what the first had put"


def waits(store: Store) -> bool:
    """Tell, after a moment, whether somebody waits for what another has locked."""
    time.sleep(0.02)
    here = "datname = current_database()"
    query = f"SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND {here}"  # noqa: S608 - ours
    return bool(store.run(query))
