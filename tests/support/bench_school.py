"""The world of the reminders' benchmark: schools whose members all owe something this period.

A hundred members a school, four to a plan; each has a timetable of A and B days with one free
period, and owes the second step of the nine-step template, in which each answers for themselves.
It is Wednesday, an A-day: everybody is to be reminded in period 5.
"""

from collections.abc import Callable
from datetime import date, datetime, time

from bot.domain.ids import MemberId, PartnershipId, PlanId, RandomIds, WorkspaceId
from bot.domain.members import Identity, Member
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.domain.planning.partnership import DigestSlot, Partnership
from bot.domain.planning.plan import Answer, AnswerKey, Partner, Plan, StepState
from bot.domain.reminders.schedule import ReminderKind
from bot.templates.loader import builtin
from bot.usecases.ports import Work
from bot.usecases.reminders.planning import replan
from storage.door import Door
from storage.engine import make_reader, make_writer
from storage.migrate import upgrade
from storage.work import make_work
from tests.support.fake_clock import FakeClock
from tests.support.teaching_team import CALENDAR, ROSAS, ZONE, at

A_SCHOOL, A_TEAM = 100, 4
PLATFORM = "playground"
DUE = at(4, 11, 20)
"""The beginning of period 5 on Wednesday."""
_BEFORE = at(2, 7)
_STARTED = at(1, 12)
_DUE_STEP = "partners"
_WRITTEN = "We read the river from its spring to the sea, and ask who lives by it. " * 2


def build(url: str, members: int) -> None:
    """Store so many members (a multiple of a hundred) with their plans and reminders."""
    upgrade(url)
    writer, reader = make_writer(url), make_reader(url)
    door = Door(writer, reader, make_work(FakeClock(_BEFORE), RandomIds()))
    try:
        for number in range(members // A_SCHOOL):
            door.write_now(WorkspaceId(f"school-{number}"), _school(number))
    finally:
        writer.dispose()
        reader.dispose()


def _school(number: int) -> Callable[[Work], None]:
    def unit(work: Work) -> None:
        work.times.save_calendar(CALENDAR)
        for team in range(A_SCHOOL // A_TEAM):
            _team(work, f"{number}-{team}")

    return unit


def _team(work: Work, name: str) -> None:
    """Store a plan and its four partners; its digest is not what is measured."""
    people = [MemberId(f"m-{name}-{which}") for which in range(A_TEAM)]
    for one in people:
        work.members.save(_member(work.workspace, one))
        work.times.save_timetable(one, ROSAS)
    channel = Place(platform=PLATFORM, kind=PlaceKind.CHANNEL, channel=f"c-{name}")
    home = Partnership(
        workspace=work.workspace,
        id=PartnershipId(f"h-{name}"),
        place=channel,
        members=tuple(people),
        digest=DigestSlot(weekday=0, at=time(8), zone=ZONE, chosen=True),
    )
    work.partnerships.save(home)
    plan = _plan(home, PlanId(f"p-{name}"))
    work.plans.add(plan)
    thread = Place(
        platform=PLATFORM, kind=PlaceKind.THREAD, channel=channel.channel, thread=f"t-{name}"
    )
    work.plans.set_card(plan.id, MessageRef(place=thread, message=thread.thread))
    replan(work, people)
    work.reminders.plan(ReminderKind.DIGEST, home.id, None)
    assert [_due(work, one) for one in people] == [DUE] * A_TEAM


def _member(workspace: WorkspaceId, who: MemberId) -> Member:
    return Member(
        workspace=workspace,
        id=who,
        identity=Identity(platform=PLATFORM, user=who),
        name=f"Member {who}",
        zone=ZONE,
        reachable=True,
    )


def _plan(home: Partnership, name: PlanId) -> Plan:
    template = builtin()["nine-step"]
    by = home.members
    answers = {
        AnswerKey(step="form", field=field): Answer(
            text=_WRITTEN, revision=at + 1, by=by[at], at=_STARTED
        )
        for at, field in enumerate(("idea", "class", "when", "why"))
    }
    return Plan(
        workspace=home.workspace,
        id=name,
        partnership=home.id,
        title="Watershed inquiry",
        template=template,
        started_by=by[0],
        started_at=_STARTED,
        partners=tuple(Partner(member=member, joined_at=_STARTED) for member in by),
        steps=tuple(
            StepState(key=step.key, due=date(2026, 11, 4) if step.key == _DUE_STEP else None)
            for step in template.steps
        ),
        answers=answers,
    )


def _due(work: Work, member: MemberId) -> datetime | None:
    row = work.reminders.of(ReminderKind.MEMBER, member)
    return row.due_at if row else None
