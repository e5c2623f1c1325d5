"""Rows that have lost their use, in all workspaces: found by walking, forgotten by key.

There is no index by age: it would make every act dearer to save a nightly walk some milliseconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Delete,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    or_,
    select,
)
from sqlalchemy import tuple_ as row_of

from bot.usecases.upkeep import Bygone, Key, Looked
from storage.repositories.outbox import EDITED, OVER
from storage.tables import drafts, inbox, outbox
from storage.types import Utc

_BEFORE: Final = bindparam("before", type_=Utc())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    """The statements of one table: the first rows, those after a key, and forgetting one."""

    columns: Sequence[Column[Any]]
    first: Select[Any]
    following: Select[Any]
    forget: Delete


def _walk(table: Table, old: ColumnElement[bool]) -> _Walk:
    columns = tuple(table.primary_key.columns)
    first = select(*columns, old.label("old")).order_by(*columns).limit(bindparam("most"))
    after = row_of(*(bindparam(f"after_{column.name}") for column in columns))
    each = (column == bindparam(f"of_{column.name}") for column in columns)
    return _Walk(
        columns=columns,
        first=first,
        following=first.where(row_of(*columns) > after),
        forget=delete(table).where(old, *each),
    )


# Alternatives, not IN: a statement that is run for many keys at once takes no lists.
# A message that is edited in place is found by its notice, however long ago that was sent.
_STANDS: Final = and_(
    or_(*(outbox.c.kind == kind.value for kind in EDITED)), outbox.c.sent_as.is_not(None)
)
_OVER: Final = or_(*(outbox.c.state == state for state in OVER))
_WALKS: Final = {
    Bygone.INBOX: _walk(inbox, inbox.c.at < _BEFORE),
    Bygone.DRAFTS: _walk(drafts, drafts.c.at < _BEFORE),
    Bygone.OUTBOX: _walk(outbox, and_(_OVER, outbox.c.due_at < _BEFORE, ~_STANDS)),
}


def look_through(
    connection: Connection, what: Bygone, before: datetime, after: Key | None, limit: int
) -> Looked:
    """Return which of the next ``limit`` rows lost their use before ``before`` (UTC)."""
    walk = _WALKS[what]
    query, facts = (
        (walk.first, {}) if after is None else (walk.following, _facts("after", walk, after))
    )
    rows = connection.execute(query, {**facts, "before": before, "most": limit}).all()
    keys = [tuple(row)[:-1] for row in rows]
    return Looked(
        old=[key for key, row in zip(keys, rows, strict=True) if row.old],
        last=keys[-1] if len(keys) == limit else None,
    )


def forget(connection: Connection, what: Bygone, before: datetime, keys: Sequence[Key]) -> int:
    """Delete those of the rows that are still of no use; return how many."""
    walk = _WALKS[what]
    rows = [{**_facts("of", walk, key), "before": before} for key in keys]
    return connection.execute(walk.forget, rows).rowcount if rows else 0


def _facts(name: str, walk: _Walk, key: Key) -> dict[str, Any]:
    return {f"{name}_{c.name}": value for c, value in zip(walk.columns, key, strict=True)}
