"""Drafts: bytes a member has not confirmed yet."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import Conflict
from bot.domain.ids import MemberId
from bot.usecases.ports import Drafts
from storage.repositories.tenant import Tenant, here
from storage.tables import drafts

_GET: Final = select(drafts.c.content).where(
    here(drafts), drafts.c.member == bindparam("member"), drafts.c.kind == bindparam("kind")
)
_GET_LOCKED: Final = _GET.with_for_update()
_INSERT: Final = insert(drafts)
_ADD: Final = _INSERT.on_conflict_do_nothing()
_PUT: Final = _INSERT.on_conflict_do_update(
    index_elements=[drafts.c.workspace, drafts.c.member, drafts.c.kind],
    set_={"content": _INSERT.excluded.content, "at": _INSERT.excluded.at},
)
_DROP: Final = delete(drafts).where(
    here(drafts), drafts.c.member == bindparam("of_member"), drafts.c.kind == bindparam("of_kind")
)


class StoredDrafts(Drafts):
    """The drafts of the tenant's members; ``now`` is kept with each, so that old ones may go."""

    def __init__(self, tenant: Tenant, now: datetime) -> None:
        self._tenant = tenant
        self._now = now
        # What this unit found missing: it is built on that when it is put.
        self._missing: set[tuple[MemberId, str]] = set()

    def put(self, member: MemberId, kind: str, content: bytes) -> None:
        """Keep the member's draft of that kind, replacing an older one.

        Raises ``errors.Conflict`` when this unit found none, and another one has put one since.
        """
        row = {"member": member, "kind": kind, "content": content, "at": self._now}
        if (member, kind) not in self._missing:
            self._tenant.add(_PUT, [row])
        elif self._tenant.add_new(_ADD, [row]) != 1:
            raise Conflict
        self._missing.discard((member, kind))

    def get(self, member: MemberId, kind: str) -> bytes | None:
        """Return it, or None; locked for this transaction where the database has row locks.

        So two taps at once do not each build on the draft without the other.
        """
        query = _GET_LOCKED if self._tenant.may_lock() else _GET
        row = self._tenant.row(query, member=member, kind=kind)
        if row is None:
            self._missing.add((member, kind))
            return None
        return bytes(row.content)

    def drop(self, member: MemberId, kind: str) -> None:
        """Forget it."""
        self._tenant.change(_DROP, {"of_member": member, "of_kind": kind})
