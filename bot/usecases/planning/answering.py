"""Fill in a field: open it, save it, and choose when two saved at once."""

from dataclasses import dataclass

from bot.domain import errors
from bot.domain.contributions.acts import ActKind, Entry
from bot.domain.ids import PlanId
from bot.domain.planning.answers import (
    Draft,
    Stale,
    answer_key,
    joined,
    require_field,
    save_answer,
)
from bot.domain.planning.plan import Answer, AnswerKey, Plan
from bot.domain.planning.rights import require_step, require_writable
from bot.domain.planning.template import Field, Step
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor, today
from bot.usecases.planning.acting import Acted, View, acted, view_of
from bot.usecases.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenField:
    """Ask for a field's form."""

    plan: PlanId
    step: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """A field to fill in. ``earlier`` is the text of the plan this one was replicated from."""

    view: View
    step: Step
    field: Field
    standing: Answer | None
    earlier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveField:
    """Save a text. ``base`` is the revision its author saw, 0 for an empty field."""

    plan: PlanId
    step: str
    field: str
    text: str
    base: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldConflict:
    """Somebody saved first: both texts are in the history, ``aside`` is the actor's entry."""

    view: View
    step: Step
    field: Field
    theirs: Answer
    mine: str
    aside: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """Choose between two texts: ``keep`` is "mine", "theirs" or "both"; ``aside`` as above."""

    plan: PlanId
    aside: int
    base: int
    keep: str


def open_field(work: Work, actor: Actor, command: OpenField) -> FieldView:
    """Return the field as it stands, if the actor may answer it now."""
    plan = plan_for(work, actor.id, command.plan)
    require_writable(plan, actor.id)
    step, _ = require_step(plan, command.step)
    field = require_field(plan, command.step, command.field)
    key = answer_key(plan, actor.id, command.step, field)
    standing = plan.answers.get(key)
    return FieldView(
        view=view_of(work, actor.member, plan),
        step=step,
        field=field,
        standing=standing,
        earlier="" if standing else _earlier(work, plan, key),
    )


def save_field(work: Work, actor: Actor, command: SaveField) -> Acted | FieldConflict:
    """Let the text stand, or show both when somebody saved in between."""
    plan = plan_for(work, actor.id, command.plan)
    draft = Draft(
        by=actor.id,
        step=command.step,
        field=command.field,
        text=command.text,
        base=command.base,
        at=work.now,
        today=today(work, actor.member),
    )
    match save_answer(plan, draft):
        case Stale() as stale:
            kept = acted(work, actor, plan, stale.change)
            return FieldConflict(
                view=kept.view,
                step=require_step(plan, command.step)[0],
                field=require_field(plan, command.step, command.field),
                theirs=stale.theirs,
                mine=stale.mine,
                aside=kept.entries[0],
            )
        case change:
            return acted(work, actor, plan, change)


def choose(work: Work, actor: Actor, command: Choose) -> Acted | FieldConflict:
    """Settle a conflict. Keeping theirs changes nothing: the actor's text stays in the history."""
    plan = plan_for(work, actor.id, command.plan)
    aside = work.log.entry(command.plan, command.aside)
    if aside is None or aside.act.kind is not ActKind.ANSWER_ASIDE or aside.act.by != actor.id:
        raise errors.UnknownItem(thing="choice", title=plan.title)
    made = aside.act
    if command.keep == "theirs":
        return Acted(view=view_of(work, actor.member, plan), entries=())
    text = made.after
    if command.keep == "both":
        key = AnswerKey(step=made.step, field=made.field, respondent=made.member_about)
        standing = plan.answers.get(key)
        text = joined(standing.text, made.after) if standing else made.after
    return save_field(
        work,
        actor,
        SaveField(
            plan=command.plan, step=made.step, field=made.field, text=text, base=command.base
        ),
    )


def _earlier(work: Work, plan: Plan, key: AnswerKey) -> str:
    """Return what the plan this one was replicated from says, for answers that name nobody."""
    if plan.origin is None or key.respondent is not None:
        return ""
    origin = work.plans.get(plan.origin)
    answer = origin.answers.get(key) if origin else None
    return answer.text if answer else ""
