"""The answer to a start: the plan's card follows one message later."""

from bot.domain.planning.plan import PlanState
from bot.ui.acts import name_of
from bot.ui.cards import Card, Text
from bot.ui.pages.planning.saved import next_blocks
from bot.ui.pages.words import count, day, people
from bot.ui.replies import CardReply, Reply
from bot.usecases.planning.starting import Started


def started(result: Started) -> Reply:
    """Return that the plan has begun, with the starter's first step."""
    title = result.plan.title
    says = f"{_from_file(result) if result.imported else _begun(result)} {_where(result)}"
    card = Card(title=title, summary=says, blocks=(Text((says,)), *next_blocks(result)))
    return CardReply(card=card)


def _begun(result: Started) -> str:
    view, plan = result.view, result.plan
    others = [name_of(view.names, m) for m in plan.members if m != view.viewer.id]
    dues = [s.due for s in plan.steps if s.due]
    until = f" The last step is due {day(max(dues))}." if dues else ""
    return (
        f"Started “{plan.title}” with {people(others) if others else 'nobody yet'}: "
        f"{count(len(plan.steps), 'step')}.{until}"
    )


def _from_file(result: Started) -> str:
    view, plan = result.view, result.plan
    named = [name_of(view.names, p.member) for p in plan.partners if not p.active]
    others = people(dict.fromkeys(named))
    stay = f" On record by name only: {others}. Add whoever goes on with you." if named else ""
    closed = "" if plan.state is PlanState.ACTIVE else f" It is {plan.state.value}, as in the file."
    kept = count(plan.entries - len(result.entries), "entry", "entries")
    names = ", ".join(result.left_out)
    missing = f" Not in the file, so not here: {names}." if names else ""
    return (
        f"Imported “{plan.title}” with {kept} of its log.{missing}{closed} "
        f"You are its only partner.{stay}"
    )


def _where(result: Started) -> str:
    if result.direct:
        return "Its card stands here, where only you see it."
    return "Its card stands in a thread of its own."
