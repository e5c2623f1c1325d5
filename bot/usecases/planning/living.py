"""Rename, finish, archive, reopen and replicate a plan; undo any act."""

from dataclasses import dataclass

from bot.domain import errors
from bot.domain.contributions.acts import OF_ABSENCES, ActKind, Entry
from bot.domain.ids import PlanId
from bot.domain.planning import lifecycle
from bot.domain.planning.plan import Plan
from bot.domain.planning.texts import TITLE_LENGTH
from bot.domain.planning.undo import undo as undo_entry
from bot.usecases.access import plan_for, plan_once_for
from bot.usecases.actors import Actor
from bot.usecases.planning.acting import Acted, View, act, acted, view_of
from bot.usecases.planning.homes import partnership_at
from bot.usecases.planning.starting import Started, begin, dues_from
from bot.usecases.ports import Work
from bot.usecases.reminders import away_changes, recurring


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCommand:
    """Do something with a whole plan."""

    plan: PlanId


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """Give a plan another title."""

    plan: PlanId
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    """Finish a plan; ``anyway`` although steps are open."""

    plan: PlanId
    anyway: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Undo one entry of a plan's log."""

    plan: PlanId
    entry: int


def rename(work: Work, actor: Actor, command: Rename) -> Acted:
    """Give the plan another title."""
    return act(
        work,
        actor,
        command.plan,
        lambda plan: lifecycle.rename(plan, by=actor.id, title=command.title, at=work.now),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsLeft:
    """A plan with open steps: finishing it takes a second word."""

    view: View


def finish(work: Work, actor: Actor, command: Finish) -> Acted | StepsLeft:
    """Finish the plan, or return it when the partner has to say so a second time."""
    plan = plan_for(work, actor.id, command.plan)
    change = lifecycle.finish(plan, by=actor.id, at=work.now)
    if not command.anyway and lifecycle.open_steps(plan):
        return StepsLeft(view=view_of(work, actor.member, plan))
    return acted(work, actor, plan, change)


def archive(work: Work, actor: Actor, command: PlanCommand) -> Acted:
    """Put the plan away."""
    return act(
        work,
        actor,
        command.plan,
        lambda plan: lifecycle.archive(plan, by=actor.id, at=work.now),
    )


def reopen(work: Work, actor: Actor, command: PlanCommand) -> Acted:
    """Take a finished or archived plan up again."""
    return act(
        work,
        actor,
        command.plan,
        lambda plan: lifecycle.reopen(plan, by=actor.id, at=work.now),
    )


def replicate(work: Work, actor: Actor, command: PlanCommand) -> Started:
    """Start a plan of the same structure: no dates of old, no people but the actor, no marks."""
    origin = plan_for(work, actor.id, command.plan)
    copy = lifecycle.start(
        lifecycle.Start(
            workspace=work.workspace,
            id=PlanId(work.ids.new()),
            partnership=partnership_at(work, actor.place, (actor.id,), actor.member.zone).id,
            title=_again(origin),
            template=origin.template,
            partners=(actor.id,),
            dues=dues_from(work, actor, origin.template),
            at=work.now,
            origin=origin.id,
        )
    )
    return begin(work, actor, copy)


def undo(work: Work, actor: Actor, command: Undo) -> Acted:
    """Take an act back: what it changed is as it was, and both stand in the log."""
    plan = plan_once_for(work, actor.id, command.plan)
    entry = work.log.entry(command.plan, command.entry)
    if entry is None:
        raise errors.UnknownItem(thing="entry", title=plan.title)
    log = _around(work, entry)
    if any(e.act.kind is ActKind.UNDONE and e.act.entry == entry.number for e in log):
        raise errors.NotAllowed(
            what="That was taken back already.",
            remedy="Open the history: both entries stand there.",
        )
    change = undo_entry(plan, entry, by=actor.id, at=work.now, log=log)
    if entry.act.kind in OF_ABSENCES:
        return _undo_absence(work, actor, entry)
    recurring.take_back(work, actor, entry)
    return acted(work, actor, plan, change)


def _undo_absence(work: Work, actor: Actor, entry: Entry) -> Acted:
    """Take back what was said of an absence, in all the plans in which it was logged."""
    kept = away_changes.last_change(work, actor.id)
    if kept is None or (entry.plan, entry.number) not in kept.entries:
        raise errors.NotAllowed(
            what="Something has changed since, so this cannot be undone as it was.",
            remedy="Say “away”: it shows what stands, and there you can change it.",
        )
    done = away_changes.take_back(work, actor, kept)
    return next(one for one in done.plans if one.plan.id == entry.plan)


def _around(work: Work, entry: Entry) -> list[Entry]:
    """Return the log of the entry's step and field; all of it for what belongs to no step."""
    return work.log.of_plan(entry.plan, step=entry.act.step, field=entry.act.field)


def _again(plan: Plan) -> str:
    suffix = " (again)"
    return plan.title[: TITLE_LENGTH - len(suffix)].rstrip() + suffix
