"""The contribution log: appended to, read, never changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.contributions.acts import Entry
from bot.domain.errors import Conflict
from bot.domain.ids import PlanId
from bot.usecases.ports import Log
from storage.mapping.entries import entry_of, entry_row
from storage.repositories.among import among
from storage.repositories.tenant import Tenant, here
from storage.tables import contributions

_APPEND: Final = insert(contributions).on_conflict_do_nothing()
_ALL: Final = select(contributions).where(here(contributions))
_OF_PLAN: Final = _ALL.where(contributions.c.plan == bindparam("plan"))
_OF_STEP: Final = _OF_PLAN.where(contributions.c.step == bindparam("step"))
_OF_FIELD: Final = _OF_PLAN.where(contributions.c.field == bindparam("field"))
_OF_STEP_AND_FIELD: Final = _OF_STEP.where(contributions.c.field == bindparam("field"))
_NEWEST: Final = contributions.c.number.desc()
_QUERIES: Final = {
    (False, False): _OF_PLAN.order_by(_NEWEST),
    (True, False): _OF_STEP.order_by(_NEWEST),
    (False, True): _OF_FIELD.order_by(_NEWEST),
    (True, True): _OF_STEP_AND_FIELD.order_by(_NEWEST),
}
_SOME: Final = {asked: query.limit(bindparam("newest")) for asked, query in _QUERIES.items()}
_ENTRY: Final = _OF_PLAN.where(contributions.c.number == bindparam("number"))
_SINCE: Final = _ALL.where(
    among(contributions.c.plan, "plans"), contributions.c.at >= bindparam("at")
).order_by(contributions.c.at, contributions.c.plan, contributions.c.number)


class StoredLog(Log):
    """The contribution logs of the tenant's plans."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def append(self, entries: Sequence[Entry]) -> None:
        """Add entries; a number that is taken is a Conflict."""
        if self._tenant.add_new(_APPEND, map(entry_row, entries)) != len(entries):
            raise Conflict

    def of_plan(
        self, plan: PlanId, *, step: str = "", field: str = "", newest: int = 0
    ) -> list[Entry]:
        """Return the entries, oldest first: all, of a step, of a field, or the newest few.

        ``newest`` counts within the step or field, if one is named.
        """
        asked = bool(step), bool(field)
        facts: dict[str, object] = {"plan": plan, "step": step, "field": field}
        if newest:
            rows = self._tenant.rows(_SOME[asked], **facts, newest=newest)
        else:
            rows = self._tenant.rows(_QUERIES[asked], **facts)
        return [entry_of(row) for row in reversed(rows)]

    def entry(self, plan: PlanId, number: int) -> Entry | None:
        """Return one entry, or None."""
        row = self._tenant.row(_ENTRY, plan=plan, number=number)
        return None if row is None else entry_of(row)

    def since(self, plans: Iterable[PlanId], at: datetime) -> list[Entry]:
        """Return the entries of those plans from ``at`` (UTC) on, oldest first."""
        wanted = list(plans)
        rows = self._tenant.rows(_SINCE, plans=wanted, at=at) if wanted else []
        return [entry_of(row) for row in rows]
