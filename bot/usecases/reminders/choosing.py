"""A partnership chooses when its weekly digest comes."""

from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.domain import errors
from bot.domain.ids import PlanId
from bot.domain.planning.partnership import DigestSlot, Partnership
from bot.domain.planning.plan import Plan
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor
from bot.usecases.planning.acting import View, view_of
from bot.usecases.ports import Work
from bot.usecases.reminders.planning import digest_setup, next_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseSlot:
    """Let the digest of the plan's partnership come on ``weekday`` (0 = Monday) at ``at``.

    Both are in the zone of whoever chooses. ``silent``: not at all in a week without news.
    """

    plan: PlanId
    weekday: int
    at: time
    silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotView:
    """When the digest comes: the slot in the viewer's zone, and the next instant (UTC)."""

    view: View
    slot: DigestSlot
    next_at: datetime


def show_slot(work: Work, actor: Actor, command: PlanId) -> SlotView:
    """Return when the digest of a plan's partnership comes."""
    plan = plan_for(work, actor.id, command)
    return _shown(work, actor, _home(work, plan), plan)


def choose_slot(work: Work, actor: Actor, command: ChooseSlot) -> SlotView:
    """Let the digest come then, from the next such time on; any partner may."""
    plan = plan_for(work, actor.id, command.plan)
    slot = DigestSlot(
        weekday=command.weekday,
        at=command.at,
        zone=actor.member.zone,
        chosen=True,
        silent=command.silent,
    )
    changed = replace(_home(work, plan), digest=slot)
    work.partnerships.save(changed)
    digest_setup(work, changed)
    return _shown(work, actor, changed, plan)


def _home(work: Work, plan: Plan) -> Partnership:
    home = work.partnerships.get(plan.partnership)
    if home is None:
        raise errors.UnknownPlan
    return home


def _shown(work: Work, actor: Actor, home: Partnership, plan: Plan) -> SlotView:
    """Return the slot on the viewer's clock, as it is next."""
    slot = home.digest
    next_at = next_digest(work, home)
    if slot.zone != actor.member.zone:
        local = next_at.astimezone(ZoneInfo(actor.member.zone))
        slot = replace(slot, weekday=local.weekday(), at=local.time(), zone=actor.member.zone)
    return SlotView(view=view_of(work, actor.member, plan), slot=slot, next_at=next_at)
