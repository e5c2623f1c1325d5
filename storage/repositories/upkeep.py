"""When chores were done for the whole database."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, or_, select
from sqlalchemy.dialects.postgresql import insert

from bot.usecases.upkeep import Chore, Upkeep
from storage.repositories.tenant import Tenant, here
from storage.tables import upkeep

_LAST: Final = select(upkeep.c.at).where(here(upkeep), upkeep.c.chore == bindparam("chore"))
_INSERT: Final = insert(upkeep)
_KEY: Final = [upkeep.c.workspace, upkeep.c.chore]
_ANEW: Final = {"at": _INSERT.excluded.at}
_NOTE: Final = _INSERT.on_conflict_do_update(index_elements=_KEY, set_=_ANEW)
_CLAIM: Final = _INSERT.on_conflict_do_update(
    index_elements=_KEY,
    set_=_ANEW,
    where=or_(
        upkeep.c.at <= bindparam("latest", type_=upkeep.c.at.type),
        upkeep.c.at > bindparam("ahead", type_=upkeep.c.at.type),  # the clock was set back
    ),
)


class StoredUpkeep(Upkeep):
    """The chores of the tenant; the runtime's belong to the workspace without a name."""

    def __init__(self, tenant: Tenant, now: datetime) -> None:
        self._tenant = tenant
        self._now = now

    def claim(self, chore: Chore, every: timedelta) -> bool:
        """Note that it is done now, if that is ``every`` after the last time; else False."""
        row = {"chore": chore.value, "at": self._now}
        around = {"latest": self._now - every, "ahead": self._now + every}
        return self._tenant.add_new(_CLAIM, [{**row, **around}]) == 1

    def note(self, chore: Chore, at: datetime) -> None:
        """Note that it was done then (UTC)."""
        self._tenant.add(_NOTE, [{"chore": chore.value, "at": at}])

    def last(self, chore: Chore) -> datetime | None:
        """Return when it was last done (UTC), or None."""
        row = self._tenant.row(_LAST, chore=chore.value)
        return None if row is None else row.at
