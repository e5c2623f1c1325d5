"""Log outside work in two taps, and confirm a partner's."""

from dataclasses import dataclass

from bot.domain import errors
from bot.domain.ids import ItemId, MemberId, PlanId
from bot.domain.planning import outside
from bot.domain.planning.plan import OutsideWork
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor
from bot.usecases.planning.acting import Acted, View, act, view_of
from bot.usecases.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOutside:
    """Log ``band`` minutes of work of a kind with a partner; ``file`` is name and content."""

    plan: PlanId
    partner: MemberId
    kind: str
    band: str
    note: str = ""
    link: str = ""
    file: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmOutside:
    """Confirm what a partner logged."""

    plan: PlanId
    item: ItemId


@dataclass(frozen=True, slots=True, kw_only=True)
class GetFile:
    """Get a file that was added to a plan."""

    plan: PlanId
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file of a plan."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideView:
    """Outside work as one of the partners sees it."""

    view: View
    work: OutsideWork


def show_outside(work: Work, actor: Actor, command: ConfirmOutside) -> OutsideView:
    """Return what a partner logged."""
    plan = plan_for(work, actor.id, command.plan)
    found = next((w for w in plan.outside if w.id == command.item), None)
    if found is None:
        raise errors.UnknownItem(thing="entry", title=plan.title)
    return OutsideView(view=view_of(work, actor.member, plan), work=found)


def log_outside(work: Work, actor: Actor, command: LogOutside) -> Acted:
    """Log outside work; the partner named is asked to confirm it."""
    plan_for(work, actor.id, command.plan)  # before anything is stored with it
    stored = ""
    if command.file is not None:
        stored = work.ids.new()
        work.files.put(command.plan, stored, *command.file)
    made = OutsideWork(
        id=ItemId(work.ids.new()),
        kind=command.kind,
        band=command.band,
        by=actor.id,
        partner=command.partner,
        at=work.now,
        note=command.note,
        link=command.link,
        file=stored,
    )
    return act(work, actor, command.plan, lambda plan: outside.log_outside(plan, work=made))


def confirm_outside(work: Work, actor: Actor, command: ConfirmOutside) -> Acted:
    """Confirm what a partner logged."""
    return act(
        work,
        actor,
        command.plan,
        lambda plan: outside.confirm_outside(plan, by=actor.id, item=command.item, at=work.now),
    )


def get_file(work: Work, actor: Actor, command: GetFile) -> StoredFile:
    """Return a file of the plan to one of its partners."""
    plan = plan_for(work, actor.id, command.plan)
    found = work.files.get(plan.id, command.file)
    if found is None:
        raise errors.UnknownItem(thing="file", title=plan.title)
    return StoredFile(name=found[0], content=found[1])
