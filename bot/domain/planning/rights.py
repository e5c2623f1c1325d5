"""Who may write into a plan, and when."""

from bot.domain import errors
from bot.domain.ids import MemberId
from bot.domain.planning.plan import Plan, PlanState, StepState
from bot.domain.planning.template import Step


def require_partner(plan: Plan, member: MemberId) -> None:
    """Raise ``UnknownPlan`` unless the member is an active partner."""
    if plan.partner(member) is None:
        raise errors.UnknownPlan


def require_writable(plan: Plan, member: MemberId) -> None:
    """Raise unless the member is a partner (``UnknownPlan``) of an active plan (``PlanClosed``)."""
    require_partner(plan, member)
    require_active(plan)


def require_active(plan: Plan) -> None:
    """Raise ``PlanClosed`` for a plan that is finished or archived."""
    if plan.state is not PlanState.ACTIVE:
        raise errors.PlanClosed(title=plan.title, state=plan.state.value)


def require_step(plan: Plan, key: str) -> tuple[Step, StepState]:
    """Return the step and its state; ``UnknownItem`` when the plan has none of that key."""
    step, state = plan.template.step(key), plan.step(key)
    if step is None or state is None:
        raise errors.UnknownItem(thing="step", title=plan.title)
    return step, state
