"""Who plans: joining, leaving, being let go, roles."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.contributions.acts import ActKind, Entry
from bot.domain.ids import ItemId, MemberId
from bot.domain.planning import items, lifecycle, partners, steps
from bot.domain.planning.plan import Change, Plan, PlanState
from bot.domain.planning.turns import WaitingKind, waiting
from bot.domain.planning.undo import undo
from tests.support.planning_model import PEOPLE, SMALL, START, STRANGER, put, refusal, started

ANA, BEN, CLEO = PEOPLE[:3]
LATER = START + timedelta(days=1)


@pytest.fixture
def plan() -> Plan:
    return started(SMALL, (ANA, BEN)).plan


def removed(plan: Plan, by: MemberId, member: MemberId) -> Change:
    return partners.remove_partner(plan, by=by, member=member, at=LATER)


def turns(plan: Plan) -> list[MemberId | None]:
    return [state.turn for state in plan.steps]


def test_a_late_joiner_answers_what_each_answers_and_has_no_turn(plan: Plan) -> None:
    made = partners.add_partners(plan, by=ANA, members=[CLEO, BEN, CLEO], at=LATER)

    assert [(a.kind, a.by, a.member_about) for a in made.acts] == [
        (ActKind.PARTNER_ADDED, ANA, CLEO)
    ]
    assert made.plan.members == (ANA, BEN, CLEO)
    assert turns(made.plan) == [ANA, BEN, ANA, BEN]
    asked = [(w.kind, w.step, w.what) for w in waiting(made.plan, CLEO)]
    assert asked == [
        (WaitingKind.ANSWER, "know", "strength"),
        (WaitingKind.TAKE_ROLE, "judge", "librarian"),
    ]


def test_a_plan_has_at_most_twenty_partners(plan: Plan) -> None:
    many = [MemberId(f"m{n}") for n in range(18)]
    full = partners.add_partners(plan, by=ANA, members=many, at=LATER).plan
    assert len(full.members) == 20

    said = refusal(lambda: partners.add_partners(full, by=ANA, members=[CLEO], at=LATER))
    assert said == "A plan has at most 20 partners. Start a second plan for the others."

    gone = removed(full, ANA, BEN)
    full = partners.add_partners(gone.plan, by=ANA, members=[CLEO], at=LATER).plan
    entry = Entry(plan=plan.id, number=3, act=gone.acts[0])
    assert refusal(lambda: undo(full, entry, by=ANA, at=LATER)).startswith("Something has changed")


def test_turns_reopened_steps_and_duties_pass_on_and_come_back_by_undo(plan: Plan) -> None:
    plan = put(put(plan, ANA, "know", "strength"), BEN, "know", "strength")
    plan = steps.reopen_step(plan, by=BEN, step="know", at=START).plan
    for n, owner in enumerate((BEN, ANA, None)):
        plan = items.add_responsibility(
            plan, by=ANA, item=ItemId(f"i{n}"), text="Books", owner=owner, due=None, at=START
        ).plan
    made = removed(plan, BEN, BEN)

    assert made.acts[0].kind is ActKind.PARTNER_LEFT
    assert made.acts[0].detail == {"turns": "know,keep", "reopened": "know", "duties": "i0"}
    assert turns(made.plan) == [ANA] * 4
    assert made.plan.steps[1].reopened_by == ANA
    assert [r.owner for r in made.plan.responsibilities] == [None, ANA, None]
    assert waiting(made.plan, BEN) == ()

    entry = Entry(plan=plan.id, number=9, act=made.acts[0])
    assert undo(made.plan, entry, by=BEN, at=LATER).plan == plan
    assert undo(made.plan, entry, by=ANA, at=LATER).plan == plan


def test_turns_pass_to_those_with_the_fewest() -> None:
    plan = started(SMALL, (ANA, BEN, CLEO)).plan
    assert turns(plan) == [ANA, BEN, CLEO, ANA]
    assert turns(removed(plan, ANA, ANA).plan) == [BEN, BEN, CLEO, CLEO]


def test_partners_may_let_each_other_go(plan: Plan) -> None:
    made = removed(put(plan, BEN, "goal", "idea", "Ben's"), ANA, BEN)

    assert made.acts[0].kind is ActKind.PARTNER_REMOVED
    assert made.plan.members == (ANA,)
    assert [a.text for a in made.plan.answers.values()] == ["Ben's"]
    assert removed(made.plan, ANA, BEN) == Change(plan=made.plan, acts=())


def test_the_last_partner_stays(plan: Plan) -> None:
    alone = removed(plan, ANA, BEN).plan
    assert refusal(lambda: removed(alone, ANA, ANA)) == (
        "You are the last partner of “Watershed inquiry”. "
        "Archive the plan instead, or add somebody before you leave."
    )


def test_who_comes_back_has_their_role_again(plan: Plan) -> None:
    plan = partners.take_role(plan, by=BEN, role="librarian", at=START).plan
    plan = removed(plan, BEN, BEN).plan
    plan = partners.add_partners(plan, by=ANA, members=[BEN], at=LATER).plan

    assert plan.partners[-1].member == BEN
    assert plan.partners[-1].role == "librarian"
    assert len(plan.partners) == 2


def test_strangers_and_closed_plans(plan: Plan) -> None:
    closed = replace(plan, state=PlanState.ARCHIVED)
    acts: list[Callable[[Plan, MemberId], Change]] = [
        lambda p, by: partners.add_partners(p, by=by, members=[CLEO], at=LATER),
        lambda p, by: partners.remove_partner(p, by=by, member=BEN, at=LATER),
        lambda p, by: partners.take_role(p, by=by, role="librarian", at=LATER),
    ]
    for act in acts:
        assert refusal(act, plan, STRANGER).startswith("There is no such plan here")
        assert "is archived, so nothing was saved." in refusal(act, closed, ANA)


def test_roles_are_the_template_s(plan: Plan) -> None:
    made = partners.take_role(plan, by=ANA, role="librarian", at=START)
    assert [(a.kind, a.before, a.after) for a in made.acts] == [
        (ActKind.ROLE_TAKEN, "", "librarian")
    ]
    assert partners.take_role(made.plan, by=ANA, role="librarian", at=START).acts == ()
    given_up = partners.take_role(made.plan, by=ANA, role="", at=START)
    assert given_up.plan == plan

    said = refusal(lambda: partners.take_role(plan, by=ANA, role="boss", at=START))
    assert said.startswith("That role is no longer part of the plan “Watershed inquiry”.")


def test_nobody_comes_back_into_a_closed_plan_by_undo(plan: Plan) -> None:
    left = removed(plan, BEN, BEN)
    closed = lifecycle.archive(left.plan, by=ANA, at=LATER).plan
    entry = Entry(plan=plan.id, number=2, act=left.acts[0])

    assert "is archived" in refusal(lambda: undo(closed, entry, by=BEN, at=LATER))
