"""A double click counts once wherever people click: a platform delivers it as two clicks."""

import pytest

from tests.support.talk.school import starts
from tests.support.talk.stage import Stage

CARD = "Every act is on record"
LOGGED = "Ben logged outside work with Maya: Talk, 0–5 min"


@pytest.mark.on_platforms
async def test_outside_work_is_logged_once(stage: Stage) -> None:
    maya, ben = await stage.person("Maya"), await stage.person("Ben")
    await starts(maya, '"Rivers" @Ben short-form', maya, ben)
    await ben.clicks("Add…", in_=CARD)
    await ben.clicks("Outside work")
    await ben.clicks("Talk")
    await ben.clicks_twice("Maya, 0–5 min")
    await maya.sees("Ben logged: Talk, 0–5 min, with Maya.")
    assert await maya.counts("Ben logged: Talk, 0–5 min, with Maya.") == 1
    await ben.clicks("History", in_=CARD)
    await ben.sees(LOGGED)


async def test_what_is_done_already_is_not_done_again(stage: Stage) -> None:
    """Where nobody guards it, the plan does: who agrees or takes back twice has done so once."""
    maya, ben = await stage.person("Maya"), await stage.person("Ben")
    await starts(maya, '"Rivers" @Ben', maya, ben)
    await maya.clicks("When are we free?", in_=CARD)
    await maya.clicks("Propose Tue 17 Nov, 09:00")
    await maya.fills(**{"What for?": "Agree on the map"})
    await maya.submits()
    await ben.clicks_twice("I can come", in_="who can come?")
    await ben.sees("Agreed. Maya and Ben can.")
    assert await maya.counts("Ben accepted a session") == 1
