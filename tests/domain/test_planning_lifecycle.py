"""A plan's life: start, rename, finish, archive, reopen, replicate."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bot.domain.contributions.acts import ActKind
from bot.domain.ids import MemberId, PlanId
from bot.domain.planning import lifecycle, partners
from bot.domain.planning.plan import Change, Plan, PlanState
from bot.domain.planning.turns import next_action, waiting
from bot.templates.loader import builtin
from bot.usecases.planning.starting import add_weekdays
from tests.support.planning_model import (
    PEOPLE,
    SMALL,
    START,
    STRANGER,
    World,
    do_next,
    refusal,
    started,
)

ANA, BEN, CLEO = PEOPLE[:3]


@pytest.fixture
def plan() -> Plan:
    return started(SMALL, (ANA, BEN)).plan


def finish(plan: Plan, by: MemberId) -> Change:
    return lifecycle.finish(plan, by=by, at=START)


def archive(plan: Plan, by: MemberId) -> Change:
    return lifecycle.archive(plan, by=by, at=START)


def reopen(plan: Plan, by: MemberId) -> Change:
    return lifecycle.reopen(plan, by=by, at=START)


def rename(plan: Plan, by: MemberId, title: str = "Rivers") -> Change:
    return lifecycle.rename(plan, by=by, title=title, at=START)


def test_a_plan_starts_with_turns_that_go_round() -> None:
    made = started(SMALL, (ANA, BEN, CLEO, ANA), title=" Watershed\n inquiry ")

    assert made.plan.members == (ANA, BEN, CLEO)
    assert made.plan.title == "Watershed inquiry"
    assert [s.turn for s in made.plan.steps] == [ANA, BEN, CLEO, ANA]
    (act,) = made.acts
    assert (act.kind, act.by, act.after) == (ActKind.PLAN_STARTED, ANA, "Watershed inquiry")
    assert act.detail == {"template": "small", "partners": "ana,ben,cleo"}


def test_a_replica_keeps_the_structure_and_its_origin(plan: Plan) -> None:
    made = started(plan.template, (BEN,), id=PlanId("q"), origin=plan.id)
    assert made.plan.origin == plan.id
    assert made.acts[0].kind is ActKind.PLAN_REPLICATED


@pytest.mark.parametrize(
    ("title", "said"),
    [("  ", "The title is empty"), ("x" * 121, "The title has 121 characters; at most 120 fit.")],
)
def test_titles_are_short_and_not_empty(plan: Plan, title: str, said: str) -> None:
    assert refusal(lambda: started(SMALL, (ANA,), title=title)).startswith(said)
    assert refusal(lambda: rename(plan, ANA, title)).startswith(said)


def test_due_dates_follow_the_pace_and_what_runs_throughout_has_none() -> None:
    dues = lifecycle.due_dates(SMALL, date(2026, 9, 7), add_weekdays, 5)
    assert dues == {
        "goal": date(2026, 9, 14),
        "know": date(2026, 9, 14),
        "judge": date(2026, 9, 28),
    }
    assert [s.due for s in started(SMALL, (ANA,)).plan.steps][-1] is None


def test_a_step_without_weeks_is_due_the_next_school_day() -> None:
    first = replace(SMALL, steps=SMALL.steps[1:2])
    dues = lifecycle.due_dates(first, date(2026, 9, 11), add_weekdays, 5)
    assert dues == {"know": date(2026, 9, 14)}


def test_the_nine_steps_take_about_six_weeks() -> None:
    dues = lifecycle.due_dates(builtin()["nine-step"], date(2026, 9, 7), add_weekdays, 5)
    assert list(dues) == ["form", "partners", "session", "complete", "collaborate", "assess"]
    assert max(dues.values()) == date(2026, 10, 19)


def test_renaming(plan: Plan) -> None:
    made = rename(plan, BEN, " Rivers ")
    assert (made.plan.title, made.acts[0].before, made.acts[0].after) == (
        "Rivers",
        "Watershed inquiry",
        "Rivers",
    )
    assert rename(made.plan, ANA, "Rivers") == Change(plan=made.plan, acts=())


def test_a_plan_with_open_steps_can_be_finished(plan: Plan) -> None:
    assert lifecycle.open_steps(plan) == ("goal", "know", "judge", "keep")
    made = finish(plan, ANA)
    assert made.plan.state is PlanState.FINISHED
    assert (made.acts[0].before, made.acts[0].after) == ("active", "finished")
    assert [waiting(made.plan, m) for m in (ANA, BEN)] == [(), ()]
    assert "is finished, so nothing was saved" in refusal(lambda: finish(made.plan, BEN))


def test_a_done_plan_is_finished_at_once() -> None:
    world = World(started(builtin()["short-form"], (ANA, BEN)))
    while lifecycle.open_steps(world.plan):
        for member in (ANA, BEN):
            thing = next_action(world.plan, member)
            if thing is not None and lifecycle.open_steps(world.plan):
                world.do(do_next(world, member, thing))
    assert finish(world.plan, BEN).plan.state is PlanState.FINISHED


def test_archiving_and_reopening(plan: Plan) -> None:
    archived = archive(finish(plan, ANA).plan, BEN)
    assert (archived.acts[0].before, archived.acts[0].after) == ("finished", "archived")
    assert archive(archived.plan, ANA).acts == ()
    again = reopen(archived.plan, ANA)
    assert again.plan == plan
    assert reopen(plan, ANA) == Change(plan=plan, acts=())


LIVES: list[Callable[[Plan, MemberId], Change]] = [finish, archive, reopen, rename]


@pytest.mark.parametrize("act", LIVES)
def test_strangers_and_those_who_left_do_none_of_it(
    plan: Plan, act: Callable[[Plan, MemberId], Change]
) -> None:
    plan = partners.remove_partner(plan, by=BEN, member=BEN, at=START).plan
    for who in (STRANGER, BEN):
        said = refusal(act, plan, who)
        assert said == (
            "There is no such plan here, or you are not one of its partners. "
            "Say “plan” to see the plans you share."
        )
