"""How reminders and digests name what waits: by its step or task, not by whose turn it is."""

from bot.domain.planning.plan import Plan
from bot.domain.planning.turns import Waiting, WaitingKind
from bot.ui.limits import shorten
from bot.ui.pages.planning.steps import label, where


def short(text: str, limit: int) -> str:
    """Return ``text`` on one line, cut to ``limit`` characters."""
    return shorten(" ".join(text.split()), limit)


def thing_name(plan: Plan, thing: Waiting) -> str:
    """Return what the thing is called: its task, its step, its session, or the plan."""
    if thing.kind is WaitingKind.MEET:
        return label(plan, thing)
    return _task(plan, thing) or where(plan, thing)


def to_do(plan: Plan, thing: Waiting) -> str:
    """Return what is to be done about it: the task, or an invitation."""
    return _task(plan, thing) or label(plan, thing)


def _task(plan: Plan, thing: Waiting) -> str:
    if thing.kind is not WaitingKind.RESPONSIBILITY:
        return ""
    return next((duty.text for duty in plan.responsibilities if duty.id == thing.item), "")
