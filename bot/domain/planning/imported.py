"""A plan that came in a file: what becomes of the people in it, and which entries are the file's.

A file is no word of the people it names, so it makes nobody a partner. Its people get ids that say
they are on record only (``id_on_record``): the plan keeps them where the file has them, so that it
is exported again word for word, but they are none of its partners. So they hold no turns (what was
theirs is asked of those who are there), are asked nothing, must sign nothing and are reminded of
nothing. Whoever imports it is a partner, and adds whom they like.
"""

from dataclasses import replace
from datetime import datetime

from bot.domain.contributions.acts import Act, ActKind, Entry, Source
from bot.domain.ids import MemberId
from bot.domain.planning.partners import joined
from bot.domain.planning.plan import ON_RECORD, Change, Plan

IMPORTED = "import"
"""The platform of people known only by a file."""
_PLACE = "a file"
"""The place of acts known only by one; no platform's id of a place holds a blank."""


def id_on_record(new: str) -> MemberId:
    """Return the id of somebody known only by a file."""
    return MemberId(ON_RECORD + new)


def taken_in(plan: Plan, *, by: MemberId, at: datetime) -> Change:
    """Return the plan of a file with ``by`` as a partner, whatever state it is in."""
    acts = [Act(kind=ActKind.PLAN_IMPORTED, by=by, at=at, after=plan.title)]
    if plan.partner(by) is None:
        plan = joined(plan, by, at)
        acts.append(Act(kind=ActKind.PARTNER_ADDED, by=by, at=at, member_about=by))
    return Change(plan=plan, acts=tuple(acts))


def of_file(entry: Entry) -> Entry:
    """Return the entry marked as one that a file tells of.

    The mark stands where exports write nothing (an act's place is the platform's own), so the
    exported log stays the same; every import sets it anew, and no file can leave it out.
    """
    source = Source(platform=entry.source.platform, place=_PLACE, zone=entry.source.zone)
    return replace(entry, source=source)


def from_file(entry: Entry) -> bool:
    """Tell whether the entry came in a file: nobody did this here, a file says that they did."""
    return entry.source.place == _PLACE
