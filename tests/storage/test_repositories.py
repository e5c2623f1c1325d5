"""The small repositories; and what all storage tests need: a migrated database to open."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.domain.clock import Clock
from bot.domain.errors import Conflict
from bot.domain.ids import Ids, MemberId, PartnershipId, PlanId, WorkspaceId
from bot.domain.members import Identity, Member, Nudges, Preferences, QuietHours
from bot.domain.places import Place, PlaceKind
from bot.domain.planning.partnership import DigestSlot, Partnership
from bot.domain.planning.plan import Partner, Plan, StepState
from bot.domain.planning.template import Field, Step, Template
from bot.domain.timetable.bells import Period
from bot.domain.timetable.school import SchoolCalendar
from storage import migrate
from storage.engine import make_reader, make_writer
from storage.work import StorageWork, make_work
from tests.support.bells import one_schedule
from tests.support.empty_file import empty_file
from tests.support.postgres import fresh_database

BOTH = ["sqlite", "postgres"]
HERE, THERE = WorkspaceId("T-here"), WorkspaceId("T-there")
ANA, BEN, CEM = MemberId("ana"), MemberId("ben"), MemberId("cem")
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CHANNEL = Place(platform="slack", kind=PlaceKind.CHANNEL, channel="C1")
THREAD = replace(CHANNEL, kind=PlaceKind.THREAD, thread="1700.1")


class StandingClock(Clock):
    """A clock that stands until somebody sets ``at``; ``asked`` counts the questions."""

    def __init__(self) -> None:
        self.at = NOON
        self.asked = 0

    def now(self) -> datetime:
        self.asked += 1
        return self.at


class CountingIds(Ids):
    """i1, i2, i3 …"""

    def __init__(self) -> None:
        self.given = 0

    def new(self) -> str:
        self.given += 1
        return f"i{self.given}"


class Store:
    """A migrated database with its engines; every unit commits."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.writer, self.reader = make_writer(url), make_reader(url)
        self.clock = StandingClock()
        self.ids = CountingIds()
        self.make = make_work(self.clock, self.ids)

    @contextmanager
    def unit(self, workspace: WorkspaceId = HERE) -> Iterator[StorageWork]:
        with self.writer.begin() as connection:
            yield self.make(connection, workspace)

    @contextmanager
    def look(self, workspace: WorkspaceId = HERE) -> Iterator[StorageWork]:
        """Yield a unit of work that only reads, and in which nothing was decoded before."""
        with self.reader.begin() as connection:
            yield make_work(self.clock, self.ids)(connection, workspace)

    def run(self, statement: str, *rows: dict[str, object]) -> list[tuple[object, ...]]:
        with self.writer.begin() as connection:
            result = connection.execute(sa.text(statement), list(rows) or None)
            return [tuple(row) for row in result] if result.returns_rows else []


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[Store]:
    """Yield a store of its own; PostgreSQL is skipped where there is none."""
    with _database(kind, folder) as url:
        store = Store(url)
        try:
            yield store
        finally:
            store.writer.dispose()
            store.reader.dispose()


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        file = folder / "coplan.db"
        file.write_bytes(empty_file())
        yield f"sqlite:///{file}"
        return
    with fresh_database("storage") as url:
        migrate.upgrade(url)
        yield url


def a_member(id_: MemberId = ANA, workspace: WorkspaceId = HERE) -> Member:
    identity = Identity(platform="slack", user=f"U-{id_}")
    return Member(
        workspace=workspace, id=id_, identity=identity, name=id_.title(), zone="Europe/Berlin"
    )


def a_template(key: str = "short") -> Template:
    field = Field(key="goal", label="What shall they learn?")
    return Template(
        key=key, title="Short", steps=(Step(key="what", title="What", fields=(field,)),)
    )


def a_plan(id_: str = "p1", workspace: WorkspaceId = HERE, *members: MemberId) -> Plan:
    return Plan(
        workspace=workspace,
        id=PlanId(id_),
        partnership=PartnershipId("s1"),
        title="Volcanoes",
        template=a_template(),
        started_by=ANA,
        started_at=NOON,
        partners=tuple(Partner(member=one, joined_at=NOON) for one in members or (ANA, BEN)),
        steps=(StepState(key="what", turn=ANA),),
    )


