"""A time-zone database that changes between two starts: what is unsent follows it."""

import zoneinfo
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from structlog.testing import capture_logs

from bot.domain.ids import MemberId, PlanId, WorkspaceId
from bot.domain.members import Identity, Person
from bot.domain.reminders.schedule import ReminderKind
from bot.main import open_house
from bot.runtime.zone_rules import CHUNK, follow_zone_rules, rules_in_use
from bot.usecases.actors import recognise
from bot.usecases.ports import Door, Work
from bot.usecases.reminders.planning import digest_setup
from storage.holding import hold
from storage.migrate import upgrade
from tests.runtime.house import House, opened
from tests.support.fake_clock import FakeClock
from tests.support.fake_messenger import PLATFORM, FakeMessenger
from tests.support.reminder_store import settle_in
from tests.support.teaching_team import HERE, ROSA, TEAM, at, member, partnership, plan

T = TypeVar("T")
HOUR = timedelta(hours=1)
RIGHT = at(4, 11, 20)
DIGEST = at(2, 8)


def planned_by_other_rules(house: House, by: timedelta) -> None:
    """Let a reminder and a digest be planned as if New York's clocks were off by so much."""
    house.store.start(plan())
    house.put(lambda work: digest_setup(work, partnership()))
    assert (house.store.due(), house.store.due(TEAM)) == (RIGHT, DIGEST)

    def wrong(work: Work) -> None:
        work.reminders.plan(ReminderKind.MEMBER, ROSA, RIGHT + by)
        work.reminders.plan(ReminderKind.DIGEST, TEAM, DIGEST + by)
        work.reminders.follow_zone_rules("old rules")

    house.put(wrong)


@pytest.mark.parametrize("by", [-HOUR, HOUR, timedelta(minutes=-30), timedelta(hours=24)])
async def test_all_that_is_unsent_is_planned_anew_once(house: House, by: timedelta) -> None:
    planned_by_other_rules(house, by)
    with capture_logs() as logs:
        assert await follow_zone_rules(house.door, "new rules") == 2
    assert (house.store.due(), house.store.due(TEAM)) == (RIGHT, DIGEST)
    [told] = [entry for entry in logs if entry["event"] == "zone_rules_followed"]
    assert (told["before"], told["now"]) == ("old rules", "new rules")
    assert (told["planned"], told["moved"], told["failed"]) == (2, 2, 0)
    with capture_logs() as logs:
        assert await follow_zone_rules(house.door, "new rules") == 0
    assert logs == []


async def test_what_the_old_rules_made_too_late_still_comes(house: House) -> None:
    """The digest was to come at 09:00 by the old rules, is due at 08:00, and it is 08:30."""
    planned_by_other_rules(house, HOUR)
    house.clock.set(DIGEST + HOUR / 2)
    await follow_zone_rules(house.door, "new rules")
    await house.service().settle()
    keys = [s.key for s in house.messenger.shown]
    assert keys
    assert all(key.startswith(f"digest:{TEAM}:2026-11-02") for key in keys)
    assert house.store.due(TEAM) == at(9, 8)


async def test_what_the_old_rules_made_too_early_waits(house: House) -> None:
    planned_by_other_rules(house, -HOUR)
    house.clock.set(RIGHT - HOUR / 2)  # due by the old rules, in the middle of a lesson
    await follow_zone_rules(house.door, "new rules")
    service = house.service()
    await service.settle()
    assert reminders(house.messenger) == []
    house.clock.set(RIGHT)
    await service.settle()
    assert len(reminders(house.messenger)) == 1


def reminders(messenger: FakeMessenger) -> list[str]:
    return [sent.key for sent in messenger.shown if sent.key.startswith("reminder:")]


