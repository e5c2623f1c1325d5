"""What the pages of common slots share: people, times, and what is to be known about them."""

from datetime import datetime, timedelta

from bot.domain.ids import MemberId
from bot.domain.planning.plan import Plan
from bot.domain.timetable.library import FixedClass
from bot.domain.timetable.slots import CommonSlot
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import Block, Button, Buttons, Note, Style, Text
from bot.ui.limits import shorten
from bot.ui.pages.timetable.week import MISFIT, add_bells, paste_again
from bot.ui.pages.words import count, people
from bot.ui.spans import LocalTime, local
from bot.usecases.timetable.free import WhenView

LONGEST = timedelta(hours=1)
"""What is proposed of a slot that lasts all afternoon."""
NAME = 30
FIXED = 2
"""Fixed classes that are told of."""


def span_in_words(result: WhenView, start: datetime, end: datetime) -> str:
    """Return the time in the viewer's own zone, as the buttons below name it."""
    zone = result.viewer.zone
    return f"{local(LocalTime(start, zone))}–{local(LocalTime(end, zone, 'time'))}"


def called(result: WhenView, member: MemberId) -> str:
    """Return the member's name in the middle of a sentence, "you" for the reader."""
    if member == result.viewer.id:
        return "you"
    return shorten(name_of(result.names, member), NAME)


def whom(result: WhenView) -> str:
    """Return all whose time it is about: "you and Ben"."""
    return people(called(result, member) for member in result.names)


def proposal(result: WhenView, slot: CommonSlot, style: Style = Style.PLAIN) -> Button:
    """Return the button that proposes a session at a slot, of a long one at its beginning."""
    at = LocalTime(slot.start, result.viewer.zone)
    plan = result.plan.id if result.plan else ""
    until = min(slot.end, slot.start + LONGEST)
    start, end = str(int(slot.start.timestamp())), str(int(until.timestamp()))
    return Button(f"Propose {local(at)}", action("session.form", plan, start, end), style)


def own_time(plan: Plan) -> Button:
    """Return the button that proposes a time of one's own."""
    return Button("Propose another time…", action("session.own", plan.id))


def notes(result: WhenView) -> tuple[Block, ...]:
    """Return whose clock it is, and of whom the times are only assumed."""
    told: list[Block] = [*_fixed(result), Note((f"Times are those of {result.viewer.zone}.",))]
    if result.plan is None and result.slots:
        says = "To propose one of these, start a plan with just these people: say “start”."
        told.append(Note((says,)))
    if result.unknown:
        who = people(called(result, m) for m in result.unknown)
        told.append(Note((f"No timetable yet of {who}: working hours are assumed.",)))
    told += _misfits(result)
    if result.unplaced:
        who = people(called(result, m) for m in result.unplaced)
        says = f"There are no clock times yet for {who}: working hours are assumed until somebody "
        told += [Note((f"{says}adds the bell schedule.",)), add_bells()]
    return tuple(told)


def _fixed(result: WhenView) -> list[Block]:
    """Return which of the viewer's fixed classes take common time; nobody else is told."""
    return [Text((_fixed_words(result, one),)) for one in result.fixed[:FIXED]]


def _fixed_words(result: WhenView, one: FixedClass) -> str:
    first = min(one.slots, key=lambda slot: slot.start)
    others = [called(result, member) for member in result.names if member != result.viewer.id]
    more = len(one.slots) - 1
    says = (
        f"Your fixed class with {shorten(one.what, NAME)} is why you cannot meet on "
        f"{span_in_words(result, first.start, first.end)}: {people(others)} "
        f"{'are' if len(others) > 1 else 'is'} free then"
    )
    return f"{says}, and {count(more, 'more time')} like it." if more else f"{says}."


def _misfits(result: WhenView) -> list[Block]:
    """Return whose timetable no longer fits; the viewer gets the button to give theirs anew."""
    notes: list[Block] = []
    others = [called(result, m) for m in result.misfits if m != result.viewer.id]
    if others:
        says = f"No longer fitting the school's calendar: the timetable of {people(others)}. "
        notes.append(Note((f"{says}Working hours are assumed.",)))
    if result.viewer.id in result.misfits:
        says = f"{MISFIT} Working hours are assumed until then."
        notes += [Text((says,)), Buttons((paste_again(),))]
    return notes
