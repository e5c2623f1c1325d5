"""People who do what ``next`` offers them, and nothing else, until nothing waits on them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.ids import PlanId
from bot.domain.planning.plan import Plan
from bot.ui.actions import Action
from bot.ui.forms import SelectInput, TextInput
from bot.usecases.ports import Work
from tests.support.talk.core import CoreActor, CoreStage
from tests.support.talk.stage import BOT

LEADS_ON = (
    "step.sign",
    "step.close",
    "session.form",
    "session.yes",
    "out.yes",
    "challenge.close",
    "role.take",
)
"""What a page offers that is the thing itself, and not one more thing after it."""
STEPS = 400


@dataclass(slots=True)
class Walker:
    """Does one thing after the other; ``written`` are all texts written, each only once."""

    actor: CoreActor
    written: list[str] = field(default_factory=list)

    async def does_next(self) -> bool:
        """Do the most urgent thing that waits; False when there is none."""
        await self.actor.opens(BOT)
        await self.actor.says("next")
        offered = self.actor.offers()
        label = next(iter(offered))
        if Action.decode(offered[label]).name in {"plan.show", "start.form"}:
            return False
        await self.actor.clicks(label)
        await self._fills()
        await self._goes_on()
        await self.actor.sees_not("That did not work")
        return True

    async def _goes_on(self) -> None:
        for label, encoded in self.actor.offers().items():
            if Action.decode(encoded).name in LEADS_ON:
                await self.actor.clicks(label)
                await self._fills()
                return

    async def _fills(self) -> None:
        sheet = self.actor.sheet
        if sheet is None:
            return
        for each in sheet.form.inputs:
            if isinstance(each, TextInput) and each.required:
                await self.actor.fills(**{each.label: self._words(each)})
            elif isinstance(each, SelectInput) and each.required and not each.initial:
                await self.actor.fills(**{each.label: each.options[0].label})
        await self.actor.submits()
        await self.actor.form_closes()

    def _words(self, each: TextInput) -> str:
        if each.key == "minutes":
            return "30"
        self.written.append(f"{self.actor.name} writes {len(self.written) + 1}: {each.label}")
        return self.written[-1]


async def walk_to_the_end(walkers: Sequence[Walker]) -> None:
    """Let everybody do one thing in turn until nothing waits on anybody."""
    for _ in range(STEPS):
        if not any([await walker.does_next() for walker in walkers]):
            return
    raise AssertionError("something waits for ever")


async def only_plan(stage: CoreStage, actor: CoreActor) -> Plan:
    """Return the plan of somebody who has one."""

    def look(work: Work) -> Plan:
        member = work.members.by_identity(actor.person.identity)
        assert member is not None
        [plan] = work.plans.of_member(member.id)
        return plan

    return await stage.read(look)


async def assert_logged_once(stage: CoreStage, plan: PlanId, walkers: Sequence[Walker]) -> None:
    """Every text stands in the log, no act of one kind twice, and no number is left out."""
    entries = await stage.read(lambda work: work.log.of_plan(plan))
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    found = [(entry.act.kind, entry.act.after) for entry in entries]
    written = [text for walker in walkers for text in walker.written]
    assert written
    for wanted in written:
        kinds = [kind for kind, text in found if text == wanted]
        assert kinds, f"no entry holds “{wanted}”"
        assert len(kinds) == len(set(kinds)), f"twice in the log: “{wanted}”: {kinds}"
    signed = [(e.act.by, e.act.step) for e in entries if e.act.kind.value == "signed_off"]
    assert len(signed) == len(set(signed))
