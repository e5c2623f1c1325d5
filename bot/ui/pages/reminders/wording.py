"""How reminders and digests name what waits, by its step or task, and how to get fewer."""

from typing import Final

from bot.domain.planning.plan import Plan
from bot.domain.planning.turns import Waiting, WaitingKind
from bot.ui.actions import action
from bot.ui.cards import Button
from bot.ui.limits import shorten
from bot.ui.pages.planning.steps import label, where
from bot.ui.spans import Spans, Strong
from bot.usecases.reminders.digesting import FieldChange

FEWER: Final = Button("Fewer reminders", action("settings.open"))
FEWER_WAY: Final = f"“{FEWER.label}” changes that."


def short(text: str, limit: int) -> str:
    """Return ``text`` on one line, cut to ``limit`` characters."""
    return shorten(" ".join(text.split()), limit)


def thing_name(plan: Plan, thing: Waiting) -> str:
    """Return what the thing is called: its task, its step, its session, or the plan."""
    if thing.kind is WaitingKind.MEET:
        return label(plan, thing)
    return _task(plan, thing) or where(plan, thing)


def asked(plan: Plan, thing: Waiting) -> str:
    """Return what a member is reminded of: the thing, or, where that is the plan, what to do."""
    return thing_name(plan, thing) if thing.step else to_do(plan, thing)


def to_do(plan: Plan, thing: Waiting) -> str:
    """Return what is to be done about it: the task, or an invitation."""
    return _task(plan, thing) or label(plan, thing)


def _task(plan: Plan, thing: Waiting) -> str:
    if thing.kind is not WaitingKind.RESPONSIBILITY:
        return ""
    return next((duty.text for duty in plan.responsibilities if duty.id == thing.item), "")


def field_name(one: FieldChange, limit: int) -> str:
    """Return what the field that changed is called."""
    step = one.plan.template.step(one.step)
    field = step.field(one.field) if step else None
    return short(field.label if field else one.field, limit)


def changed_line(one: FieldChange, limit: int) -> Spans:
    """Return what a field said and says: "Objectives: “a river” → “two rivers”"."""
    name, after = field_name(one, limit), short(one.after, limit)
    if not one.before:
        return (Strong(name), f": new: “{after}”")
    return (Strong(name), f": “{short(one.before, limit)}” → “{after}”")
