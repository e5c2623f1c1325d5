from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import migrate
from storage.tables import metadata
from tests.storage.test_repositories import BOTH, Store, opened

# By these the runtime finds what is due in whatever workspace it is (storage/tables.py).
ACROSS = {
    "ix_identities_platform_user",
    "ix_link_codes_hash",
    "ix_members_platform_user",
    "ix_plan_links_platform_channel_thread",
    "ix_reminders_due_at",
    "ix_outbox_due_at",
    "ix_outbox_lease_until",
}


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path) as store:
        yield store


def test_the_migrations_make_the_tables_as_the_code_knows_them(store: Store) -> None:
    assert migrate.check(metadata, store.url) == []
    assert migrate.current(store.url) is not None
    migrate.upgrade(store.url)


def test_what_alembic_does_not_compare_is_the_same_too(tmp_path: Path) -> None:
    """Partial indexes and tables that lie in their key, as SQLite itself tells them."""
    known = sa.create_engine("sqlite://")
    with closing(known.raw_connection()) as fresh, opened("sqlite", tmp_path) as store:
        metadata.create_all(known)
        indexes = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL"
        expected = {tuple(row) for row in fresh.cursor().execute(indexes)}
        assert set(store.run(indexes)) == expected
        assert len(expected) == len([i for t in metadata.tables.values() for i in t.indexes])
        narrow = "SELECT name FROM pragma_table_list WHERE wr AND schema = 'main'"
        assert set(store.run(narrow)) == {tuple(row) for row in fresh.cursor().execute(narrow)}
        assert ("contributions",) in store.run(narrow)
    known.dispose()


def test_the_fence_around_the_log_stands(store: Store) -> None:
    if store.writer.dialect.name == "sqlite":
        found = store.run("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        assert found == [("contributions_no_delete",), ("contributions_no_update",)]
    else:
        found = store.run("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        assert found == [("contributions_append_only",)]


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=str)
def test_the_workspace_comes_first_in_every_key(table: sa.Table) -> None:
    keys: list[list[str]] = []
    for constraint in table.constraints:
        if isinstance(constraint, sa.ForeignKeyConstraint):
            keys += [constraint.column_keys, [one.column.name for one in constraint.elements]]
        elif isinstance(constraint, sa.PrimaryKeyConstraint | sa.UniqueConstraint):
            keys.append([column.name for column in constraint.columns])
    for index in table.indexes:
        if index.name not in ACROSS:
            keys.append([column.name for column in index.columns])
    assert next(iter(table.primary_key.columns)).name == "workspace"
    assert [key[0] for key in keys] == ["workspace"] * len(keys)


def test_alembics_own_table_is_the_only_other_one(store: Store) -> None:
    names = set(sa.inspect(store.writer).get_table_names())
    assert names == {*metadata.tables, "alembic_version"}
