"""What the tables have in common: the one type for instants, and the names of constraints."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import BigInteger
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeDecorator

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""For ``MetaData(naming_convention=NAMING)``: SQLite changes a constraint only by its name."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def microseconds(at: datetime) -> int:
    """Return the whole microseconds since 1970-01-01T00:00Z; ``ValueError`` for a naive one."""
    if at.tzinfo is None:
        raise ValueError("a naive datetime has no place in the database")
    return (at - _EPOCH) // _MICROSECOND


class Utc(TypeDecorator[datetime]):
    """An instant: aware in (any zone), aware in UTC out; exact to the microsecond.

    Stored as whole microseconds since 1970-01-01T00:00Z in a BIGINT on every database. SQLite has
    no type for instants, and its texts compare rightly only while all are written alike; integers
    compare, sort and index as they are, in 8 bytes, and no session time zone can bend them.

    A naive datetime raises ``ValueError`` (where Core executes, it comes as ``StatementError``).
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return the microseconds since the epoch; before 1970 they are negative."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the instant in UTC."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)
