"""Add to a plan, in any step: comment, decision, challenge, responsibility, resource, minutes."""

from dataclasses import dataclass
from datetime import date

from bot.domain import errors
from bot.domain.ids import ItemId, MemberId, PlanId
from bot.domain.planning import items
from bot.domain.planning.challenges import BY_KEY
from bot.domain.planning.plan import Change, Plan
from bot.usecases.access import plan_for
from bot.usecases.actors import Actor
from bot.usecases.dates import typed_date
from bot.usecases.planning.acting import Acted, act
from bot.usecases.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class AddComment:
    """Comment on a step, or a field of it."""

    plan: PlanId
    step: str
    field: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDecision:
    """Write a decision down."""

    plan: PlanId
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseChallenge:
    """Name a challenge of a known kind, or "other"."""

    plan: PlanId
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TryRemedy:
    """Attempt a remedy; it becomes a responsibility."""

    plan: PlanId
    challenge: ItemId
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TryKnownRemedy:
    """Attempt the known remedy at that place in the list of the challenge's kind."""

    plan: PlanId
    challenge: ItemId
    remedy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCommand:
    """Do something with one item of a plan."""

    plan: PlanId
    item: ItemId


@dataclass(frozen=True, slots=True, kw_only=True)
class AddResponsibility:
    """Agree who does what by when; owner None is together, ``due`` is as typed."""

    plan: PlanId
    text: str
    owner: MemberId | None
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddResource:
    """Add a resource."""

    plan: PlanId
    title: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMinutes:
    """Record a session's minutes and length."""

    plan: PlanId
    minutes: int
    text: str
    session: ItemId | None = None


def add_comment(work: Work, actor: Actor, command: AddComment) -> Acted:
    """Comment on a step or a field."""
    item = ItemId(work.ids.new())
    return act(
        work,
        actor,
        command.plan,
        lambda plan: items.comment(
            plan,
            by=actor.id,
            item=item,
            step=command.step,
            field=command.field,
            text=command.text,
            at=work.now,
        ),
    )


def add_decision(work: Work, actor: Actor, command: AddDecision) -> Acted:
    """Write a decision down."""
    item = ItemId(work.ids.new())
    return act(
        work,
        actor,
        command.plan,
        lambda plan: items.decide(plan, by=actor.id, item=item, text=command.text, at=work.now),
    )


def raise_challenge(work: Work, actor: Actor, command: RaiseChallenge) -> Acted:
    """Name a challenge."""
    item = ItemId(work.ids.new())
    return act(
        work,
        actor,
        command.plan,
        lambda plan: items.raise_challenge(
            plan, by=actor.id, item=item, kind=command.kind, text=command.text, at=work.now
        ),
    )


def try_remedy(work: Work, actor: Actor, command: TryRemedy) -> Acted:
    """Attempt a remedy."""
    duty = ItemId(work.ids.new())
    return act(
        work,
        actor,
        command.plan,
        lambda plan: items.try_remedy(
            plan,
            by=actor.id,
            challenge=command.challenge,
            remedy=command.remedy,
            duty=duty,
            at=work.now,
        ),
    )


def try_known_remedy(work: Work, actor: Actor, command: TryKnownRemedy) -> Acted:
    """Attempt one of the remedies that have helped others."""
    plan = plan_for(work, actor.id, command.plan)
    known = BY_KEY[items.require_challenge(plan, command.challenge).kind].remedies
    if command.remedy >= len(known):
        raise errors.UnknownItem(thing="remedy", title=plan.title)
    remedy = known[command.remedy]
    own = TryRemedy(plan=command.plan, challenge=command.challenge, remedy=remedy)
    return try_remedy(work, actor, own)


def close_challenge(work: Work, actor: Actor, command: ItemCommand) -> Acted:
    """Close a challenge."""
    return act(
        work,
        actor,
        command.plan,
        lambda plan: items.close_challenge(plan, by=actor.id, challenge=command.item, at=work.now),
    )


def add_responsibility(work: Work, actor: Actor, command: AddResponsibility) -> Acted:
    """Agree who does what by when; ``FieldErrors`` for words that are no date."""
    item = ItemId(work.ids.new())

    def due() -> date | None:
        return typed_date(work, actor, command.due, key="due")

    def added(plan: Plan, due: date | None) -> Change:
        return items.add_responsibility(
            plan,
            by=actor.id,
            item=item,
            text=command.text,
            owner=command.owner,
            due=due,
            at=work.now,
        )

    def rule(plan: Plan) -> Change:
        errors.require_all(due, lambda: added(plan, None))
        return added(plan, due())

    return act(work, actor, command.plan, rule)


def finish_responsibility(work: Work, actor: Actor, command: ItemCommand) -> Acted:
    """Mark a responsibility as done."""
    return act(
        work,
        actor,
        command.plan,
        lambda plan: items.finish_responsibility(plan, by=actor.id, item=command.item, at=work.now),
    )


def add_resource(work: Work, actor: Actor, command: AddResource) -> Acted:
    """Add a resource."""
    item = ItemId(work.ids.new())
    return act(
        work,
        actor,
        command.plan,
        lambda plan: items.add_resource(
            plan, by=actor.id, item=item, title=command.title, link=command.link, at=work.now
        ),
    )


def add_minutes(work: Work, actor: Actor, command: AddMinutes) -> Acted:
    """Record minutes."""
    item = ItemId(work.ids.new())
    return act(
        work,
        actor,
        command.plan,
        lambda plan: items.add_minutes(
            plan,
            by=actor.id,
            item=item,
            minutes=command.minutes,
            text=command.text,
            session=command.session,
            at=work.now,
        ),
    )