class Stopping(Door):
    """A door that stops working after so many writes."""

    def __init__(self, door: Door, writes: int) -> None:
        self._door = door
        self._left = writes

    async def write(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        if not self._left:
            raise SystemExit
        self._left -= 1
        return await self._door.write(workspace, unit)

    async def read(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        return await self._door.read(workspace, unit)


async def many(house: House, number: int) -> list[MemberId]:
    """Let so many members with a reminder each be planned by other rules."""
    who = [MemberId(f"m{at:03}") for at in range(number)]

    def unit(work: Work) -> None:
        for one in who:
            work.members.save(member(one))

    house.put(unit)
    for one in who:
        house.store.start(plan(id=PlanId(f"of-{one}"), turn=one, members=(one,)), card=False)

    def wrong(work: Work) -> None:
        for one in who:
            work.reminders.plan(ReminderKind.MEMBER, one, RIGHT + 8 * HOUR)

    house.put(wrong)
    return who


def due(house: House, who: list[MemberId]) -> set[datetime | None]:
    return {house.store.due(one) for one in who}


async def test_stopped_in_the_middle_it_begins_again_at_the_next_start(house: House) -> None:
    who = await many(house, 2 * CHUNK + 5)
    with pytest.raises(SystemExit):
        await follow_zone_rules(Stopping(house.door, 1), "new rules")
    assert due(house, who) == {RIGHT + 8 * HOUR, at(4, 9)}, "half of the way"
    assert await follow_zone_rules(house.door, "new rules") == CHUNK + 5
    assert due(house, who) == {at(4, 9)}, "working hours: they gave no timetable"


class Poisoned(Door):
    """A door behind which a unit that writes for one member always fails."""

    def __init__(self, door: Door, poison: str) -> None:
        self._door = door
        self._poison = poison

    async def write(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        rows = getattr(unit, "keywords", {}).get("rows", ())
        if self._poison in {row.subject for row in rows}:
            raise ValueError("a row that cannot be read")
        return await self._door.write(workspace, unit)

    async def read(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        return await self._door.read(workspace, unit)


async def test_one_that_cannot_be_planned_keeps_nobody_else_from_it(house: House) -> None:
    who = await many(house, CHUNK + 5)
    with capture_logs() as logs:
        moved = await follow_zone_rules(Poisoned(house.door, who[7]), "new rules")
    assert moved == CHUNK + 4
    assert [one for one in who if house.store.due(one) != at(4, 9)] == [who[7]]
    assert [entry["event"] for entry in logs] == ["zone_rules_failed", "zone_rules_followed"]
    assert await follow_zone_rules(house.door, "new rules") == 1, "tried again at the next start"


async def test_the_next_start_follows_them_before_anything_is_claimed(tmp_path: Path) -> None:
    clock = FakeClock(at(2, 6))
    upgrade(f"sqlite:///{tmp_path}/coplan.db")
    async with opened(tmp_path, clock, fresh=False) as house:
        house.put(settle_in)
        planned_by_other_rules(house, -HOUR)
    clock.set(RIGHT - HOUR / 2)
    messenger = FakeMessenger()
    url = f"sqlite:///{tmp_path}/coplan.db"
    async with AsyncExitStack() as all_of_it:
        held = all_of_it.enter_context(hold(url))
        opening = open_house(held, {PLATFORM: messenger}, clock=clock)
        running = await all_of_it.enter_async_context(opening)
        await running.service.settle()
        row = await running.door.read(
            HERE, lambda work: work.reminders.of(ReminderKind.MEMBER, ROSA)
        )
        assert row is not None
        assert row.due_at == RIGHT
        known = await running.door.read(HERE, lambda work: work.reminders.zone_rules())
        assert known == rules_in_use()
    assert reminders(messenger) == []


def test_the_name_of_the_rules_is_that_of_the_files_that_are_read(tmp_path: Path) -> None:
    before = rules_in_use()
    rules_in_use.cache_clear()
    assert rules_in_use() == before
    rules_in_use.cache_clear()
    berlin = tmp_path / "Europe" / "Berlin"
    berlin.parent.mkdir()
    folders = zoneinfo.TZPATH
    utc = next(Path(folder, "UTC") for folder in folders if Path(folder, "UTC").is_file())
    berlin.write_bytes(utc.read_bytes())
    try:
        zoneinfo.reset_tzpath([str(tmp_path), *folders])
        assert rules_in_use() != before
    finally:
        zoneinfo.reset_tzpath(folders)
        rules_in_use.cache_clear()


def test_a_zone_that_the_platform_tells_moves_what_is_planned(house: House) -> None:
    house.put(lambda w: w.members.save(replace(member(MemberId("li")), zone_assumed=True)))
    house.store.start(
        plan(
            {"goals": date(2026, 11, 4)},
            id=PlanId("li"),
            turn=MemberId("li"),
            members=(MemberId("li"),),
        ),
        card=False,
    )
    assert house.store.due("li") == at(4, 9)
    li = Person(identity=Identity(platform=PLATFORM, user="li"), name="Li", zone="Europe/Berlin")
    house.put(lambda w: recognise(w, li) and None)
    assert house.store.due("li") == at(4, 9, zone="Europe/Berlin")
