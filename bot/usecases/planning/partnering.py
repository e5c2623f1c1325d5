"""Add and remove partners, leave, take a role."""

from dataclasses import dataclass, replace

from bot.domain.ids import MemberId, PlanId
from bot.domain.members import Person
from bot.domain.planning import partners
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor, recognise_all
from bot.usecases.planning.acting import Acted, act
from bot.usecases.planning.starting import require_shared
from bot.usecases.ports import Work


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
    """Add partners; the partnership in this place grows with the plan."""
    plan = plan_for(work, actor.id, command.plan)
    home = work.partnerships.get(plan.partnership)
    if home is not None:
        require_shared(home.place)
    members = recognise_all(work, command.people)
    done = act(
        work,
        actor,
        command.plan,
        lambda plan: partners.add_partners(plan, by=actor.id, members=members, at=work.now),
    )
    if home is not None and done.entries:
        grown = tuple(dict.fromkeys((*home.members, *members)))
        work.partnerships.save(replace(home, members=grown))
    return done


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
