"""Partnerships and their members."""

from typing import Any, Final

from sqlalchemy import and_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import MemberId, PartnershipId
from bot.domain.places import Place
from bot.domain.planning.partnership import Partnership
from bot.usecases.ports import Partnerships
from storage.mapping.partnerships import member_rows, partnership_row, partnerships_of
from storage.repositories.tenant import Tenant, here
from storage.tables import partnership_members, partnerships

_ALL: Final = (
    select(partnerships, partnership_members.c.member)
    .select_from(
        partnerships.outerjoin(
            partnership_members,
            and_(
                partnership_members.c.workspace == partnerships.c.workspace,
                partnership_members.c.partnership == partnerships.c.id,
            ),
        )
    )
    .where(here(partnerships))
    .order_by(partnerships.c.id, partnership_members.c.position)
)
_BY_ID: Final = _ALL.where(partnerships.c.id == bindparam("partnership"))
_LOCK: Final = (
    select(partnerships.c.id)
    .where(here(partnerships), partnerships.c.id == bindparam("partnership"))
    .with_for_update()
)
_AT: Final = _ALL.where(
    partnerships.c.platform == bindparam("platform"),
    partnerships.c.channel == bindparam("channel"),
)
_OF_MEMBER: Final = _ALL.where(
    partnerships.c.id.in_(
        select(partnership_members.c.partnership)
        .where(here(partnership_members), partnership_members.c.member == bindparam("member"))
        .correlate(None)
    )
)
_INSERT: Final = insert(partnerships)
_SAVE: Final = _INSERT.on_conflict_do_update(
    index_elements=[partnerships.c.workspace, partnerships.c.id],
    set_={
        name: _INSERT.excluded[name]
        for name in partnerships.c.keys()  # noqa: SIM118 - a collection of columns is no dict
        if name not in {"workspace", "id"}
    },
)
_FORGET_MEMBERS: Final = delete(partnership_members).where(
    here(partnership_members), partnership_members.c.partnership == bindparam("of_partnership")
)
_ADD_MEMBERS: Final = insert(partnership_members)


class StoredPartnerships(Partnerships):
    """The partnerships of the tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def get(self, partnership: PartnershipId) -> Partnership | None:
        """Return it, or None; locked for this transaction where the database has row locks.

        First locked and then read: a statement that waits for a lock sees the other rows as they
        were before it waited.
        """
        if self._tenant.may_lock():
            self._tenant.row(_LOCK, partnership=partnership)
        found = partnerships_of(self._tenant.rows(_BY_ID, partnership=partnership))
        return found[0] if found else None

    def at(self, place: Place) -> list[Partnership]:
        """Return those whose channel that is, or in whose channel that thread is, oldest first."""
        facts: dict[str, Any] = {"platform": place.platform, "channel": place.channel}
        return partnerships_of(self._tenant.rows(_AT, **facts))

    def of_member(self, member: MemberId) -> list[Partnership]:
        """Return those the member belongs to, oldest first."""
        return partnerships_of(self._tenant.rows(_OF_MEMBER, member=member))

    def save(self, partnership: Partnership) -> None:
        """Insert or replace it."""
        self._tenant.expect_own(partnership.workspace)
        self._tenant.add(_SAVE, [partnership_row(partnership)])
        self._tenant.change(_FORGET_MEMBERS, {"of_partnership": partnership.id})
        self._tenant.add(_ADD_MEMBERS, member_rows(partnership))
