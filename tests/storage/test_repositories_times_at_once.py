"""Two writers at once: no change of a calendar, a timetable or a draft is lost."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time
from pathlib import Path

import pytest

from bot.domain.contributions.acts import Source
from bot.domain.errors import Conflict
from bot.domain.places import Place, PlaceKind
from bot.domain.timetable.school import Closure, ClosureKind
from bot.domain.timetable.timetable import Cell, Timetable, Use, set_cell
from bot.domain.timetable.weekly import WeeklyHours
from bot.usecases.actors import Actor
from bot.usecases.timetable.schools import ChooseSchool, SchoolChosen, choose_school
from storage.door import Door
from storage.mapping.calendars import calendar_body
from storage.mapping.timetables import hours_body
from storage.work import StorageWork
from tests.storage.test_repositories import ANA, BOTH, HERE, Store, a_calendar, a_member, opened

CHANNEL = Place(platform="playground", kind=PlaceKind.CHANNEL, channel="staff")
TIMES = 5
LESSON = Cell(use=Use.LESSON)
HOURS = WeeklyHours(spans=((0, time(8), time(9)),))


@dataclass
class Writers:
    """Two threads that write through doors of their own, and how often their units ran."""

    store: Store
    meet: threading.Barrier = field(default_factory=lambda: threading.Barrier(2))
    runs: list[str] = field(default_factory=list)

    async def write(self, unit: Callable[[StorageWork, str], None]) -> None:
        """Run the unit ``TIMES`` times in each thread, each time with another name."""
        await asyncio.gather(*(asyncio.to_thread(self._write, who, unit) for who in ("a", "b")))

    def _write(self, who: str, unit: Callable[[StorageWork, str], None]) -> None:
        door = Door(self.store.writer, self.store.reader, self.store.make)
        for number in range(TIMES):
            name = f"{who}{number}"

            def run(work: StorageWork, name: str = name) -> None:
                self.runs.append(name)
                unit(work, name)

            door.write_now(HERE, run)

    def together(self, name: str) -> None:
        """Wait for the other: both have read by then. SQLite lets only one read to write."""
        if self.store.writer.dialect.name != "sqlite" and self.runs.count(name) == 1:
            self.meet.wait(timeout=60)


NAMES = {f"{who}{number}" for who in "ab" for number in range(TIMES)}


@pytest.fixture(params=BOTH)
def writers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Writers]:
    with opened(request.param, tmp_path) as store:
        yield Writers(store)


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Writers]:
    with opened("postgres", tmp_path) as store:
        yield Writers(store)


def close_a_day(work: StorageWork, name: str, school: str = "") -> None:
    calendar = work.times.calendar(school) or a_calendar()
    day = date(2026, 11, 3)
    one = Closure(start=day, end=day, kind=ClosureKind.UNPLANNED, name=name)
    work.times.save_calendar(replace(calendar, closures=(*calendar.closures, one)))


def closed(store: Store) -> list[str]:
    with store.look() as work:
        calendar = work.times.calendar()
    assert calendar is not None
    return [one.name for one in calendar.closures if one.name in NAMES]


def revision(store: Store, table: str) -> object:
    ((found,),) = store.run(f"SELECT revision FROM {table}")  # noqa: S608 - the tests' own names
    return found


async def test_two_changes_of_the_calendar_at_once_are_both_kept(writers: Writers) -> None:
    def unit(work: StorageWork, name: str) -> None:
        work.times.calendar()
        writers.together(name)
        close_a_day(work, name)

    await writers.write(unit)
    assert sorted(closed(writers.store)) == sorted(NAMES), "also the very first one"
    assert revision(writers.store, "calendars") == len(NAMES)


async def test_whoever_holds_the_calendar_is_never_repeated(writers: Writers) -> None:
    with writers.store.unit() as work:
        work.times.save_calendar(a_calendar())

    def unit(work: StorageWork, name: str) -> None:
        work.times.hold_calendar()
        close_a_day(work, name)

    await writers.write(unit)
    assert sorted(closed(writers.store)) == sorted(NAMES)
    assert len(writers.runs) == len(NAMES)


async def test_two_changes_of_a_timetable_at_once_are_both_kept(writers: Writers) -> None:
    def unit(work: StorageWork, name: str) -> None:
        timetable = work.times.timetables([ANA]).get(ANA, Timetable())
        writers.together(name)
        work.times.save_timetable(ANA, set_cell(timetable, "A", name, LESSON))

    await writers.write(unit)
    with writers.store.look() as work:
        cells = work.times.timetables([ANA])[ANA].cells
    assert {period for _, period in cells} == NAMES
    assert revision(writers.store, "timetables") == len(NAMES)


async def test_two_taps_at_once_are_both_kept(writers: Writers) -> None:
    def unit(work: StorageWork, name: str) -> None:
        draft = work.drafts.get(ANA, "timetable") or b""
        if not draft:
            writers.together(name)
        work.drafts.put(ANA, "timetable", draft + name.encode() + b" ")

    await writers.write(unit)
    with writers.store.look() as work:
        draft = work.drafts.get(ANA, "timetable")
    assert draft is not None
    assert sorted(draft.decode().split()) == sorted(NAMES)


def test_a_calendar_that_was_read_before_it_is_held_must_still_stand(postgres: Writers) -> None:
    with postgres.store.unit() as work:
        work.times.save_calendar(a_calendar())
    with postgres.store.unit() as work:
        work.times.calendar()
        with postgres.store.unit() as other:
            close_a_day(other, "a0")
        with pytest.raises(Conflict):
            work.times.hold_calendar()
    assert closed(postgres.store) == ["a0"]


def test_whoever_comes_to_a_school_waits_for_the_change_of_its_calendar(postgres: Writers) -> None:
    with postgres.store.unit() as work:
        work.members.save(a_member())
        work.times.save_calendar(replace(a_calendar(), school="South"))
    came = threading.Event()
    found: list[SchoolChosen] = []

    def come() -> None:
        with postgres.store.unit() as work:
            actor = Actor(member=a_member(), place=CHANNEL, source=Source())
            found.append(choose_school(work, actor, ChooseSchool(chosen="South")))
        came.set()

    coming = threading.Thread(target=come)
    with postgres.store.unit() as work:
        work.times.hold_calendar("South")
        coming.start()
        assert not came.wait(timeout=1)
        close_a_day(work, "a0", "South")
    coming.join(timeout=60)
    (chosen,) = found
    assert chosen.calendar is not None
    assert [one.name for one in chosen.calendar.closures][-1] == "a0"


def test_hours_that_came_meanwhile_are_no_timetable_to_write_over(postgres: Writers) -> None:
    with postgres.store.unit() as work:
        assert work.times.timetables([ANA]) == {}
        with postgres.store.unit() as other:
            other.times.save_hours(ANA, HOURS)
        assert work.times.hours([ANA]) == {}, "what a unit reads twice is what it read first"
        with pytest.raises(Conflict):
            work.times.save_timetable(ANA, Timetable())
    with postgres.store.look() as work:
        assert work.times.hours([ANA]) == {ANA: HOURS}


def test_a_unit_that_saves_twice_meets_itself(writers: Writers) -> None:
    with writers.store.unit() as work:
        for name in ("a0", "b0"):
            close_a_day(work, name)
            work.times.save_hours(ANA, HOURS)
        assert work.times.hours([ANA]) == {ANA: HOURS}
    assert closed(writers.store) == ["a0", "b0"]
    assert revision(writers.store, "timetables") == 2


def test_rows_from_before_there_were_revisions_can_be_saved(writers: Writers) -> None:
    row = {"here": HERE, "body": calendar_body(a_calendar()), "hours": hours_body(HOURS)}
    store = writers.store
    store.run("INSERT INTO calendars (workspace, body) VALUES (:here, :body)", row)
    columns = "workspace, member, kind, body"
    store.run(f"INSERT INTO timetables ({columns}) VALUES (:here, 'ana', 'hours', :hours)", row)  # noqa: S608 - as above
    with store.unit() as work:
        close_a_day(work, "a0")
        work.times.save_timetable(ANA, Timetable())
    assert closed(store) == ["a0"]
    assert revision(store, "timetables") == 2
