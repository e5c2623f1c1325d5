"""Drafts: bytes a member has not confirmed yet."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import MemberId
from bot.usecases.ports import Drafts
from storage.repositories.tenant import Tenant, here
from storage.tables import drafts

_GET: Final = select(drafts.c.content).where(
    here(drafts), drafts.c.member == bindparam("member"), drafts.c.kind == bindparam("kind")
)
_INSERT: Final = insert(drafts)
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

    def put(self, member: MemberId, kind: str, content: bytes) -> None:
        """Keep the member's draft of that kind, replacing an older one."""
        row = {"member": member, "kind": kind, "content": content, "at": self._now}
        self._tenant.add(_PUT, [row])

    def get(self, member: MemberId, kind: str) -> bytes | None:
        """Return it, or None."""
        row = self._tenant.row(_GET, member=member, kind=kind)
        return None if row is None else bytes(row.content)

    def drop(self, member: MemberId, kind: str) -> None:
        """Forget it."""
        self._tenant.change(_DROP, {"of_member": member, "of_kind": kind})
