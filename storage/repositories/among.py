"""Criteria with lists, for which the SQL stays the same whatever is in them.

SQLAlchemy writes an ordinary ``IN`` out anew for each execution, which costs more than to run it.
"""

from collections.abc import Iterable
from json.encoder import encode_basestring
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, bindparam, literal_column
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean, TypeDecorator, TypeEngine


class _Texts(TypeDecorator[list[str]]):
    """Texts in one parameter: a JSON array on SQLite, an array on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of the parameter in that database."""
        texts: TypeEngine[Any] = Text() if dialect.name == "sqlite" else ARRAY(Text)
        return dialect.type_descriptor(texts)

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:  # noqa: ANN401 - as the driver wants it
        """Return the texts as the database's driver takes them."""
        texts = list(value or ())
        if dialect.name != "sqlite":
            return texts
        return f"[{','.join(map(encode_basestring, texts))}]"


_TEXTS: Final = _Texts()


class _Among(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: object = None) -> "_Among":  # noqa: ARG002 - SQLAlchemy's own
        """Return itself: it is a criterion already, and ``= 1`` after it would cost its index."""
        return self


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return the criterion that the column is one of the texts of the parameter ``name``."""
    return _Among(column, bindparam(name, type_=_TEXTS))


def one_of(column: ColumnElement[Any], texts: Iterable[str]) -> ColumnElement[bool]:
    """Return the criterion that the column is one of texts that are always the same."""
    return column.in_([literal_column(f"'{text}'") for text in texts])


@compiles(_Among)
def _of_array(element: _Among, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    column, texts = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} = ANY ({texts})"


@compiles(_Among, "sqlite")
def _of_json(element: _Among, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401
    column, texts = (compiler.process(part, **how) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({texts}))"  # noqa: S608 - a parameter
