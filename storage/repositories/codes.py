"""One-time codes, by their hashes."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from bot.usecases.linking import LinkCode, LinkCodes
from storage.repositories.tenant import Tenant, here
from storage.tables import link_codes

_GET: Final = select(link_codes).where(here(link_codes), link_codes.c.hash == bindparam("hashed"))
_GET_LOCKED: Final = _GET.with_for_update()
_ADD: Final = insert(link_codes)
_OVER: Final = delete(link_codes).where(
    here(link_codes),
    or_(
        link_codes.c.until < bindparam("now", type_=link_codes.c.until.type),
        link_codes.c.member == bindparam("of_member"),
    ),
)
_DROP: Final = delete(link_codes).where(here(link_codes), link_codes.c.hash == bindparam("hashed"))


class StoredLinkCodes(LinkCodes):
    """The codes of the tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def put(self, code: LinkCode, now: datetime) -> None:
        """Keep a code, its member's only one; those that ended before ``now`` are forgotten."""
        self._tenant.change(_OVER, {"now": now, "of_member": code.member})
        row = {"hash": code.hash, "member": code.member, "plan": code.plan, "until": code.until}
        self._tenant.add(_ADD, [row])

    def get(self, hashed: str) -> LinkCode | None:
        """Return the code of that hash, or None; locked where the database has row locks.

        So of two who use it at once, the second finds it gone.
        """
        row = self._tenant.row(_GET_LOCKED if self._tenant.may_lock() else _GET, hashed=hashed)
        return row and LinkCode(hash=row.hash, member=row.member, plan=row.plan, until=row.until)

    def drop(self, hashed: str) -> None:
        """Forget it: it was used."""
        self._tenant.change(_DROP, {"hashed": hashed})
