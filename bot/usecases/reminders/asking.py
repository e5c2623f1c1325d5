"""The weekly digest when a member asks for it."""

from bot.usecases.actors import Actor
from bot.usecases.planning.reading import Choice, ShowPlan, find_home
from bot.usecases.ports import Work
from bot.usecases.reminders.digesting import DigestView, digest_view


def digest_for(work: Work, actor: Actor, command: ShowPlan) -> DigestView | Choice | None:
    """Return the digest of the plan meant, with the actor's own part first.

    None when the plan, or every plan of the actor, is closed.
    """
    found = find_home(work, actor, command)
    return found if isinstance(found, Choice) else digest_view(work, found.partnership, actor.id)
