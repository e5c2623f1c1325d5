"""When members are free: the next period of one, the common slots of several."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain import errors
from bot.domain.ids import MemberId, PlanId
from bot.domain.members import Member, Person
from bot.domain.planning.plan import Plan, PlanState
from bot.domain.reminders.free_times import own_next
from bot.domain.timetable.availability import FreePeriod, has_times
from bot.domain.timetable.library import FixedClass, fixed_classes
from bot.domain.timetable.nexts import async_offer
from bot.domain.timetable.opening import Opening, one_change
from bot.domain.timetable.slots import CommonSlot, common_slots
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor, recognise_all, require_known
from bot.usecases.planning.acting import View, view_of
from bot.usecases.planning.reading import Choice, ShowPlan, find
from bot.usecases.ports import Work
from bot.usecases.reminders.availability import availabilities, is_misfit, placeable

AHEAD = timedelta(days=14)
"""How far `when` looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """When the people named, or the partners of a plan, are all free.

    ``title`` are words that may name a plan, where nobody is named; ``strangers`` names that nobody
    here bears; ``skip``: how many slots earlier pages showed.
    """

    people: tuple[Person, ...] = ()
    plan: PlanId | None = None
    strangers: tuple[str, ...] = ()
    title: str = ""
    skip: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WhenView:
    """Common slots, best first; none: ``offer`` holds hand-offs in each one's own free periods.

    ``change`` is the one change that would open a slot while there is none.
    ``unknown`` are those who gave neither a timetable nor hours, ``misfits`` those whose timetable
    no longer fits the school's calendar, ``unplaced`` those of the others whose timetable has no
    clock times: working hours are assumed of all of them. ``fixed`` are the viewer's own fixed
    classes that take time in which all others are free.
    """

    plan: Plan | None
    viewer: Member
    names: Mapping[MemberId, str]
    slots: tuple[CommonSlot, ...]
    offer: tuple[tuple[MemberId, FreePeriod], ...]
    change: Opening | None
    unknown: tuple[MemberId, ...]
    misfits: tuple[MemberId, ...]
    unplaced: tuple[MemberId, ...]
    fixed: tuple[FixedClass, ...] = ()
    skip: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ApartOffer:
    """A plan, and the offer to plan it apart in time."""

    view: View
    when: WhenView


def next_free(work: Work, member: MemberId) -> FreePeriod | None:
    """Return the member's next free period from now on."""
    availability = availabilities(work, (member,)).get(member)
    return own_next(placeable(availability), work.now) if availability else None


def when(work: Work, actor: Actor, command: When) -> WhenView | Choice:
    """Return when the actor and the others are all free in the next two weeks."""
    require_known(work, actor, command.strangers)
    if command.people:
        members = list(dict.fromkeys((actor.id, *recognise_all(work, command.people))))
        return _view(work, actor, _shared(work, actor, members), members)
    found = _meant(work, actor, command)
    if isinstance(found, Choice):
        if not found.plans:
            raise errors.InvalidInput(
                what="I do not know yet whom you plan with.",
                remedy="Name them: “when @Ben”, or start a plan with them first.",
            )
        return found
    return replace(_view(work, actor, found, list(found.members)), skip=command.skip)


def apart(work: Work, actor: Actor, command: PlanId) -> ApartOffer:
    """Return the offer to plan apart; ``InvalidInput`` when there is nothing to offer."""
    plan = plan_for(work, actor.id, command)
    view = _view(work, actor, plan, list(plan.members))
    if not view.offer:
        raise errors.InvalidInput(
            what="That offer is over: there is a common time now, or no free period is in sight.",
            remedy="Say “when” to see the times there are.",
        )
    return ApartOffer(view=view_of(work, actor.member, plan), when=view)


def _shared(work: Work, actor: Actor, members: list[MemberId]) -> Plan | None:
    """Return the newest active plan of just these people, to propose a session in.

    In one with more partners the others would be invited to a time they were not asked about.
    """
    for plan in reversed(work.plans.of_member(actor.id)):
        if plan.state is PlanState.ACTIVE and set(members) == set(plan.members):
            return plan
    return None


def _meant(work: Work, actor: Actor, command: When) -> Plan | Choice:
    """Return the plan that is meant; ``InvalidInput`` for words that name none."""
    try:
        return find(work, actor, ShowPlan(plan=command.plan, title=command.title))
    except errors.InvalidInput:
        raise errors.InvalidInput(
            what=f"“{command.title[:60]}” is no plan of yours, and people are named with an @.",
            remedy="Say “when” alone, “when @Ben”, or “when” with a plan's title: it shows the"
            " common times of the next two weeks.",
        ) from None


def _view(work: Work, actor: Actor, plan: Plan | None, members: list[MemberId]) -> WhenView:
    told = availabilities(work, members)
    people = {member: placeable(one) for member, one in told.items()}
    misfits = tuple(m for m, a in told.items() if is_misfit(a))
    end = work.now + AHEAD
    slots = tuple(common_slots(people, work.now, end))
    known = work.members.get(members)
    fixed = fixed_classes(people, actor.id, work.now, end) if len(people) > 1 else ()
    return WhenView(
        plan=plan,
        viewer=actor.member,
        names={member: found.name for member, found in known.items()},
        slots=slots,
        fixed=fixed,
        change=None if slots else one_change(people, work.now, end),
        offer=() if slots else tuple(async_offer(people, work.now, end)),
        unknown=tuple(m for m, a in told.items() if a.timetable is None and a.hours is None),
        misfits=misfits,
        unplaced=tuple(m for m, a in told.items() if not has_times(a) and m not in misfits),
    )
