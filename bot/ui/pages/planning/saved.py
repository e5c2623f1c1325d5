"""What an act is answered with: in words, with the next thing to do and a way back."""

from itertools import pairwise

from bot.domain.contributions.acts import ActKind
from bot.domain.planning.plan import PlanState
from bot.domain.planning.undo import undoable
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import Block, Button, Buttons, Card, Note, Text
from bot.ui.pages.audience import seen_by
from bot.ui.pages.planning.next_button import next_button
from bot.ui.pages.planning.steps import label, where, whose
from bot.ui.pages.words import count, due
from bot.ui.replies import CardReply, Reply
from bot.usecases.planning.acting import Acted

_WORDS = {
    ActKind.PLAN_RENAMED: "Renamed.",
    ActKind.PLAN_FINISHED: "Finished. Well done, all of you.",
    ActKind.PLAN_ARCHIVED: "Archived. Nobody is reminded of it any more.",
    ActKind.PLAN_REOPENED: "Open again.",
    ActKind.PLAN_MOVED: "It goes on in this channel, in a new thread.",
    ActKind.PARTNER_ADDED: "Added.",
    ActKind.PARTNER_REMOVED: "Removed. What they did stays on record.",
    ActKind.PARTNER_LEFT: "You left the plan. What you did stays on record.",
    ActKind.HANDED_OFF: "Handed on.",
    ActKind.SIGNED_OFF: "Signed off.",
    ActKind.STEP_REOPENED: "Open again: change what you like, then close it.",
    ActKind.STEP_CLOSED: "Closed.",
    ActKind.DUE_MOVED: "Date moved.",
    ActKind.CHALLENGE_RAISED: "Noted. Now find a remedy: it becomes a responsibility in one tap.",
    ActKind.RESPONSIBILITY_DONE: "Done.",
    ActKind.SESSION_PROPOSED: "Proposed. Your partners are asked in the plan's thread.",
    ActKind.SESSION_ACCEPTED: "Accepted.",
    ActKind.SESSION_DECLINED: "Declined.",
    ActKind.OUTSIDE_CONFIRMED: "Confirmed. Thank you.",
    ActKind.UNDONE: "Undone: it is as it was before.",
    ActKind.CREDITED: "Credited.",
    ActKind.DISPUTED: "Noted. Both the entry and your words stand in the history.",
}


def saved(acted: Acted) -> Reply:
    """Return the answer to an act on a plan."""
    return CardReply(card=saved_card(acted), replaces=True)


def saved_card(acted: Acted, *extra: Block) -> Card:
    """Return the same as a card, with more blocks between the words and the buttons."""
    view = acted.view
    words = _words(acted)
    gone = view.plan.partner(view.viewer.id) is None
    seen = "" if gone or not acted.entries else seen_by(view, acted.entries[-1].act.kind)
    blocks = (Text((f"{words} {seen}".strip(),)), *extra, *next_blocks(acted))
    return Card(title=view.plan.title, summary=f"{words} {seen}".strip(), blocks=blocks)


TREND = 3
"""Sessions from which on something is said of how long they take."""


def _words(acted: Acted) -> str:
    if not acted.entries:
        return "Nothing changed: that is how it stands already."
    act = acted.entries[-1].act
    if act.kind is ActKind.MINUTES_ADDED:
        return f"Saved.{_shorter(acted)}"
    if act.kind is ActKind.OUTSIDE_LOGGED:
        return f"Logged. {name_of(acted.view.names, act.member_about)} is asked to confirm it."
    late = " It came after the due date; it counts all the same." if "late" in act.detail else ""
    return _WORDS.get(act.kind, "Saved.") + late


def _shorter(acted: Acted) -> str:
    """Return that sessions take less and less time, if the last three of the plan did."""
    last = [m.minutes for m in acted.plan.minutes[-TREND:]]
    if len(last) < TREND or any(later >= before for before, later in pairwise(last)):
        return ""
    return f" Your sessions take less time: {', '.join(map(str, last))} min."


def next_blocks(acted: Acted) -> tuple[Block, ...]:
    """Return what is next for the one who acted, with its button and a way back."""
    view = acted.view
    plan = view.plan
    things = view.waiting(view.viewer.id)
    buttons = []
    note: tuple[Block, ...] = ()
    if things:
        thing = things[0]
        rest = len({w.thing for w in things}) - 1
        more = f" ({count(rest, 'more thing')} after that)" if rest else ""
        told = f"Next for you: {label(plan, thing)} · {where(plan, thing)}{whose(view, thing)}"
        by = thing.date_in(view.viewer.zone)
        when = f" · {due(by, view.today)}" if by else ""
        note = (Note((f"{told}{when}{more}",)),)
        buttons.append(next_button(plan, thing, primary=True))
    elif plan.state is PlanState.ACTIVE and plan.partner(view.viewer.id):
        note = (Note(("Nothing waits on you in this plan now.",)),)
    entry = acted.entries[-1] if acted.entries else None
    if entry is not None and undoable(entry.act.kind):
        buttons.append(Button("Undo", action("undo", plan.id, str(entry.number))))
    return (*note, *((Buttons(tuple(buttons)),) if buttons else ()))
