"""Columns, keys and tables as ``storage/tables.py`` writes them: the workspace first."""

from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy import text as sql
from sqlalchemy.types import TypeEngine

from storage.types import NAMING, Utc

metadata: Final = MetaData(naming_convention=NAMING)


def key(name: str, kind: type[TypeEngine[Any]] = Text) -> Column[Any]:
    """Return a part of the primary key."""
    return Column(name, kind, primary_key=True)


def text(name: str) -> Column[str]:
    """Return a text that is always there, maybe empty."""
    return Column(name, Text, nullable=False)


def maybe(name: str) -> Column[str]:
    """Return a text that may be missing."""
    return Column(name, Text, nullable=True)


def number(name: str) -> Column[int]:
    """Return a whole number."""
    return Column(name, Integer, nullable=False)


def flag(name: str) -> Column[bool]:
    """Return a yes or no."""
    return Column(name, Boolean, nullable=False)


def off(name: str) -> Column[bool]:
    """Return a yes or no, of a row that stood before there was such a thing: no."""
    return Column(name, Boolean, nullable=False, server_default=false())


def content() -> Column[bytes]:
    """Return the bytes of a file."""
    return Column("content", LargeBinary, nullable=False)


def at(name: str) -> Column[Any]:
    """Return an instant (UTC)."""
    return Column(name, Utc, nullable=False)


def revision() -> Column[int]:
    """Return the count of saves, of a row that stood before there was a count: 1."""
    return Column("revision", Integer, nullable=False, server_default=sql("1"))


def of_plan() -> ForeignKeyConstraint:
    """Return that the row is a part of its plan."""
    return ForeignKeyConstraint(["workspace", "plan"], ["plans.workspace", "plans.id"])


def table(name: str, *parts: Column[Any] | ForeignKeyConstraint | UniqueConstraint) -> Table:
    """Return a table whose key begins with the workspace."""
    return Table(name, metadata, key("workspace"), *parts)


def narrow(name: str, *parts: Column[Any] | ForeignKeyConstraint) -> Table:
    """Return a table whose rows lie in its primary key: one tree to write instead of two.

    For short rows, and rows that are read by a leading part of the key; on SQLite only.
    """
    return Table(name, metadata, key("workspace"), *parts, sqlite_with_rowid=False)


def only(index: str, *columns: Column[Any], where: str) -> None:
    """Add an index of the rows for which ``where`` (SQL) holds."""
    Index(index, *columns, sqlite_where=sql(where), postgresql_where=sql(where))
