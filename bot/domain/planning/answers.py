"""Filling in fields: who may, which text stands, and what happens to stale saves."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain import errors
from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import MemberId
from bot.domain.planning.changes import next_revision, with_answers
from bot.domain.planning.plan import Answer, AnswerKey, Change, Plan
from bot.domain.planning.rights import require_step, require_writable
from bot.domain.planning.template import By, Field
from bot.domain.planning.texts import FIELD_LENGTH, require_text, require_words
from bot.domain.planning.turns import holders

TEXT = "text"
"""The key under which a text's own errors are reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """Somebody saved the field after the author last saw it.

    ``change`` keeps the author's text aside in the log; ``theirs`` stands.
    """

    change: Change
    theirs: Answer
    mine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text for a field, as its author sends it. ``base`` is the revision they last saw."""

    by: MemberId
    step: str
    field: str
    text: str
    base: int
    at: datetime
    today: date
    """The author's local date: what comes after the due date counts and is marked late."""


def answer_key(plan: Plan, by: MemberId, step: str, field: Field) -> AnswerKey:
    """Return the key under which ``by`` answers; ``NotAllowed`` when it is another role's."""
    if field.by is By.ROLE and by not in holders(plan, field.role):
        raise errors.NotAllowed(
            what=f"“{field.label}” is answered by the {field.role}.",
            remedy=f"If that is you, take the role of {field.role} on the plan's card first.",
        )
    return AnswerKey(step=step, field=field.key, respondent=by if field.by is By.EACH else None)


def require_field(plan: Plan, step: str, field: str) -> Field:
    """Return the field; ``UnknownItem`` when the step has none of that key."""
    found = require_step(plan, step)[0].field(field)
    if found is None:
        raise errors.UnknownItem(thing="field", title=plan.title)
    return found


def save_answer(plan: Plan, draft: Draft) -> Change | Stale:
    """Let the draft's text stand, or keep it aside if the author saw an older revision.

    The same text again changes nothing and logs nothing. Raises ``PlanClosed``, ``UnknownPlan``,
    ``UnknownItem``, ``NotAllowed``, or ``FieldErrors`` for empty and overlong texts.
    """
    require_writable(plan, draft.by)
    field = require_field(plan, draft.step, draft.field)
    key = answer_key(plan, draft.by, draft.step, field)
    text = require_text(draft.text, key=TEXT, name=field.label, limit=FIELD_LENGTH)
    require_words(text, key=TEXT, limit=field.max_words)
    standing = plan.answers.get(key)
    if standing is None:
        return _stand(plan, draft, key, text)
    if standing.text == text:
        return Change(plan=plan, acts=())
    if standing.revision != draft.base:
        aside = _act(ActKind.ANSWER_ASIDE, draft, key, before=standing.text, after=text)
        return Stale(change=Change(plan=plan, acts=(aside,)), theirs=standing, mine=text)
    return _stand(plan, draft, key, text)


def joined(theirs: str, mine: str) -> str:
    """Return both texts, theirs first: what "keep both" saves."""
    return f"{theirs}\n\n{mine}"


def _stand(plan: Plan, draft: Draft, key: AnswerKey, text: str) -> Change:
    standing = plan.answers.get(key)
    answer = Answer(text=text, revision=next_revision(plan, standing), by=draft.by, at=draft.at)
    changed = with_answers(plan, {**plan.answers, key: answer}, draft.step, draft.by)
    act = _act(
        ActKind.ANSWER_SAVED, draft, key, before=standing.text if standing else "", after=text
    )
    state = plan.step(draft.step)
    if state is not None and state.due is not None and draft.today > state.due:
        act = replace(act, detail={"late": state.due.isoformat()})
    return Change(plan=changed, acts=(act,))


def _act(kind: ActKind, draft: Draft, key: AnswerKey, *, before: str, after: str) -> Act:
    return Act(
        kind=kind,
        by=draft.by,
        at=draft.at,
        step=key.step,
        field=key.field,
        member_about=key.respondent,
        before=before,
        after=after,
    )
