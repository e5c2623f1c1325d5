"""What each kind of act leaves behind when it is taken back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import MemberId
from bot.domain.planning.changes import next_revision, with_answers, with_step, wording
from bot.domain.planning.items import with_challenge
from bot.domain.planning.overtaken import built_on
from bot.domain.planning.partners import MOST_PARTNERS, back, remove_partner, with_role
from bot.domain.planning.plan import Answer, AnswerKey, Item, Plan, PlanState
from bot.domain.planning.rights import require_step
from bot.domain.planning.sessions import ANSWERS, with_answer, with_session

Inverse = Callable[[Plan, Act, Act], Plan | None]
"""Takes the act and the one that undoes it; returns the plan without the act.

None when something later stands on it. Where the plan keeps the instant of an act, that tells
whether it is still this one.
"""


def _beside(plan: Plan, _: Act, __: Act) -> Plan:
    """Return the plan as it is: recurring reminders and absences are kept beside it."""
    return plan


def _title(plan: Plan, act: Act, _: Act) -> Plan | None:
    return replace(plan, title=act.before) if plan.title == act.after else None


def _state(plan: Plan, act: Act, _: Act) -> Plan | None:
    return replace(plan, state=PlanState(act.before)) if plan.state.value == act.after else None


def _begun(plan: Plan, _: Act, __: Act) -> Plan | None:
    # A plan that was started is put away: nothing that is on record is deleted.
    if plan.state is PlanState.ARCHIVED:
        return None
    return replace(plan, state=PlanState.ARCHIVED)


def _added(plan: Plan, act: Act, undoing: Act) -> Plan | None:
    added = plan.partner(act.member_about) if act.member_about else None
    if added is None or added.joined_at != act.at or len(plan.active_partners) == 1:
        return None
    return remove_partner(plan, by=undoing.by, member=added.member, at=undoing.at).plan


def _gone(plan: Plan, act: Act, _: Act) -> Plan | None:
    same = (p for p in plan.partners if p.member == act.member_about and p.left_at == act.at)
    gone = next(same, None)
    if gone is None or plan.partner(gone.member) or len(plan.active_partners) == MOST_PARTNERS:
        return None
    return back(plan, gone, act.detail)


def _role(plan: Plan, act: Act, _: Act) -> Plan | None:
    partner = plan.partner(act.by)
    if partner is None or partner.role != act.after:
        return None
    return with_role(plan, act.by, act.before)


def _due(plan: Plan, act: Act, _: Act) -> Plan | None:
    state = require_step(plan, act.step)[1]
    if (state.due.isoformat() if state.due else "") != act.after:
        return None
    due = date.fromisoformat(act.before) if act.before else None
    return with_step(plan, replace(state, due=due))


def _turn(plan: Plan, act: Act, _: Act) -> Plan | None:
    state = require_step(plan, act.step)[1]
    before = MemberId(act.before) if act.before else None
    if state.turn != act.member_about or (before and plan.partner(before) is None):
        return None
    return with_step(plan, replace(state, turn=before))


def _signed(plan: Plan, act: Act, _: Act) -> Plan | None:
    state = require_step(plan, act.step)[1]
    if act.by not in state.signed:
        return None
    return with_step(plan, replace(state, signed=tuple(m for m in state.signed if m != act.by)))


def _reopened(plan: Plan, act: Act, _: Act) -> Plan | None:
    state = require_step(plan, act.step)[1]
    if state.reopened_by != act.by:
        return None
    signed: tuple[MemberId, ...] = ()
    if act.detail.get("wording") == wording(plan, act.step):
        # What was agreed to comes back only if it still stands word for word.
        signed = tuple(MemberId(m) for m in act.detail.get("signed", "").split(",") if m)
    return with_step(plan, replace(state, reopened_by=None, signed=signed))


def _closed(plan: Plan, act: Act, _: Act) -> Plan | None:
    state = require_step(plan, act.step)[1]
    opener = MemberId(act.before)
    if state.reopened_by is not None or plan.partner(opener) is None:
        return None
    return with_step(plan, replace(state, reopened_by=opener, signed=()))


def _answer(plan: Plan, act: Act, undoing: Act) -> Plan | None:
    key = AnswerKey(step=act.step, field=act.field, respondent=act.member_about)
    standing = plan.answers.get(key)
    if standing is None or standing.text != act.after:
        return None
    answers = dict(plan.answers)
    if act.before:
        answers[key] = Answer(
            text=act.before,
            revision=next_revision(plan, standing),
            by=key.respondent or undoing.by,
            at=undoing.at,
        )
    else:
        del answers[key]
    return with_answers(plan, answers, act.step, undoing.by)


def _without_item(collection: str) -> Inverse:
    """Return the inverse of adding an item: it is taken out, unless somebody built on it."""

    def inverse(plan: Plan, act: Act, _: Act) -> Plan | None:
        items: tuple[Item, ...] = getattr(plan, collection)
        kept = tuple(i for i in items if i.id != act.item or built_on(plan, i))
        if len(kept) == len(items):
            return None
        changes: dict[str, Any] = {collection: kept}
        return replace(plan, **changes)

    return inverse


def _remedy(plan: Plan, act: Act, _: Act) -> Plan | None:
    found = next((c for c in plan.challenges if c.id == act.item), None)
    tried = (r for r in plan.responsibilities if r.challenge == act.item and r.at == act.at)
    duty = next(tried, None)
    if found is None or found.closed_at or duty is None or duty.done_at:
        return None
    untried = replace(found, remedies=tuple(r for r in found.remedies if r != act.after))
    duties = tuple(r for r in plan.responsibilities if r is not duty)
    return with_challenge(replace(plan, responsibilities=duties), untried)


def _challenge_closed(plan: Plan, act: Act, _: Act) -> Plan | None:
    found = next((c for c in plan.challenges if c.id == act.item), None)
    if found is None or found.closed_at != act.at:
        return None
    return with_challenge(plan, replace(found, closed_at=None))


def _duty_done(plan: Plan, act: Act, _: Act) -> Plan | None:
    duty = next((r for r in plan.responsibilities if r.id == act.item), None)
    if duty is None or duty.done_at != act.at:
        return None
    owner = duty.owner if duty.owner in plan.members else None
    undone = replace(duty, owner=owner, done_by=None, done_at=None)
    listed = tuple(undone if r.id == duty.id else r for r in plan.responsibilities)
    return replace(plan, responsibilities=listed)


def _session_answer(plan: Plan, act: Act, _: Act) -> Plan | None:
    found = next((s for s in plan.sessions if s.id == act.item), None)
    if found is None:
        return None
    given = found.accepted if act.kind is ActKind.SESSION_ACCEPTED else found.declined
    if act.by not in given:
        return None
    earlier = ANSWERS.get(act.detail.get("earlier", ""))
    return with_session(plan, with_answer(found, act.by, accept=earlier))


def _confirmed(plan: Plan, act: Act, _: Act) -> Plan | None:
    found = next((w for w in plan.outside if w.id == act.item), None)
    if found is None or found.confirmed_at != act.at:
        return None
    unconfirmed = replace(found, confirmed_at=None)
    listed = tuple(unconfirmed if w is found else w for w in plan.outside)
    return replace(plan, outside=listed)


INVERSES: Mapping[ActKind, Inverse] = {
    ActKind.PLAN_STARTED: _begun,
    ActKind.PLAN_REPLICATED: _begun,
    ActKind.PLAN_IMPORTED: _begun,
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
    ActKind.REMEDY_TRIED: _remedy,
    ActKind.RESPONSIBILITY_ADDED: _without_item("responsibilities"),
    ActKind.RESOURCE_ADDED: _without_item("resources"),
    ActKind.MINUTES_ADDED: _without_item("minutes"),
    ActKind.SESSION_PROPOSED: _without_item("sessions"),
    ActKind.OUTSIDE_LOGGED: _without_item("outside"),
    ActKind.RESPONSIBILITY_DONE: _duty_done,
    ActKind.CHALLENGE_CLOSED: _challenge_closed,
    ActKind.SESSION_ACCEPTED: _session_answer,
    ActKind.SESSION_DECLINED: _session_answer,
    ActKind.OUTSIDE_CONFIRMED: _confirmed,
    ActKind.REMINDER_ADDED: _beside,
    ActKind.REMINDER_CHANGED: _beside,
    ActKind.REMINDER_STOPPED: _beside,
    ActKind.AWAY: _beside,
    ActKind.BACK: _beside,
}
