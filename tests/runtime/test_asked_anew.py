"""Whoever was reminded twice is asked anew when somebody moves the date to a later one."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest

from bot.domain.members import Nudges
from bot.domain.planning.plan import Plan
from bot.domain.planning.steps import move_due
from bot.domain.reminders.schedule import ReminderKind
from tests.runtime.house import House
from tests.runtime.test_explained import explained
from tests.support.teaching_team import MAYA, ROSA, ROSAS, at, member, plan

STEP = "assessment"
FIRST, FOLLOW_UP = at(4, 11, 20), at(5, 8, 50)
HOUR = timedelta(hours=1)


@pytest.fixture
def unit(house: House) -> Plan:
    house.store.timetable(ROSA, ROSAS)
    return house.store.start(plan())


def moves(house: House, unit: Plan, due: date | None) -> None:
    """Let a partner move the date now."""

    def rule(of: Plan) -> Plan:
        return move_due(of, by=MAYA, step=STEP, due=due, at=house.clock.now()).plan

    house.store.change(unit, rule)


async def reminded(
    house: House, until: datetime, act: Callable[[], None] = lambda: None
) -> list[datetime]:
    """Go on until then, with an act at midnight; return when Rosa was reminded."""
    found, service = [], house.service()
    before = len(house.messenger.to("rosa"))
    day = house.clock.now().date()
    for now in alarms(house, until):
        if now.date() != day:
            day = now.date()
            act()
        await service.settle()
        if len(house.messenger.to("rosa")) > before:
            before = len(house.messenger.to("rosa"))
            found.append(now)
    return found


def alarms(house: House, until: datetime) -> Iterator[datetime]:
    """Move the clock from hour to hour, and to every instant at which Rosa's alarm rings."""
    while house.clock.now() < until:
        row = house.store.read(lambda work: work.reminders.of(ReminderKind.MEMBER, ROSA))
        due = row.due_at if row and row.due_at else until
        house.clock.set(min(max(due, house.clock.now()), house.clock.now() + HOUR, until))
        yield house.clock.now()
        if due <= house.clock.now():
            house.clock.move(minutes=1)


async def test_a_later_date_brings_a_reminder_and_a_follow_up_of_its_own(
    house: House, unit: Plan
) -> None:
    assert await reminded(house, at(6, 20)) == [FIRST, FOLLOW_UP]
    moves(house, unit, date(2026, 11, 13))
    assert await reminded(house, at(27, 20)) == [at(13, 8, 50), at(16, 11, 20)]


async def test_each_later_date_does_so_once(house: House, unit: Plan) -> None:
    await reminded(house, at(6, 20))
    moves(house, unit, date(2026, 11, 10))
    assert await reminded(house, at(13, 20)) == [at(10, 11, 20), at(11, 8, 50)]
    moves(house, unit, date(2026, 11, 17))
    assert await reminded(house, at(27, 20)) == [at(17, 8, 50), at(18, 11, 20)]


@pytest.mark.parametrize("due", [date(2026, 11, 3), date(2026, 11, 4), None])
async def test_no_other_date_does(house: House, unit: Plan, due: date | None) -> None:
    await reminded(house, at(6, 20))
    moves(house, unit, due)
    assert await reminded(house, at(27, 20)) == []


async def test_between_the_two_the_follow_up_is_for_the_new_date(house: House, unit: Plan) -> None:
    assert await reminded(house, at(4, 20)) == [FIRST]
    moves(house, unit, date(2026, 11, 10))
    assert await reminded(house, at(27, 20)) == [at(11, 8, 50)]


async def test_a_date_moved_day_by_day_brings_no_reminder_a_day(house: House, unit: Plan) -> None:
    def again() -> None:
        moves(house, unit, house.clock.now().date() + timedelta(days=1))

    found = await reminded(house, at(14, 4), again)
    assert len(found) <= 2, "the first, and maybe its follow-up"


async def test_after_the_follow_up_nothing_more_comes_on_the_same_day(
    house: House, unit: Plan
) -> None:
    assert await reminded(house, at(5, 9)) == [FIRST, FOLLOW_UP]
    moves(house, unit, date(2026, 11, 5))
    assert await reminded(house, at(27, 20)) == [at(6, 11, 20), at(9, 8, 50)]


async def test_whoever_wants_one_gets_one_more(house: House, unit: Plan) -> None:
    house.store.write(lambda work: work.members.save(member(ROSA, nudges=Nudges.LIGHT)))
    assert await reminded(house, at(9, 20)) == [FIRST]
    moves(house, unit, date(2026, 11, 13))
    assert await reminded(house, at(27, 20)) == [at(13, 8, 50)]


async def test_it_is_explained_so(house: House, unit: Plan) -> None:
    await reminded(house, at(6, 20))
    moves(house, unit, date(2026, 11, 13))

    (one,) = explained(house, ROSA).things
    assert (len(one.heard.counted), one.counted) == (2, ())
    assert one.period is not None
    assert one.period.start == at(13, 8, 50)
    assert one.silence is None
