"""A school with A and B days, three partners and a plan: the world of the reminder tests.

Monday 2 November 2026 is an A-day. On A-days Rosa is free only in period 5 (11:20 to 12:05 in New
York), on B-days only in period 2 (08:50 to 09:35).
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.ids import Ids, MemberId, PartnershipId, PlanId, WorkspaceId
from bot.domain.members import Identity, Member, Nudges, Preferences
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.domain.planning.partnership import DigestSlot, Partnership
from bot.domain.planning.plan import Answer, AnswerKey, Partner, Plan, StepState
from bot.domain.planning.template import Field, Step, Template
from bot.domain.timetable.bells import Period
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Cell, Timetable, Use
from tests.support.bells import one_schedule

HERE = WorkspaceId("w1")
ZONE = "America/New_York"
MAYA, BEN, ROSA = MemberId("maya"), MemberId("ben"), MemberId("rosa")
TEAM = PartnershipId("team")
UNIT = PlanId("unit")
CHANNEL = Place(platform="playground", kind=PlaceKind.CHANNEL, channel="c1")
THREAD = Place(platform="playground", kind=PlaceKind.THREAD, channel="c1", thread="t0")
CARD = MessageRef(place=THREAD, message="t0")
PERIODS = tuple(
    Period(
        name=str(number + 1),
        start=time(8 + number * 50 // 60, number * 50 % 60),
        end=time(8 + (number * 50 + 45) // 60, (number * 50 + 45) % 60),
    )
    for number in range(8)
)
CALENDAR = SchoolCalendar(
    zone=ZONE,
    cycle=("A", "B"),
    first_date=date(2026, 11, 2),
    first_label="A",
    until=date(2027, 6, 25),
    bells=one_schedule(PERIODS),
)


class CountingIds(Ids):
    def __init__(self) -> None:
        self._count = 0

    def new(self) -> str:
        self._count += 1
        return f"id{self._count:06}"


def at(day: int, hour: int, minute: int = 0, *, month: int = 11, zone: str = ZONE) -> datetime:
    """Return the instant of a wall time in 2026."""
    wall = datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(zone))
    return wall.astimezone(UTC)


def busy_but(free: Mapping[str, str]) -> Timetable:
    """Return a timetable of lessons only, but for one free period a cycle day."""
    return Timetable(
        cells={
            (label, period.name): Cell(use=Use.LESSON, what="class")
            for label in CALENDAR.cycle
            for period in PERIODS
            if free.get(label) != period.name
        }
    )


ROSAS = busy_but({"A": "5", "B": "2"})


def member(
    who: MemberId, *, reachable: bool = True, zone: str = ZONE, nudges: Nudges = Nudges.NORMAL
) -> Member:
    return Member(
        workspace=HERE,
        id=who,
        identity=Identity(platform="playground", user=who),
        name=who.title(),
        zone=zone,
        reachable=reachable,
        preferences=Preferences(nudges=nudges),
    )


def partnership(slot: DigestSlot | None = None) -> Partnership:
    return Partnership(
        workspace=HERE,
        id=TEAM,
        place=CHANNEL,
        members=(MAYA, BEN, ROSA),
        digest=slot or DigestSlot(weekday=0, at=time(8), zone=ZONE),
    )


def step(key: str, title: str) -> Step:
    return Step(key=key, title=title, fields=(Field(key="text", label=f"{title} text"),))


def plan(
    due: Mapping[str, date | None] | None = None,
    *,
    id: PlanId = UNIT,  # noqa: A002 - as the plan calls it
    title: str = "Watershed inquiry",
    turn: MemberId | None = ROSA,
    members: tuple[MemberId, ...] = (MAYA, BEN, ROSA),
) -> Plan:
    """Return a plan with one step of one question for each date given, all on ``turn``."""
    due = {"assessment": date(2026, 11, 4)} if due is None else due
    start = at(1, 12)
    return Plan(
        workspace=HERE,
        id=id,
        partnership=TEAM,
        title=title,
        template=Template(
            key="test", title="Test", steps=tuple(step(key, key.title()) for key in due)
        ),
        started_by=MAYA,
        started_at=start,
        partners=tuple(Partner(member=m, joined_at=start) for m in members),
        steps=tuple(StepState(key=key, due=when, turn=turn) for key, when in due.items()),
    )


def answered(which: Plan, key: str = "assessment", by: MemberId = ROSA) -> dict[AnswerKey, Answer]:
    """Return the plan's answers with one more."""
    answer = Answer(text="done", revision=1, by=by, at=which.started_at + timedelta(hours=1))
    return {**which.answers, AnswerKey(step=key, field="text"): answer}
