"""Fill in a field: open it, save it, and choose when two saved at once."""

from dataclasses import dataclass

from bot.domain import errors
from bot.domain.contributions.acts import Act, ActKind, Entry
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
class TooLong:
    """Both texts together do not fit in the field; ``why`` says so in words."""

    conflict: FieldConflict
    why: str


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
        earlier="" if standing else _earlier(work, actor, plan, key),
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
            return _conflict(work, actor, kept.plan, stale.theirs, kept.entries[0])
        case change:
            return acted(work, actor, plan, change)


def choose(work: Work, actor: Actor, command: Choose) -> Acted | FieldConflict | TooLong:
    """Settle a conflict. Keeping theirs changes nothing: the actor's text stays in the history.

    If the field has changed once more since the choice was shown, it is shown again.
    """
    plan = plan_for(work, actor.id, command.plan)
    aside = work.log.entry(command.plan, command.aside)
    if aside is None or aside.act.kind is not ActKind.ANSWER_ASIDE or aside.act.by != actor.id:
        raise errors.UnknownItem(thing="choice", title=plan.title)
    made = aside.act
    standing = plan.answers.get(_key(made))
    if command.keep == "theirs" or _kept(command.keep, standing, made.after):
        return Acted(view=view_of(work, actor.member, plan), entries=())
    if standing is None:
        return save_field(work, actor, _saving(command, made, made.after))
    require_writable(plan, actor.id)
    conflict = _conflict(work, actor, plan, standing, aside)
    if standing.revision != command.base:
        return conflict
    if command.keep != "both":
        return save_field(work, actor, _saving(command, made, made.after))
    try:
        return save_field(work, actor, _saving(command, made, joined(standing.text, made.after)))
    except errors.FieldErrors as problem:
        return TooLong(conflict=conflict, why=problem.message)


def _key(made: Act) -> AnswerKey:
    return AnswerKey(step=made.step, field=made.field, respondent=made.member_about)


def _kept(keep: str, standing: Answer | None, mine: str) -> bool:
    """Tell whether what is to be kept stands already: the button was clicked before."""
    if standing is None:
        return False
    return standing.text == mine or (keep == "both" and standing.text.endswith(joined("", mine)))


def _saving(command: Choose, made: Act, text: str) -> SaveField:
    return SaveField(
        plan=command.plan, step=made.step, field=made.field, text=text, base=command.base
    )


def _conflict(work: Work, actor: Actor, plan: Plan, theirs: Answer, aside: Entry) -> FieldConflict:
    return FieldConflict(
        view=view_of(work, actor.member, plan),
        step=require_step(plan, aside.act.step)[0],
        field=require_field(plan, aside.act.step, aside.act.field),
        theirs=theirs,
        mine=aside.act.after,
        aside=aside,
    )


def _earlier(work: Work, actor: Actor, plan: Plan, key: AnswerKey) -> str:
    """Return what the plan this one was replicated from says, for answers that name nobody.

    Only to those who are or were partners there: a copy opens nothing of its origin to others.
    """
    origin = work.plans.get(plan.origin) if plan.origin and key.respondent is None else None
    if origin is None or actor.id not in {p.member for p in origin.partners}:
        return ""
    answer = origin.answers.get(key)
    return answer.text if answer else ""
