"""The one button that does what waits on a partner."""

from collections.abc import Callable, Mapping

from bot.domain.planning.plan import Plan
from bot.domain.planning.turns import Waiting, WaitingKind
from bot.ui.actions import Action, action
from bot.ui.cards import Button, Style
from bot.ui.limits import BUTTON_LABEL, shorten
from bot.ui.pages.planning.steps import label


def next_button(plan: Plan, thing: Waiting, *, primary: bool = False) -> Button:
    """Return the button; its label says what it does even out of context."""
    return Button(
        shorten(_label(plan, thing), BUTTON_LABEL),
        _ACTIONS[thing.kind](plan, thing),
        Style.PRIMARY if primary else Style.PLAIN,
    )


def _label(plan: Plan, thing: Waiting) -> str:
    """Return what a click does: a responsibility is done with it, not only shown."""
    if thing.kind is not WaitingKind.RESPONSIBILITY:
        return label(plan, thing)
    texts = (one.text for one in plan.responsibilities if one.id == thing.item)
    return f"Mark as done: {next(texts, '')}"


def _add(plan: Plan, thing: Waiting) -> Action:
    if thing.what == "session":
        return action("when", plan.id)
    return action("item.form", plan.id, thing.what)


def _step(plan: Plan, thing: Waiting) -> Action:
    return action("step.show", plan.id, thing.step)


_ACTIONS: Mapping[WaitingKind, Callable[[Plan, Waiting], Action]] = {
    WaitingKind.ANSWER: lambda p, w: action("field.open", p.id, w.step, w.what),
    WaitingKind.TAKE_ROLE: lambda p, _: action("role.pick", p.id),
    WaitingKind.SIGN_OFF: _step,
    WaitingKind.CLOSE_STEP: _step,
    WaitingKind.ADD_ITEM: _add,
    WaitingKind.CLOSE_CHALLENGE: lambda p, _: action("challenges", p.id),
    WaitingKind.RESPONSIBILITY: lambda p, w: action("duty.done", p.id, w.item or ""),
    WaitingKind.ACCEPT_SESSION: lambda p, w: action("session.show", p.id, w.item or ""),
    WaitingKind.ADD_MINUTES: lambda p, w: action("item.form", p.id, "minutes", w.item or ""),
    WaitingKind.CONFIRM_OUTSIDE: lambda p, w: action("out.show", p.id, w.item or ""),
    WaitingKind.MEET: lambda p, w: action("session.show", p.id, w.item or ""),
    WaitingKind.FINISH: lambda p, _: action("plan.finish", p.id),
}
