"""The people whom a process reminds (``tests.support.reminding``), before and afterwards."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from bot.domain.clock import Clock
from bot.domain.contributions.acts import Source
from bot.domain.ids import MemberId, PartnershipId, PlanId, RandomIds, WorkspaceId
from bot.domain.members import Identity, Member
from bot.domain.places import Place, PlaceKind
from bot.domain.planning.plan import Plan
from bot.domain.reminders.schedule import ReminderKind
from bot.domain.timetable.weekly import WeeklyHours
from bot.usecases.actors import Actor
from bot.usecases.planning.reading import next_for
from bot.usecases.ports import Work
from storage.door import Door
from storage.engine import make_reader, make_writer
from storage.migrate import upgrade
from storage.tables import outbox
from storage.work import StorageWork, make_work
from tests.support import teaching_team as team
from tests.support.fake_clock import FakeClock
from tests.support.ledger import Platform

ZONE = "Europe/Berlin"
DAY = date(2026, 11, 4)
FIRST = datetime.combine(DAY, time(8), ZoneInfo(ZONE))
"""When the first of them is due."""
SCHOOLS = (WorkspaceId("north"), WorkspaceId("south"))


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who is to be reminded once, with their platform, and who has nothing left to do."""

    owing: dict[str, Platform]
    done: frozenset[str]


def settle_people(url: str, count: int, seconds: float) -> People:
    """Store so many members, each with a plan that waits on them, due over so many seconds.

    Every tenth has done it already, and yet a row for them is due.
    """
    upgrade(url)
    people = {f"{number:05}": list(Platform)[number % len(Platform)] for number in range(count)}
    done = frozenset(list(people)[::10])
    with _store(url, FakeClock(FIRST - timedelta(hours=12))) as (door, _):
        for at, (name, platform) in enumerate(people.items()):
            due = FIRST + timedelta(seconds=seconds * at / count)
            plan = _plan(SCHOOLS[at % len(SCHOOLS)], MemberId(name), done=name in done)
            door.write_now(plan.workspace, _settling(plan, platform, due))
    owing = {name: platform for name, platform in people.items() if name not in done}
    return People(owing=owing, done=done)


def given_up(url: str) -> dict[str, str]:
    """Return why nothing more is tried, by member, as Coplan has it on record."""
    found = select(outbox.c.member, outbox.c.reason).where(outbox.c.state == "failed")
    with _store(url, FakeClock(FIRST)) as (_, reader), reader.connect() as connection:
        return {row.member: row.reason for row in connection.execute(found)}


def waits_in_next(url: str) -> set[str]:
    """Return everybody to whom ``next`` shows anything."""
    waited: set[str] = set()

    def look(work: Work) -> None:
        for member in work.members.all():
            place = Place(
                platform=member.identity.platform,
                kind=PlaceKind.DIRECT,
                channel=member.identity.user,
            )
            actor = Actor(member=member, place=place, source=Source(zone=ZONE))
            if next_for(work, actor, None).items:
                waited.add(member.id)

    with _store(url, FakeClock(FIRST)) as (door, _):
        for school in SCHOOLS:
            door.read_now(school, look)
    return waited


@contextmanager
def _store(url: str, clock: Clock) -> Iterator[tuple[Door[StorageWork], Engine]]:
    writer, reader = make_writer(url), make_reader(url)
    try:
        yield Door(writer, reader, make_work(clock, RandomIds())), reader
    finally:
        writer.dispose()
        reader.dispose()


def _plan(school: WorkspaceId, who: MemberId, *, done: bool) -> Plan:
    """Return a plan of one step that waits on one member, or has been done by them."""
    plan = team.plan({"text": DAY}, id=PlanId(f"p-{who}"), turn=who, members=(who,))
    answers = team.answered(plan, "text", who) if done else {}
    home = PartnershipId(f"h-{who}")
    return replace(plan, workspace=school, partnership=home, started_by=who, answers=answers)


def _settling(plan: Plan, platform: Platform, due: datetime) -> Callable[[Work], None]:
    who = plan.started_by
    member = Member(
        workspace=plan.workspace,
        id=who,
        identity=Identity(platform=platform, user=who),
        name=f"Member {who}",
        zone=ZONE,
        reachable=True,
    )

    def unit(work: Work) -> None:
        work.members.save(member)
        work.times.save_hours(who, WeeklyHours(spans=((DAY.weekday(), time(7), time(18)),)))
        work.plans.add(plan)
        work.reminders.plan(ReminderKind.MEMBER, who, due)

    return unit
