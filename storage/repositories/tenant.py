"""A transaction that speaks for one workspace: the only way from a repository to the database."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Insert, Row, Table, bindparam
from sqlalchemy.sql import Delete, Select, Update

from bot.domain.ids import WorkspaceId
from storage.statements import Statements, Transaction

_PARAMETER: Final = "tenant"  # no column is called so: in an UPDATE it would be set instead


def here(table: Table) -> ColumnElement[bool]:
    """Return the criterion every statement but an INSERT needs: the tenant's own rows."""
    return table.c.workspace == bindparam(_PARAMETER)


def of_tenant(workspace: WorkspaceId) -> dict[str, Any]:
    """Return the parameter of ``here``: for statements that are run for several workspaces."""
    return {_PARAMETER: workspace}


class Tenant:
    """A connection in a transaction, and the workspace that is added to every statement.

    Statements are made once, when their module is loaded (storage/statements.py).
    """

    __slots__ = ("connection", "transaction", "workspace")

    def __init__(
        self, connection: Connection, workspace: WorkspaceId, statements: Statements
    ) -> None:
        self.connection = connection
        self.workspace = workspace
        self.transaction = Transaction(connection, statements)

    def rows(self, query: Select[Any], **facts: object) -> Sequence[Row[Any]]:
        """Return the rows of a query."""
        return self.transaction.rows(query, {_PARAMETER: self.workspace, **facts})

    def row(self, query: Select[Any], **facts: object) -> Row[Any] | None:
        """Return the first row of a query, or None."""
        return self.transaction.row(query, {_PARAMETER: self.workspace, **facts})

    def change(self, statement: Update | Delete, facts: Mapping[str, Any]) -> int:
        """Run the statement and return how many rows it met."""
        return self.transaction.change(statement, {_PARAMETER: self.workspace, **facts})

    def change_all(self, statement: Update, facts: Sequence[Mapping[str, Any]]) -> int:
        """Run the statement once for each of the facts, and return how many rows it met in all."""
        full = [{_PARAMETER: self.workspace, **one} for one in facts]
        return self.transaction.change_all(statement, full)

    def add(self, statement: Insert, rows: Iterable[Mapping[str, Any]]) -> None:
        """Insert the rows."""
        self.add_new(statement, rows)

    def add_new(self, statement: Insert, rows: Iterable[Mapping[str, Any]]) -> int:
        """Insert the rows and return how many of them were not there yet."""
        full = [{**row, "workspace": self.workspace} for row in rows]
        return self.transaction.change_all(statement, full)

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
