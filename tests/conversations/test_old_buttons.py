"""Buttons of older messages, made-up ones, and what a platform delivers twice."""

from dataclasses import replace

import pytest

from bot.chat.inbound import Clicked, Inbound, Submitted
from bot.domain.places import Place, PlaceKind
from bot.ui.replies import CardReply, FormErrorsReply
from tests.support.talk.chat import PLATFORM
from tests.support.talk.core import HERE, CoreActor, CoreStage
from tests.support.talk.walking import only_plan

CHANNEL = Place(platform=PLATFORM, kind=PlaceKind.CHANNEL, channel="planning")


def used(actor: CoreActor, action: str, choice: str = "", key: str = "") -> Inbound:
    what = Clicked(action=action, choice=choice)
    return Inbound(
        workspace=HERE,
        person=actor.person,
        place=CHANNEL,
        what=what,
        key=key or actor.stage.key(),
    )


@pytest.mark.parametrize(
    "action",
    [
        "no.such.action|x",
        "",
        "|||",
        "field.open",
        "field.open|{plan}",
        "field.open|{plan}|no-step|no-field",
        "field.open|{plan}|form|no-field",
        "field.choose|{plan}|999|1|mine",
        "field.choose|{plan}|²|1|mine",
        "undo|{plan}|999999999999",
        "undo|{plan}|-1",
        "step.sign|{plan}|assess",
        "step.hand|{plan}|form",
        "duty.done|{plan}|nothing",
        "remedy.try|{plan}|nothing",
        "session.form|{plan}|99999999999|1",
        "session.yes|{plan}|nothing",
        "out.log|{plan}|talk|0-5|nobody",
        "out.log|{plan}|swimming|0-5|nobody",
        "role.take|{plan}|emperor",
        "plan.show|somebody-elses",
        "partner.remove|{plan}",
        "tt.who",
        "tt.save",
        "entry.pick|{plan}|77",
        "out.file|{plan}|nothing",
    ],
)
async def test_a_made_up_button_changes_nothing(core: CoreStage, action: str) -> None:
    ana = await core.person("Ana")
    await ana.says('/coplan start "Rivers"')
    plan = await only_plan(core, ana)
    reply = await core.handle(used(ana, action.format(plan=plan.id), choice="nonsense"))
    if isinstance(reply, CardReply):
        assert "went wrong" not in reply.card.summary, "an unknown fault"
    assert await only_plan(core, ana) == plan
    assert len(await core.read(lambda work: work.log.of_plan(plan.id))) == plan.entries


async def test_a_delivery_that_comes_twice_counts_once(core: CoreStage) -> None:
    ana = await core.person("Ana")
    await ana.says('/coplan start "Rivers"')
    plan = await only_plan(core, ana)
    once = replace(
        used(ana, "", key="same"),
        what=Submitted(action=f"decision.save|{plan.id}", values={"text": ("We meet outside",)}),
    )
    first, second = await core.handle(once), await core.handle(once)
    assert isinstance(first, CardReply)
    assert "Saved." in first.card.summary
    assert isinstance(second, CardReply | FormErrorsReply)
    assert "That is done already." in str(second)
    assert len((await only_plan(core, ana)).decisions) == 1
