"""`coplan backup` and `coplan restore` on SQLite: what is made, and what is refused."""

import os
import re
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command

from bot.domain.ids import MemberId, WorkspaceId
from bot.domain.members import Identity, Member
from bot.main import open_store
from storage import migrate
from storage.holding import hold
from storage.tables import metadata
from tests.cli.running import Ran, here, playground
from tests.support.full_disk import filled, small_disk

SCHOOL = WorkspaceId("school")


@pytest.fixture(scope="module")
def mayas(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("mayas") / "data.db"
    named(file, "Maya")
    return file.read_bytes()


@pytest.fixture
def folder(tmp_path: Path, mayas: bytes) -> Path:
    """Return a folder with a database in it, of one member called Maya."""
    data = tmp_path / "data.db"
    data.touch(0o600)
    data.write_bytes(mayas)
    return tmp_path


def named(file: Path, *names: str) -> None:
    """Have the database hold members of those names."""

    def member(name: str) -> Member:
        who = Identity(platform="slack", user=name)
        return Member(workspace=SCHOOL, id=MemberId(name), identity=who, name=name, zone="UTC")

    with open_store(f"sqlite:///{file}") as store:
        for name in names:
            store.write_now(SCHOOL, lambda work, name=name: work.members.save(member(name)))  # type: ignore[misc]


def names(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM members ORDER BY name")]


def run(*arguments: str, cwd: Path) -> Ran:
    return here(*arguments, "--database", "sqlite:///data.db", cwd=cwd)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def test_a_backup_goes_out_and_comes_back(folder: Path) -> None:
    made = run("backup", "copy.db", cwd=folder)
    assert (made.code, made.err) == (0, "")
    assert f"to copy.db: 2 rows in {len(metadata.tables) + 1} tables." in made.out
    assert stat.S_IMODE((folder / "copy.db").stat().st_mode) == 0o600
    named(folder / "data.db", "Zoe")
    back = run("restore", "copy.db", cwd=folder)
    assert (back.code, back.err) == (0, ""), back
    assert names(folder / "data.db") == ["Maya"]
    assert stat.S_IMODE((folder / "data.db").stat().st_mode) == 0o600
    (kept,) = folder.glob("data-before-restore-*.db")
    assert f"kept as {kept}." in back.out
    assert names(kept) == ["Maya", "Zoe"]
    assert sorted(snapshot(folder)) == sorted(["copy.db", "data.db", kept.name])


def test_a_restore_to_where_nothing_is(folder: Path) -> None:
    assert run("backup", "copy.db", cwd=folder).code == 0
    back = here("restore", "copy.db", "--database", "sqlite:///new.db", cwd=folder)
    assert back.code == 0
    assert "kept" not in back.out
    assert names(folder / "new.db") == ["Maya"]


def test_backups_of_a_folder_and_the_newest_few_of_them(folder: Path) -> None:
    many = folder / "many"
    many.mkdir()
    (many / "thesis.txt").write_text("ten years of work")
    made = [run("backup", "many", cwd=folder).code for _ in range(3)]
    assert made == [0, 0, 0]
    assert len(list(many.glob("coplan-*Z.db"))) == 3
    newest = max(many.glob("coplan-*Z.db"))
    assert run("backup", "many", "--keep", "2", cwd=folder).code == 0
    left = sorted(many.glob("coplan-*Z.db"))
    assert (left[0], len(left)) == (newest, 2)
    assert (many / "thesis.txt").exists()


def test_a_clock_that_went_back_does_not_remove_the_newest(folder: Path) -> None:
    many = folder / "many"
    many.mkdir()
    (many / "coplan-29990101T000000.000Z.db").touch()
    assert run("backup", "many", "--keep", "1", cwd=folder).code == 0
    (left,) = many.glob("coplan-*Z.db")
    assert names(left) == ["Maya"]


def test_an_existing_file_is_replaced_only_by_force(folder: Path) -> None:
    (folder / "copy.db").write_text("ten years of work")
    before = snapshot(folder)
    assert "copy.db is there already." in run("backup", "copy.db", cwd=folder).one_line
    assert snapshot(folder) == before
    assert run("backup", "copy.db", "--force", cwd=folder).code == 0
    assert names(folder / "copy.db") == ["Maya"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("backup", "data.db", "--force"), "data.db is the database itself."),
        (("backup", "data.db-wal"), "data.db-wal is the database itself."),
        (("backup", "link.db", "--force"), "link.db is the database itself."),
        (("backup", "no/such/copy.db"), "No such file or directory"),
        (("backup", "thesis.txt/copy.db"), "Not a directory"),
        (("backup", "copy.db", "--keep", "3"), "copy.db is not a folder."),
        (("backup", "many", "--keep", "0"), "Invalid value for '--keep'"),
        (("backup",), "Missing argument 'FILE'"),
        (("restore", "data.db"), "data.db is the database itself."),
        (("restore", "link.db"), "link.db is the database itself."),
        (("restore", "thesis.txt"), "thesis.txt is not a backup of Coplan's"),
        (("restore", "empty.db"), "empty.db is not a backup of Coplan's"),
        (("restore", "recipes.db"), "recipes.db is not a backup of Coplan's"),
        (("restore", "."), "cannot be read: Is a directory."),
        (("restore", "nothing.db"), "cannot be read: No such file or directory."),
        (("restore", "newer.db"), "newer version of Coplan (schema 9999)"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    folder: Path, arguments: tuple[str, ...], told: str
) -> None:
    (folder / "thesis.txt").write_text("ten years of work")
    (folder / "empty.db").touch()
    (folder / "link.db").symlink_to("data.db")
    (folder / "many").mkdir()
    with closing(sqlite3.connect(folder / "recipes.db")) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    (folder / "newer.db").write_bytes((folder / "data.db").read_bytes())
    with closing(sqlite3.connect(folder / "newer.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = snapshot(folder)
    assert told in run(*arguments, cwd=folder).one_line
    assert snapshot(folder) == before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--database", "sqlite:///no.db"), "There is no database"),
        (("--database", "sqlite:///recipes.db"), "recipes.db is not a database of Coplan's."),
        (("--database", "sqlite:///thesis.txt"), "the database file is not a database."),
        (("--database", "mysql://secret@host/x"), "COPLAN_DATABASE_URL"),
        (("--database", ""), "COPLAN_DATABASE_URL"),
        (("--data", "no.db"), "There is no database"),
        (("--data", "data.db", "--database", "sqlite:///data.db"), "name two databases."),
        ((), "There is no database here."),
    ],
)
def test_which_database_is_backed_up(folder: Path, options: tuple[str, ...], told: str) -> None:
    (folder / "thesis.txt").write_text("ten years of work")
    with closing(sqlite3.connect(folder / "recipes.db")) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    before = snapshot(folder)
    line = here("backup", "copy.db", *options, cwd=folder).one_line
    assert told in line
    assert "secret" not in line
    assert snapshot(folder) == before


@pytest.mark.parametrize("words", [("backup", "pipe", "--force"), ("restore", "pipe")])
def test_a_pipe_is_neither_waited_for_nor_replaced(folder: Path, words: tuple[str, ...]) -> None:
    os.mkfifo(folder / "pipe")
    assert "pipe is a device or a pipe." in run(*words, cwd=folder).one_line
    assert (folder / "pipe").is_fifo()


def test_the_database_that_is_here_is_the_one_that_is_meant(folder: Path) -> None:
    (folder / "data.db").rename(folder / "coplan-playground.db")
    assert here("backup", "one.db", cwd=folder).code == 0
    named(folder / "coplan.db", "Ben")
    assert "Both coplan.db and" in here("backup", "two.db", cwd=folder).one_line
    url = "sqlite:///coplan.db"
    assert here("backup", "two.db", cwd=folder, COPLAN_DATABASE_URL=url).code == 0
    assert here("backup", "three.db", "--data", "one.db", cwd=folder).code == 0
    assert [names(folder / f"{name}.db") for name in ("one", "two", "three")] == [
        ["Maya"], ["Ben"], ["Maya"],
    ]  # fmt: skip


@pytest.fixture
def backed_up(folder: Path) -> bytes:
    assert run("backup", "copy.db", cwd=folder).code == 0
    return (folder / "copy.db").read_bytes()


def test_no_changed_bit_is_taken(folder: Path, backed_up: bytes) -> None:
    before = snapshot(folder)
    places = range(0, 8 * len(backed_up), 8 * len(backed_up) // 60 + 1)
    for bit in (*places, 8 * 68, 8 * 71 + 7, 8 * len(backed_up) - 1):
        wrong = bytearray(backed_up)
        wrong[bit // 8] ^= 1 << bit % 8
        (folder / "copy.db").write_bytes(wrong)
        line = run("restore", "copy.db", cwd=folder).one_line
        assert "is damaged" in line or "is not a backup" in line
        assert snapshot(folder) == {**before, "copy.db": bytes(wrong)}


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_part_of_a_backup_is_not_taken(folder: Path, backed_up: bytes, share: float) -> None:
    (folder / "copy.db").write_bytes(backed_up[: int(len(backed_up) * share)])
    before = snapshot(folder)
    assert "copy.db is damaged" in run("restore", "copy.db", cwd=folder).one_line
    assert snapshot(folder) == before


def test_a_plain_copy_with_its_log_is_taken_whole(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "data.db")) as staying:
        staying.execute("PRAGMA schema_version").fetchall()
        named(folder / "data.db", "Ben")
        for ending in ("", "-wal"):
            (folder / f"copied.db{ending}").write_bytes((folder / f"data.db{ending}").read_bytes())
    back = here("restore", "copied.db", "--database", "sqlite:///new.db", cwd=folder)
    assert back.code == 0, back
    assert names(folder / "new.db") == ["Ben", "Maya"]


@pytest.mark.parametrize("damage", ["zeros", "half", "empty", "text"])
def test_a_damaged_database_is_replaced_and_kept(folder: Path, damage: str) -> None:
    assert run("backup", "copy.db", cwd=folder).code == 0
    data = folder / "data.db"
    whole = data.read_bytes()
    broken = {
        "zeros": bytes(4096) + whole[4096:], "half": whole[: len(whole) // 2],
        "empty": b"", "text": b"this was a database once " * 99,
    }[damage]  # fmt: skip
    data.write_bytes(broken)
    (folder / "data.db-wal").write_bytes(b"the log of something else")
    assert "data.db" in run("backup", "of-damaged.db", cwd=folder).one_line
    assert not (folder / "of-damaged.db").exists()
    back = run("restore", "copy.db", cwd=folder)
    assert back.code == 0, back
    assert names(data) == ["Maya"]
    (kept,) = folder.glob("data-before-restore-*.db")
    assert kept.read_bytes() == broken
    assert not (folder / "data.db-wal").exists()


def test_somebody_elses_database_is_not_replaced(folder: Path) -> None:
    assert run("backup", "copy.db", cwd=folder).code == 0
    with closing(sqlite3.connect(folder / "recipes.db")) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    before = snapshot(folder)
    ran = here("restore", "copy.db", "--database", "sqlite:///recipes.db", cwd=folder)
    assert "recipes.db is the database of something else." in ran.one_line
    assert snapshot(folder) == before


def test_nothing_is_restored_while_it_is_used(folder: Path) -> None:
    assert run("backup", "copy.db", cwd=folder).code == 0
    with hold(f"sqlite:///{folder}/data.db"):
        assert "Coplan is using" in run("restore", "copy.db", cwd=folder).one_line
        assert run("backup", "meanwhile.db", cwd=folder).code == 0
    with closing(sqlite3.connect(folder / "data.db", isolation_level=None)) as another:
        another.execute("BEGIN")
        another.execute("SELECT * FROM members").fetchall()
        assert "data.db already" in run("restore", "copy.db", cwd=folder).one_line
    assert run("restore", "copy.db", cwd=folder).code == 0


def test_a_playground_is_backed_up_while_it_runs_and_restored_when_it_does_not(
    tmp_path: Path,
) -> None:
    with playground("--sample", cwd=tmp_path) as play:
        assert here("backup", "copy.db", cwd=tmp_path).code == 0
        assert "Coplan is using" in here("restore", "copy.db", cwd=tmp_path).one_line
        assert play.stopped() == 0
    assert here("restore", "copy.db", cwd=tmp_path).code == 0
    assert names(tmp_path / "coplan-playground.db") == ["Ana", "Ben", "Maya", "Rosa"]


def test_a_full_disk_leaves_nothing_behind(folder: Path, tmp_path: Path) -> None:
    assert run("backup", "copy.db", cwd=folder).code == 0
    with small_disk(tmp_path / "small", 400) as disk:
        target = disk / "copy.db"
        (disk / "copy.db").write_bytes(b"an older backup")
        with filled(disk):
            line = run("backup", str(target), "--force", cwd=folder).one_line
            assert "the disk is full" in line or "No space left on device" in line
            ran = here("restore", "copy.db", "--database", f"sqlite:///{disk}/x.db", cwd=folder)
            assert "No space left on device" in ran.one_line
        assert [file.name for file in disk.iterdir()] == ["copy.db"]
        assert target.read_bytes() == b"an older backup"


def test_a_backup_of_an_older_version_is_brought_up_to_date(folder: Path) -> None:
    old = f"sqlite:///{folder}/old.db"
    with migrate._changing(old) as connection:  # noqa: SLF001 - nobody else goes half the way
        command.upgrade(migrate._config(connection), "+1")  # noqa: SLF001
    first = migrate.current(old)
    assert here("backup", "copy.db", "--database", old, cwd=folder).code == 0
    assert migrate.current(old) == first, "to back it up changed it"
    assert run("restore", "copy.db", cwd=folder).code == 0
    now = migrate.current(f"sqlite:///{folder}/data.db")
    assert now not in {None, first}
    assert migrate.check(metadata, f"sqlite:///{folder}/data.db") == []


def test_the_doctor_knows_when(folder: Path) -> None:
    def said() -> str:
        ran = here("doctor", cwd=folder, COPLAN_DATABASE_URL="sqlite:///data.db")
        assert ran.code == 0
        return ran.out

    assert "no backup known" in said()
    assert run("backup", "copy.db", cwd=folder).code == 0
    assert re.search(r"last backup \d{4}-\d\d-\d\d \d\d:\d\d UTC", said())
    assert "journal wal" in said()
    assert "time zones, release 20" in said()
    assert "others on this machine" not in said()
    (folder / "data.db").chmod(0o644)
    assert "others on this machine may open it" in said()
