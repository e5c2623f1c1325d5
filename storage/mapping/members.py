"""Members <-> rows of ``members``."""

from datetime import time
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from bot.domain.members import Identity, Member, Nudges, Preferences, QuietHours, Where
from storage.mapping.codec import read, written


def member_row(member: Member) -> dict[str, Any]:
    """Return the member's columns but for the workspace, which the repository adds."""
    return {
        "id": member.id,
        "platform": member.identity.platform,
        "user": member.identity.user,
        "name": member.name,
        "zone": member.zone,
        "zone_assumed": member.zone_assumed,
        "reachable": member.reachable,
        "preferences": _preferences_text(member.preferences),
    }


def member_of(row: Row[Any]) -> Member:
    """Return the member of a whole row."""
    return Member(
        workspace=row.workspace,
        id=row.id,
        identity=Identity(platform=row.platform, user=row.user),
        name=row.name,
        zone=row.zone,
        zone_assumed=row.zone_assumed,
        reachable=row.reachable,
        preferences=_preferences(row.preferences),
    )


def _preferences_text(preferences: Preferences) -> str:
    quiet = preferences.quiet
    return written(
        [
            preferences.nudges.value,
            preferences.days,
            quiet.start.isoformat(),
            quiet.end.isoformat(),
            preferences.where.value,
        ]
    )


@lru_cache(maxsize=1024)  # most members never change them
def _preferences(body: str) -> Preferences:
    nudges, days, start, end, *where = read(body)  # nothing more in rows of the first version
    return Preferences(
        nudges=Nudges(nudges),
        days=tuple(days),
        quiet=QuietHours(start=time.fromisoformat(start), end=time.fromisoformat(end)),
        where=Where(*where) if where else Where.DIRECT,
    )
