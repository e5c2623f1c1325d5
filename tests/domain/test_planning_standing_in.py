"""Who stands in for a partner who is away, and for what."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import NotAllowed, PlanClosed, UnknownPlan
from bot.domain.ids import ItemId, MemberId
from bot.domain.planning import items, lifecycle, partners, steps
from bot.domain.planning.plan import Plan
from bot.domain.planning.standing_in import (
    next_on,
    note_away,
    note_back,
    stand_in,
    waiting_on,
)
from bot.domain.planning.turns import WaitingKind, next_action, waiting
from bot.domain.planning.undo import undo
from bot.domain.timetable.absences import Absence, Away
from tests.support.planning_model import (
    ODD,
    PEOPLE,
    SMALL,
    START,
    STRANGER,
    TODAY,
    World,
    do_next,
    put,
    started,
)

ANA, BEN, CLEO = PEOPLE[:3]
NAMED = Absence(first=TODAY, last=TODAY + timedelta(days=3), stand_in=BEN, passes=True)
GONE: Away = {ANA: NAMED}


@pytest.fixture
def plan() -> Plan:
    return started(SMALL, (ANA, BEN, CLEO)).plan


def of_others(plan: Plan, away: Away, member: MemberId = BEN) -> list[tuple[WaitingKind, str]]:
    found = [w for w in waiting_on(plan, member, away) if w.owner is not None]
    assert {w.owner for w in found} <= {ANA}
    return [(w.kind, w.step) for w in found]


def test_what_others_can_do_passes_and_what_is_one_s_own_waits(plan: Plan) -> None:
    plan = partners.take_role(plan, by=ANA, role="librarian", at=START).plan
    assert of_others(plan, {}) == []
    passed = of_others(plan, GONE)
    assert (WaitingKind.ANSWER, "goal") in passed, "one answers"
    assert (WaitingKind.ANSWER, "know") not in passed, "each answers"
    assert (WaitingKind.ANSWER, "judge") not in passed, "the librarian answers"
    assert of_others(plan, GONE, CLEO) == [], "only who was named"
    assert set(waiting_on(plan, ANA, GONE)) == set(waiting(plan, ANA)), "and it is still hers"


def test_a_responsibility_passes_and_comes_back(plan: Plan) -> None:
    added = items.add_responsibility(
        plan, by=BEN, item=ItemId("i1"), text="Bus", owner=ANA, due=TODAY, at=START
    ).plan
    [first] = [w for w in waiting_on(added, BEN, GONE) if w.kind is WaitingKind.RESPONSIBILITY]
    assert (first.owner, first.due) == (ANA, TODAY)
    assert next_on(added, BEN, GONE) == first, "it is the most urgent"
    assert next_on(added, BEN, {}) != first


def test_closing_a_step_passes(plan: Plan) -> None:
    for field in ("idea", "part"):
        plan = put(plan, ANA, "goal", field)
    assert (WaitingKind.SIGN_OFF, "goal") not in of_others(plan, GONE)
    plan = steps.sign_off(plan, by=BEN, step="goal", at=START).plan
    plan = steps.sign_off(plan, by=CLEO, step="goal", at=START).plan
    plan = steps.reopen_step(plan, by=ANA, step="goal", at=START).plan
    assert (WaitingKind.CLOSE_STEP, "goal") in of_others(plan, GONE)


def test_no_sign_off_passes_or_is_lost(plan: Plan) -> None:
    for field in ("idea", "part"):
        plan = put(plan, BEN, "goal", field)
    signing = [w for w in waiting(plan, ANA) if w.kind is WaitingKind.SIGN_OFF]
    assert [w.step for w in signing] == ["goal"]
    assert of_others(plan, GONE).count((WaitingKind.SIGN_OFF, "goal")) == 0
    with pytest.raises(NotAllowed):
        steps.sign_off(plan, by=BEN, step="goal", at=START)


@pytest.mark.parametrize(
    "away",
    [
        {ANA: replace(NAMED, passes=False)},
        {ANA: replace(NAMED, stand_in=None)},
        {ANA: replace(NAMED, stand_in=STRANGER)},
        {ANA: replace(NAMED, stand_in=ANA)},
        {ANA: NAMED, BEN: replace(NAMED, stand_in=ANA)},
    ],
)
def test_else_it_waits(plan: Plan, away: Away) -> None:
    assert stand_in(plan, ANA, away) is None
    for member in plan.members:
        assert waiting_on(plan, member, away) == waiting(plan, member)


def test_who_left_does_not_stand_in(plan: Plan) -> None:
    left = partners.remove_partner(plan, by=BEN, member=BEN, at=START).plan
    assert stand_in(left, ANA, GONE) is None


def test_what_is_everybody_s_is_named_once(plan: Plan) -> None:
    nobodys = replace(plan, steps=(replace(plan.steps[0], turn=None), *plan.steps[1:]))
    found = waiting_on(nobodys, BEN, GONE)
    plain = [replace(w, owner=None) for w in found]
    assert len(plain) == len(set(plain))
    assert (WaitingKind.ANSWER, "goal") not in of_others(nobodys, GONE)


@given(data=st.data(), turns=st.integers(0, 25))
def test_whatever_stands_nothing_is_lost_and_nothing_one_s_own_passes(
    data: st.DataObject, turns: int
) -> None:
    world = World(started(data.draw(st.sampled_from([SMALL, ODD])), PEOPLE[:3]))
    for _ in range(turns):
        member = data.draw(st.sampled_from(PEOPLE[:3]))
        thing = next_action(world.plan, member)
        if thing is not None:
            world.do(do_next(world, member, thing))
    plan = world.plan
    named = data.draw(st.sampled_from([BEN, CLEO, STRANGER, ANA, None]))
    away = {ANA: replace(NAMED, stand_in=named, passes=data.draw(st.booleans()))}
    for member in plan.members:
        own, found = waiting(plan, member), waiting_on(plan, member, away)
        assert [w for w in found if w.owner is None] == list(own)
        for thing in found:
            if thing.owner is not None:
                assert member == named != ANA
                assert replace(thing, owner=None) in waiting(plan, ANA)
                assert thing.kind not in {
                    WaitingKind.SIGN_OFF, WaitingKind.TAKE_ROLE, WaitingKind.ACCEPT_SESSION,
                    WaitingKind.CONFIRM_OUTSIDE, WaitingKind.FINISH,
                }  # fmt: skip


def test_an_absence_is_logged_and_only_who_is_away_takes_it_back() -> None:
    world = World(started(SMALL, (ANA, BEN, CLEO)))
    noted = note_away(world.plan, by=ANA, absence=NAMED, instead_of=(), at=START)
    world.do(lambda _: noted)
    [act] = noted.acts
    assert (act.after, act.member_about) == ("2026-09-07 to 2026-09-10", BEN)
    entry = world.entries[-1]
    with pytest.raises(NotAllowed):
        undo(world.plan, entry, by=BEN, at=START)
    assert undo(world.plan, entry, by=ANA, at=START).acts[0].before == act.after
    world.do(lambda p: note_back(p, by=ANA, absence=NAMED, at=START))
    with pytest.raises(NotAllowed):
        undo(world.plan, entry, by=ANA, at=START, log=world.entries)


def test_only_partners_of_an_active_plan_note_it(plan: Plan) -> None:
    with pytest.raises(UnknownPlan):
        note_away(plan, by=STRANGER, absence=NAMED, instead_of=(), at=START)
    closed = lifecycle.archive(plan, by=ANA, at=START).plan
    with pytest.raises(PlanClosed):
        note_back(closed, by=ANA, absence=NAMED, at=START)
    nobody = note_away(
        plan, by=ANA, absence=replace(NAMED, stand_in=STRANGER), instead_of=(), at=START
    )
    assert nobody.acts[0].member_about is None
