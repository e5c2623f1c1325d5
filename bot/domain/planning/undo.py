"""Undoing an act: the state it found comes back, and the log says who brought it back."""

from collections.abc import Iterable
from datetime import datetime

from bot.domain import errors
from bot.domain.contributions.acts import Act, ActKind, Entry
from bot.domain.ids import MemberId
from bot.domain.planning.inverses import INVERSES
from bot.domain.planning.overtaken import overtaken
from bot.domain.planning.plan import Change, Plan
from bot.domain.planning.rights import require_active, require_partner, require_writable


def undo(
    plan: Plan, entry: Entry, *, by: MemberId, at: datetime, log: Iterable[Entry] = ()
) -> Change:
    """Take an act back. Raises ``NotAllowed`` when it cannot be, or no longer.

    Who left may undo that, and a sign-off is its signer's; everything else is for the present
    partners. ``log`` holds at least the later entries of the same step and field.
    """
    act = entry.act
    _require_right(plan, act, by)
    inverse = INVERSES.get(act.kind)
    if inverse is None:
        raise errors.NotAllowed(
            what="This entry cannot be undone.", remedy="You can add a note to it, or dispute it."
        )
    undoing = Act(
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
    before = None if overtaken(entry, log) else inverse(plan, act, undoing)
    if before is None:
        raise errors.ChangedSince
    return Change(plan=before, acts=(undoing,))


def undoable(kind: ActKind) -> bool:
    """Tell whether acts of that kind can be undone at all."""
    return kind in INVERSES


_OF_LIFE = {ActKind.PLAN_FINISHED, ActKind.PLAN_ARCHIVED, ActKind.PLAN_REOPENED}
"""Acts that can be undone while the plan is closed."""


_NOT_THEIRS = (
    "Only the one who is away can take that back.",
    "Ask them; whoever is back says “away”, then “I am back”.",
)
_OF_ONESELF = {
    ActKind.SIGNED_OFF: (
        "Only the one who signed off can take that back.",
        "If the step is not right yet, open it again.",
    ),
    ActKind.AWAY: _NOT_THEIRS,
    ActKind.BACK: _NOT_THEIRS,
}
"""Acts that only who did them can take back: what is said to others, and what they can do."""


def _require_right(plan: Plan, act: Act, by: MemberId) -> None:
    if act.kind in _OF_LIFE:
        require_partner(plan, by)
    elif act.kind is ActKind.PARTNER_LEFT and act.by == by:
        require_active(plan)
    else:
        require_writable(plan, by)
    if act.kind in _OF_ONESELF and act.by != by:
        what, remedy = _OF_ONESELF[act.kind]
        raise errors.NotAllowed(what=what, remedy=remedy)
