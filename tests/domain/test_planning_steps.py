"""Steps as a whole: handing on, signing off, reopening, closing, dates."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bot.domain.contributions.acts import ActKind
from bot.domain.ids import MemberId
from bot.domain.planning import partners, steps
from bot.domain.planning.plan import Change, Plan, PlanState, StepState
from bot.domain.planning.progress import StepStatus, status
from tests.support.planning_model import PEOPLE, SMALL, START, STRANGER, put, refusal, started

ANA, BEN, CLEO = PEOPLE[:3]


@pytest.fixture
def plan() -> Plan:
    return started(SMALL, (ANA, BEN, CLEO)).plan


@pytest.fixture
def filled(plan: Plan) -> Plan:
    return put(put(plan, ANA, "goal", "idea"), ANA, "goal", "part")


def goal(plan: Plan) -> StepState:
    return plan.steps[0]


def sign(plan: Plan, by: MemberId) -> Change:
    return steps.sign_off(plan, by=by, step="goal", at=START)


def reopen(plan: Plan, by: MemberId) -> Change:
    return steps.reopen_step(plan, by=by, step="goal", at=START)


def close(plan: Plan, by: MemberId) -> Change:
    return steps.close_step(plan, by=by, step="goal", at=START)


def test_a_step_is_handed_to_a_partner(plan: Plan) -> None:
    made = steps.hand_off(plan, by=BEN, step="goal", to=CLEO, at=START)

    assert goal(made.plan).turn == CLEO
    (act,) = made.acts
    assert (act.kind, act.before, act.after, act.member_about) == (
        ActKind.HANDED_OFF,
        ANA,
        CLEO,
        CLEO,
    )
    again = steps.hand_off(made.plan, by=ANA, step="goal", to=CLEO, at=START)
    assert again == Change(plan=made.plan, acts=())


def test_a_step_is_not_handed_to_a_stranger(plan: Plan) -> None:
    said = refusal(lambda: steps.hand_off(plan, by=ANA, step="goal", to=STRANGER, at=START))
    assert said == (
        "That person is not a partner of this plan. "
        "Add them as a partner first; then hand the step to them."
    )


def test_all_others_sign_off_once_everything_is_there(filled: Plan) -> None:
    assert status(filled, "goal") is StepStatus.SIGN_OFF
    once = sign(filled, BEN)
    assert [a.kind for a in once.acts] == [ActKind.SIGNED_OFF]
    assert status(once.plan, "goal") is StepStatus.SIGN_OFF
    assert sign(once.plan, BEN) == Change(plan=once.plan, acts=())
    assert status(sign(once.plan, CLEO).plan, "goal") is StepStatus.DONE


def test_nobody_signs_off_what_is_open_or_their_own(plan: Plan, filled: Plan) -> None:
    nothing = (
        "There is nothing for you to sign off in “Set the goal” now. "
        "Open the plan's card: it says what the step still needs."
    )
    assert refusal(lambda: sign(plan, BEN)) == nothing
    assert refusal(lambda: sign(filled, ANA)) == nothing
    assert refusal(lambda: sign(reopen(filled, CLEO).plan, BEN)) == nothing


def test_a_reopened_step_stays_open_until_it_is_closed(filled: Plan) -> None:
    done = sign(sign(filled, BEN).plan, CLEO).plan
    opened = reopen(done, BEN)

    assert opened.acts[0].detail["signed"] == f"{BEN},{CLEO}"
    assert status(opened.plan, "goal") is StepStatus.OPEN
    assert reopen(opened.plan, CLEO) == Change(plan=opened.plan, acts=())

    closed = close(opened.plan, BEN)
    assert (closed.acts[0].kind, closed.acts[0].before) == (ActKind.STEP_CLOSED, BEN)
    assert goal(closed.plan).last_by == BEN
    assert status(closed.plan, "goal") is StepStatus.SIGN_OFF, "the others agree anew"
    assert close(closed.plan, BEN) == Change(plan=closed.plan, acts=())


def test_an_open_step_cannot_be_reopened_and_an_unfinished_one_not_closed(
    plan: Plan, filled: Plan
) -> None:
    assert refusal(lambda: reopen(plan, ANA)) == (
        "“Set the goal” is still open, so there is nothing to reopen. "
        "Just fill in what you want to change."
    )
    each = put(
        put(put(filled, ANA, "know", "strength"), BEN, "know", "strength"), CLEO, "know", "strength"
    )
    opened = steps.reopen_step(each, by=ANA, step="know", at=START).plan
    opened = partners.add_partners(opened, by=ANA, members=[PEOPLE[3]], at=START).plan
    said = refusal(lambda: steps.close_step(opened, by=ANA, step="know", at=START))
    assert said == (
        "“Know each other” still misses something. "
        "Open the step: it asks for what is missing. Then close it."
    )


def test_dates_move_and_go_away(plan: Plan) -> None:
    moved = steps.move_due(plan, by=BEN, step="goal", due=date(2026, 10, 1), at=START)
    assert goal(moved.plan).due == date(2026, 10, 1)
    assert (moved.acts[0].before, moved.acts[0].after) == ("2026-09-14", "2026-10-01")
    same = steps.move_due(moved.plan, by=BEN, step="goal", due=date(2026, 10, 1), at=START)
    assert same.acts == ()
    gone = steps.move_due(moved.plan, by=BEN, step="goal", due=None, at=START)
    assert (goal(gone.plan).due, gone.acts[0].after) == (None, "")
    back = steps.move_due(gone.plan, by=BEN, step="goal", due=date(2026, 10, 1), at=START)
    assert back.acts[0].before == ""


ACTS: list[Callable[[Plan, MemberId, str], Change]] = [
    lambda p, by, step: steps.hand_off(p, by=by, step=step, to=BEN, at=START),
    lambda p, by, step: steps.sign_off(p, by=by, step=step, at=START),
    lambda p, by, step: steps.reopen_step(p, by=by, step=step, at=START),
    lambda p, by, step: steps.close_step(p, by=by, step=step, at=START),
    lambda p, by, step: steps.move_due(p, by=by, step=step, due=None, at=START),
]


@pytest.mark.parametrize("act", ACTS)
def test_strangers_closed_plans_and_unknown_steps(
    plan: Plan, act: Callable[[Plan, MemberId, str], Change]
) -> None:
    closed = replace(plan, state=PlanState.FINISHED)
    assert refusal(lambda: act(plan, STRANGER, "goal")).startswith("There is no such plan here")
    assert "is finished, so nothing was saved." in refusal(lambda: act(closed, ANA, "goal"))
    assert refusal(lambda: act(plan, ANA, "none")).startswith("That step is no longer part")


def test_asking_about_a_step_that_is_not_there_is_a_mistake_of_ours(plan: Plan) -> None:
    with pytest.raises(KeyError, match="none"):
        status(plan, "none")
