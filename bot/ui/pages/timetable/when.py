"""When are we all free? The common slots by what they cost, or an asynchronous way."""

from datetime import datetime, timedelta

from bot.domain.ids import MemberId
from bot.domain.timetable.availability import FreePeriod
from bot.domain.timetable.slots import CommonSlot
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import Block, Bullets, Button, Buttons, Card, Note, Style, Text
from bot.ui.limits import shorten
from bot.ui.pages.timetable.week import MISFIT, add_bells, paste_again
from bot.ui.pages.words import count, people
from bot.ui.replies import CardReply, Reply
from bot.ui.spans import LocalTime, Spans, local
from bot.usecases.timetable.free import WhenView

SHOWN = 5
"""Slots offered at once: more to choose from is harder to choose."""

LONGEST = timedelta(hours=1)
"""What is proposed of a slot that lasts all afternoon."""

NAME = 30
NAMED = 3
"""People named of those to whom a slot costs most."""
HAND_OFFS = 10


def when_page(result: WhenView) -> Reply:
    """Return the slots, or "none" with the asynchronous offer."""
    card = _slots(result) if result.slots else _none(result)
    return CardReply(card=card)


def _slots(result: WhenView) -> Card:
    best = result.slots[:SHOWN]
    lines = tuple(_line(result, slot) for slot in best)
    says = f"{count(len(result.slots), 'common slot')} of {_who(result)} in the next two weeks."
    blocks: list[Block] = [Text((f"{says} The cheapest first:",)), Bullets(lines)]
    if result.plan is not None:
        blocks.append(Buttons(tuple(_propose(result, slot) for slot in best)))
    return Card(title="When you are all free", summary=says, blocks=(*blocks, *_notes(result)))


def _line(result: WhenView, slot: CommonSlot) -> Spans:
    minutes = int((slot.end - slot.start).total_seconds() // 60)
    part = ", part of a period" if slot.partial else ""
    when = _span(result, slot.start, slot.end)
    return (f"{when} · {minutes} min{part} · {_cost(result, slot)}",)


def _span(result: WhenView, start: datetime, end: datetime) -> str:
    """Return the time in the viewer's own zone, as the buttons below name it."""
    zone = result.viewer.zone
    return f"{local(LocalTime(start, zone))}–{local(LocalTime(end, zone, 'time'))}"


def _cost(result: WhenView, slot: CommonSlot) -> str:
    """Return the dearest cost and who bears it: it is what speaks against the slot."""
    dearest = max(cost.price for cost in slot.costs.values())
    bearers = {m: cost.value for m, cost in slot.costs.items() if cost.price == dearest}
    costs = " or ".join(dict.fromkeys(bearers.values()))
    if len(bearers) == len(slot.costs):
        return f"{costs} for all"
    return f"{costs} for {people((_name(result, m) for m in bearers), NAMED)}"


def _name(result: WhenView, member: MemberId) -> str:
    if member == result.viewer.id:
        return "you"
    return shorten(name_of(result.names, member), NAME)


def _who(result: WhenView) -> str:
    return people(_name(result, member) for member in result.names)


def _propose(result: WhenView, slot: CommonSlot) -> Button:
    at = LocalTime(slot.start, result.viewer.zone)
    plan = result.plan.id if result.plan else ""
    until = min(slot.end, slot.start + LONGEST)
    start, end = str(int(slot.start.timestamp())), str(int(until.timestamp()))
    first = slot is result.slots[0]
    return Button(
        f"Propose {local(at)}",
        action("session.form", plan, start, end),
        Style.PRIMARY if first else Style.PLAIN,
    )


def _none(result: WhenView) -> Card:
    says = f"There is no time in the next two weeks when {_who(result)} are all free."
    hand_offs: list[Spans] = [
        (f"{_name(result, member)}: {_span(result, free.start, free.end)}{_in(free)}",)
        for member, free in result.offer[:HAND_OFFS]
    ]
    if len(result.offer) > HAND_OFFS:
        hand_offs.append((f"and {len(result.offer) - HAND_OFFS} more after them",))
    offer: tuple[Block, ...] = (
        (
            Text(("Plan apart in time instead: each in a free period, one after another.",)),
            Bullets(tuple(hand_offs)),
        )
        if hand_offs
        else (Text(("Nobody has a free period in sight either: check the timetables.",)),)
    )
    return Card(
        title="No common time",
        summary=f"{says} Plan apart in time instead: each in a free period of their own.",
        blocks=(Text((says,)), *offer, *_notes(result)),
    )


def _in(free: FreePeriod) -> str:
    return f" ({shorten(free.period, NAME)})" if free.period else ""


def _notes(result: WhenView) -> tuple[Block, ...]:
    notes: list[Block] = [Note((f"Times are those of {result.viewer.zone}.",))]
    if result.plan is None and result.slots:
        says = "To propose one of these, start a plan with just these people: say “start”."
        notes.append(Note((says,)))
    if result.unknown:
        who = people(_name(result, m) for m in result.unknown)
        notes.append(Note((f"No timetable yet of {who}: working hours are assumed.",)))
    notes += _misfits(result)
    if result.unplaced:
        who = people(_name(result, m) for m in result.unplaced)
        says = f"There are no clock times yet for {who}: working hours are assumed until somebody "
        notes += [Note((f"{says}adds the bell schedule.",)), add_bells()]
    return tuple(notes)


def _misfits(result: WhenView) -> list[Block]:
    """Return whose timetable no longer fits; the viewer gets the button to give theirs anew."""
    notes: list[Block] = []
    others = [_name(result, m) for m in result.misfits if m != result.viewer.id]
    if others:
        says = f"No longer fitting the school's calendar: the timetable of {people(others)}. "
        notes.append(Note((f"{says}Working hours are assumed.",)))
    if result.viewer.id in result.misfits:
        says = f"{MISFIT} Working hours are assumed until then."
        notes += [Text((says,)), Buttons((paste_again(),))]
    return notes
