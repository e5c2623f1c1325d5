"""Members <-> rows of ``members``."""

from datetime import time
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from bot.domain.members import (
    Around,
    Identity,
    Library,
    LibraryMode,
    Member,
    Nudges,
    Preferences,
    QuietHours,
    Where,
)
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
    # A row is taken apart at once: each of its columns by name costs as much as all of this.
    workspace, id_, platform, user, name, zone, assumed, reachable, preferences = tuple(row)
    return Member(
        workspace=workspace,
        id=id_,
        identity=Identity(platform=platform, user=user),
        name=name,
        zone=zone,
        zone_assumed=assumed,
        reachable=reachable,
        preferences=_preferences(preferences),
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
            [preferences.around.before, preferences.around.after],
            [
                preferences.library.mode.value,
                preferences.library.weekdays,
                preferences.library.months,
            ],
            preferences.groups,
            preferences.platform,
            preferences.school,
            preferences.own_zone,
        ]
    )


_FIRST: tuple[Any, ...] = (
    Where.DIRECT.value,
    (0, 0),
    (LibraryMode.NONE.value, (), ()),
    (),
    "",
    "",
    True,  # nobody's zone changed but by hand
)
"""What later versions added, as it is in rows that were stored before."""


@lru_cache(maxsize=1024)  # most members never change them
def _preferences(body: str) -> Preferences:
    nudges, days, start, end, *later = read(body)  # nothing more in rows of the first version
    told = [*later, *_FIRST[len(later) :]]
    where, around, library, groups, platform, school, own_zone = told
    return Preferences(
        nudges=Nudges(nudges),
        days=tuple(days),
        quiet=QuietHours(start=time.fromisoformat(start), end=time.fromisoformat(end)),
        where=Where(where),
        around=Around(before=around[0], after=around[1]),
        library=Library(
            mode=LibraryMode(library[0]), weekdays=tuple(library[1]), months=tuple(library[2])
        ),
        groups=tuple(groups),
        platform=platform,
        school=school,
        own_zone=own_zone,
    )
