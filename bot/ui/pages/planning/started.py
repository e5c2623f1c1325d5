"""The answer to a start: the thread follows one message later."""

from bot.ui.acts import name_of
from bot.ui.cards import Card, Text
from bot.ui.pages.planning.saved import next_blocks
from bot.ui.pages.words import count, day, people
from bot.ui.replies import CardReply, Reply
from bot.usecases.planning.acting import Acted


def started(acted: Acted) -> Reply:
    """Return that the plan has begun, with the starter's first step."""
    view = acted.view
    plan = view.plan
    others = [name_of(view.names, m) for m in plan.members if m != view.viewer.id]
    dues = [s.due for s in plan.steps if s.due]
    until = f" The last step is due {day(max(dues))}." if dues else ""
    says = (
        f"Started “{plan.title}” with {people(others) if others else 'nobody yet'}: "
        f"{count(len(plan.steps), 'step')}. Its card stands in a thread of its own.{until}"
    )
    return CardReply(
        card=Card(title=plan.title, summary=says, blocks=(Text((says,)), *next_blocks(acted)))
    )
