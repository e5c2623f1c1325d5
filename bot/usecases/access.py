"""The only way to load a plan for somebody: absent and forbidden look the same."""

from bot.domain import errors
from bot.domain.ids import MemberId, PlanId
from bot.domain.planning.plan import Plan
from bot.usecases.ports import Work


def plan_for(work: Work, viewer: MemberId, plan: PlanId) -> Plan:
    """Return the plan if the viewer is one of its partners; else ``UnknownPlan``."""
    found = work.plans.get(plan)
    if found is None or found.partner(viewer) is None:
        raise errors.UnknownPlan
    return found


def plan_once_for(work: Work, viewer: MemberId, plan: PlanId) -> Plan:
    """Return the plan also to those who have left it: only for undoing that."""
    found = work.plans.get(plan)
    if found is None or viewer not in {p.member for p in found.partners}:
        raise errors.UnknownPlan
    return found
