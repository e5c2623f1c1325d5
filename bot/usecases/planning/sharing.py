"""Add a message of the chat to a plan: where it may go, and the act that it becomes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain import errors
from bot.domain.contributions.sharing import from_message
from bot.domain.ids import ItemId, MemberId, PlanId
from bot.domain.members import Person
from bot.domain.planning import items
from bot.domain.planning.plan import Change, Plan, PlanState
from bot.domain.planning.progress import StepStatus, standing
from bot.domain.planning.rights import require_active
from bot.domain.planning.texts import (
    NOTE_LENGTH,
    RESOURCE_LENGTH,
    blank,
    clean,
    optional_link,
    require_text,
)
from bot.usecases.actors import NAME_LENGTH, Actor
from bot.usecases.planning.acting import Acted, View, act, view_of
from bot.usecases.planning.reading import Choice, choice_of, mine
from bot.usecases.ports import Work


class SharedAs(StrEnum):
    """What a message can become in a plan; the values travel in forms."""

    COMMENT = "comment"
    DECISION = "decision"
    RESOURCE = "resource"
    RESPONSIBILITY = "responsibility"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowShared:
    """Ask what is to become of a message; see ``inbound.Shared``."""

    text: str
    author: Person | None
    link: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """A message, and the open plans of the member into which it may go.

    ``here`` is the plan of the thread it stands in, if that is one of them; ``view`` is the only
    plan it can go into, None where the member is asked. ``writer`` is the name of whoever wrote it,
    empty for the member's own words and where it is not known; ``author`` is set where they are a
    partner in one of the plans, ``credited`` where they are in all of them.
    """

    message: ShowShared
    plans: Choice
    here: PlanId | None
    view: View | None
    writer: str = ""
    author: MemberId | None = None
    credited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddShared:
    """Add words of a message to a plan.

    ``kind`` is one of ``SharedAs``, as it came. ``step`` is what a comment is on; empty is the
    first step that is not done. ``author`` wrote the message, where that is a partner.
    """

    plan: PlanId
    kind: str
    step: str
    text: str
    link: str
    author: MemberId | None


def show_shared(work: Work, actor: Actor, command: ShowShared) -> Sharing | Choice:
    """Return where the message may go; a choice of nothing for who has no plan.

    ``InvalidInput`` for a message with nothing in it, ``PlanClosed`` where every plan is closed.
    """
    if blank(command.text) and not command.files:
        raise errors.InvalidInput(
            what="There are no words and no file in this message, so there is nothing to add.",
            remedy="Write it down with “Add…” on the plan's card.",
        )
    own, at = mine(work, actor), work.plans.at(actor.place)
    own.sort(key=lambda plan: plan.id != at)  # the thread's own plan first
    if not own:
        return choice_of(work, actor, ())
    fitting = [plan for plan in own if plan.state is PlanState.ACTIVE]
    if not fitting:
        require_active(own[0])
    here = at if at in {plan.id for plan in fitting} else None
    # In another plan's thread it is never taken for granted where it goes.
    alone = len(fitting) == 1 and at in {None, here}
    author = _author(work, actor, command.author)
    with_them = [plan for plan in fitting if author and plan.partner(author)]
    return Sharing(
        message=command,
        plans=choice_of(work, actor, fitting),
        here=here,
        view=view_of(work, actor.member, fitting[0]) if alone else None,
        writer=_writer(actor, command.author),
        author=author if with_them else None,
        credited=with_them == fitting,
    )


def add_shared(work: Work, actor: Actor, command: AddShared) -> Acted:
    """Add the words as what the member chose, and credit the partner who wrote them.

    ``FieldErrors`` under ``kind``, ``text`` and ``link``.
    """
    make = _MAKES.get(command.kind)
    if make is None:
        raise errors.FieldErrors({"kind": "Choose what it becomes in the plan."})
    new = _New(by=actor.id, item=ItemId(work.ids.new()), at=work.now, given=command)
    as_resource = command.kind == SharedAs.RESOURCE
    limit = RESOURCE_LENGTH if as_resource else NOTE_LENGTH

    def text() -> str:
        return require_text(command.text, key="text", name=f"The {command.kind}", limit=limit)

    def link() -> str:
        return optional_link(command.link, key="link")

    def rule(plan: Plan) -> Change:
        errors.require_all(text, link)
        # A resource holds its link itself.
        return from_message(
            make(plan, new), link="" if as_resource else link(), author=command.author
        )

    return act(work, actor, command.plan, rule)


def _author(work: Work, actor: Actor, wrote: Person | None) -> MemberId | None:
    """Return who wrote it, where that is a member and another than who acts."""
    found = work.members.by_identity(wrote.identity) if wrote else None
    return found.id if found is not None and found.id != actor.id else None


def _writer(actor: Actor, wrote: Person | None) -> str:
    if wrote is None or wrote.identity == actor.member.identity:
        return ""
    return " ".join(clean(wrote.name).split())[:NAME_LENGTH]


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    """What is to be made of a message: by whom, under which id, when (UTC)."""

    by: MemberId
    item: ItemId
    at: datetime
    given: AddShared


def _comment(plan: Plan, new: _New) -> Change:
    step, text = new.given.step or _step_now(plan), new.given.text
    return items.comment(plan, by=new.by, item=new.item, step=step, field="", text=text, at=new.at)


def _decision(plan: Plan, new: _New) -> Change:
    return items.decide(plan, by=new.by, item=new.item, text=new.given.text, at=new.at)


def _resource(plan: Plan, new: _New) -> Change:
    title, link = new.given.text, new.given.link
    return items.add_resource(plan, by=new.by, item=new.item, title=title, link=link, at=new.at)


def _responsibility(plan: Plan, new: _New) -> Change:
    text = new.given.text
    return items.add_responsibility(
        plan, by=new.by, item=new.item, text=text, owner=None, due=None, at=new.at
    )


_MAKES: Mapping[str, Callable[[Plan, _New], Change]] = {
    SharedAs.COMMENT: _comment,
    SharedAs.DECISION: _decision,
    SharedAs.RESOURCE: _resource,
    SharedAs.RESPONSIBILITY: _responsibility,
}


def _step_now(plan: Plan) -> str:
    """Return the first step that is not done; the last one where all are."""
    steps = plan.template.steps
    left = (step for step in steps if standing(plan, step) is not StepStatus.DONE)
    return next(left, steps[-1]).key
