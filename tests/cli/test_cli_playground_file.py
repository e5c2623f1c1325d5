"""Whose file a playground may use: nothing is deleted before everything else is known to work."""

import socket
import sqlite3
from pathlib import Path

import pytest

from tests.cli.running import here, playground


def snapshot(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_port_in_use_deletes_nothing(tmp_path: Path) -> None:
    with playground("--data", "mine.db", cwd=tmp_path) as play:
        assert play.stopped() == 0
    before = snapshot(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = here("playground", "--fresh", "--data", "mine.db", "--port", port, cwd=tmp_path)
    assert f"Port {port} is in use." in ran.one_line
    assert snapshot(tmp_path) == before


def test_a_second_playground_on_the_file_is_refused(tmp_path: Path) -> None:
    data = ("--data", "mine.db")
    with playground(*data, cwd=tmp_path) as play:
        for fresh in ((), ("--fresh",)):
            ran = here("playground", *data, *fresh, "--no-browser", "--port", "0", cwd=tmp_path)
            assert "is using" in ran.one_line
        assert play.stopped() == 0
    assert sorted(snapshot(tmp_path)) == ["mine.db"]


def test_a_killed_playground_leaves_no_lock(tmp_path: Path) -> None:
    with playground("--data", "mine.db", cwd=tmp_path) as play:
        play.process.kill()
        play.process.wait()
        with playground("--data", "mine.db", "--fresh", cwd=tmp_path) as again:
            assert again.stopped() == 0
    assert sorted(snapshot(tmp_path)) == ["mine.db", "mine.db.bak"]


@pytest.mark.parametrize("fresh", [(), ("--fresh",)])
@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("thesis.txt", "thesis.txt is not a database of the playground."),
        ("other.db", "other.db is not a database of the playground."),
        (".", "is a folder, not a file."),
        ("no/such.db", "There is no folder"),
    ],
)
def test_only_a_playgrounds_file_is_used(
    tmp_path: Path, data: str, says: str, fresh: tuple[str, ...]
) -> None:
    (tmp_path / "thesis.txt").write_text("ten years of work")
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    before = snapshot(tmp_path)
    ran = here("playground", *fresh, "--data", data, "--port", "0", "--no-browser", cwd=tmp_path)
    assert says in ran.one_line
    assert snapshot(tmp_path) == before


def test_an_empty_file_is_taken_and_a_sample_comes_once(tmp_path: Path) -> None:
    (tmp_path / "mine.db").touch()
    with playground("--data", "mine.db", "--fresh", "--sample", cwd=tmp_path) as play:
        assert play.stopped() == 0
    with playground("--data", "mine.db", "--sample", cwd=tmp_path) as play:
        assert play.stopped() == 0
        assert play.process.stderr is not None
        told = play.process.stderr.read()
    assert told.strip() == "mine.db has people already, so no sample was loaded."


def test_fresh_keeps_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "mine.db.bak").write_text("older")
    with playground("--data", "mine.db", "--sample", cwd=tmp_path) as play:
        play.process.kill()  # so that some of it is in SQLite's log only
        play.process.wait()
    assert (tmp_path / "mine.db-wal").stat().st_size
    with playground("--data", "mine.db", "--fresh", cwd=tmp_path) as play:
        assert play.stopped() == 0
        assert play.process.stderr is not None
        told = play.process.stderr.read()
    assert told.strip() == f"What was there is kept in {tmp_path / 'mine.db.bak2'}."
    assert (tmp_path / "mine.db.bak").read_text() == "older"
    data = ("--data", "mine.db.bak2")
    assert here("export", "Watershed inquiry", *data, cwd=tmp_path).out.startswith("# Watershed")
    with playground("--data", "new.db", "--fresh", cwd=tmp_path) as play:
        assert play.stopped() == 0
        assert play.process.stderr is not None
        assert play.process.stderr.read() == ""


def test_the_playground_reads_the_settings(tmp_path: Path) -> None:
    for name, value in (("COPLAN_LOG", "xml"), ("COPLAN_DELIVERY", "perhaps")):
        ran = here("playground", "--port", "0", cwd=tmp_path, **{name: value})
        assert name in ran.one_line
    assert snapshot(tmp_path) == {}
