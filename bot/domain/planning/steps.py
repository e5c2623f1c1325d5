"""What partners do with a step as a whole: hand it on, agree, reopen, close, move its date."""

from dataclasses import replace
from datetime import date, datetime

from bot.domain import errors
from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import MemberId
from bot.domain.planning.changes import with_step, wording
from bot.domain.planning.plan import Change, Plan
from bot.domain.planning.progress import StepStatus, filled, must_sign, status
from bot.domain.planning.rights import require_step, require_writable


def hand_off(plan: Plan, *, by: MemberId, step: str, to: MemberId, at: datetime) -> Change:
    """Give the step's turn to another partner ("your turn")."""
    require_writable(plan, by)
    _, state = require_step(plan, step)
    if plan.partner(to) is None:
        raise errors.NotAllowed(
            what="That person is not a partner of this plan.",
            remedy="Add them as a partner first; then hand the step to them.",
        )
    if state.turn == to:
        return Change(plan=plan, acts=())
    act = Act(
        kind=ActKind.HANDED_OFF,
        by=by,
        at=at,
        step=step,
        member_about=to,
        before=state.turn or "",
        after=to,
    )
    return Change(plan=with_step(plan, replace(state, turn=to)), acts=(act,))


def sign_off(plan: Plan, *, by: MemberId, step: str, at: datetime) -> Change:
    """Agree to what the step says now. A second time changes nothing."""
    require_writable(plan, by)
    template, state = require_step(plan, step)
    if by in state.signed:
        return Change(plan=plan, acts=())
    if status(plan, step) is not StepStatus.SIGN_OFF or by not in must_sign(plan, template, state):
        raise errors.NotAllowed(
            what=f"There is nothing for you to sign off in “{template.title}” now.",
            remedy="Open the plan's card: it says what the step still needs.",
        )
    act = Act(kind=ActKind.SIGNED_OFF, by=by, at=at, step=step)
    return Change(plan=with_step(plan, replace(state, signed=(*state.signed, by))), acts=(act,))


def reopen_step(plan: Plan, *, by: MemberId, step: str, at: datetime) -> Change:
    """Take a finished step up again; it stays open until somebody closes it."""
    require_writable(plan, by)
    template, state = require_step(plan, step)
    if state.reopened_by is not None:
        return Change(plan=plan, acts=())
    if not filled(plan, template):
        raise errors.NotAllowed(
            what=f"“{template.title}” is still open, so there is nothing to reopen.",
            remedy="Just fill in what you want to change.",
        )
    act = Act(
        kind=ActKind.STEP_REOPENED,
        by=by,
        at=at,
        step=step,
        detail={"signed": ",".join(state.signed), "wording": wording(plan, step)},
    )
    return Change(plan=with_step(plan, replace(state, reopened_by=by, signed=())), acts=(act,))


def close_step(plan: Plan, *, by: MemberId, step: str, at: datetime) -> Change:
    """Close a reopened step; the others sign it off again where it asks for that."""
    require_writable(plan, by)
    template, state = require_step(plan, step)
    if state.reopened_by is None:
        return Change(plan=plan, acts=())
    if not filled(plan, template):
        raise errors.NotAllowed(
            what=f"“{template.title}” still misses something.",
            remedy="Open the step: it asks for what is missing. Then close it.",
        )
    act = Act(kind=ActKind.STEP_CLOSED, by=by, at=at, step=step, before=state.reopened_by)
    return Change(plan=with_step(plan, replace(state, reopened_by=None, last_by=by)), acts=(act,))


def move_due(plan: Plan, *, by: MemberId, step: str, due: date | None, at: datetime) -> Change:
    """Move the step's due date, or take it away (None)."""
    require_writable(plan, by)
    _, state = require_step(plan, step)
    if state.due == due:
        return Change(plan=plan, acts=())
    act = Act(
        kind=ActKind.DUE_MOVED,
        by=by,
        at=at,
        step=step,
        before=state.due.isoformat() if state.due else "",
        after=due.isoformat() if due else "",
    )
    return Change(plan=with_step(plan, replace(state, due=due)), acts=(act,))
