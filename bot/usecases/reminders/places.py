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
    last = {plan.id: plan.started_at for plan in plans}
    last.update({entry.plan: entry.act.at for entry in entries})
    for plan in sorted(last, key=lambda plan: last[plan], reverse=True):
        card = work.plans.card(plan)
        if card is not None:
            return card.place
    return home.place
