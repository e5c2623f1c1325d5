"""What waits for a session, its minutes or outside work is reminded of like everything else."""

from datetime import timedelta

from bot.domain.ids import ItemId, MemberId
from bot.domain.members import Identity
from bot.domain.planning.items import add_minutes
from bot.domain.planning.outside import confirm_outside, log_outside
from bot.domain.planning.partners import remove_partner
from bot.domain.planning.plan import OutsideWork, Plan, Session
from bot.domain.planning.sessions import answer, propose
from tests.runtime.house import House
from tests.runtime.test_scenarios import every_quarter, settle_at
from tests.support.teaching_team import BEN, MAYA, ROSA, at, member, plan

MEETING, TALK = ItemId("meeting"), ItemId("talk")
NOTHING_DUE = plan({"assessment": None})


def proposed(house: House) -> Plan:
    """Let Rosa propose Wednesday 14:00 on Monday morning."""
    start = at(4, 14)
    meeting = Session(
        id=MEETING,
        start=start,
        end=start + timedelta(minutes=45),
        purpose="Rubric",
        medium="Library",
        by=ROSA,
        at=house.clock.now(),
    )
    unit = house.store.start(NOTHING_DUE)
    return house.store.change(unit, lambda p: propose(p, session=meeting).plan)


def accepted(house: House, unit: Plan, *members: MemberId) -> Plan:
    for one in members:
        unit = house.store.change(unit, lambda p, by=one: _yes(house, p, by))  # type: ignore[misc]
    return unit


def _yes(house: House, unit: Plan, by: MemberId) -> Plan:
    return answer(unit, by=by, item=MEETING, accept=True, at=house.clock.now()).plan


async def test_who_has_not_answered_is_reminded_before_the_session(house: House) -> None:
    unit = proposed(house)
    accepted(house, unit, MAYA)
    assert await settle_at(house, *every_quarter(at(2, 6), at(3, 8, 45))) == []
    shown = await settle_at(house, *every_quarter(at(3, 9), at(4, 13, 45)))
    once_and_once_more = [("direct", member(BEN).identity)] * 2
    assert [(s.how, s.to) for s in shown] == once_and_once_more
    assert shown[0].card.title == "Due: Answer the proposed session"
    assert "Watershed inquiry · Answer the proposed session (due " in shown[0].card.summary


async def test_an_agreed_session_is_reminded_of_once_and_its_minutes_asked_for(
    house: House,
) -> None:
    unit = accepted(house, proposed(house), MAYA, BEN)
    await settle_at(house, *every_quarter(at(2, 6), at(4, 13, 45)))
    assert sorted(s.to.user for s in house.messenger.shown if isinstance(s.to, Identity)) == [
        "ben",
        "maya",
        "rosa",
    ]
    for shown in house.messenger.shown:
        assert "Session: Rubric" in shown.card.summary
        assert "2:00" in shown.card.summary or "14:00" in shown.card.summary
    before = len(house.messenger.shown)
    await settle_at(house, *every_quarter(at(4, 14), at(5, 8, 45)))
    assert len(house.messenger.shown) == before, "Rosa has no free period before Thursday, period 2"
    await settle_at(house, at(5, 8, 50))
    (asked,) = house.messenger.shown[before:]
    assert asked.to == member(ROSA).identity
    assert "Add the minutes of “Rubric”" in asked.card.summary
    house.store.change(unit, lambda p: _minuted(house, p))
    await settle_at(house, *every_quarter(at(5, 9), at(20, 20)))
    assert len(house.messenger.shown) == before + 1


async def test_minutes_are_asked_for_when_it_runs_and_who_had_not_answered_leaves(
    house: House,
) -> None:
    unit = accepted(house, proposed(house), MAYA)
    await settle_at(house, at(4, 14, 20))
    before = len(house.messenger.shown)
    now = house.clock.now()
    house.store.change(unit, lambda p: remove_partner(p, by=BEN, member=BEN, at=now).plan)
    await settle_at(house, *every_quarter(at(4, 14, 30), at(5, 8, 45)), at(5, 8, 50))
    (asked,) = house.messenger.shown[before:]
    assert asked.to == member(ROSA).identity
    assert "Add the minutes of “Rubric”" in asked.card.summary


def _minuted(house: House, unit: Plan) -> Plan:
    return add_minutes(
        unit,
        by=ROSA,
        item=ItemId("m"),
        minutes=40,
        text="Agreed.",
        session=MEETING,
        at=house.clock.now(),
    ).plan


async def test_outside_work_is_to_be_confirmed_within_a_week(house: House) -> None:
    work = OutsideWork(id=TALK, kind="talk", band="0-5", by=MAYA, partner=ROSA, at=at(2, 6))
    unit = house.store.start(NOTHING_DUE)
    unit = house.store.change(unit, lambda p: log_outside(p, work=work).plan)
    shown = await settle_at(house, *every_quarter(at(2, 6), at(9, 12)))
    assert [(s.how, s.to) for s in shown] == [("direct", member(ROSA).identity)]
    house.store.change(
        unit, lambda p: confirm_outside(p, by=ROSA, item=TALK, at=house.clock.now()).plan
    )
    assert len(await settle_at(house, *every_quarter(at(9, 12), at(20, 20)))) == 1
