"""Where partners are told what concerns all of them."""

from collections.abc import Iterable, Sequence

from bot.domain.contributions.acts import Entry
from bot.domain.places import Place
from bot.domain.planning.partnership import Partnership
from bot.domain.planning.plan import Plan
from bot.usecases.ports import Work


def place_for(
    work: Work, home: Partnership, plans: Sequence[Plan], entries: Iterable[Entry]
) -> Place:
    """Return the thread of the plan that was worked on last, else the partnership's channel.

    ``entries`` are those of late, oldest first; without any the plan started last counts.
    """
    return _thread(work, plans, entries, "") or home.place


def place_on(
    work: Work, plans: Sequence[Plan], platform: str, entries: Iterable[Entry] = ()
) -> Place | None:
    """Return the same on a platform on which some of the plans stand beside their home, or None."""
    return _thread(work, [p for p in plans if platform in p.linked], entries, platform)


def linked(plans: Iterable[Plan]) -> tuple[str, ...]:
    """Return the platforms on which any of the plans stands beside its home, each once."""
    return tuple(dict.fromkeys(platform for plan in plans for platform in plan.linked))


def _thread(work: Work, plans: Sequence[Plan], entries: Iterable[Entry], on: str) -> Place | None:
    last = {plan.id: plan.started_at for plan in plans}
    last.update({entry.plan: entry.act.at for entry in entries if entry.plan in last})
    for plan in sorted(last, key=lambda plan: last[plan], reverse=True):
        card = work.plans.card(plan, on)
        if card is not None:
            return card.place
    return None
