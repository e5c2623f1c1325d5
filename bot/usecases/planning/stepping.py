"""What partners do with a step as a whole."""

from dataclasses import dataclass

from bot.domain.ids import MemberId, PlanId
from bot.domain.planning import steps
from bot.domain.planning.plan import StepState
from bot.domain.planning.rights import require_step
from bot.domain.planning.template import Step
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor
from bot.usecases.dates import typed_date
from bot.usecases.planning.acting import Acted, View, act, view_of
from bot.usecases.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCommand:
    """Sign off, reopen or close a step."""

    plan: PlanId
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOff:
    """Give a step's turn to another partner."""

    plan: PlanId
    step: str
    to: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDue:
    """Move a step's due date, given as typed; empty takes it away."""

    plan: PlanId
    step: str
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step as one of the partners sees it."""

    view: View
    step: Step
    state: StepState


def show_step(work: Work, actor: Actor, command: StepCommand) -> StepView:
    """Return the step with its answers."""
    plan = plan_for(work, actor.id, command.plan)
    step, state = require_step(plan, command.step)
    return StepView(view=view_of(work, actor.member, plan), step=step, state=state)


def sign_off(work: Work, actor: Actor, command: StepCommand) -> Acted:
    """Agree to what the step says now."""
    return act(
        work,
        actor,
        command.plan,
        lambda plan: steps.sign_off(plan, by=actor.id, step=command.step, at=work.now),
    )


def reopen_step(work: Work, actor: Actor, command: StepCommand) -> Acted:
    """Take a finished step up again."""
    return act(
        work,
        actor,
        command.plan,
        lambda plan: steps.reopen_step(plan, by=actor.id, step=command.step, at=work.now),
    )


def close_step(work: Work, actor: Actor, command: StepCommand) -> Acted:
    """Close a reopened step."""
    return act(
        work,
        actor,
        command.plan,
        lambda plan: steps.close_step(plan, by=actor.id, step=command.step, at=work.now),
    )


def hand_off(work: Work, actor: Actor, command: HandOff) -> Acted:
    """Say "your turn" to a partner."""
    return act(
        work,
        actor,
        command.plan,
        lambda plan: steps.hand_off(
            plan, by=actor.id, step=command.step, to=command.to, at=work.now
        ),
    )


def move_due(work: Work, actor: Actor, command: MoveDue) -> Acted:
    """Move the step's due date; ``FieldErrors`` for words that are no date."""
    due = typed_date(work, actor, command.due, key="due")
    return act(
        work,
        actor,
        command.plan,
        lambda plan: steps.move_due(plan, by=actor.id, step=command.step, due=due, at=work.now),
    )
