"""How far a plan is: what each step still misses, and whether it is done."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.domain.ids import MemberId
from bot.domain.planning.memo import once_a_step
from bot.domain.planning.plan import AnswerKey, Plan, StepState
from bot.domain.planning.sessions import agreed
from bot.domain.planning.template import By, Field, ItemKind, Need, Step


class StepStatus(StrEnum):
    """Where a step stands."""

    OPEN = "open"
    SIGN_OFF = "sign-off"
    """Everything is there; the others have yet to agree."""
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A required answer that is not there; ``respondent`` None where one answer serves all."""

    field: Field
    respondent: MemberId | None = None


def answer_keys(plan: Plan, step: Step, field: Field) -> tuple[AnswerKey, ...]:
    """Return the keys under which the field is to be answered by the present partners."""
    if field.by is By.EACH:
        return tuple(_key_of(step.key, field.key, member) for member in plan.members)
    return (_key_of(step.key, field.key, None),)


@lru_cache(maxsize=8192)
def _key_of(step: str, field: str, respondent: MemberId | None) -> AnswerKey:
    """Return the key, made once: every act asks for each answer of its plan."""
    return AnswerKey(step=step, field=field, respondent=respondent)


@once_a_step
def missing(plan: Plan, step: Step) -> tuple[Missing, ...]:
    """Return the required answers of the step that are not there, in the template's order."""
    return tuple(
        Missing(field=field, respondent=key.respondent)
        for field in step.fields
        if field.required
        for key in answer_keys(plan, step, field)
        if key not in plan.answers
    )


def count_items(plan: Plan, kind: ItemKind) -> int:
    """Return how many items of the kind count towards a step's need.

    A session counts once all invited have accepted it.
    """
    match kind:
        case ItemKind.DECISION:
            return len(plan.decisions)
        case ItemKind.CHALLENGE:
            return len(plan.challenges)
        case ItemKind.RESPONSIBILITY:
            return len(plan.responsibilities)
        case ItemKind.RESOURCE:
            return len(plan.resources)
        case ItemKind.MINUTES:
            return len(plan.minutes)
        case ItemKind.SESSION:
            return sum(agreed(plan, session) for session in plan.sessions)


@once_a_step
def unmet(plan: Plan, step: Step) -> tuple[Need, ...]:
    """Return the needs of the step that the plan's items do not meet yet."""
    return tuple(need for need in step.needs if count_items(plan, need.kind) < need.count)


def open_challenges(plan: Plan) -> bool:
    """Tell whether a challenge is still open."""
    return any(c.closed_at is None for c in plan.challenges)


@once_a_step
def filled(plan: Plan, step: Step) -> bool:
    """Tell whether all that the step asks for is there (sign-offs apart)."""
    return not (
        missing(plan, step)
        or unmet(plan, step)
        or (step.closes_challenges and open_challenges(plan))
    )


def must_sign(plan: Plan, step: Step, state: StepState) -> tuple[MemberId, ...]:
    """Return who has yet to agree: every partner but the one who changed the step last."""
    if not step.needs_signoff:
        return ()
    return tuple(m for m in plan.members if m != state.last_by and m not in state.signed)


def status(plan: Plan, key: str) -> StepStatus:
    """Return where the step of that key stands (KeyError for a key the plan does not have)."""
    step = plan.template.step(key)
    if step is None:
        raise KeyError(key)
    return standing(plan, step)


@once_a_step
def standing(plan: Plan, step: Step) -> StepStatus:
    """Return where a step of the plan's template stands."""
    state = plan.step(step.key)
    if state is None:
        raise KeyError(step.key)
    if state.reopened_by is not None or not filled(plan, step):
        return StepStatus.OPEN
    if must_sign(plan, step, state):
        return StepStatus.SIGN_OFF
    return StepStatus.DONE


def all_done(plan: Plan) -> bool:
    """Tell whether every step is done."""
    return all(standing(plan, step) is StepStatus.DONE for step in plan.template.steps)
