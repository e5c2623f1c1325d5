"""When are we all free? The common slots by what they cost, or an asynchronous way."""

from datetime import timedelta

from bot.domain.timetable.costs import Cost
from bot.domain.timetable.slots import CommonSlot
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import Block, Bullets, Button, Buttons, Card, Note, Style, Text
from bot.ui.pages.words import count, people
from bot.ui.replies import CardReply, Reply
from bot.ui.spans import LocalTime, Spans, local
from bot.usecases.timetable.free import WhenView

SHOWN = 5
"""Slots offered at once: more to choose from is harder to choose."""

LONGEST = timedelta(hours=1)
"""What is proposed of a slot that lasts all afternoon."""


def when_page(result: WhenView) -> Reply:
    """Return the slots, or "none" with the asynchronous offer."""
    card = _slots(result) if result.slots else _none(result)
    return CardReply(card=card)


def _slots(result: WhenView) -> Card:
    best = result.slots[:SHOWN]
    lines = tuple(_line(result, slot) for slot in best)
    who = people("you" if m == result.viewer.id else n for m, n in result.names.items())
    says = f"{count(len(result.slots), 'common slot')} of {who} in the next two weeks."
    blocks: list[Block] = [Text((f"{says} The cheapest first:",)), Bullets(lines)]
    if result.plan is not None:
        blocks.append(Buttons(tuple(_propose(result, slot) for slot in best)))
    return Card(title="When you are all free", summary=says, blocks=(*blocks, *_notes(result)))


def _line(result: WhenView, slot: CommonSlot) -> Spans:
    zone = result.viewer.zone
    minutes = int((slot.end - slot.start).total_seconds() // 60)
    part = ", part of a period" if slot.partial else ""
    return (
        LocalTime(slot.start, zone),
        "–",
        LocalTime(slot.end, zone, "time"),
        f" · {minutes} min{part} · {_cost(result, slot)}",
    )


def _cost(result: WhenView, slot: CommonSlot) -> str:
    if len(set(slot.costs.values())) == 1:
        return f"{next(iter(slot.costs.values())).value} for all"
    return ", ".join(
        f"{'you' if m == result.viewer.id else name_of(result.names, m)}: {cost.value}"
        for m, cost in slot.costs.items()
        if cost is not Cost.OWN_HOURS
    )


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
    who = people("you" if m == result.viewer.id else n for m, n in result.names.items())
    says = f"There is no time in the next two weeks when {who} are all free."
    hand_offs: list[Spans] = [
        (
            f"{'you' if member == result.viewer.id else name_of(result.names, member)}: ",
            LocalTime(free.start, result.viewer.zone),
            "–",
            LocalTime(free.end, result.viewer.zone, "time"),
            f" ({free.period})" if free.period else "",
        )
        for member, free in result.offer
    ]
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


def _notes(result: WhenView) -> tuple[Block, ...]:
    if not result.unknown:
        return ()
    who = people(name_of(result.names, m) for m in result.unknown)
    return (Note((f"No timetable yet of {who}: working hours are assumed.",)),)
