"""Small steps that every rule takes to make a changed plan."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b

from bot.domain.ids import MemberId
from bot.domain.planning.plan import Answer, AnswerKey, Plan, StepState
from bot.domain.planning.rights import require_step


def with_step(plan: Plan, state: StepState) -> Plan:
    """Return the plan with that state for its step."""
    return replace(plan, steps=_steps(plan, state))


def with_answers(plan: Plan, answers: Mapping[AnswerKey, Answer], key: str, by: MemberId) -> Plan:
    """Return the plan with other answers in a step, changed by ``by``.

    What others agreed to there no longer stands.
    """
    _, state = require_step(plan, key)
    return replace(plan, answers=answers, steps=_steps(plan, replace(state, last_by=by, signed=())))


def _steps(plan: Plan, state: StepState) -> tuple[StepState, ...]:
    """Return the states with that one among them; one that is no other stays the very same."""
    return tuple(state if s.key == state.key and s != state else s for s in plan.steps)


def next_revision(plan: Plan, standing: Answer | None) -> int:
    """Return the revision of a text that takes the place of ``standing``.

    It is the number of the entry that logs it, so no revision of a field is ever given twice, not
    even after an undo: a form that was opened on another text is known as stale for good.
    """
    return max(plan.entries, standing.revision if standing else 0) + 1


def wording(plan: Plan, step: str) -> str:
    """Return a fingerprint of the step's answers: the same fingerprint, the same texts."""
    texts = sorted((k.field, a.text) for k, a in plan.answers.items() if k.step == step)
    return blake2b("\0".join(map("\0".join, texts)).encode(), digest_size=8).hexdigest()
