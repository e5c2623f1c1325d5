"""Remarks on entries of the log: credit, annotation, dispute. Nothing is overwritten."""

from dataclasses import replace
from datetime import datetime

from bot.domain import errors
from bot.domain.contributions.acts import Act, ActKind, Entry
from bot.domain.ids import MemberId
from bot.domain.planning.plan import Change, Plan
from bot.domain.planning.rights import require_partner
from bot.domain.planning.texts import require_text

TEXT = "text"


def credit(plan: Plan, entry: Entry, *, by: MemberId, to: MemberId, at: datetime) -> Change:
    """Say that an entry of one's own is also another partner's work."""
    require_partner(plan, by)
    if entry.act.by != by:
        raise errors.NotAllowed(
            what="Only the author of an entry can credit somebody else for it.",
            remedy="You can add a note to it, or dispute it.",
        )
    if plan.partner(to) is None or to == by:
        raise errors.NotAllowed(
            what="Credit goes to another partner of the plan.", remedy="Choose one of them."
        )
    return _said(plan, entry, Act(kind=ActKind.CREDITED, by=by, at=at, member_about=to))


def annotate(plan: Plan, entry: Entry, *, by: MemberId, text: str, at: datetime) -> Change:
    """Add a note to an entry."""
    require_partner(plan, by)
    cleaned = require_text(text, key=TEXT, name="The note")
    return _said(plan, entry, Act(kind=ActKind.ANNOTATED, by=by, at=at, after=cleaned))


def dispute(plan: Plan, entry: Entry, *, by: MemberId, text: str, at: datetime) -> Change:
    """Say that an entry is not right, and why; both stand in the log."""
    require_partner(plan, by)
    cleaned = require_text(text, key=TEXT, name="The reason")
    return _said(plan, entry, Act(kind=ActKind.DISPUTED, by=by, at=at, after=cleaned))


def _said(plan: Plan, entry: Entry, act: Act) -> Change:
    """Return the change of a remark: it stands where what it speaks about stands."""
    about = replace(act, entry=entry.number, step=entry.act.step, field=entry.act.field)
    return Change(plan=plan, acts=(about,))
