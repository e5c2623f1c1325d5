"""Who plans: adding, removing, leaving, taking a role. Partners are equals."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import errors
from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import MemberId
from bot.domain.planning.plan import Change, Partner, Plan
from bot.domain.planning.rights import require_writable

MOST_PARTNERS = 20
"""More people than a card can name are a meeting, not a partnership."""


def add_partners(plan: Plan, *, by: MemberId, members: Sequence[MemberId], at: datetime) -> Change:
    """Add partners; who is one already is passed over. Those who left before come back."""
    require_writable(plan, by)
    acts = []
    for member in dict.fromkeys(members):
        if plan.partner(member) is None:
            plan = joined(plan, member, at)
            acts.append(Act(kind=ActKind.PARTNER_ADDED, by=by, at=at, member_about=member))
    if len(plan.active_partners) > MOST_PARTNERS:
        raise errors.NotAllowed(
            what=f"A plan has at most {MOST_PARTNERS} partners.",
            remedy="Start a second plan for the others.",
        )
    return Change(plan=plan, acts=tuple(acts))


def joined(plan: Plan, member: MemberId, at: datetime) -> Plan:
    """Return the plan with the member as an active partner."""
    others = tuple(p for p in plan.partners if p.member != member)
    before = next((p for p in plan.partners if p.member == member), None)
    partner = Partner(member=member, joined_at=at, role=before.role if before else "")
    return replace(plan, partners=(*others, partner))


def remove_partner(plan: Plan, *, by: MemberId, member: MemberId, at: datetime) -> Change:
    """Let a partner go (``by`` is the member: they leave). What they did stays on record.

    Their turns, reopened steps and responsibilities pass to those who stay; the act remembers
    which, so that undoing gives them back.
    """
    require_writable(plan, by)
    if plan.partner(member) is None:
        return Change(plan=plan, acts=())
    if len(plan.active_partners) == 1:
        raise errors.NotAllowed(
            what=f"You are the last partner of “{plan.title}”.",
            remedy="Archive the plan instead, or add somebody before you leave.",
        )
    kind = ActKind.PARTNER_LEFT if by == member else ActKind.PARTNER_REMOVED
    act = Act(kind=kind, by=by, at=at, member_about=member, detail=_held(plan, member))
    gone = tuple(replace(p, left_at=at) if p.member == member else p for p in plan.partners)
    return Change(plan=_passed_on(replace(plan, partners=gone), member), acts=(act,))


def take_role(plan: Plan, *, by: MemberId, role: str, at: datetime) -> Change:
    """Take one of the roles the template names (an empty role gives it up)."""
    require_writable(plan, by)
    if role and role not in plan.template.roles:
        raise errors.UnknownItem(thing="role", title=plan.title)
    partner = plan.partner(by)
    if partner is None or partner.role == role:
        return Change(plan=plan, acts=())
    act = Act(kind=ActKind.ROLE_TAKEN, by=by, at=at, before=partner.role, after=role)
    return Change(plan=with_role(plan, by, role), acts=(act,))


def with_role(plan: Plan, member: MemberId, role: str) -> Plan:
    """Return the plan with that role for the partner."""
    partners = tuple(
        replace(p, role=role) if p.member == member and p.left_at is None else p
        for p in plan.partners
    )
    return replace(plan, partners=partners)


def back(plan: Plan, gone: Partner, held: Mapping[str, str]) -> Plan:
    """Return the plan with a partner back in their place, and with what they held."""
    member = gone.member
    turns, reopened, duties = (_split(held, key) for key in ("turns", "reopened", "duties"))
    steps = tuple(
        replace(
            s,
            turn=member if s.key in turns else s.turn,
            reopened_by=member if s.key in reopened and s.reopened_by else s.reopened_by,
        )
        for s in plan.steps
    )
    return replace(
        plan,
        partners=tuple(replace(p, left_at=None) if p is gone else p for p in plan.partners),
        steps=steps,
        responsibilities=tuple(
            replace(r, owner=member) if r.id in duties and r.done_at is None else r
            for r in plan.responsibilities
        ),
    )


def fewest_turns(plan: Plan) -> MemberId:
    """Return the partner who is asked for the fewest steps, the longest member among equals."""
    turns = [s.turn for s in plan.steps]
    return min(plan.members, key=turns.count)


def _held(plan: Plan, member: MemberId) -> dict[str, str]:
    held: dict[str, list[str]] = {
        "turns": [s.key for s in plan.steps if s.turn == member],
        "reopened": [s.key for s in plan.steps if s.reopened_by == member],
        "duties": [r.id for r in plan.responsibilities if r.owner == member and not r.done_at],
    }
    return {key: ",".join(values) for key, values in held.items() if values}


def _split(held: Mapping[str, str], key: str) -> frozenset[str]:
    return frozenset(held.get(key, "").split(",")) - {""}


def _passed_on(plan: Plan, gone: MemberId) -> Plan:
    for state in plan.steps:
        if gone in {state.turn, state.reopened_by}:
            heir = fewest_turns(plan)
            passed = replace(
                state,
                turn=heir if state.turn == gone else state.turn,
                reopened_by=heir if state.reopened_by == gone else state.reopened_by,
            )
            plan = replace(plan, steps=tuple(passed if s is state else s for s in plan.steps))
    together = tuple(
        replace(r, owner=None) if r.owner == gone and r.done_at is None else r
        for r in plan.responsibilities
    )
    return replace(plan, responsibilities=together)
