"""Entries of the contribution log <-> rows of ``contributions``."""

from typing import Any

from sqlalchemy import Row

from bot.domain.contributions.acts import Act, ActKind, Entry, Source
from storage.mapping.codec import read, written


def entry_row(entry: Entry) -> dict[str, Any]:
    """Return the entry's columns but for the workspace."""
    act, source = entry.act, entry.source
    return {
        "plan": entry.plan,
        "number": entry.number,
        "kind": act.kind.value,
        "member": act.by,
        "at": act.at,
        "step": act.step,
        "field": act.field,
        "before": act.before,
        "after": act.after,
        "about": act.member_about,
        "item": act.item,
        "entry": act.entry,
        "platform": source.platform,
        "place": source.place,
        "message": source.message,
        "zone": source.zone,
        "detail": written(dict(act.detail)) if act.detail else "",
    }


def entry_of(row: Row[Any]) -> Entry:
    """Return the entry of a whole row."""
    act = Act(
        kind=ActKind(row.kind),
        by=row.member,
        at=row.at,
        step=row.step,
        field=row.field,
        before=row.before,
        after=row.after,
        member_about=row.about,
        item=row.item,
        entry=row.entry,
        detail=read(row.detail) if row.detail else {},
    )
    source = Source(platform=row.platform, place=row.place, message=row.message, zone=row.zone)
    return Entry(plan=row.plan, number=row.number, act=act, source=source)
