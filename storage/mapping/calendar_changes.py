"""Changes of the school's calendar <-> rows of ``calendar_changes``."""

from typing import Any

from sqlalchemy import Row

from bot.domain.ids import PartnershipId
from bot.domain.timetable.changes import CalendarChange
from storage.mapping.calendars import calendar_body, calendar_of
from storage.mapping.codec import maybe_instant, maybe_micros, read, written


def change_row(change: CalendarChange) -> dict[str, Any]:
    """Return the columns of a change, but for the workspace."""
    body = {
        "before": calendar_body(change.before),
        "after": calendar_body(change.after),
        "moved": change.moved,
        "stood": {member: maybe_micros(at) for member, at in change.stood.items()},
        "told": change.told,
    }
    return {
        "id": change.id,
        "member": change.by,
        "at": change.at,
        "body": written(body),
        "undone": change.undone,
    }


def change_of(row: Row[Any]) -> CalendarChange:
    """Return the change of a row."""
    known = read(row.body)
    return CalendarChange(
        id=row.id,
        by=row.member,
        at=row.at,
        before=calendar_of(known["before"]),
        after=calendar_of(known["after"]),
        moved=known["moved"],
        stood={member: maybe_instant(at) for member, at in known["stood"].items()},
        told=tuple(PartnershipId(one) for one in known["told"]),
        undone=row.undone,
    )
