"""The reminders that partnerships set up for themselves."""

from typing import Any, Final

from sqlalchemy import bindparam, insert, select, update

from bot.domain.errors import Conflict
from bot.domain.ids import PartnershipId, PlanId, RecurringId
from bot.domain.reminders.recurring import RecurringReminder
from bot.usecases.reminders.ports import RecurringReminders
from storage.mapping.recurring import recurring_of, recurring_row
from storage.repositories.tenant import Tenant, here
from storage.tables import recurring_reminders as table

_ALL: Final = select(table).where(here(table))
_BY_ID: Final = _ALL.where(table.c.id == bindparam("reminder"))
_BY_ID_LOCKED: Final = _BY_ID.with_for_update()
_ACTIVE: Final = _ALL.where(
    table.c.partnership == bindparam("partnership"), table.c.state == "active"
).order_by(table.c.created_at, table.c.id)
_INSERT: Final = insert(table)
_ONE: Final = update(table).where(here(table), table.c.id == bindparam("of_id"))
_SAVE: Final = _ONE.where(table.c.revision == bindparam("of_revision"))


class StoredRecurring(RecurringReminders):
    """The recurring reminders of the tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def get(self, reminder: RecurringId) -> RecurringReminder | None:
        """Return it, or None; locked for this transaction where the database has row locks."""
        query = _BY_ID_LOCKED if self._tenant.may_lock() else _BY_ID
        row = self._tenant.row(query, reminder=reminder)
        return None if row is None else recurring_of(row)

    def of_partnership(self, partnership: PartnershipId) -> list[RecurringReminder]:
        """Return those of the partnership that were not stopped, oldest first."""
        return [recurring_of(row) for row in self._tenant.rows(_ACTIVE, partnership=partnership)]

    def add(self, reminder: RecurringReminder) -> None:
        """Insert a new one."""
        self._tenant.expect_own(reminder.workspace)
        self._tenant.add(_INSERT, [recurring_row(reminder)])

    def save(self, reminder: RecurringReminder) -> None:
        """Replace the one whose revision is one less; ``Conflict`` when there is none such."""
        self._tenant.expect_own(reminder.workspace)
        facts: dict[str, Any] = recurring_row(reminder)
        facts |= {"of_id": facts.pop("id"), "of_revision": reminder.revision - 1}
        if self._tenant.change(_SAVE, facts) != 1:
            raise Conflict

    def move(self, reminder: RecurringId, partnership: PartnershipId, plan: PlanId) -> None:
        """Let it belong to another partnership, and another plan's log; nothing else changes."""
        facts = {"of_id": reminder, "partnership": partnership, "plan": plan}
        self._tenant.change(_ONE, facts)
