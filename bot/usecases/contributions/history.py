"""Who wrote what, when, before and after; and remarks on single entries."""

from dataclasses import dataclass

from bot.domain import errors
from bot.domain.contributions import remarks
from bot.domain.contributions.acts import Entry
from bot.domain.ids import MemberId, PlanId
from bot.domain.planning.plan import Plan
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor
from bot.usecases.planning.acting import Acted, View, acted, view_of
from bot.usecases.planning.reading import Choice, ShowPlan, find
from bot.usecases.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowHistory:
    """The log of a plan, of one step, or of one field; ``before`` pages back from a number."""

    plan: PlanId | None = None
    title: str = ""
    step: str = ""
    field: str = ""
    before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryView:
    """Entries, the newest first; ``more`` tells whether older ones exist."""

    view: View
    entries: tuple[Entry, ...]
    step: str
    field: str
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Say something about an entry: a note, a dispute, or credit to a partner."""

    plan: PlanId
    entry: int
    text: str = ""
    to: MemberId | None = None


PAGE = 8
"""Entries on one page: whole texts are long, cards are not."""


def history(work: Work, actor: Actor, command: ShowHistory) -> HistoryView | Choice:
    """Return a page of the log; a bare word may name a field of the plan of this thread."""
    match _meant(work, actor, command):
        case Choice() as choice:
            return choice
        case (plan, step, field):
            return _page(work, actor, plan, step=step, field=field, before=command.before)


def entry_view(work: Work, actor: Actor, command: Remark) -> HistoryView:
    """Return one entry by itself."""
    plan = plan_for(work, actor.id, command.plan)
    return HistoryView(
        view=view_of(work, actor.member, plan),
        entries=(_entry(work, plan, command.entry),),
        step="",
        field="",
        more=False,
    )


def annotate(work: Work, actor: Actor, command: Remark) -> Acted:
    """Add a note to an entry."""
    plan = plan_for(work, actor.id, command.plan)
    entry = _entry(work, plan, command.entry)
    change = remarks.annotate(plan, entry, by=actor.id, text=command.text, at=work.now)
    return acted(work, actor, plan, change)


def dispute(work: Work, actor: Actor, command: Remark) -> Acted:
    """Dispute an entry."""
    plan = plan_for(work, actor.id, command.plan)
    entry = _entry(work, plan, command.entry)
    change = remarks.dispute(plan, entry, by=actor.id, text=command.text, at=work.now)
    return acted(work, actor, plan, change)


def credit(work: Work, actor: Actor, command: Remark) -> Acted:
    """Credit a partner for an entry of one's own."""
    plan = plan_for(work, actor.id, command.plan)
    entry = _entry(work, plan, command.entry)
    if command.to is None:
        raise errors.UnknownItem(thing="partner", title=plan.title)
    change = remarks.credit(plan, entry, by=actor.id, to=command.to, at=work.now)
    return acted(work, actor, plan, change)


def _meant(work: Work, actor: Actor, command: ShowHistory) -> Choice | tuple[Plan, str, str]:
    here = work.plans.at(actor.place) if command.title else None
    if here is not None:
        plan = plan_for(work, actor.id, here)
        named = _field_named(plan, command.title)
        if named is not None:
            return (plan, *named)
    found = find(work, actor, ShowPlan(plan=command.plan, title=command.title))
    return found if isinstance(found, Choice) else (found, command.step, command.field)


def _field_named(plan: Plan, words: str) -> tuple[str, str] | None:
    wanted = " ".join(words.split()).casefold()
    for step in plan.template.steps:
        for field in step.fields:
            if wanted in {field.key, field.label.casefold()}:
                return step.key, field.key
        if wanted in {step.key, step.title.casefold()}:
            return step.key, ""
    return None


def _page(
    work: Work, actor: Actor, plan: Plan, *, step: str, field: str, before: int
) -> HistoryView:
    entries = work.log.of_plan(plan.id, step=step, field=field)
    older = [e for e in reversed(entries) if not before or e.number < before]
    return HistoryView(
        view=view_of(work, actor.member, plan),
        entries=tuple(older[:PAGE]),
        step=step,
        field=field,
        more=len(older) > PAGE,
    )


def _entry(work: Work, plan: Plan, number: int) -> Entry:
    entry = work.log.entry(plan.id, number)
    if entry is None:
        raise errors.UnknownItem(thing="entry", title=plan.title)
    return entry
