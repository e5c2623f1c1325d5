"""Add and remove partners, leave, take a role."""

from dataclasses import dataclass, replace

from bot.domain import errors
from bot.domain.ids import MemberId, PlanId
from bot.domain.members import Person
from bot.domain.planning import partners
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor, recognise_all
from bot.usecases.planning.acting import Acted, act, acted
from bot.usecases.planning.homes import is_direct, moved_to, require_shared
from bot.usecases.ports import Work

_WAY_OUT = (
    "In a channel that all of you are in, say “plan”, then “More…” and “Add a partner”: "
    "the plan moves there with all that is in it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPartners:
    """Add people of the platform as partners."""

    plan: PlanId
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePartner:
    """Remove a partner; one's own id is leaving."""

    plan: PlanId
    member: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRole:
    """Take one of the template's roles."""

    plan: PlanId
    role: str


def add_partners(work: Work, actor: Actor, command: AddPartners) -> Acted:
    """Add partners; a plan begun in a direct conversation moves to the channel this is said in.

    ``FieldErrors`` where nobody is chosen: an app, or who is not here, is nobody.
    """
    plan = plan_for(work, actor.id, command.plan)
    if not command.people:
        says = "Choose somebody who is here; an app cannot plan with you."
        raise errors.FieldErrors({"partners": says})
    home = work.partnerships.get(plan.partnership)
    alone = home is not None and is_direct(home.place)
    if alone:
        require_shared(actor.place, remedy=_WAY_OUT)
    members = recognise_all(work, command.people)
    change = partners.add_partners(plan, by=actor.id, members=members, at=work.now)
    if alone and change.acts:
        moved = moved_to(work, actor.member, change.plan, actor.place)
        change = replace(change, plan=moved)
    return acted(work, actor, plan, change)


def remove_partner(work: Work, actor: Actor, command: RemovePartner) -> Acted:
    """Let a partner go; everything they did stays on record."""
    return act(
        work,
        actor,
        command.plan,
        lambda plan: partners.remove_partner(plan, by=actor.id, member=command.member, at=work.now),
    )


def leave(work: Work, actor: Actor, plan: PlanId) -> Acted:
    """Leave the plan oneself."""
    return remove_partner(work, actor, RemovePartner(plan=plan, member=actor.id))


def take_role(work: Work, actor: Actor, command: TakeRole) -> Acted:
    """Take a role that the template asks for."""
    return act(
        work,
        actor,
        command.plan,
        lambda plan: partners.take_role(plan, by=actor.id, role=command.role, at=work.now),
    )