def a_partnership(id_: str = "s1", workspace: WorkspaceId = HERE) -> Partnership:
    digest = DigestSlot(weekday=0, at=time(8, 30), zone="Europe/Berlin")
    return Partnership(
        workspace=workspace,
        id=PartnershipId(id_),
        place=CHANNEL,
        members=(BEN, ANA),
        digest=digest,
    )


def a_calendar() -> SchoolCalendar:
    bells = one_schedule([Period(name="P1", start=time(8), end=time(8, 45))])
    return SchoolCalendar(
        zone="Europe/Berlin",
        cycle=("A", "B"),
        first_date=date(2026, 9, 1),
        first_label="A",
        until=date(2027, 6, 30),
        bells=bells,
    )


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


def test_a_member_is_found_by_identity_and_by_id(store: Store) -> None:
    with store.unit() as work:
        work.members.save(a_member())
        work.members.save(a_member(BEN))
    with store.look() as work:
        assert work.members.by_identity(Identity(platform="slack", user="U-ana")) == a_member()
        assert work.members.by_identity(Identity(platform="discord", user="U-ana")) is None
        found = work.members.get([BEN, MemberId("nobody"), ANA, BEN])
        assert list(found.items()) == [(BEN, a_member(BEN)), (ANA, a_member())]
        assert work.members.get([]) == {}


def test_saving_a_member_again_replaces_everything(store: Store) -> None:
    changed = Member(
        workspace=HERE,
        id=ANA,
        identity=Identity(platform="discord", user="42"),
        name="Ána",
        zone="America/Lima",
        zone_assumed=True,
        reachable=True,
        preferences=Preferences(
            nudges=Nudges.LIGHT, days=(6, 7), quiet=QuietHours(start=time(21, 30), end=time(6))
        ),
    )
    with store.unit() as work:
        work.members.save(a_member())
        work.members.save(changed)
    with store.look() as work:
        assert work.members.all() == [changed]


def test_members_are_listed_by_name_whatever_its_case(store: Store) -> None:
    names = ["ben", "Ana", "cem", "Äna"]
    with store.unit() as work:
        for number, name in enumerate(names):
            work.members.save(replace(a_member(MemberId(f"m{number}")), name=name))
        assert [one.name for one in work.members.all()] == ["Ana", "ben", "cem", "Äna"]


def test_one_identity_belongs_to_one_member(store: Store) -> None:
    with store.unit() as work:
        work.members.save(a_member())
    with pytest.raises(Conflict), store.unit() as work:
        work.members.save(replace(a_member(), id=BEN))


def test_partnerships_keep_the_order_of_their_members(store: Store) -> None:
    one, other = a_partnership(), replace(a_partnership("s2"), members=(CEM,))
    empty = replace(a_partnership("s3"), members=(), place=replace(CHANNEL, channel="C2"))
    with store.unit() as work:
        for partnership in (other, one, empty):
            work.partnerships.save(partnership)
    with store.look() as work:
        assert work.partnerships.get(one.id) == one
        assert work.partnerships.get(empty.id) == empty
        assert work.partnerships.get(PartnershipId("nowhere")) is None
        assert work.partnerships.at(CHANNEL) == [one, other]
        assert work.partnerships.at(THREAD) == [one, other]
        assert work.partnerships.at(replace(CHANNEL, platform="discord")) == []
        assert work.partnerships.of_member(ANA) == [one]
        assert work.partnerships.of_member(CEM) == [other]


def test_saving_a_partnership_again_replaces_its_members_and_digest(store: Store) -> None:
    digest = DigestSlot(weekday=6, at=time(18), zone="UTC")
    changed = replace(a_partnership(), members=(CEM, BEN), digest=digest, place=THREAD)
    with store.unit() as work:
        work.partnerships.save(a_partnership())
        work.partnerships.save(changed)
    with store.look() as work:
        assert work.partnerships.get(changed.id) == changed
        assert work.partnerships.of_member(ANA) == []


def test_a_delivery_takes_effect_once(store: Store) -> None:
    with store.unit() as work:
        assert work.inbox.first("Ev1")
        assert not work.inbox.first("Ev1")
        assert work.inbox.first("")
        assert work.inbox.first("")
    with store.unit() as work:
        assert not work.inbox.first("Ev1")


def test_now_stands_still_in_a_unit(store: Store) -> None:
    with store.unit() as work:
        store.clock.at += MINUTE
        assert work.now == NOON
        assert store.clock.asked == 1
    with store.unit() as work:
        assert work.now == NOON + MINUTE
        assert work.workspace == HERE
        assert work.ids is store.ids
