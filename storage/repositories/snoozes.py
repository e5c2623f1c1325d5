"""What members put off until later."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.ids import MemberId, PlanId
from bot.domain.reminders.snoozing import Hold, Snooze
from bot.usecases.reminders.ports import Snoozes
from storage.repositories.among import among
from storage.repositories.tenant import Tenant, here
from storage.tables import snoozes

_OF: Final = select(snoozes).where(here(snoozes), among(snoozes.c.member, "members"))
_ALL_HELD: Final = (
    select(snoozes)
    .where(here(snoozes), snoozes.c.until.is_(None))
    .order_by(snoozes.c.member, snoozes.c.thing)
)
_HELD: Final = _ALL_HELD.where(among(snoozes.c.plan, "plans"))
_HELD_IN_ONE: Final = _ALL_HELD.where(snoozes.c.plan == bindparam("plan"))
"""Asked at every act: an IN of any size is written out each time."""
_INSERT: Final = insert(snoozes)
_PUT: Final = _INSERT.on_conflict_do_update(
    index_elements=[snoozes.c.workspace, snoozes.c.member, snoozes.c.thing],
    set_={name: _INSERT.excluded[name] for name in ("plan", "step", "until")},
)
_DROP: Final = delete(snoozes).where(
    here(snoozes),
    snoozes.c.member == bindparam("of_member"),
    among(snoozes.c.thing, "of_things"),
)


class StoredSnoozes(Snoozes):
    """What the tenant's members put off."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._ahead: dict[MemberId, dict[str, Snooze]] = {}

    def of(self, member: MemberId) -> dict[str, Snooze]:
        """Return what the member put off, by the key of the thing."""
        found = self._ahead.get(member)
        return dict(self._of([member])[member] if found is None else found)

    def read_ahead(self, members: Sequence[MemberId]) -> None:
        """Ask now, and not again, what each of the members put off."""
        self._ahead.update(self._of(members))

    def held(self, plans: Iterable[PlanId]) -> list[Hold]:
        """Return what waits, in those plans, for another partner to act."""
        wanted = list(plans)
        if len(wanted) == 1:
            rows = self._tenant.rows(_HELD_IN_ONE, plan=wanted[0])
        else:
            rows = self._tenant.rows(_HELD, plans=wanted) if wanted else ()
        return [Hold(member=row.member, snooze=_snooze_of(row)) for row in rows]

    def put(self, member: MemberId, snoozes: Iterable[Snooze]) -> None:
        """Put things off, those put off already anew."""
        self._ahead.pop(member, None)
        self._tenant.add(
            _PUT,
            [
                {
                    "member": member,
                    "thing": one.key,
                    "plan": one.plan,
                    "step": one.step,
                    "until": one.until,
                }
                for one in snoozes
            ],
        )

    def drop(self, member: MemberId, keys: Iterable[str]) -> None:
        """Forget that the things of these keys were put off."""
        gone = list(keys)
        if gone:
            self._ahead.pop(member, None)
            self._tenant.change(_DROP, {"of_member": member, "of_things": gone})

    def _of(self, members: Sequence[MemberId]) -> dict[MemberId, dict[str, Snooze]]:
        found: dict[MemberId, dict[str, Snooze]] = {member: {} for member in members}
        for row in self._tenant.rows(_OF, members=members):
            found[row.member][row.thing] = _snooze_of(row)
        return found


def _snooze_of(row: Row[Any]) -> Snooze:
    return Snooze(key=row.thing, plan=row.plan, step=row.step, until=row.until)
