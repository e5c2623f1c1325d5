"""How steps, and what waits on somebody, are put into words."""

from collections.abc import Callable, Mapping

from bot.domain.ids import MemberId
from bot.domain.planning.plan import Plan, StepState
from bot.domain.planning.progress import StepStatus, must_sign, status
from bot.domain.planning.template import By, Step
from bot.domain.planning.turns import Waiting, WaitingKind
from bot.ui.acts import name_of
from bot.ui.limits import shorten
from bot.ui.pages.planning.roles import ASKED
from bot.ui.pages.words import away_until, count, instead_of, people
from bot.usecases.planning.acting import View

DUTY = 80
"""Characters of a responsibility in a line."""
SHOWN = 3
"""People named in a line about one step; more are counted."""
MARKS = {StepStatus.DONE: "✓", StepStatus.SIGN_OFF: "✎", StepStatus.OPEN: "○"}

ITEMS = {
    "decision": "Add a decision",
    "challenge": "Add a challenge",
    "responsibility": "Add a responsibility",
    "resource": "Add a resource",
    "minutes": "Add the minutes of a session",
    "session": "Propose a session",
}
"""How somebody is asked for an item of each kind."""


def step_of(plan: Plan, key: str) -> Step:
    """Return the step of that key (KeyError for one the template does not have)."""
    found = plan.template.step(key)
    if found is None:
        raise KeyError(key)
    return found


def label(plan: Plan, thing: Waiting) -> str:
    """Return what waits, as an invitation: "Sign off “Assess”"."""
    return _LABELS[thing.kind](plan, thing)


def _field(plan: Plan, thing: Waiting) -> str:
    field = step_of(plan, thing.step).field(thing.what)
    return field.label if field else thing.what


def _duty(plan: Plan, thing: Waiting) -> str:
    return next(
        (f"{shorten(r.text, DUTY)} (to do)" for r in plan.responsibilities if r.id == thing.item),
        "",
    )


def _held(plan: Plan, thing: Waiting) -> str:
    held = next((s.purpose for s in plan.sessions if s.id == thing.item), "")
    return f"Add the minutes of “{shorten(held, DUTY // 2)}”"


def _meeting(plan: Plan, thing: Waiting) -> str:
    ahead = next((s.purpose for s in plan.sessions if s.id == thing.item), "")
    return f"Session: {shorten(ahead, DUTY // 2)}"


_LABELS: Mapping[WaitingKind, Callable[[Plan, Waiting], str]] = {
    WaitingKind.ANSWER: _field,
    WaitingKind.TAKE_ROLE: lambda _, __: ASKED,
    WaitingKind.SIGN_OFF: lambda p, w: f"Sign off “{step_of(p, w.step).title}”",
    WaitingKind.CLOSE_STEP: lambda p, w: f"Close “{step_of(p, w.step).title}” again",
    WaitingKind.ADD_ITEM: lambda _, w: ITEMS[w.what],
    WaitingKind.CLOSE_CHALLENGE: lambda _, __: "Find a remedy for the open challenge",
    WaitingKind.RESPONSIBILITY: _duty,
    WaitingKind.ACCEPT_SESSION: lambda _, __: "Answer the proposed session",
    WaitingKind.ADD_MINUTES: _held,
    WaitingKind.CONFIRM_OUTSIDE: lambda _, __: "Confirm outside work",
    WaitingKind.MEET: _meeting,
    WaitingKind.FINISH: lambda _, __: "Finish the plan",
}


def where(plan: Plan, thing: Waiting) -> str:
    """Return the step's title, or the plan's for what belongs to no step."""
    return step_of(plan, thing.step).title if thing.step else plan.title


def step_line(view: View, step: Step, state: StepState) -> str:
    """Return what a step waits for: "waits for Ben and Rosa", "done", "to be signed by Ana"."""
    plan = view.plan
    match status(plan, step.key):
        case StepStatus.DONE:
            return "done"
        case StepStatus.SIGN_OFF:
            signers = must_sign(plan, step, state)
            return f"to be signed off by {people((_named(view, m) for m in signers), SHOWN)}"
        case StepStatus.OPEN:
            waiters = [
                _named(view, member)
                for member in plan.members
                if any(thing.step == step.key for thing in view.waiting(member))
            ]
            reopened = "open again, " if state.reopened_by else ""
            return reopened + (f"waits for {people(waiters, SHOWN)}" if waiters else "open")


def _named(view: View, member: MemberId) -> str:
    """Return a partner's name, and until when they are away."""
    name, absence = name_of(view.names, member), view.away.get(member)
    return f"{name} ({away_until(absence.last)})" if absence else name


def whose(view: View, thing: Waiting) -> str:
    """Return for whom somebody stands in, as it follows what waits; nothing for what is theirs."""
    if thing.owner is None:
        return ""
    absence = view.away.get(thing.owner)
    owner = name_of(view.names, thing.owner)
    return f" ({instead_of(owner, absence.last if absence else None)})"


def progress(plan: Plan) -> str:
    """Return "3 of 9 steps done"."""
    done = sum(status(plan, s.key) is StepStatus.DONE for s in plan.steps)
    return f"{done} of {count(len(plan.steps), 'step')} done"


def who_answers(by: By, role: str) -> str:
    """Return who answers a field, in words."""
    return {
        By.ANYONE: "one of you answers",
        By.EACH: "each of you answers",
        By.TOGETHER: "together: one writes, the others sign off",
        By.ROLE: f"the {role} answers",
    }[by]
