"""Who stands in for a partner who is away: what passes to them, and what waits.

Nothing of this is stored in a plan: as soon as the absence is over everything is as it was.
"""

from dataclasses import replace
from datetime import datetime

from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import MemberId
from bot.domain.planning.plan import Change, Plan
from bot.domain.planning.rights import require_writable
from bot.domain.planning.template import By
from bot.domain.planning.turns import Waiting, WaitingKind, urgency, waiting
from bot.domain.timetable.absences import Absence, Absences, Away

_PASSES = {
    WaitingKind.ANSWER,
    WaitingKind.CLOSE_STEP,
    WaitingKind.ADD_ITEM,
    WaitingKind.CLOSE_CHALLENGE,
    WaitingKind.RESPONSIBILITY,
    WaitingKind.ADD_MINUTES,
}
"""What somebody else can do. Sign-offs, roles, answers to sessions, confirmations are one's own."""
_ANYBODYS = {By.ANYONE, By.TOGETHER}
"""Fields that do not ask for the answer of one partner, or of who holds a role."""


def stand_in(plan: Plan, member: MemberId, away: Away) -> MemberId | None:
    """Return the partner to whom what waits on the member passes now; None: it waits.

    It waits when nobody was named, and when they are away too or no partners of this plan.
    """
    absence = away.get(member)
    if absence is None or not absence.passes or absence.stand_in is None:
        return None
    one = absence.stand_in
    return one if plan.partner(one) is not None and one not in away else None


def waiting_on(
    plan: Plan, member: MemberId, away: Away, now: datetime | None = None, *, dated: bool = False
) -> tuple[Waiting, ...]:
    """Return all that waits on the member, with what passes to them, most urgent first.

    ``away`` holds who is away today; the rest is as in ``turns.waiting``. What passes names its
    ``owner``, and still waits on them as well: they may do it themselves.
    """
    own = waiting(plan, member, now, dated=dated)
    if not away:
        return own
    owners = [owner for owner in away if stand_in(plan, owner, away) == member]
    passed = {
        thing: replace(thing, owner=owner)
        for owner in owners
        for thing in waiting(plan, owner, now, dated=dated)
        if _may_pass(plan, thing) and thing not in own
    }
    return tuple(sorted((*own, *passed.values()), key=urgency)) if passed else own


def next_on(
    plan: Plan, member: MemberId, away: Away, now: datetime | None = None
) -> Waiting | None:
    """Return the one next action of the member, be it for somebody else; None: nothing waits."""
    things = waiting_on(plan, member, away, now)
    return things[0] if things else None


def _may_pass(plan: Plan, thing: Waiting) -> bool:
    if thing.kind is not WaitingKind.ANSWER:
        return thing.kind in _PASSES
    step = plan.template.step(thing.step)
    field = step.field(thing.what) if step else None
    return field is not None and field.by in _ANYBODYS


def note_away(
    plan: Plan, *, by: MemberId, absence: Absence, instead_of: Absences, at: datetime
) -> Change:
    """Log that a partner is away; ``instead_of`` is what they said of these days before."""
    return _noted(plan, ActKind.AWAY, by, absence, before=dates(instead_of), at=at)


def note_back(plan: Plan, *, by: MemberId, absence: Absence, at: datetime) -> Change:
    """Log that a partner is back before ``absence`` is over, or will not go."""
    return _noted(plan, ActKind.BACK, by, absence, before=dates((absence,)), at=at)


def _noted(
    plan: Plan, kind: ActKind, by: MemberId, absence: Absence, *, before: str, at: datetime
) -> Change:
    require_writable(plan, by)
    act = Act(
        kind=kind,
        by=by,
        at=at,
        member_about=absence.stand_in if plan.partner(absence.stand_in or by) else None,
        before=before,
        after=dates((absence,)) if kind is ActKind.AWAY else "",
        detail={"passes": "yes"} if absence.passes else {},
    )
    return Change(plan=plan, acts=(act,))


def dates(absences: Absences) -> str:
    """Return the dates of absences as the log keeps them: "2026-12-01 to 2026-12-04"."""
    return "; ".join(f"{one.first} to {one.last}" for one in absences)
