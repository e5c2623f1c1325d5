"""The weekly digest when a member asks for it."""

from bot.domain.planning.plan import PlanState
from bot.usecases.actors import Actor
from bot.usecases.planning.reading import Choice, ShowPlan, find
from bot.usecases.ports import Work
from bot.usecases.reminders.digesting import DigestView, digest_view


def digest_for(work: Work, actor: Actor, command: ShowPlan) -> DigestView | Choice | None:
    """Return the digest of the plan meant, with the actor's own part first.

    None when the plan, or every plan of the actor, is closed.
    """
    found = find(work, actor, command)
    if not isinstance(found, Choice):
        return digest_view(work, found.partnership, actor.id)
    open_ones = [plan for plan in found.plans if plan.state is PlanState.ACTIVE]
    if len({plan.partnership for plan in open_ones}) == 1:
        return digest_view(work, open_ones[0].partnership, actor.id)
    return found
