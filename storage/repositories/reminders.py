"""What is due when, and how often members were reminded of what."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.errors import Conflict
from bot.domain.ids import Ids, MemberId, ReminderId
from bot.domain.reminders.schedule import Reminder, ReminderKind
from bot.usecases.reminders.ports import Reminders
from storage.mapping.reminders import occurrence_of, reminder_of
from storage.repositories.among import among
from storage.repositories.tenant import Tenant, here
from storage.tables import nudges, reminders, zone_rules

_ALL: Final = select(reminders).where(here(reminders))
_BY_ID: Final = _ALL.where(reminders.c.id == bindparam("reminder"))
_OF: Final = _ALL.where(
    reminders.c.kind == bindparam("kind"), reminders.c.subject == bindparam("subject")
)
_PLANNED: Final = _ALL.where(reminders.c.due_at.is_not(None)).order_by(reminders.c.id)
_RULES: Final = select(zone_rules.c.rules).where(here(zone_rules))
_INSERT_RULES: Final = insert(zone_rules)
_FOLLOW: Final = _INSERT_RULES.on_conflict_do_update(
    index_elements=[zone_rules.c.workspace], set_={"rules": _INSERT_RULES.excluded.rules}
)
_INSERT: Final = insert(reminders)
_PLAN: Final = _INSERT.on_conflict_do_update(
    index_elements=[reminders.c.workspace, reminders.c.kind, reminders.c.subject],
    set_={"due_at": _INSERT.excluded.due_at, "occurrence": _INSERT.excluded.occurrence},
)
_ADVANCE: Final = update(reminders).where(
    here(reminders),
    reminders.c.id == bindparam("of_id"),
    reminders.c.due_at.is_not_distinct_from(bindparam("of_due_at", type_=reminders.c.due_at.type)),
    reminders.c.occurrence == bindparam("of_occurrence"),
)
_HOLD: Final = (
    _ALL.where(among(reminders.c.id, "reminders"))
    .order_by(reminders.c.id)
    .with_for_update(skip_locked=True)
)
_NUDGED: Final = select(nudges.c.member, nudges.c.thing, nudges.c["count"].label("times")).where(
    here(nudges), among(nudges.c.member, "members")
)
_INSERT_NUDGE: Final = insert(nudges)
_COUNT: Final = _INSERT_NUDGE.on_conflict_do_update(
    index_elements=[nudges.c.workspace, nudges.c.member, nudges.c.thing],
    set_={"count": nudges.c["count"] + 1, "last_at": _INSERT_NUDGE.excluded.last_at},
)


class StoredReminders(Reminders):
    """The reminders of the tenant."""

    def __init__(self, tenant: Tenant, ids: Ids) -> None:
        self._tenant = tenant
        self._ids = ids
        self._held: dict[ReminderId, Reminder] = {}
        self._ahead: dict[MemberId, dict[str, int]] = {}

    def of(self, kind: ReminderKind, subject: str) -> Reminder | None:
        """Return the row, or None."""
        row = self._tenant.row(_OF, kind=kind.value, subject=subject)
        return None if row is None else reminder_of(row)

    def get(self, reminder: ReminderId) -> Reminder | None:
        """Return the row of that id, or None."""
        if reminder in self._held:
            return self._held[reminder]
        row = self._tenant.row(_BY_ID, reminder=reminder)
        return None if row is None else reminder_of(row)

    def hold(self, reminders: Iterable[ReminderId]) -> list[Reminder]:
        """Return the rows of those ids, by id, held for this transaction.

        On PostgreSQL without those that another transaction holds. On SQLite a writing
        transaction holds everything.
        """
        rows = self._tenant.rows(_HOLD, reminders=list(reminders))
        self._held = {row.id: reminder_of(row) for row in rows}
        return list(self._held.values())

    def plan(self, kind: ReminderKind, subject: str, due_at: datetime | None) -> None:
        """Insert or move the subject's next occurrence."""
        row = {
            "id": self._ids.new(),
            "kind": kind.value,
            "subject": subject,
            "due_at": due_at,
            "occurrence": occurrence_of(due_at),
        }
        self._held.clear()
        self._tenant.add(_PLAN, [row])

    def advance(self, seen: Reminder, due_at: datetime | None) -> bool:
        """Move it on if it still stands as ``seen``: the claim. False: somebody else has."""
        return self._tenant.change(_ADVANCE, self._move(seen, due_at)) == 1

    def advance_all(self, moves: Sequence[tuple[Reminder, datetime | None]]) -> None:
        """Move each on, all at once; ``errors.Conflict`` when one no longer stands as seen."""
        if self._tenant.change_all(_ADVANCE, [self._move(*one) for one in moves]) != len(moves):
            raise Conflict

    def _move(self, seen: Reminder, due_at: datetime | None) -> dict[str, Any]:
        self._tenant.expect_own(seen.workspace)
        self._held.pop(seen.id, None)
        return {
            "due_at": due_at,
            "occurrence": occurrence_of(due_at),
            "of_id": seen.id,
            "of_due_at": seen.due_at,
            "of_occurrence": seen.occurrence,
        }

    def planned(self) -> list[Reminder]:
        """Return every row with something planned, by id."""
        return [reminder_of(row) for row in self._tenant.rows(_PLANNED)]

    def zone_rules(self) -> str:
        """Return by which rules of time zones all of it was planned; empty: nobody knows."""
        row = self._tenant.row(_RULES)
        return "" if row is None else str(row.rules)

    def follow_zone_rules(self, rules: str) -> None:
        """Remember that all of it is planned by these rules."""
        self._tenant.add(_FOLLOW, [{"rules": rules}])

    def nudged(self, member: MemberId) -> Mapping[str, int]:
        """Return how often the member was reminded of each thing, by the thing's key."""
        found = self._ahead.get(member)
        return dict(self._nudged([member])[member] if found is None else found)

    def read_ahead(self, members: Sequence[MemberId]) -> None:
        """Ask now, and not again, how often each of the members was reminded of what."""
        self._ahead.update(self._nudged(members))

    def _nudged(self, members: Sequence[MemberId]) -> dict[MemberId, dict[str, int]]:
        found: dict[MemberId, dict[str, int]] = {member: {} for member in members}
        for row in self._tenant.rows(_NUDGED, members=members):
            found[row.member][row.thing] = row.times
        return found

    def count_nudges(self, things: Mapping[MemberId, Iterable[str]], at: datetime) -> None:
        """Count one more reminder for each of the things (once, if one is named twice)."""
        for member in things:
            self._ahead.pop(member, None)
        self._tenant.add(
            _COUNT,
            [
                {"member": member, "thing": thing, "count": 1, "last_at": at}
                for member, own in things.items()
                for thing in dict.fromkeys(own)
            ],
        )
