"""Undoing an act: the state it found comes back, and the log says who brought it back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.domain import errors
from bot.domain.contributions.acts import Act, ActKind, Entry
from bot.domain.ids import MemberId
from bot.domain.planning.changes import revisions, touched, with_step
from bot.domain.planning.partners import given_back, joined, remove_partner, with_role
from bot.domain.planning.plan import Answer, AnswerKey, Change, Plan, PlanState
from bot.domain.planning.rights import require_partner, require_step, require_writable

Inverse = Callable[[Plan, Act, datetime], Plan | None]
"""Returns the plan without the act, or None when something later stands on it."""


def undo(plan: Plan, entry: Entry, *, by: MemberId, at: datetime) -> Change:
    """Take an act back. Raises ``NotAllowed`` when it cannot be, or no longer.

    Who left may undo that; everything else is for the present partners.
    """
    act = entry.act
    if act.kind in _OF_LIFE:
        require_partner(plan, by)
    elif not (act.kind is ActKind.PARTNER_LEFT and act.by == by):
        require_writable(plan, by)
    inverse = _INVERSES.get(act.kind)
    if inverse is None:
        raise errors.NotAllowed(
            what="This entry cannot be undone.", remedy="You can add a note to it, or dispute it."
        )
    before = inverse(plan, act, at)
    if before is None:
        raise errors.NotAllowed(
            what="Something has changed since, so this cannot be undone as it was.",
            remedy="Open the plan's card and change what stands there now.",
        )
    undone = Act(
        kind=ActKind.UNDONE,
        by=by,
        at=at,
        step=act.step,
        field=act.field,
        item=act.item,
        member_about=act.member_about,
        before=act.after,
        after=act.before,
        entry=entry.number,
        detail={"kind": act.kind.value},
    )
    return Change(plan=before, acts=(undone,))


def undoable(kind: ActKind) -> bool:
    """Tell whether acts of that kind can be undone at all."""
    return kind in _INVERSES


_OF_LIFE = {ActKind.PLAN_FINISHED, ActKind.PLAN_ARCHIVED, ActKind.PLAN_REOPENED}
"""Acts that can be undone while the plan is closed."""


def _title(plan: Plan, act: Act, _: datetime) -> Plan | None:
    return replace(plan, title=act.before) if plan.title == act.after else None


def _state(plan: Plan, act: Act, _: datetime) -> Plan | None:
    return replace(plan, state=PlanState(act.before)) if plan.state.value == act.after else None


def _added(plan: Plan, act: Act, at: datetime) -> Plan | None:
    member = act.member_about
    if member is None or plan.partner(member) is None or len(plan.active_partners) == 1:
        return None
    return remove_partner(plan, by=plan.members[0], member=member, at=at).plan


def _gone(plan: Plan, act: Act, at: datetime) -> Plan | None:
    member = act.member_about
    if member is None or plan.partner(member) is not None:
        return None
    return given_back(joined(plan, member, at), member, act.detail)


def _role(plan: Plan, act: Act, _: datetime) -> Plan | None:
    partner = plan.partner(act.by)
    if partner is None or partner.role != act.after:
        return None
    return with_role(plan, act.by, act.before)


def _due(plan: Plan, act: Act, _: datetime) -> Plan | None:
    state = require_step(plan, act.step)[1]
    if (state.due.isoformat() if state.due else "") != act.after:
        return None
    due = date.fromisoformat(act.before) if act.before else None
    return with_step(plan, replace(state, due=due))


def _turn(plan: Plan, act: Act, _: datetime) -> Plan | None:
    state = require_step(plan, act.step)[1]
    before = MemberId(act.before) if act.before else None
    if state.turn != act.member_about or (before and plan.partner(before) is None):
        return None
    return with_step(plan, replace(state, turn=before))


def _signed(plan: Plan, act: Act, _: datetime) -> Plan | None:
    state = require_step(plan, act.step)[1]
    if act.by not in state.signed:
        return None
    return with_step(plan, replace(state, signed=tuple(m for m in state.signed if m != act.by)))


def _reopened(plan: Plan, act: Act, _: datetime) -> Plan | None:
    state = require_step(plan, act.step)[1]
    if state.reopened_by is None:
        return None
    signed: tuple[MemberId, ...] = ()
    if act.detail.get("revisions") == str(revisions(plan, act.step)):
        # What was agreed to comes back only if it still stands word for word.
        signed = tuple(MemberId(m) for m in act.detail.get("signed", "").split(",") if m)
    return with_step(plan, replace(state, reopened_by=None, signed=signed))


def _closed(plan: Plan, act: Act, _: datetime) -> Plan | None:
    state = require_step(plan, act.step)[1]
    opener = MemberId(act.before)
    if state.reopened_by is not None or plan.partner(opener) is None:
        return None
    return with_step(plan, replace(state, reopened_by=opener, signed=()))


def _answer(plan: Plan, act: Act, at: datetime) -> Plan | None:
    key = AnswerKey(step=act.step, field=act.field, respondent=act.member_about)
    standing = plan.answers.get(key)
    if standing is None or standing.text != act.after:
        return None
    answers = dict(plan.answers)
    if act.before:
        answers[key] = Answer(
            text=act.before, revision=standing.revision + 1, by=standing.by, at=at
        )
    else:
        del answers[key]
    return touched(replace(plan, answers=answers), act.step, act.by)


def _without_item(collection: str) -> Inverse:
    """Return the inverse of adding an item: it is taken out, unless somebody built on it."""

    def inverse(plan: Plan, act: Act, _: datetime) -> Plan | None:
        items: tuple[Any, ...] = getattr(plan, collection)
        kept = tuple(item for item in items if item.id != act.item or _built_on(item))
        if len(kept) == len(items):
            return None
        changes: dict[str, Any] = {collection: kept}
        return replace(plan, **changes)

    return inverse


def _built_on(item: object) -> bool:
    """Tell whether others have acted on the item since it was added."""
    marks = ("remedies", "closed_at", "done_at", "confirmed_at")
    return any(getattr(item, mark, None) for mark in marks)


def _duty_done(plan: Plan, act: Act, _: datetime) -> Plan | None:
    duty = next((r for r in plan.responsibilities if r.id == act.item), None)
    if duty is None or duty.done_at is None:
        return None
    undone = replace(duty, done_by=None, done_at=None)
    listed = tuple(undone if r.id == duty.id else r for r in plan.responsibilities)
    return replace(plan, responsibilities=listed)


def _challenge_closed(plan: Plan, act: Act, _: datetime) -> Plan | None:
    found = next((c for c in plan.challenges if c.id == act.item), None)
    if found is None or found.closed_at is None:
        return None
    reopened = replace(found, closed_at=None)
    listed = tuple(reopened if c.id == found.id else c for c in plan.challenges)
    return replace(plan, challenges=listed)


def _session_answer(plan: Plan, act: Act, _: datetime) -> Plan | None:
    found = next((s for s in plan.sessions if s.id == act.item), None)
    if found is None or act.by not in (*found.accepted, *found.declined):
        return None
    asked = replace(
        found,
        accepted=tuple(m for m in found.accepted if m != act.by),
        declined=tuple(m for m in found.declined if m != act.by),
    )
    return replace(plan, sessions=tuple(asked if s.id == found.id else s for s in plan.sessions))


_INVERSES: Mapping[ActKind, Inverse] = {
    ActKind.PLAN_RENAMED: _title,
    ActKind.PLAN_FINISHED: _state,
    ActKind.PLAN_ARCHIVED: _state,
    ActKind.PLAN_REOPENED: _state,
    ActKind.PARTNER_ADDED: _added,
    ActKind.PARTNER_REMOVED: _gone,
    ActKind.PARTNER_LEFT: _gone,
    ActKind.ROLE_TAKEN: _role,
    ActKind.DUE_MOVED: _due,
    ActKind.HANDED_OFF: _turn,
    ActKind.SIGNED_OFF: _signed,
    ActKind.STEP_REOPENED: _reopened,
    ActKind.STEP_CLOSED: _closed,
    ActKind.ANSWER_SAVED: _answer,
    ActKind.COMMENTED: _without_item("comments"),
    ActKind.DECIDED: _without_item("decisions"),
    ActKind.CHALLENGE_RAISED: _without_item("challenges"),
    ActKind.RESPONSIBILITY_ADDED: _without_item("responsibilities"),
    ActKind.RESOURCE_ADDED: _without_item("resources"),
    ActKind.MINUTES_ADDED: _without_item("minutes"),
    ActKind.SESSION_PROPOSED: _without_item("sessions"),
    ActKind.OUTSIDE_LOGGED: _without_item("outside"),
    ActKind.RESPONSIBILITY_DONE: _duty_done,
    ActKind.CHALLENGE_CLOSED: _challenge_closed,
    ActKind.SESSION_ACCEPTED: _session_answer,
    ActKind.SESSION_DECLINED: _session_answer,
}
