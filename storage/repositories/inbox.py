"""The inbox: deliveries that have taken effect."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from bot.usecases.reminders.ports import Inbox
from storage.repositories.tenant import Tenant, here
from storage.tables import inbox

_FIRST: Final = insert(inbox).on_conflict_do_nothing()
_SEEN: Final = select(inbox.c.at).where(here(inbox), inbox.c.key == bindparam("key"))


class StoredInbox(Inbox):
    """What was delivered to the tenant; ``now`` is kept with each, so that old ones may go."""

    def __init__(self, tenant: Tenant, now: datetime) -> None:
        self._tenant = tenant
        self._now = now

    def first(self, key: str) -> bool:
        """Remember the delivery; False when it has been here before. Empty keys are always new."""
        return not key or self._tenant.add_new(_FIRST, [{"key": key, "at": self._now}]) == 1

    def seen(self, key: str) -> bool:
        """Tell whether the delivery has been here."""
        return self._tenant.row(_SEEN, key=key) is not None
