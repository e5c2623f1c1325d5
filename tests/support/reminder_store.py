"""A real SQLite store with the teaching team in it, for the tests of reminders and the runtime."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine

from bot.domain.ids import MemberId, WorkspaceId
from bot.domain.planning.plan import Plan
from bot.domain.reminders.schedule import ReminderKind
from bot.domain.timetable.absences import Absence
from bot.domain.timetable.timetable import Timetable
from bot.usecases.ports import Work
from bot.usecases.reminders.planning import replan_after
from storage.door import Door
from storage.engine import make_reader, make_writer
from storage.work import StorageWork, make_work
from tests.support import teaching_team as team
from tests.support.empty_file import empty_file
from tests.support.fake_clock import FakeClock

T = TypeVar("T")


@dataclass(slots=True)
class Store:
    """The door of a database, and short words for what tests do to it."""

    door: Door[StorageWork]
    writer: Engine
    clock: FakeClock

    def write(self, unit: Callable[[Work], T], workspace: WorkspaceId = team.HERE) -> T:
        return self.door.write_now(workspace, unit)

    def read(self, unit: Callable[[Work], T], workspace: WorkspaceId = team.HERE) -> T:
        return self.door.read_now(workspace, unit)

    def start(self, plan: Plan, *, card: bool = True) -> Plan:
        """Add a plan and plan its reminders, as starting it does."""

        def unit(work: Work) -> Plan:
            work.plans.add(plan)
            if card:
                work.plans.set_card(plan.id, team.CARD)
            replan_after(work, None, plan)
            return plan

        return self.write(unit)

    def change(self, plan: Plan, rule: Callable[[Plan], Plan]) -> Plan:
        """Save a changed plan as an act does."""

        def unit(work: Work) -> Plan:
            before = work.plans.get(plan.id)
            assert before is not None
            after = work.plans.save(rule(before))
            replan_after(work, before, after)
            return after

        return self.write(unit)

    def answer(self, plan: Plan, key: str = "assessment", by: MemberId = team.ROSA) -> Plan:
        return self.change(plan, lambda p: replace(p, answers=team.answered(p, key, by)))

    def timetable(self, member: MemberId, timetable: Timetable) -> None:
        def unit(work: Work) -> None:
            work.times.save_timetable(member, timetable)

        self.write(unit)

    def away(self, member: MemberId, first: date, last: date) -> None:
        """Store an absence, and leave the reminders as they were planned."""

        def unit(work: Work) -> None:
            standing = work.absent.of((member,)).get(member, ())
            work.absent.replace(member, standing, (*standing, Absence(first=first, last=last)))

        self.write(unit)

    def due(self, subject: str = team.ROSA) -> datetime | None:
        """Return when the subject's reminder or digest is due."""

        def unit(work: Work) -> datetime | None:
            rows = [work.reminders.of(kind, subject) for kind in ReminderKind]
            return next((row.due_at for row in rows if row is not None), None)

        return self.read(unit)


def settle_in(work: Work) -> None:
    """Store the team: members, partnership, calendar and Rosa's timetable."""
    for who in (team.MAYA, team.BEN, team.ROSA):
        work.members.save(team.member(who))
    work.partnerships.save(team.partnership())
    work.times.save_calendar(team.CALENDAR)
    work.times.save_timetable(team.ROSA, team.ROSAS)


@contextmanager
def opened(path: Path, clock: FakeClock, *, fresh: bool = True) -> Iterator[Store]:
    """Open the database in ``path`` without starting the door's threads."""
    file = path / "coplan.db"
    if fresh:
        file.write_bytes(empty_file())
    url = f"sqlite:///{file}"
    writer, reader = make_writer(url), make_reader(url)
    try:
        door = Door(writer, reader, make_work(clock, team.CountingIds()))
        store = Store(door, writer, clock)
        if fresh:
            store.write(settle_in)
        yield store
    finally:
        writer.dispose()
        reader.dispose()
