"""What partners do with a step as a whole."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.contributions.acts import ActKind
from bot.domain.ids import MemberId, PlanId
from bot.domain.planning import steps
from bot.domain.planning.changes import wording
from bot.domain.planning.plan import AnswerKey, Plan, StepState
from bot.domain.planning.rights import require_step, require_writable
from bot.domain.planning.template import Step
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor
from bot.usecases.dates import typed_date
from bot.usecases.planning.acting import Acted, View, act, acted, view_of
from bot.usecases.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCommand:
    """Show, reopen or close a step."""

    plan: PlanId
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """Agree to a step; ``wording`` is the fingerprint of the texts the member was shown."""

    plan: PlanId
    step: str
    wording: str


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
    """One step as one of the partners sees it; ``changes``: how often each answer was changed."""

    view: View
    step: Step
    state: StepState
    changes: Mapping[AnswerKey, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reworded:
    """The step says something else than what its reader was about to sign."""

    now: StepView


def show_step(work: Work, actor: Actor, command: StepCommand) -> StepView:
    """Return the step with its answers."""
    plan = plan_for(work, actor.id, command.plan)
    step, state = require_step(plan, command.step)
    return StepView(
        view=view_of(work, actor.member, plan),
        step=step,
        state=state,
        changes=_changes(work, plan, command.step),
    )


def _changes(work: Work, plan: Plan, step: str) -> Mapping[AnswerKey, int]:
    """Return how often each answer of the step was changed after it was first written."""
    saved = Counter(
        AnswerKey(step=step, field=e.act.field, respondent=e.act.member_about)
        for e in work.log.of_plan(plan.id, step=step)
        if ActKind.ANSWER_SAVED in {e.act.kind, e.act.detail.get("kind")}
    )
    return {key: count - 1 for key, count in saved.items()}


def sign_off(work: Work, actor: Actor, command: SignOff) -> Acted | Reworded:
    """Agree to what the step says, if it still says what the member read."""
    plan = plan_for(work, actor.id, command.plan)
    require_writable(plan, actor.id)
    require_step(plan, command.step)
    if wording(plan, command.step) != command.wording:
        shown = StepCommand(plan=command.plan, step=command.step)
        return Reworded(now=show_step(work, actor, shown))
    change = steps.sign_off(plan, by=actor.id, step=command.step, at=work.now)
    return acted(work, actor, plan, change)


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
