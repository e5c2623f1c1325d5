import os
import sqlite3
import stat
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Conflict, Unavailable
from storage.engine import (
    BUSY_MILLISECONDS,
    checkpoint,
    make_reader,
    make_writer,
    passing,
    trouble,
)
from storage.types import Utc

DIALECTS = [sa.make_url(url).get_dialect()() for url in ("sqlite://", "postgresql://")]
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.tuples(st.integers(-(10**15), 10**17), ZONES).map(
    lambda drawn: (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=drawn[0])).astimezone(
        drawn[1]
    )
)


@given(INSTANTS, INSTANTS, st.sampled_from(DIALECTS))
def test_an_instant_comes_back_exactly_in_utc_and_sorts(
    one: datetime, other: datetime, dialect: sa.Dialect
) -> None:
    stored = [Utc().process_bind_param(instant, dialect) for instant in (one, other)]
    back = Utc().process_result_value(stored[0], dialect)
    assert back == one
    assert back is not None
    assert back.tzinfo is UTC
    assert stored[0] is not None
    assert stored[1] is not None
    assert (stored[0] < stored[1]) == (one < other)


def test_nothing_stays_nothing_and_naive_is_refused() -> None:
    assert Utc().process_bind_param(None, DIALECTS[0]) is None
    assert Utc().process_result_value(None, DIALECTS[0]) is None
    with pytest.raises(ValueError, match="naive"):
        Utc().process_bind_param(datetime(2027, 1, 1), DIALECTS[0])  # noqa: DTZ001


def test_instants_are_compared_by_the_database(tmp_path: Path) -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("at", Utc))
    engine = make_writer(f"sqlite:///{tmp_path}/x.db")
    noon = datetime(2027, 3, 1, 12, tzinfo=UTC)
    berlin = timezone(timedelta(hours=1))
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(
            sa.insert(table), [{"at": noon}, {"at": datetime.max.replace(tzinfo=UTC)}]
        )
        found = connection.scalars(
            sa.select(table.c.at).where(table.c.at < noon.astimezone(berlin))
        )
        assert found.all() == []
        found = connection.scalars(
            sa.select(table.c.at).where(table.c.at <= noon.astimezone(berlin))
        )
        assert found.all() == [noon]
        assert connection.scalar(sa.select(sa.func.min(table.c.at))) == noon
    engine.dispose()


def test_how_sqlite_is_opened(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        writer, reader = (make(f"sqlite:///{tmp_path}/x.db") for make in (make_writer, make_reader))
        with writer.begin() as connection:
            settings = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
            }
            connection.exec_driver_sql("CREATE TABLE t (a)")
        assert settings == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "secure_delete": 1,
        }
        with reader.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 2000
            with pytest.raises(sa.exc.OperationalError, match="readonly"):
                connection.exec_driver_sql("INSERT INTO t VALUES (1)")
        modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        assert modes == {0o600}
        assert len(list(tmp_path.iterdir())) == 3  # with -wal and -shm
    finally:
        os.umask(before)
    writer.dispose()
    reader.dispose()


def test_a_transaction_that_writes_takes_the_lock_at_once(tmp_path: Path) -> None:
    writer = make_writer(f"sqlite:///{tmp_path}/x.db")
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None, timeout=0)
    with writer.begin(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()
    writer.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://somewhere/x"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="Coplan"):
        make_writer(url)


def reason(error: BaseException) -> object:
    problem = trouble(error)
    assert isinstance(problem, Unavailable)
    return problem.facts["reason"]


def test_troubles_are_told_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("this is a text and no database " * 100)
    for name, words in {
        "text.db": "the database file is not a database",
        "nowhere/x.db": "the database file cannot be opened",
    }.items():
        engine = make_writer(f"sqlite:///{tmp_path}/{name}")
        with pytest.raises(sa.exc.DBAPIError) as caught, engine.connect():
            pass
        assert reason(caught.value) == words
        engine.dispose()


class ServerError(Exception):
    """What psycopg raises, as far as the door looks at it."""

    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate


def wrapped(sqlstate: str | None, *, invalidated: bool = False) -> sa.exc.DBAPIError:
    error = sa.exc.OperationalError("SELECT 1", {}, ServerError(sqlstate))
    error.connection_invalidated = invalidated
    return error


@pytest.mark.parametrize(
    ("sqlstate", "words"),
    [
        ("53100", "the database server's disk is full"),
        ("53300", "the database server has no room left"),
        ("57P01", "the database server is restarting"),
        ("40001", "too many others were saving at the same moment"),
        (
            None,
            "the database server cannot be reached, or knows no database and no login of that name",
        ),
    ],
)
def test_the_servers_troubles(sqlstate: str | None, words: str) -> None:
    assert reason(wrapped(sqlstate)) == words


def test_what_is_no_trouble_of_the_databases() -> None:
    assert trouble(LookupError()) is None
    assert trouble(Conflict()) is None
    assert trouble(wrapped("42P01")) is None  # a table that is not there
    assert reason(sa.exc.TimeoutError()) == "too many others were saving at the same moment"


def test_what_is_worth_repeating() -> None:
    assert passing(Conflict())
    assert passing(wrapped("40001"))
    assert passing(wrapped("40P01"))
    assert passing(wrapped("57P01", invalidated=True))
    assert not passing(wrapped("53100"))
    assert not passing(LookupError())


def test_whoever_is_still_at_work_holds_up_no_stop(tmp_path: Path) -> None:
    writer = make_writer(f"sqlite:///{tmp_path}/x.db")
    with writer.connect() as busy, busy.begin():
        busy.exec_driver_sql("CREATE TABLE t (x)")
        began = time.monotonic()
        checkpoint(writer)
        assert time.monotonic() - began < BUSY_MILLISECONDS / 1000, "nobody is waited for"
    checkpoint(writer)
    assert (tmp_path / "x.db-wal").stat().st_size == 0
    writer.dispose()
