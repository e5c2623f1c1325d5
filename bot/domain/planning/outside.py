"""Outside work: done away from the bot, logged in two taps, confirmed by the partner."""

from dataclasses import replace
from datetime import datetime

from bot.domain import errors
from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import ItemId, MemberId
from bot.domain.planning.plan import Change, OutsideWork, Plan
from bot.domain.planning.rights import require_writable
from bot.domain.planning.texts import optional_link, optional_text

KINDS = ("talk", "call", "meeting", "materials", "teaching", "reading")
"""What was done; the words members read are the pages'."""
BANDS = ("0-5", "6-15", "16-30", "31-60", "61+")
"""Minutes: nobody measures a talk in the hallway."""


def log_outside(plan: Plan, *, work: OutsideWork) -> Change:
    """Log work done elsewhere; it stands as unconfirmed until the partner confirms it."""
    require_writable(plan, work.by)
    if work.kind not in KINDS or work.band not in BANDS:
        raise errors.UnknownItem(thing="kind of work", title=plan.title)
    if work.partner == work.by or plan.partner(work.partner) is None:
        raise errors.NotAllowed(
            what="Outside work is logged with another partner of the plan.",
            remedy="Choose who was with you, or add them as a partner first.",
        )
    made = replace(
        work,
        note=optional_text(work.note, key="note", name="The note"),
        link=optional_link(work.link, key="link"),
        confirmed_at=None,
    )
    act = Act(
        kind=ActKind.OUTSIDE_LOGGED,
        by=made.by,
        at=made.at,
        item=made.id,
        member_about=made.partner,
        after=made.note,
        detail={
            key: value
            for key, value in (
                ("kind", made.kind),
                ("band", made.band),
                ("link", made.link),
                ("file", made.file),
            )
            if value
        },
    )
    return Change(plan=replace(plan, outside=(*plan.outside, made)), acts=(act,))


def confirm_outside(plan: Plan, *, by: MemberId, item: ItemId, at: datetime) -> Change:
    """Confirm what a partner logged; only the one named in it can."""
    require_writable(plan, by)
    found = next((w for w in plan.outside if w.id == item), None)
    if found is None:
        raise errors.UnknownItem(thing="entry", title=plan.title)
    if found.partner != by:
        raise errors.NotAllowed(
            what="Only the partner named in the entry can confirm it.",
            remedy="If it is wrong, add a note to it in the history.",
        )
    if found.confirmed_at is not None:
        return Change(plan=plan, acts=())
    confirmed = replace(found, confirmed_at=at)
    act = Act(kind=ActKind.OUTSIDE_CONFIRMED, by=by, at=at, item=item, member_about=found.by)
    listed = tuple(confirmed if w.id == item else w for w in plan.outside)
    return Change(plan=replace(plan, outside=listed), acts=(act,))
