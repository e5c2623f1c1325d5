"""Statements that are run without Core do what Core does with them."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.elements import BindParameter

from storage import repositories
from storage.engine import passing
from storage.statements import Statements, Transaction
from storage.tables import absences, nudges
from storage.types import Utc
from tests.storage.test_repositories import BOTH, HERE, NOON, Store, opened

DAY = date(2026, 11, 3)
AWAY = {
    "workspace": HERE,
    "member": "ana",
    "first": DAY,
    "last": DAY,
    "stand_in": None,
    "passes": True,
    "told": "",
}
NUDGE = {"workspace": HERE, "member": "ana", "thing": "t", "count": 1, "last_at": NOON}
ADD_AWAY = sa.insert(absences)
ADD_NUDGE = sa.insert(nudges)
NEW_NUDGE = insert(nudges).on_conflict_do_nothing()
COUNTED = (
    sa.update(nudges)
    .where(nudges.c.workspace == HERE, nudges.c.thing == sa.bindparam("of_thing"))
    .values(count=nudges.c.count + 1)
)
TAKEN = COUNTED.returning(nudges)
FORGOTTEN = sa.delete(nudges).where(nudges.c.member == sa.bindparam("of_member"))
NUDGES = sa.select(nudges).where(nudges.c.member == sa.bindparam("of")).order_by(nudges.c.thing)
FIRST = NUDGES.where(nudges.c.count == 1).limit(1)
DUMMIES: dict[type[Any], Any] = {sa.Text: "x", sa.Integer: 1, Utc: NOON, sa.Boolean: True}
LIMITS = {"most": 1, "newest": 1}


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


def a_transaction(connection: sa.Connection) -> tuple[Transaction, Statements]:
    statements: Statements = {}
    return Transaction(connection, statements), statements


def test_rows_are_those_that_core_returns(store: Store) -> None:
    with store.writer.begin() as connection:
        connection.execute(ADD_AWAY, AWAY)
        connection.execute(ADD_NUDGE, [NUDGE, {**NUDGE, "thing": "u"}])
        ours, statements = a_transaction(connection)
        for query, facts in ((sa.select(absences), {}), (NUDGES, {"of": "ana"}), (FIRST, NUDGE)):
            given = {**facts, "of": "ana"}
            core = connection.execute(query, given).all()
            rows = ours.rows(query, given)
            assert rows == core
            assert [row._asdict() for row in rows] == [row._asdict() for row in core]
            assert [list(map(type, row)) for row in rows] == [list(map(type, row)) for row in core]
            assert ours.row(query, given) == core[0]
            assert ours.row(query, given) == core[0]  # and what was prepared serves again
        assert ours.rows(NUDGES, {"of": "nobody"}) == []
        assert ours.row(NUDGES, {"of": "nobody"}) is None
    assert len(statements) == 3
    assert None not in statements.values()


def test_what_is_changed_is_returned_as_core_returns_it(store: Store) -> None:
    with store.writer.begin() as connection:
        connection.execute(ADD_NUDGE, NUDGE)
        ours, statements = a_transaction(connection)
        for times in (1, 3):
            core = connection.execute(TAKEN, {"of_thing": "t"}).one()
            (row,) = ours.rows(TAKEN, {"of_thing": "t"})
            assert core._asdict() == {**NUDGE, "count": times + 1}
            assert row._asdict() == {**NUDGE, "count": times + 2}
        assert ours.rows(TAKEN, {"of_thing": "none"}) == []
    assert None not in statements.values()


def test_what_is_changed_is_counted(store: Store) -> None:
    with store.writer.begin() as connection:
        ours, statements = a_transaction(connection)
        assert ours.change(NEW_NUDGE, NUDGE) == 1
        assert ours.change(NEW_NUDGE, NUDGE) == 0
        assert ours.change_all(NEW_NUDGE, [NUDGE]) == 0
        assert ours.change_all(NEW_NUDGE, [NUDGE, {**NUDGE, "thing": "u"}]) == 1
        assert ours.change_all(NEW_NUDGE, []) == 0
        assert len(statements) == 1, "many are given to the driver as one is"
        assert ours.change(COUNTED, {"of_thing": "t"}) == 1
        assert [row.thing for row in ours.rows(FIRST, {"of": "ana"})] == ["u"]
        assert ours.change(FORGOTTEN, {"of_member": "ana"}) == 2
        assert ours.change(FORGOTTEN, {"of_member": "ana"}) == 0


def test_nothing_is_stored_without_a_commit(store: Store) -> None:
    with store.writer.connect() as connection:
        ours, _ = a_transaction(connection)
        assert ours.change(ADD_NUDGE, NUDGE) == 1
    assert store.run("SELECT count(*) FROM nudges") == [(0,)]


def test_errors_are_those_of_core_and_tell_no_facts(store: Store) -> None:
    with store.writer.begin() as connection:
        ours, _ = a_transaction(connection)
        ours.change(ADD_NUDGE, {**NUDGE, "thing": "a secret"})
        with pytest.raises(sa.exc.IntegrityError, match="INSERT INTO nudges") as caught:
            ours.change(ADD_NUDGE, {**NUDGE, "thing": "a secret"})
        connection.rollback()
    assert str(caught.value.statement).startswith("INSERT INTO nudges")
    assert "secret" not in str(caught.value).replace(str(caught.value.orig), "")


def test_a_fact_that_is_missing_or_naive_is_an_error(store: Store) -> None:
    with store.writer.begin() as connection:
        ours, _ = a_transaction(connection)
        with pytest.raises(KeyError, match="of"):
            ours.rows(NUDGES, {})
        with pytest.raises(ValueError, match="naive"):
            ours.change(ADD_NUDGE, {**NUDGE, "last_at": datetime(2026, 11, 3)})  # noqa: DTZ001


def test_a_lost_connection_is_noticed(tmp_path: Path) -> None:
    with opened("postgres", tmp_path) as store:
        admin = sa.create_engine(store.url, isolation_level="AUTOCOMMIT")
        with store.writer.connect() as connection:
            ours, _ = a_transaction(connection)
            ours.rows(NUDGES, {"of": "ana"})
            with admin.connect() as other:
                other.exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )
            with pytest.raises(sa.exc.OperationalError) as caught:
                ours.rows(NUDGES, {"of": "ana"})
            assert caught.value.connection_invalidated
            assert connection.invalidated
            assert passing(caught.value)
        admin.dispose()
        with store.look() as work:
            assert work.inbox.seen("k") is False


def test_what_is_written_out_for_each_list_is_left_to_core(store: Store) -> None:
    query = sa.select(nudges.c.thing).where(nudges.c.thing.in_(sa.bindparam("of", expanding=True)))
    with store.writer.begin() as connection:
        ours, statements = a_transaction(connection)
        ours.change(ADD_NUDGE, NUDGE)
        assert [row.thing for row in ours.rows(query, {"of": ["t", "u"]})] == ["t"]
        assert ours.row(query, {"of": ["u"]}) is None
    assert [*statements.values()].count(None) == 1


def test_whoever_listens_to_the_engine_hears_everything(store: Store) -> None:
    heard: list[str] = []
    with store.writer.begin() as connection:
        ours, _ = a_transaction(connection)
        ours.rows(NUDGES, {"of": "ana"})
        sa.event.listen(store.writer, "before_cursor_execute", lambda *a: heard.append(a[2]))
        ours.rows(NUDGES, {"of": "ana"})
        assert ours.row(NUDGES, {"of": "ana"}) is None
        assert ours.change(NEW_NUDGE, NUDGE) == 1
    assert [text.split()[0] for text in heard] == ["SELECT", "SELECT", "INSERT"]


def test_every_query_of_the_repositories_gives_the_columns_that_core_gives(store: Store) -> None:
    queries = [*module_queries()]
    assert len(queries) > 60
    with store.writer.begin() as connection:
        ours, _ = a_transaction(connection)
        for query in queries:
            facts = {one.key: dummy(one) for one in parameters(query, connection.dialect)}
            core = connection.execute(query, facts)
            names = [column.key for column in query.selected_columns]
            assert None in names or names == [*core.keys()]
            assert ours.rows(query, facts) == core.all()


def parameters(query: sa.Select[Any], dialect: sa.Dialect) -> Iterator[BindParameter[Any]]:
    compiled = query.compile(dialect=dialect)
    yield from (one for one in compiled.bind_names if one.required)


def dummy(one: BindParameter[Any]) -> object:
    of_type = (value for kind, value in DUMMIES.items() if isinstance(one.type, kind))
    return LIMITS.get(one.key) or next(of_type, ["x"])


def module_queries() -> Iterator[sa.Select[Any]]:
    for module in pkgutil.iter_modules(repositories.__path__):
        for value in vars(importlib.import_module(f"storage.repositories.{module.name}")).values():
            within = value.values() if isinstance(value, dict) else [value]
            yield from (one for one in within if isinstance(one, sa.Select))
