"""The plan's card: the one message that stands in its thread and is edited in place."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.domain.ids import MemberId
from bot.domain.planning.plan import Plan, PlanState
from bot.domain.planning.progress import status
from bot.domain.planning.standing_in import stand_in
from bot.ui.actions import action
from bot.ui.acts import name_of
from bot.ui.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Note,
    Option,
    Select,
    Style,
    Text,
)
from bot.ui.limits import OPTION_LABEL, shorten
from bot.ui.pages.audience import card_seen_by
from bot.ui.pages.planning.steps import MARKS, label, progress, step_line, whose
from bot.ui.pages.words import away_until, day, due, people
from bot.ui.replies import CardReply, Reply
from bot.ui.spans import Span, Spans, Strong
from bot.usecases.planning.acting import View

Dated = Callable[[date], str]
"""How a due date is put."""

NAMED = 6
"""Partners whose next action the card spells out; more would be a wall."""
NAMES = 700
"""Characters that names may take; beyond that they are cut to ``SHORT``."""
SHORT = 16


def plan_page(view: View) -> Reply:
    """Return the card to one member alone: "due tomorrow" is true while they read it."""
    return CardReply(card=_card(view, lambda when: due(when, view.today)))


def plan_card(view: View) -> Card:
    """Return the card as everybody in the thread sees it; it stands, so its dates are dates."""
    return _card(view, lambda when: f"due {day(when)}")


def _card(view: View, dated: Dated) -> Card:
    view = _brief(view)
    plan = view.plan
    blocks: tuple[Block, ...] = (
        Text((f"{plan.template.title} · with {_partners(view)} · ", Strong(_state(plan)))),
        Text(_steps(view, dated)),
        *_next(view),
        *_buttons(plan),
        Note((f"{card_seen_by(view, _partners(view))} Every act is on record: see History.",)),
    )
    closed = plan.state is PlanState.ARCHIVED
    return Card(title=plan.title, summary=summary(view), blocks=blocks, closed=closed)


def _brief(view: View) -> View:
    """Return the view with names that leave room for all steps: each names some two people."""
    longest = max((len(name) for name in view.names.values()), default=0)
    if longest * (2 * len(view.plan.steps) + NAMED) <= NAMES:
        return view
    return replace(view, names={m: shorten(name, SHORT) for m, name in view.names.items()})


def summary(view: View) -> str:
    """Return the whole card in one or two sentences."""
    plan = view.plan
    nexts = [
        f"{name_of(view.names, m)}: {told}"
        for m in plan.members
        if m in view.away or view.next_of(m) is not None
        for told in (_what_next(view, m),)
    ]
    told = f" Next: {'; '.join(nexts[:NAMED])}." if nexts else ""
    return f"{plan.title}: {_state(plan)}, with {_partners(view)}.{told}"


def _partners(view: View) -> str:
    roles = {p.member: p.role for p in view.plan.active_partners}
    return people(
        name_of(view.names, m) + (f" ({roles[m]})" if roles[m] else "") for m in view.plan.members
    )


def _state(plan: Plan) -> str:
    return progress(plan) if plan.state is PlanState.ACTIVE else plan.state.value


def _steps(view: View, dated: Dated) -> Spans:
    """Return a line for each step; as one text, for its marks are its bullets."""
    plan = view.plan
    spans: list[Span] = []
    for step, state in zip(plan.template.steps, plan.steps, strict=True):
        when = f" · {dated(state.due)}" if state.due else ""
        told = step_line(view, step, state)
        rest = " · done" if told == "done" else f" · {told}{when}"
        newline = "\n" if spans else ""
        spans += [f"{newline}{MARKS[status(plan, step.key)]} ", Strong(step.title), rest]
    return tuple(spans)


def _next(view: View) -> tuple[Block, ...]:
    plan = view.plan
    lines: list[Spans] = [
        (Strong(name_of(view.names, member)), f": {_what_next(view, member)}")
        for member in plan.members[:NAMED]
    ]
    if plan.state is not PlanState.ACTIVE:
        return ()
    return (Text(("What is next for each",)), Bullets(tuple(lines)))


def _what_next(view: View, member: MemberId) -> str:
    """Return a partner's one next action, or until when they are away."""
    absence, thing = view.away.get(member), view.next_of(member)
    if absence is not None:
        cover = stand_in(view.plan, member, view.away)
        passed = f"; {name_of(view.names, cover)} stands in" if cover else ""
        return f"{away_until(absence.last)}{passed}"
    return f"{label(view.plan, thing)}{whose(view, thing)}" if thing else "nothing to do now"


def _buttons(plan: Plan) -> tuple[Block, ...]:
    if plan.state is not PlanState.ACTIVE:
        return (
            Buttons(
                (
                    Button("Reopen the plan", action("plan.reopen", plan.id), Style.PRIMARY),
                    Button("History", action("hist", plan.id)),
                    Button("Export", action("plan.export", plan.id)),
                    Button("Use it again", action("plan.copy", plan.id)),
                )
            ),
        )
    return (
        Buttons(
            (
                Button("My next steps", action("plan.next", plan.id), Style.PRIMARY),
                Button("Add…", action("plan.add", plan.id)),
                Button("When are we free?", action("when", plan.id)),
                Button("History", action("hist", plan.id)),
                Button("More…", action("plan.more", plan.id)),
            )
        ),
        Select(
            action("step.pick", plan.id),
            "Open a step",
            tuple(
                Option(step.key, shorten(step.title, OPTION_LABEL)) for step in plan.template.steps
            ),
        ),
    )
