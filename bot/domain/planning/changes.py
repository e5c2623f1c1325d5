"""Small steps that every rule takes to make a changed plan."""

from dataclasses import replace
from hashlib import blake2b

from bot.domain.ids import MemberId
from bot.domain.planning.plan import Plan, StepState
from bot.domain.planning.rights import require_step


def with_step(plan: Plan, state: StepState) -> Plan:
    """Return the plan with that state for its step."""
    return replace(plan, steps=tuple(state if s.key == state.key else s for s in plan.steps))


def touched(plan: Plan, key: str, by: MemberId) -> Plan:
    """Return the plan with the step changed by ``by``: what others agreed to no longer stands."""
    _, state = require_step(plan, key)
    return with_step(plan, replace(state, last_by=by, signed=()))


def wording(plan: Plan, step: str) -> str:
    """Return a fingerprint of the step's answers: the same fingerprint, the same texts."""
    texts = sorted((k.field, a.text) for k, a in plan.answers.items() if k.step == step)
    return blake2b("\0".join(map("\0".join, texts)).encode(), digest_size=8).hexdigest()
