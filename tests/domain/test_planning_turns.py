"""Whose turn it is: what waits on each partner, and in which order."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.ids import ItemId, MemberId
from bot.domain.planning import items, outside, partners, steps
from bot.domain.planning.plan import OutsideWork, Plan
from bot.domain.planning.progress import StepStatus, all_done, status, unmet
from bot.domain.planning.template import Field, ItemKind, Need, Step
from bot.domain.planning.turns import WaitingKind, holders, next_action, waiting
from tests.support.planning_model import (
    ODD,
    PEOPLE,
    SMALL,
    START,
    STRANGER,
    World,
    do_next,
    put,
    started,
)

ANA, BEN, CLEO = PEOPLE[:3]
ONE, TWO = ItemId("i1"), ItemId("i2")


@pytest.fixture
def plan() -> Plan:
    return started(SMALL, (ANA, BEN, CLEO)).plan


def in_step(plan: Plan, member: MemberId, step: str) -> list[tuple[WaitingKind, str]]:
    return [(w.kind, w.what) for w in waiting(plan, member) if w.step == step]


def role(plan: Plan, member: MemberId, name: str) -> Plan:
    return partners.take_role(plan, by=member, role=name, at=START).plan


def test_one_is_asked_for_what_one_answers(plan: Plan) -> None:
    assert in_step(plan, ANA, "goal") == [
        (WaitingKind.ANSWER, "idea"),
        (WaitingKind.ANSWER, "part"),
    ]
    assert in_step(plan, BEN, "goal") == []
    handed = steps.hand_off(plan, by=ANA, step="goal", to=BEN, at=START).plan
    assert in_step(handed, BEN, "goal")[0] == (WaitingKind.ANSWER, "idea")
    nobodys = replace(plan, steps=(replace(plan.steps[0], turn=None), *plan.steps[1:]))
    assert all(in_step(nobodys, m, "goal") for m in plan.members)


def test_an_imported_turn_of_nobody_here_is_everybody_s(plan: Plan) -> None:
    turn = replace(plan.steps[0], turn=STRANGER, reopened_by=STRANGER)
    odd = put(
        put(replace(plan, steps=(turn, *plan.steps[1:])), ANA, "goal", "idea"), ANA, "goal", "part"
    )
    for member in plan.members:
        assert in_step(odd, member, "goal") == [(WaitingKind.CLOSE_STEP, "")]


def test_each_is_asked_for_what_each_answers(plan: Plan) -> None:
    for member in plan.members:
        assert in_step(plan, member, "know") == [(WaitingKind.ANSWER, "strength")]
    plan = put(plan, BEN, "know", "strength")
    assert in_step(plan, BEN, "know") == []
    assert status(plan, "know") is StepStatus.OPEN


def test_a_role_nobody_has_is_offered_to_those_without_one(plan: Plan) -> None:
    take = [(WaitingKind.TAKE_ROLE, "librarian")]
    assert [in_step(plan, m, "judge") for m in plan.members] == [take] * 3
    taken = role(plan, BEN, "librarian")
    assert in_step(taken, BEN, "judge") == [(WaitingKind.ANSWER, "books")]
    assert in_step(taken, ANA, "judge") == []

    odd = role(started(ODD, (ANA, BEN)).plan, ANA, "lead")
    scribe = (WaitingKind.TAKE_ROLE, "scribe")
    assert in_step(odd, ANA, "play") == [(WaitingKind.ANSWER, "lead")]
    assert in_step(odd, BEN, "play") == [scribe], "who has a role keeps it"
    both = role(odd, BEN, "lead")
    assert scribe in in_step(both, ANA, "play"), "unless there is nobody else"
    assert scribe in in_step(both, BEN, "play")


def test_of_two_in_a_role_the_one_whose_turn_it_is_answers(plan: Plan) -> None:
    both = role(role(plan, ANA, "librarian"), CLEO, "librarian")
    assert holders(both, "librarian") == (ANA, CLEO)
    assert in_step(both, CLEO, "judge") == [(WaitingKind.ANSWER, "books")], "it is her turn"
    assert in_step(both, ANA, "judge") == []
    handed = steps.hand_off(both, by=ANA, step="judge", to=BEN, at=START).plan
    assert in_step(handed, ANA, "judge") == [(WaitingKind.ANSWER, "books")]
    assert in_step(handed, CLEO, "judge") == []


def test_the_turn_adds_what_the_step_needs(plan: Plan) -> None:
    assert in_step(plan, ANA, "keep") == [(WaitingKind.ADD_ITEM, "minutes")]
    assert in_step(plan, BEN, "keep") == []


def test_open_challenges_keep_their_step_open() -> None:
    plan = started(ODD, (ANA, BEN)).plan
    assert status(plan, "cope") is StepStatus.DONE
    raised = items.raise_challenge(plan, by=BEN, item=ONE, kind="time", text="", at=START).plan
    assert in_step(raised, ANA, "cope") == [(WaitingKind.CLOSE_CHALLENGE, "")]
    assert in_step(raised, BEN, "cope") == []


def test_the_others_are_asked_to_sign_off(plan: Plan) -> None:
    plan = put(put(plan, BEN, "goal", "idea"), BEN, "goal", "part")
    sign = [(WaitingKind.SIGN_OFF, "")]
    assert [in_step(plan, m, "goal") for m in plan.members] == [sign, [], sign]
    signed = steps.sign_off(plan, by=ANA, step="goal", at=START).plan
    assert [in_step(signed, m, "goal") for m in plan.members] == [[], [], sign]


def test_whoever_reopened_a_step_is_asked_to_close_it_once_it_can_be() -> None:
    plan = started(SMALL, (ANA, BEN)).plan
    plan = items.add_minutes(
        plan, by=ANA, item=ONE, minutes=9, text="", session=None, at=START
    ).plan
    opened = steps.reopen_step(plan, by=ANA, step="keep", at=START).plan
    assert in_step(opened, ANA, "keep") == [(WaitingKind.CLOSE_STEP, "")]
    assert in_step(opened, BEN, "keep") == []

    emptied = replace(opened, minutes=())
    assert in_step(emptied, ANA, "keep") == [], "closing would be refused"
    assert in_step(emptied, BEN, "keep") == [(WaitingKind.ADD_ITEM, "minutes")]


def test_responsibilities_wait_on_their_owner_or_on_all(plan: Plan) -> None:
    for item, owner in ((ONE, BEN), (TWO, None)):
        plan = items.add_responsibility(
            plan, by=ANA, item=item, text="x", owner=owner, due=None, at=START
        ).plan
    duties = {m: [w.item for w in waiting(plan, m) if w.item] for m in plan.members}
    assert duties == {ANA: [TWO], BEN: [ONE, TWO], CLEO: [TWO]}


def test_the_most_urgent_comes_first_then_the_template_s_order(plan: Plan) -> None:
    soon = START.date() + timedelta(days=1)
    plan = steps.move_due(plan, by=ANA, step="know", due=soon, at=START).plan
    assert [(w.step, w.what) for w in waiting(plan, ANA)] == [
        ("know", "strength"),
        ("goal", "idea"),
        ("goal", "part"),
        ("judge", "librarian"),
        ("keep", "minutes"),
    ]
    first = next_action(plan, ANA)
    assert first is not None
    assert (first.due, first.thing) == (soon, "answer:know:")


def test_strangers_wait_for_nothing(plan: Plan) -> None:
    assert waiting(plan, STRANGER) == ()
    assert next_action(plan, STRANGER) is None


def test_when_all_is_done_everybody_may_finish_but_first_do_their_own() -> None:
    easy = replace(
        SMALL, steps=(Step(key="one", title="One", fields=(Field(key="a", label="A?"),)),)
    )
    plan = put(started(easy, (ANA, BEN)).plan, ANA, "one", "a")
    assert all_done(plan)
    finish = WaitingKind.FINISH
    assert [w.kind for m in (ANA, BEN) for w in waiting(plan, m)] == [finish, finish]

    plan = items.add_responsibility(
        plan, by=ANA, item=ONE, text="x", owner=BEN, due=date(2026, 12, 1), at=START
    ).plan
    assert [[w.kind for w in waiting(plan, m)] for m in (ANA, BEN)] == [
        [finish],
        [WaitingKind.RESPONSIBILITY],
    ]


def test_outside_work_waits_on_the_partner_named(plan: Plan) -> None:
    work = OutsideWork(id=ONE, kind="talk", band="0-5", by=ANA, partner=BEN, at=START)
    logged = outside.log_outside(plan, work=work).plan
    asked = [m for m in PEOPLE if any(w.item == ONE for w in waiting(logged, m))]
    assert asked == [BEN]


def test_every_kind_of_item_meets_a_need() -> None:
    needs = tuple(Need(kind=kind) for kind in ItemKind)
    world = World(started(replace(SMALL, steps=(Step(key="a", title="A", needs=needs),)), (ANA,)))
    while not all_done(world.plan):
        lacking = unmet(world.plan, world.template.steps[0])
        thing = next(w for w in waiting(world.plan, ANA) if w.kind is WaitingKind.ADD_ITEM)
        assert thing.what == lacking[0].kind
        assert world.do(do_next(world, ANA, thing)) is not None
        assert unmet(world.plan, world.template.steps[0]) == lacking[1:]
