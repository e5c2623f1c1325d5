"""Read plans: the card of one, and everything that waits on a member."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain import errors
from bot.domain.ids import MemberId, PlanId
from bot.domain.members import Member
from bot.domain.planning.plan import Plan, PlanState
from bot.domain.planning.turns import Waiting
from bot.domain.reminders.snoozing import Hold
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor
from bot.usecases.planning.acting import View, view_of
from bot.usecases.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPlan:
    """Show a plan by id, by title, or (both empty) the one of this thread, or the only one."""

    plan: PlanId | None = None
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Several plans fit: the ``viewer`` picks one by title; ``names`` are all the partners'.

    ``unasked``: no title was said, so these are the viewer's plans.
    """

    plans: tuple[Plan, ...]
    viewer: Member
    names: Mapping[MemberId, str]
    unasked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NextItem:
    """One thing that waits on the member, in which plan.

    ``held``: they wait for another partner before they go on with it.
    """

    view: View
    waiting: Waiting
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NextView:
    """Everything that waits on the member, most urgent first; ``plans`` are the active ones.

    ``holds`` is what any partner holds until another one acts. ``skip`` is how many of the items
    earlier pages showed; ``only``: what waits in one plan.
    """

    items: tuple[NextItem, ...]
    plans: tuple[View, ...]
    holds: tuple[Hold, ...] = ()
    skip: int = 0
    only: PlanId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreNext:
    """Show what waits after the first ``skip`` things, in one plan or in all."""

    skip: int
    plan: PlanId | None = None


def mine(work: Work, actor: Actor) -> list[Plan]:
    """Return the actor's plans that are not archived, the newest first."""
    return work.plans.of_member(actor.id)[::-1]


def find(work: Work, actor: Actor, command: ShowPlan) -> Plan | Choice:
    """Return the plan that is meant, or the choice; ``InvalidInput`` when there is none."""
    if command.plan is not None:
        return plan_for(work, actor.id, command.plan)
    here = work.plans.at(actor.place)
    if here is not None and not command.title:
        return plan_for(work, actor.id, here)
    plans = mine(work, actor)
    wanted = _fold(command.title)
    ended = wanted.rstrip(" .,;:!?")
    fitting = next(
        filter(
            None,
            (
                [p for p in plans if _fold(p.title) == wanted],
                [p for p in plans if wanted in _fold(p.title)],
                [p for p in plans if ended and ended in _fold(p.title)],
            ),
        ),
        [],
    )
    if not command.title:
        fitting = [p for p in fitting if p.state is PlanState.ACTIVE] or fitting
    if not fitting and command.title:
        put_away = work.plans.of_member(actor.id, archived=True)[::-1]
        fitting = [p for p in put_away if _fold(p.title) == wanted]
    meant = fitting if len(fitting) == 1 else [p for p in fitting if p.id == here]
    if meant:  # where several fit, the plan of this thread
        return meant[0]
    if not fitting and command.title:
        raise errors.UnknownTitle(
            what=f"None of your plans is called “{command.title[:120]}”.",
            remedy="Say “plan” alone to see all of yours.",
        )
    return replace(choice_of(work, actor, fitting), unasked=not command.title)


def choice_of(work: Work, actor: Actor, plans: Iterable[Plan]) -> Choice:
    """Return the choice among those plans."""
    among = tuple(plans)
    members = work.members.get({member for plan in among for member in plan.members})
    return Choice(
        plans=among,
        viewer=actor.member,
        names={member: found.name for member, found in members.items()},
    )


def find_home(work: Work, actor: Actor, command: ShowPlan) -> Plan | Choice:
    """Return the plan that is meant for what concerns all plans of its partnership.

    Where several fit and all open ones are of one partnership, that is the newest of them.
    """
    found = find(work, actor, command)
    if not isinstance(found, Choice):
        return found
    open_ones = [plan for plan in found.plans if plan.state is PlanState.ACTIVE]
    one = len({plan.partnership for plan in open_ones}) == 1
    return open_ones[0] if one else found


def show_plan(work: Work, actor: Actor, command: ShowPlan) -> View | Choice:
    """Return the plan as the actor sees it, or the choice."""
    match find(work, actor, command):
        case Plan() as plan:
            return view_of(work, actor.member, plan)
        case choice:
            return choice


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAnd:
    """A plan, and further words of the button that asks for it."""

    plan: PlanId
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewAnd:
    """A plan as the actor sees it, and the words that came with the wish."""

    view: View
    words: tuple[str, ...]


def view_plan(work: Work, actor: Actor, command: PlanId) -> View:
    """Return one plan by its id."""
    return view_of(work, actor.member, plan_for(work, actor.id, command))


def view_and(work: Work, actor: Actor, command: PlanAnd) -> ViewAnd:
    """Return one plan by its id, with the words."""
    return ViewAnd(view=view_plan(work, actor, command.plan), words=command.words)


def next_in(work: Work, actor: Actor, command: PlanId) -> NextView:
    """Return what waits on the actor in one plan."""
    return replace(_next(work, actor, [plan_for(work, actor.id, command)]), only=command)


def next_more(work: Work, actor: Actor, command: MoreNext) -> NextView:
    """Return the same from a later thing on."""
    one = command.plan
    found = next_in(work, actor, one) if one else next_for(work, actor, None)
    return replace(found, skip=command.skip)


def next_for(work: Work, actor: Actor, _: None) -> NextView:
    """Return all that waits on the actor: one line a plan and thing, by due date."""
    return _next(work, actor, work.plans.of_member(actor.id))


def _next(work: Work, actor: Actor, plans: list[Plan]) -> NextView:
    views = [view_of(work, actor.member, plan) for plan in plans if plan.state is PlanState.ACTIVE]
    holds = tuple(work.snoozes.held(view.plan.id for view in views))
    own = {hold.snooze.key for hold in holds if hold.member == actor.id}
    items = [
        NextItem(view=view, waiting=thing, held=f"{view.plan.id}:{thing.thing}" in own)
        for view in views
        for thing in _one_a_thing(view.waiting(actor.id))
    ]
    items.sort(key=_urgency)
    return NextView(items=tuple(items), plans=tuple(views), holds=holds)


def joined(views: Sequence[NextView]) -> NextView:
    """Return all that waits on one person in several workspaces; pages are those of the first."""
    return replace(
        views[0],
        items=tuple(sorted((item for view in views for item in view.items), key=_urgency)),
        plans=tuple(plan for view in views for plan in view.plans),
        holds=tuple(hold for view in views for hold in view.holds),
    )


def _urgency(item: NextItem) -> tuple[bool, date]:
    """Return what things are sorted by: what waits for a partner comes last."""
    return item.held, item.waiting.date_in(item.view.viewer.zone) or date.max


def _one_a_thing(things: tuple[Waiting, ...]) -> list[Waiting]:
    """Return the first of each thing: only the next empty field of a step is asked for."""
    first: dict[str, Waiting] = {}
    for thing in things:
        first.setdefault(thing.thing, thing)
    return list(first.values())


def _fold(title: str) -> str:
    return " ".join(title.split()).casefold()
