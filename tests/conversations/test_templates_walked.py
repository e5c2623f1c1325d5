"""Every template can be walked to its end by doing only what ``next`` offers."""

import pytest

from bot.domain.planning.plan import PlanState
from bot.templates.loader import builtin
from tests.support.talk.core import CoreStage
from tests.support.talk.walking import Walker, assert_logged_once, only_plan, walk_to_the_end


@pytest.mark.parametrize("key", sorted(builtin()))
async def test_walked_to_its_end(core: CoreStage, key: str) -> None:
    ana, ben = await core.person("Ana"), await core.person("Ben")
    await ana.says(f'/coplan start "Rivers" @Ben {key}')
    plan = await only_plan(core, ana)
    walkers = (Walker(ana), Walker(ben))
    await walk_to_the_end(walkers)
    ended = await only_plan(core, ana)
    assert ended.state is PlanState.FINISHED
    await assert_logged_once(core, plan.id, walkers)
    await ana.opens("Rivers")
    await ana.sees("finished", in_="Use it again")
