"""The answer to a start: the plan's card follows one message later."""

from bot.domain.planning.plan import PlanState
from bot.ui.acts import name_of
from bot.ui.cards import Card, Text
from bot.ui.pages.planning.saved import next_blocks
from bot.ui.pages.titles import Reader, told_apart
from bot.ui.pages.words import count, day, listed, people
from bot.ui.replies import CardReply, Reply
from bot.usecases.planning.starting import Started

NAMED = 3
_LET_IN = (
    "That of an earlier plan here is not open yet: look whether Coplan is in this channel, and let "
    "it in if it is not."
)


def started(result: Started) -> Reply:
    """Return that the plan has begun, with the starter's first step."""
    title = result.plan.title
    says = f"{_from_file(result) if result.imported else _begun(result)} {_where(result)}"
    known = _namesakes(result)
    blocks = (Text((says,)), *((Text((known,)),) if known else ()), *next_blocks(result))
    card = Card(title=title, summary=f"{says} {known}".strip(), blocks=blocks)
    return CardReply(card=card)


def _begun(result: Started) -> str:
    view, plan = result.view, result.plan
    others = [name_of(view.names, m) for m in plan.members if m != view.viewer.id]
    dues = [s.due for s in plan.steps if s.due]
    until = f" The last step is due {day(max(dues))}." if dues else ""
    return (
        f"Started “{plan.title}” with {people(others) if others else 'nobody yet'}: "
        f"{count(len(plan.steps), 'step')}.{until}{_read(result)}"
    )


def _read(result: Started) -> str:
    """Return what was taken for the template, and how it stays in a title."""
    if not result.read:
        return ""
    return (
        f" “{result.read}” was taken for its template, “{result.plan.template.title}”: "
        "what stands in quotation marks stays in the title."
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


def _namesakes(result: Started) -> str:
    """Return which running plans bear the new one's title already; the reply has an undo."""
    others, plan = result.namesakes[-NAMED:], result.plan
    if not others:
        return ""
    viewer = result.view.viewer
    names = {member: name for view in others for member, name in view.names.items()}
    reader = Reader(zone=viewer.zone, names={**names, **result.view.names}, member=viewer.id)
    told = told_apart((*(view.plan for view in others), plan), reader)
    more = len(result.namesakes) - len(others)
    known = listed([*(told[view.plan.id] for view in others), *([f"{more} more"] if more else [])])
    return f"You have a running plan of that title already: {known}. “Undo” puts the new one away."


def _where(result: Started) -> str:
    if result.direct:
        return "Its card stands here, where only you see it."
    follows = "Its card follows once its own thread is open."
    return f"{follows} {_LET_IN}" if result.shut else follows
