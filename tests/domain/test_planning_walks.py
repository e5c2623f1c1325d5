"""Every template, walked to its end by nothing but each partner's next action."""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.contributions.acts import ActKind
from bot.domain.ids import MemberId
from bot.domain.planning.plan import PlanState
from bot.domain.planning.progress import StepStatus, all_done, status
from bot.domain.planning.turns import next_action
from bot.templates.loader import builtin
from tests.support.planning_model import ODD, PEOPLE, World, do_next, started

MOST_ACTS = 150
TEMPLATES = {**builtin(), ODD.key: ODD}


class Order(Protocol):
    def choice(self, members: Sequence[MemberId]) -> MemberId: ...


@pytest.mark.parametrize("size", [1, 2, 3, 5])
@pytest.mark.parametrize("template", [*TEMPLATES])
@given(order=st.randoms(use_true_random=False))
@settings(max_examples=8, deadline=None)
def test_next_actions_alone_lead_to_the_end(template: str, size: int, order: Order) -> None:
    world = World(started(TEMPLATES[template], PEOPLE[:size]))

    while world.plan.state is PlanState.ACTIVE:
        ready = [m for m in world.plan.members if next_action(world.plan, m)]
        member = order.choice(ready)
        thing = next_action(world.plan, member)
        assert thing is not None
        world.tick()
        assert world.do(do_next(world, member, thing)) is not None
        world.check()
        assert world.plan.entries < MOST_ACTS, "walks in a circle"

    assert world.plan.state is PlanState.FINISHED
    assert all_done(world.plan)
    assert all(status(world.plan, s.key) is StepStatus.DONE for s in world.plan.steps)
    done = Counter(
        (e.act.kind, e.act.step, e.act.field, e.act.item, e.act.by)
        for e in world.entries
        if size > 1 or e.act.kind is not ActKind.ROLE_TAKEN  # alone, one plays all roles in turn
    )
    assert done.most_common(1)[0][1] == 1, "each act is in the log once"
    assert world.entries[-1].act.kind is ActKind.PLAN_FINISHED
