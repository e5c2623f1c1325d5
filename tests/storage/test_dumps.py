"""Backup and restore of PostgreSQL, with its own programs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from bot.domain.ids import MemberId, WorkspaceId
from bot.domain.members import Identity, Member
from bot.main import open_store
from storage import migrate
from storage.tables import metadata
from tests.cli.running import Ran, here
from tests.support.postgres import fresh_database

SCHOOL = WorkspaceId("school")


@pytest.fixture
def url() -> Iterator[str]:
    with fresh_database("dumps") as url:
        named(url, "Maya")
        yield url


def named(url: str, name: str) -> None:
    who = Identity(platform="slack", user=name)
    member = Member(workspace=SCHOOL, id=MemberId(name), identity=who, name=name, zone="UTC")
    with open_store(url) as store:
        store.write_now(SCHOOL, lambda work: work.members.save(member))


def asked(url: str, query: str) -> list[str]:
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(sa.text(query))
            return [str(row[0]) for row in result] if result.returns_rows else []
    finally:
        engine.dispose()


def names(url: str, schema: str = "public") -> list[str]:
    return asked(url, f"SELECT name FROM {schema}.members ORDER BY name")  # noqa: S608


def run(folder: Path, url: str, *arguments: str) -> Ran:
    return here(*arguments, "--database", url, cwd=folder)


def test_a_dump_goes_out_and_comes_back(tmp_path: Path, url: str) -> None:
    made = run(tmp_path, url, "backup", "copy.dump")
    assert (made.code, made.err) == (0, ""), made
    assert f"2 rows in {len(metadata.tables) + 1} tables" in made.out
    assert (tmp_path / "copy.dump").stat().st_mode & 0o777 == 0o600
    for once_more in ("Zoe", "Yan"):
        named(url, once_more)
        back = run(tmp_path, url, "restore", "copy.dump")
        assert (back.code, back.err) == (0, ""), back
        assert names(url) == ["Maya"]
        kept = back.out.split("kept as ")[1].strip().rstrip(".")
        assert names(url, kept) == ["Maya", once_more]
        assert migrate.check(metadata, url) == []
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        asked(url, "TRUNCATE contributions")


def test_into_an_empty_database_and_a_folder_of_dumps(tmp_path: Path, url: str) -> None:
    assert run(tmp_path, url, "backup", ".", "--keep", "1").code == 0
    assert run(tmp_path, url, "backup", ".", "--keep", "1").code == 0
    (dump,) = tmp_path.glob("coplan-*.dump")
    with fresh_database("dumps_empty") as other:
        back = run(tmp_path, other, "restore", dump.name)
        assert (back.code, back.err) == (0, "")
        assert "kept" not in back.out
        assert names(other) == ["Maya"]


def test_not_while_coplan_is_connected(tmp_path: Path, url: str) -> None:
    assert run(tmp_path, url, "backup", "copy.dump").code == 0
    with open_store(url) as running:
        running.read_now(SCHOOL, lambda work: work.members.all())
        assert run(tmp_path, url, "backup", "meanwhile.dump").code == 0
        assert "is using the database" in run(tmp_path, url, "restore", "copy.dump").one_line
    assert run(tmp_path, url, "restore", "copy.dump").code == 0


def test_what_was_waiting_then_is_of_unknown_outcome(tmp_path: Path, url: str) -> None:
    asked(
        url,
        "INSERT INTO outbox (workspace, key, kind, due_at, state, attempts, epoch, wanted, reason)"
        " VALUES ('school', 'past', 'news', 1, 'pending', 0, 0, 1, ''),"
        " ('school', 'future', 'news', 9000000000000000, 'pending', 0, 0, 1, '')",
    )
    assert run(tmp_path, url, "backup", "copy.dump").code == 0
    asked(url, "UPDATE outbox SET state = 'sent'")
    back = run(tmp_path, url, "restore", "copy.dump")
    assert "1 message was waiting then" in back.out
    doubt = "SELECT key FROM outbox WHERE doubtful AND state = 'pending'"
    assert asked(url, doubt) == ["past"]


def test_so_it_is_in_a_dump_of_an_older_version(tmp_path: Path) -> None:
    with fresh_database("dumps_older") as url:
        with migrate._changing(url) as connection:  # noqa: SLF001 - nobody else goes half the way
            command.upgrade(migrate._config(connection), "+1")  # noqa: SLF001
        asked(
            url,
            "INSERT INTO outbox"
            " (workspace, key, kind, due_at, state, attempts, epoch, wanted, reason)"
            " VALUES ('school', 'past', 'news', 1, 'pending', 0, 0, 1, '')",
        )
        assert run(tmp_path, url, "backup", "copy.dump").code == 0
        assert run(tmp_path, url, "restore", "copy.dump").code == 0
        assert migrate.check(metadata, url) == []
        assert asked(url, "SELECT key FROM outbox WHERE doubtful AND lease_until > 0") == ["past"]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_part_of_a_dump_changes_nothing(tmp_path: Path, url: str, share: float) -> None:
    copy = tmp_path / "copy.dump"
    assert run(tmp_path, url, "backup", "copy.dump").code == 0
    whole = copy.read_bytes()
    copy.write_bytes(whole[: int(len(whole) * share)])
    assert "Nothing was changed." in run(tmp_path, url, "restore", "copy.dump").one_line
    assert names(url) == ["Maya"]
    assert asked(url, "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'coplan%'") == []


def test_one_changed_letter_is_found(tmp_path: Path, url: str) -> None:
    assert run(tmp_path, url, "backup", "copy.dump").code == 0
    copy = tmp_path / "copy.dump"
    sound = copy.read_bytes()
    # pg_restore would take each of these: a name of an index, a word of the schema.
    for was, put in ((b"ix_plan_links", b"ix_plan_linkz"), (b"NOT NULL", b"NOT nULL")):
        assert was in sound
        copy.write_bytes(sound.replace(was, put, 1))
        refused = run(tmp_path, url, "restore", "copy.dump")
        assert (refused.code, "copy.dump is damaged" in refused.err) == (2, True)
    # What pg_dump made by itself has no seal, and is as good as pg_restore finds it.
    copy.write_bytes(sound[: sound.rindex(b"\n")])
    assert run(tmp_path, url, "restore", "copy.dump").code == 0


def test_bad_input_changes_nothing(tmp_path: Path, url: str) -> None:
    (tmp_path / "thesis.txt").write_text("ten years of work")
    assert run(tmp_path, url, "backup", "copy.dump").code == 0
    for arguments, told in (
        (("backup", "copy.dump"), "copy.dump is there already."),
        (("backup", "no/such.dump"), "No such file or directory"),
        (("restore", "thesis.txt"), "thesis.txt is not a backup of Coplan's from PostgreSQL."),
        (("restore", "nothing.dump"), "nothing.dump cannot be read"),
    ):
        assert told in run(tmp_path, url, *arguments).one_line
    asked(url, "UPDATE alembic_version SET version_num = '9999'")
    assert run(tmp_path, url, "backup", "newer.dump").code == 0
    line = run(tmp_path, url, "restore", "newer.dump").one_line
    assert "newer version of Coplan (schema 9999)" in line
    assert names(url) == ["Maya"]
    with fresh_database("dumps_empty") as other:
        assert "holds nothing of Coplan's" in run(tmp_path, other, "backup", "x.dump").one_line
    gone = "postgresql+psycopg://u:secret@127.0.0.1:9/none"
    for asking in (("backup", "y.dump"), ("restore", "copy.dump")):
        line = run(tmp_path, gone, *asking).one_line
        assert "cannot be reached" in line
        assert "secret" not in line
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "copy.dump", "newer.dump", "thesis.txt",
    ]  # fmt: skip
