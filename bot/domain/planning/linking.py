"""A plan that stands on another platform too: the same plan, with a thread there beside its own."""

from dataclasses import replace
from datetime import datetime

from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import MemberId
from bot.domain.planning.plan import Change, Plan
from bot.domain.planning.rights import require_partner


def link(plan: Plan, *, by: MemberId, platform: str, at: datetime) -> Change:
    """Let the plan stand on that platform, too, whatever state it is in."""
    require_partner(plan, by)
    if platform in plan.linked:
        return Change(plan=plan, acts=())
    act = Act(kind=ActKind.PLAN_LINKED, by=by, at=at, after=platform)
    return Change(plan=replace(plan, linked=(*plan.linked, platform)), acts=(act,))


def known_on(plan: Plan, *, by: MemberId, platform: str, at: datetime) -> Change:
    """Let the partners know that one of them is the same person on that platform, too."""
    require_partner(plan, by)
    act = Act(kind=ActKind.PARTNER_LINKED, by=by, at=at, after=platform)
    return Change(plan=plan, acts=(act,))


def unlink(plan: Plan, *, by: MemberId, platform: str, at: datetime) -> Change:
    """Take the plan away from that platform; what was written there stays in the plan."""
    require_partner(plan, by)
    if platform not in plan.linked:
        return Change(plan=plan, acts=())
    left = tuple(one for one in plan.linked if one != platform)
    act = Act(kind=ActKind.PLAN_UNLINKED, by=by, at=at, before=platform)
    return Change(plan=replace(plan, linked=left), acts=(act,))
