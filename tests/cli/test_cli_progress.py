"""Long work on the command line: a terminal shows that something moves, a pipe gets nothing."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.running import coplan, environment

pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals")

TABLE = "Teachers,Day,Hour,Subject\nAna,Mon,1,Art\nBen,Mon,2,Art\n"
LOOK = ("timetable", "common", "week.csv", "Ana", "Ben", "--json")


def on_a_terminal(*arguments: str, cwd: Path, **settings: str) -> tuple[str, str]:
    """Run a command with standard error on a terminal; return what went out and what it showed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env={**environment(), "TERM": "xterm", **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # Linux says so when the other side has closed it
        while more := os.read(ours, 4096):
            shown += more
    os.close(ours)
    out = process.communicate(timeout=60)[0]
    assert process.returncode == 0, shown
    return out, shown.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "week.csv").write_text(TABLE)
    return tmp_path


def test_reading_a_timetable_shows_that_it_goes_on(folder: Path) -> None:
    out, shown = on_a_terminal(*LOOK, cwd=folder)
    assert set(json.loads(out)) == {"days", "periods", "free", "available"}
    assert "Reading the timetable…" in shown
    assert "0:00:00" in shown


def test_upgrading_the_database_shows_that_it_goes_on(folder: Path) -> None:
    url = f"sqlite:///{folder}/data.db"
    out, shown = on_a_terminal("db", "upgrade", cwd=folder, COPLAN_DATABASE_URL=url)
    assert out.startswith("The database was upgraded from schema none")
    assert "Looking after the database…" in shown


def test_a_pipe_gets_none_of_it_even_when_it_wants_colours(folder: Path) -> None:
    ran = coplan(*LOOK, cwd=folder, FORCE_COLOR="1", TTY_COMPATIBLE="1")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)
