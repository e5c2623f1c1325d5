"""When are we all free? The common slots by what they cost, or an asynchronous way."""

from bot.domain.planning.plan import Plan
from bot.domain.timetable.slots import CommonSlot
from bot.ui.actions import action
from bot.ui.cards import Block, Bullets, Button, Buttons, Card, Style, Text
from bot.ui.pages.timetable.apart import none_card
from bot.ui.pages.timetable.slot_words import called, notes, own_time, proposal, span_in_words, whom
from bot.ui.pages.words import count, people
from bot.ui.replies import CardReply, Reply
from bot.ui.spans import Spans
from bot.usecases.timetable.free import WhenView

SHOWN = 5
"""Slots offered at once: more to choose from is harder to choose."""
LISTED = 20
"""Slots listed where none can be proposed, so no button leads to the others."""

NAMED = 3
"""People named of those to whom a slot costs most."""


def when_page(result: WhenView) -> Reply:
    """Return the slots, or "none" with the asynchronous offer."""
    card = _slots(result) if result.slots else none_card(result)
    return CardReply(card=card)


def more_slots(result: WhenView) -> Reply:
    """Return a later page of the slots, in the place of the one before."""
    card = _slots(result) if result.slots else none_card(result)
    return CardReply(card=card, replaces=True)


def _slots(result: WhenView) -> Card:
    skip, size = _page(result)
    shown = result.slots[skip : skip + size]
    lines: tuple[Spans, ...] = tuple(_line(result, slot) for slot in shown)
    rest = len(result.slots) - skip - len(shown)
    if rest and result.plan is None:
        lines = (*lines, (f"and {rest} more",))
    says = f"{count(len(result.slots), 'common slot')} of {whom(result)} in the next two weeks."
    order = "The cheapest first:" if not skip else "Further ones:"
    blocks: list[Block] = [Text((f"{says} {order}",)), Bullets(lines)]
    if result.plan is not None:
        blocks.append(Buttons(tuple(_propose(result, slot) for slot in shown)))
        blocks.append(Buttons(_others(result.plan, skip, rest)))
    return Card(title="When you are all free", summary=says, blocks=(*blocks, *notes(result)))


def _page(result: WhenView) -> tuple[int, int]:
    """Return how many slots to skip and to show; some may have gone since the page before."""
    if result.plan is None:
        return 0, LISTED
    return min(result.skip, (len(result.slots) - 1) // SHOWN * SHOWN), SHOWN


def _others(plan: Plan, skip: int, rest: int) -> tuple[Button, ...]:
    """Return the ways to the other slots, and to a time of one's own."""
    more = Button(f"{rest} more", action("when.more", plan.id, str(skip + SHOWN)))
    first = Button("Back to the first", action("when.more", plan.id, "0"))
    return (*((more,) if rest else ()), *((first,) if skip else ()), own_time(plan))


def _propose(result: WhenView, slot: CommonSlot) -> Button:
    """Return the button of a slot; the best one of all stands out."""
    best = slot is result.slots[0]
    return proposal(result, slot, Style.PRIMARY if best else Style.PLAIN)


def _line(result: WhenView, slot: CommonSlot) -> Spans:
    minutes = int((slot.end - slot.start).total_seconds() // 60)
    part = ", part of a period" if slot.partial else ""
    when = span_in_words(result, slot.start, slot.end)
    return (f"{when} · {minutes} min{part} · {_cost(result, slot)}",)


def _cost(result: WhenView, slot: CommonSlot) -> str:
    """Return the dearest cost and who bears it: it is what speaks against the slot."""
    dearest = max(cost.price for cost in slot.costs.values())
    bearers = {m: cost.value for m, cost in slot.costs.items() if cost.price == dearest}
    costs = " or ".join(dict.fromkeys(bearers.values()))
    if len(bearers) == len(slot.costs):
        return f"{costs} for all"
    return f"{costs} for {people((called(result, m) for m in bearers), NAMED)}"
