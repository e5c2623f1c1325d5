"""What a database tells of itself, to whoever runs Coplan."""

from datetime import UTC, datetime

from sqlalchemy import URL, Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from storage.engine import begin, make_reader, trouble


def mode(url: str | URL) -> str:
    """Return how the database keeps what is written: SQLite's journal, PostgreSQL's version."""
    reader = make_reader(url)
    sqlite = reader.dialect.name == "sqlite"
    asked = "PRAGMA journal_mode" if sqlite else "SHOW server_version"
    try:
        with begin(reader) as connection:
            told = connection.exec_driver_sql(asked).scalar_one()
    finally:
        reader.dispose()
    return f"journal {told}" if sqlite else f"server {told}"


def clock_of(connection: Connection) -> datetime | None:
    """Return what the clock of the database's server shows (UTC); None for SQLite: it has none."""
    if connection.dialect.name == "sqlite":
        return None
    shown: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return shown.astimezone(UTC)


def server_time(url: str | URL) -> datetime | None:
    """Return what the clock of the database's server shows (UTC); None for SQLite: it has none.

    Raises ``Unavailable`` when it cannot be asked.
    """
    reader = make_reader(url)
    try:
        if reader.dialect.name == "sqlite":
            return None  # the file may not be there, or not be readable
        with begin(reader) as connection:
            return clock_of(connection)
    except SQLAlchemyError as error:
        raise trouble(error) or error from error
    finally:
        reader.dispose()
