"""Take a plan to another channel, or a new thread: its own is gone, or shut to Coplan."""

from dataclasses import dataclass, replace

from bot.domain import errors
from bot.domain.ids import PlanId
from bot.domain.places import Place, PlaceKind
from bot.domain.planning.lifecycle import move
from bot.domain.planning.plan import Plan
from bot.domain.reminders.undelivered import IN_THEIR_HANDS, Cause
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor
from bot.usecases.planning import threads
from bot.usecases.planning.acting import Acted, View, acted, view_of
from bot.usecases.planning.homes import is_direct, moved_to, require_shared
from bot.usecases.planning.living import PlanCommand
from bot.usecases.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """A plan with what else can be done with it here.

    ``movable``: it may come to this channel; ``anew``: it is in it, and may have another thread.
    """

    view: View
    movable: bool
    anew: bool


def show_more(work: Work, actor: Actor, command: PlanId) -> More:
    """Return the plan, and whether it may come here.

    From its home, if it could not be shown there lately; on another platform in any case.
    """
    plan, place = plan_for(work, actor.id, command), actor.place
    stands = _stands(work, plan, place.platform)
    possible = stands is not None and not is_direct(place)
    elsewhere = stands is not None and stands.channel != place.channel
    causes, beside = work.undelivered.causes(plan.id), place.platform in plan.linked
    return More(
        view=view_of(work, actor.member, plan),
        movable=possible and elsewhere and (beside or bool(causes & IN_THEIR_HANDS)),
        anew=possible and not elsewhere and Cause.GONE in causes,
    )


def move_here(work: Work, actor: Actor, command: PlanCommand) -> Acted:
    """Let the plan go on in this channel, on the platform of which it stands already.

    ``InvalidInput`` for any other one, in a direct conversation, and in the plan's own channel, but
    where its thread is gone.
    """
    plan = plan_for(work, actor.id, command.plan)
    require_shared(actor.place)
    here = replace(actor.place, kind=PlaceKind.CHANNEL, thread="")
    stands = _stands(work, plan, here.platform)
    if stands is None:
        raise errors.InvalidInput(
            what="That plan lives on another platform.",
            remedy="Say it in a channel there; “link” there brings it here, too.",
        )
    if stands.channel == here.channel and Cause.GONE not in work.undelivered.causes(plan.id):
        raise errors.InvalidInput(
            what="That plan lives in this channel.",
            remedy="Say it in another channel that all of you are in.",
        )
    work.undelivered.mended(plan.id, None)
    change = move(plan, by=actor.id, at=work.now)
    if here.platform not in plan.linked:
        moved = moved_to(work, actor.member, plan, here)
        return acted(work, actor, plan, replace(change, plan=moved))
    work.plans.link(plan.id, here)
    done = acted(work, actor, plan, change)
    threads.ask(work, plan.id, here.platform)
    return done


def _stands(work: Work, plan: Plan, platform: str) -> Place | None:
    """Return where on that platform the plan stands, or is to stand; None: nowhere."""
    if platform in plan.linked:
        return work.plans.place_on(plan.id, platform)
    home = work.partnerships.get(plan.partnership)
    return home.place if home is not None and home.place.platform == platform else None
