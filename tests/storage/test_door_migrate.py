import asyncio
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa

import storage
from bot.domain.errors import NewerDatabase, Unavailable
from storage import migrate
from storage.engine import make_writer
from storage.types import NAMING, Utc
from tests.support.postgres import fresh_database

METADATA = sa.MetaData(naming_convention=NAMING)
PLAN = sa.Table(
    "try_plan",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("born", Utc, nullable=False),
)
ITEM = sa.Table(
    "try_item",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("plan", sa.ForeignKey("try_plan.id", ondelete="CASCADE"), nullable=False),
)

MIGRATION = """
import sqlalchemy as sa
from alembic import op
import storage.types
revision, down_revision, branch_labels, depends_on = {revision!r}, {below!r}, None, None
def upgrade() -> None:
{body}
"""
FIRST = """
    op.create_table("try_plan", sa.Column("id", sa.Text, nullable=False),
        sa.Column("born", storage.types.Utc, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_try_plan"))
    op.create_table("try_item", sa.Column("id", sa.Text, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_try_item"),
        sa.ForeignKeyConstraint(["plan"], ["try_plan.id"], ondelete="CASCADE",
            name="fk_try_item_plan_try_plan"))
"""
REBUILD = """
    with op.batch_alter_table("try_plan", recreate="auto") as table:
        table.add_column(sa.Column("title", sa.Text, nullable=False, server_default=""))
        table.alter_column("id", type_=sa.String(40), existing_type=sa.Text)
"""
BREAKS = """
    op.create_table("half", sa.Column("id", sa.Text))
    raise ZeroDivisionError
"""
ORPHANS = """
    op.execute("DELETE FROM try_plan")
"""


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of migrations of this test's own, beside the shipped env.py."""
    scripts = tmp_path / "50% of migrations"
    shipped = Path(migrate.__file__).parent / "migrations"
    shutil.copytree(shipped, scripts, ignore=shutil.ignore_patterns("versions", "__pycache__"))
    monkeypatch.setattr("storage.migrate._SCRIPTS", scripts)
    tables = ModuleType("storage.tables")
    tables.metadata = METADATA  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "storage.tables", tables)
    monkeypatch.setattr(storage, "tables", tables, raising=False)
    (scripts / "versions").mkdir()
    return scripts / "versions"


def ship(versions: Path, revision: str, body: str, below: str | None = None) -> None:
    text = MIGRATION.format(revision=revision, below=below, body=body)
    (versions / f"{revision}.py").write_text(text)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/coplan.db"
        return
    with fresh_database("migrate") as address:
        yield address


def run(url: str, *statements: str) -> list[object]:
    """Run the statements and return the first column of what the last one found."""
    engine = make_writer(url)
    try:
        with engine.begin() as connection:
            results = [connection.exec_driver_sql(statement) for statement in statements]
            return [row[0] for row in results[-1]] if results[-1].returns_rows else []
    finally:
        engine.dispose()


def test_an_empty_database_is_brought_to_the_newest_schema_from_any_directory(
    versions: Path, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ship(versions, "first", FIRST)
    monkeypatch.chdir(tmp_path)
    assert migrate.current(url) is None
    assert len(migrate.check(METADATA, url)) == 2
    migrate.upgrade(url)
    assert migrate.current(url) == "first"
    assert migrate.check(METADATA, url) == []
    migrate.upgrade(url)
    assert migrate.current(url) == "first"


def test_a_draft_says_what_is_missing(versions: Path, url: str) -> None:
    migrate.draft("the tables", url)
    migrate.upgrade(url)
    assert migrate.check(METADATA, url) == []
    (script,) = versions.glob("*.py")
    assert "storage.types.Utc()" in script.read_text()
    assert "fk_try_item_plan_try_plan" in script.read_text()


def test_a_newer_database_is_refused_untouched(versions: Path, url: str) -> None:
    ship(versions, "first", FIRST)
    migrate.upgrade(url)
    run(url, "UPDATE alembic_version SET version_num = 'from-2031'")
    ship(versions, "second", REBUILD, below="first")
    with pytest.raises(NewerDatabase, match="from-2031"):
        migrate.upgrade(url)
    assert migrate.current(url) == "from-2031"


def test_a_migration_that_fails_leaves_nothing_behind(versions: Path, url: str) -> None:
    ship(versions, "first", FIRST)
    ship(versions, "second", BREAKS, below="first")
    with pytest.raises(ZeroDivisionError):
        migrate.upgrade(url)
    assert migrate.current(url) is None
    with pytest.raises(sa.exc.DBAPIError):
        run(url, "SELECT * FROM half")
    ship(versions, "second", REBUILD, below="first")
    migrate.upgrade(url)
    assert migrate.current(url) == "second"


def test_rebuilding_a_table_keeps_the_rows_that_point_to_it(versions: Path, url: str) -> None:
    ship(versions, "first", FIRST)
    migrate.upgrade(url)
    run(url, "INSERT INTO try_plan VALUES ('p', 0)", "INSERT INTO try_item VALUES ('i', 'p')")
    ship(versions, "second", REBUILD, below="first")
    migrate.upgrade(url)
    assert run(url, "SELECT title FROM try_plan") == [""]
    assert run(url, "SELECT plan FROM try_item") == ["p"]
    assert run(url, "DELETE FROM try_plan", "SELECT id FROM try_item") == []  # cascades again


def test_a_migration_that_leaves_orphans_is_refused(versions: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/coplan.db"
    ship(versions, "first", FIRST)
    migrate.upgrade(url)
    run(url, "INSERT INTO try_plan VALUES ('p', 0)", "INSERT INTO try_item VALUES ('i', 'p')")
    ship(versions, "second", ORPHANS, below="first")
    with pytest.raises(RuntimeError, match="point nowhere"):
        migrate.upgrade(url)
    assert run(url, "SELECT id FROM try_plan") == ["p"]
    assert migrate.current(url) == "first"


async def test_starters_wait_for_each_other(versions: Path, url: str) -> None:
    ship(versions, "first", FIRST)
    await asyncio.gather(*(asyncio.to_thread(migrate.upgrade, url) for _ in range(4)))
    assert migrate.current(url) == "first"


async def test_a_starter_waits_for_one_in_another_process(versions: Path, tmp_path: Path) -> None:
    ship(versions, "first", FIRST)
    url = f"sqlite:///{tmp_path}/coplan.db"
    run(url, "SELECT 1")
    other = sqlite3.connect(tmp_path / "coplan.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.ensure_future(asyncio.to_thread(migrate.upgrade, url))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    other.execute("COMMIT")
    other.close()
    await waiting
    assert migrate.current(url) == "first"


def test_a_file_that_is_no_database_is_told_and_kept(versions: Path, tmp_path: Path) -> None:
    ship(versions, "first", FIRST)
    text = tmp_path / "notes.txt"
    text.write_text("notes of a conference " * 100)
    for act in (migrate.upgrade, migrate.current):
        with pytest.raises(Unavailable, match="the database file is not a database"):
            act(f"sqlite:///{text}")
    assert text.read_text() == "notes of a conference " * 100
