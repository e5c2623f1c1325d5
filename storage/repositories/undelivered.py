"""What could not be delivered, for each person it concerns."""

from typing import Any, Final

from sqlalchemy import Boolean, Row, bindparam, case, delete, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import MemberId
from bot.domain.reminders.notices import NoticeKind
from bot.domain.reminders.undelivered import MADE_UP_FOR, Cause, Undelivered
from bot.usecases.reminders.ports import Undeliverable
from storage.repositories.among import one_of
from storage.repositories.tenant import Tenant, here
from storage.tables import undelivered

_INSERT: Final = insert(undelivered)
# What is known to be deleted is found to be gone, again and again.
_SAME: Final = or_(
    undelivered.c.cause == _INSERT.excluded.cause,
    (undelivered.c.cause == Cause.DELETED.value) & (_INSERT.excluded.cause == Cause.GONE.value),
)
_MADE_UP: Final = one_of(undelivered.c.kind, sorted(MADE_UP_FOR))
# What is lost for good is what people are told of, whatever else failed before or after it. Nothing
# was lost when somebody left, and what was told of another cause is over.
_REPLACED: Final = (
    _MADE_UP | (undelivered.c.cause == Cause.LEFT.value) | (undelivered.c.told & ~_SAME)
)
_NOTE: Final = _INSERT.on_conflict_do_update(
    index_elements=[undelivered.c.workspace, undelivered.c.member, undelivered.c.about],
    set_={
        "kind": case((_REPLACED, _INSERT.excluded.kind), else_=undelivered.c.kind),
        "cause": case((_SAME, undelivered.c.cause), else_=_INSERT.excluded.cause),
        "at": case((_SAME, undelivered.c.at), else_=_INSERT.excluded.at),
        "count": case((_SAME, undelivered.c.count + 1), else_=1),
        "told": undelivered.c.told & _SAME,
        "mended": _INSERT.excluded.mended,
    },
)
_UNTOLD: Final = (
    here(undelivered),
    undelivered.c.member == bindparam("of_member"),
    ~undelivered.c.told,
)
_LEFT: Final = (
    select(undelivered.c.at)
    .where(
        here(undelivered),
        undelivered.c.member == bindparam("of_member"),
        undelivered.c.about == "",
        undelivered.c.cause == Cause.LEFT.value,
        or_(~undelivered.c.mended, bindparam("somewhere", type_=Boolean())),
    )
    .limit(1)
)
_WAITS: Final = select(undelivered.c.about).where(*_UNTOLD).limit(1)
_CAUSES: Final = (
    select(undelivered.c.cause)
    .distinct()
    .where(here(undelivered), undelivered.c.about == bindparam("of_about"), ~undelivered.c.mended)
)
_READ: Final = select(undelivered).where(*_UNTOLD).order_by(undelivered.c.at, undelivered.c.about)
_TELL: Final = update(undelivered).where(*_UNTOLD, undelivered.c.at == bindparam("of_at"))
_TOLD: Final = _TELL.where(undelivered.c.about == bindparam("of_about")).values(told=True)
_FORGET: Final = delete(undelivered).where(
    here(undelivered),
    undelivered.c.member == bindparam("of_member"),
    undelivered.c.told,
    undelivered.c.mended,
)
_GONE: Final = (undelivered.c.cause == Cause.LEFT) & (undelivered.c.about != "")
_THESE: Final = (
    here(undelivered),
    ~_GONE,  # whoever has left does not come back because the plan's channel works
    undelivered.c.about == bindparam("of_about"),
    or_(bindparam("everybody", type_=Boolean()), undelivered.c.member == bindparam("of_member")),
)
_OVER: Final = delete(undelivered).where(*_THESE, or_(undelivered.c.told, _MADE_UP))
_MENDED: Final = update(undelivered).where(*_THESE, ~undelivered.c.told).values(mended=true())


class StoredUndelivered(Undeliverable):
    """What the tenant's members were not reached with."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def note(self, undelivered: Undelivered) -> None:
        """Add it. While the same cause persists it is only counted: it is told once."""
        row = {
            "member": undelivered.member,
            "about": undelivered.about,
            "kind": undelivered.kind.value,
            "cause": undelivered.cause.value,
            "at": undelivered.at,
            "count": undelivered.count,
            "told": False,
            "mended": undelivered.mended,
        }
        self._tenant.add(_NOTE, [row])

    def waits(self, member: MemberId) -> bool:
        """Tell whether the member is to be told anything."""
        return self._tenant.row(_WAITS, of_member=member) is not None

    def left(self, member: MemberId, *, somewhere: bool = False) -> bool:
        """Tell whether the member is no longer in the chat; see ``Undeliverable``."""
        return self._tenant.row(_LEFT, of_member=member, somewhere=somewhere) is not None

    def causes(self, about: str) -> frozenset[Cause]:
        """Return why it cannot be shown to all whom it concerns, as far as is known."""
        return frozenset(Cause(row.cause) for row in self._tenant.rows(_CAUSES, of_about=about))

    def untold(self, member: MemberId) -> list[Undelivered]:
        """Return what the member was not told yet, the oldest first."""
        return [_undelivered(row) for row in self._tenant.rows(_READ, of_member=member)]

    def tell(self, member: MemberId, about: str | None = None) -> list[Undelivered]:
        """Return what the member was not told yet, and is from now on; see ``Undeliverable``."""
        told = [
            _undelivered(row)
            for row in self._tenant.rows(_READ, of_member=member)
            if about in {None, row.about} and self._told(member, row)
        ]
        if any(one.mended for one in told):
            self._tenant.change(_FORGET, {"of_member": member})
        return told

    def mended(self, about: str, member: MemberId | None) -> None:
        """Deliveries about it work again (to the member, where ``about`` is empty)."""
        facts = {"of_about": about, "of_member": member or "", "everybody": member is None}
        self._tenant.change(_OVER, facts)
        self._tenant.change(_MENDED, facts)

    def _told(self, member: MemberId, row: Row[Any]) -> bool:
        """Mark it; False: another unit has told it meanwhile."""
        facts = {"of_member": member, "of_about": row.about, "of_at": row.at}
        return self._tenant.change(_TOLD, facts) == 1


def _undelivered(row: Row[Any]) -> Undelivered:
    return Undelivered(
        member=row.member,
        about=row.about,
        kind=NoticeKind(row.kind),
        cause=Cause(row.cause),
        at=row.at,
        count=row._mapping["count"],  # noqa: SLF001 - Row.count is the tuple's own method
        mended=row.mended,
    )
