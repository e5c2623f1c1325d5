"""When members are away, and who stands in for them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import Conflict
from bot.domain.ids import MemberId
from bot.domain.timetable.absences import Absence, Absences
from bot.usecases.reminders.ports import Absent
from storage.repositories.among import among
from storage.repositories.tenant import Tenant, here
from storage.tables import absences

_ALL: Final = select(absences).where(here(absences)).order_by(absences.c.first, absences.c.last)
_OF: Final = _ALL.where(among(absences.c.member, "members"))
_COVERED: Final = _ALL.where(among(absences.c.stand_in, "stand_ins"), absences.c.passes)
_DROP: Final = delete(absences).where(
    here(absences),
    absences.c.member == bindparam("of_member"),
    absences.c.first == bindparam("of_first"),
    absences.c.last == bindparam("of_last"),
    absences.c.told == bindparam("of_told"),
)
_ADD: Final = insert(absences)


class StoredAbsent(Absent):
    """The absences of the tenant's members."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._ahead: dict[MemberId, Absences] = {}
        self._covered_ahead: dict[MemberId, dict[MemberId, Absences]] = {}

    def of(self, members: Iterable[MemberId]) -> dict[MemberId, Absences]:
        """Return the absences of those members by their first day; who has none is left out."""
        wanted, known = list(dict.fromkeys(members)), self._ahead
        if missing := [member for member in wanted if member not in known]:
            known = {**known, **self._of(missing)}
        return {member: known[member] for member in wanted if known[member]}

    def covered_by(self, stand_in: MemberId) -> dict[MemberId, Absences]:
        """Return the absences, by whose they are, in which things pass to this stand-in."""
        known = self._covered_ahead.get(stand_in)
        return dict(self._covered([stand_in])[stand_in] if known is None else known)

    def read_ahead(self, members: Sequence[MemberId]) -> None:
        """Ask now, and not again, when each of the members is away, and for whom they stand in."""
        self._ahead.update(self._of(members))
        self._covered_ahead.update(self._covered(members))

    def replace(self, member: MemberId, seen: Absences, absences: Absences) -> None:
        """Let ``absences`` take the place of those ``seen``; ``errors.Conflict`` as the port says.

        What both hold is left alone, so that two units at once meet only where they differ.
        """
        self._ahead.pop(member, None)
        self._covered_ahead.clear()
        for gone in set(seen) - set(absences):
            of = {"of_first": gone.first, "of_last": gone.last, "of_told": gone.told}
            if self._tenant.change(_DROP, {"of_member": member, **of}) != 1:
                raise Conflict
        new = [_row(member, one) for one in absences if one not in seen]
        try:
            self._tenant.add(_ADD, new)
        except IntegrityError as error:
            raise Conflict from error

    def _of(self, members: Sequence[MemberId]) -> dict[MemberId, Absences]:
        found = _by_member(self._tenant.rows(_OF, members=members))
        return {**dict.fromkeys(members, ()), **found}

    def _covered(self, stand_ins: Sequence[MemberId]) -> dict[MemberId, dict[MemberId, Absences]]:
        theirs: dict[MemberId, list[Row[Any]]] = {one: [] for one in stand_ins}
        for row in self._tenant.rows(_COVERED, stand_ins=stand_ins):
            theirs[row.stand_in].append(row)
        return {one: _by_member(rows) for one, rows in theirs.items()}


def _by_member(rows: Sequence[Row[Any]]) -> dict[MemberId, Absences]:
    found: dict[MemberId, list[Absence]] = defaultdict(list)
    for row in rows:
        found[row.member].append(
            Absence(
                first=row.first,
                last=row.last,
                stand_in=row.stand_in,
                passes=row.passes,
                told=row.told,
            )
        )
    return {member: tuple(own) for member, own in found.items()}


def _row(member: MemberId, absence: Absence) -> dict[str, object]:
    return {
        "member": member,
        "first": absence.first,
        "last": absence.last,
        "stand_in": absence.stand_in,
        "passes": absence.passes,
        "told": absence.told,
    }
