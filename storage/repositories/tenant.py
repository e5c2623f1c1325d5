"""A transaction that speaks for one workspace: the only way from a repository to the database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Insert, Row, Table, bindparam
from sqlalchemy.sql import Delete, Select, Update
from sqlalchemy.sql.dml import ReturningInsert

from bot.domain.ids import WorkspaceId

_PARAMETER: Final = "tenant"  # no column is called so: in an UPDATE it would be set instead


def here(table: Table) -> ColumnElement[bool]:
    """Return the criterion every statement but an INSERT needs: the tenant's own rows."""
    return table.c.workspace == bindparam(_PARAMETER)


def of_tenant(workspace: WorkspaceId) -> dict[str, Any]:
    """Return the parameter of ``here``: for statements that are run for several workspaces."""
    return {_PARAMETER: workspace}


@dataclass(frozen=True, slots=True)
class Tenant:
    """A connection in a transaction, and the workspace that is added to every statement.

    Statements are made once, when their module is loaded: SQLAlchemy then finds the SQL in its
    cache without taking the statement apart again.
    """

    connection: Connection
    workspace: WorkspaceId

    def rows(self, query: Select[Any], **facts: object) -> Sequence[Row[Any]]:
        """Return the rows of a query."""
        return self.connection.execute(query, {_PARAMETER: self.workspace, **facts}).all()

    def row(self, query: Select[Any], **facts: object) -> Row[Any] | None:
        """Return the first row of a query, or None."""
        return self.connection.execute(query, {_PARAMETER: self.workspace, **facts}).first()

    def change(self, statement: Update | Delete, facts: Mapping[str, Any]) -> int:
        """Run the statement and return how many rows it met."""
        return self.connection.execute(statement, {_PARAMETER: self.workspace, **facts}).rowcount

    def change_all(self, statement: Update, facts: Sequence[Mapping[str, Any]]) -> int:
        """Run the statement once for each of the facts, and return how many rows it met in all."""
        if not facts:
            return 0
        full = [{_PARAMETER: self.workspace, **one} for one in facts]
        return self.connection.execute(statement, full).rowcount

    def add(self, statement: Insert, rows: Iterable[Mapping[str, Any]]) -> None:
        """Insert the rows."""
        if full := self._full(rows):
            self.connection.execute(statement, full)

    def add_new(self, statement: Insert, rows: Iterable[Mapping[str, Any]]) -> int:
        """Insert the rows and return how many of them were not there yet."""
        full = self._full(rows)
        if not full:
            return 0
        # SQLAlchemy keeps an INSERT's count only when asked to.
        counted = {"preserve_rowcount": True}
        return self.connection.execute(statement, full, execution_options=counted).rowcount

    def add_returning(
        self, statement: ReturningInsert[Any], rows: Iterable[Mapping[str, Any]]
    ) -> Sequence[Row[Any]]:
        """Insert the rows and return what the statement returns of those that were added."""
        full = self._full(rows)
        return self.connection.execute(statement, full).all() if full else ()

    def _full(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [{**row, "workspace": self.workspace} for row in rows]

    def expect_own(self, workspace: WorkspaceId) -> None:
        """Raise ValueError for another workspace's aggregate: a mistake of the program's."""
        if workspace != self.workspace:
            raise ValueError("that belongs to another workspace")

    def may_lock(self) -> bool:
        """Tell whether rows can be locked; PostgreSQL refuses that in a read-only transaction.

        SQLite has no row locks and needs none: a writing transaction is the only one. Asked once
        a connection, which is for reading or for writing all its life (storage/engine.py).
        """
        if self.connection.dialect.name == "sqlite":
            return False
        known = self.connection.info
        if "may_lock" not in known:
            shown = self.connection.exec_driver_sql("SHOW transaction_read_only").scalar_one()
            known["may_lock"] = shown == "off"
        return bool(known["may_lock"])
