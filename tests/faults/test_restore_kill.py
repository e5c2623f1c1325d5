"""SIGKILL while backups are made and restored: what stands is whole, the one or the other.

The child restores two databases in turn, and backs up what stands.
"""

import shutil
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

from storage.backup import back_up
from storage.migrate import upgrade
from storage.restore import restore
from tests.support import kill
from tests.support.teaching_team import at

LONGEST = 0.3
ROWS = {"small": 10, "large": 20_000}


def test_a_database_that_is_replaced_is_always_whole(tmp_path: Path) -> None:
    chance, rounds = kill.chance(), kill.rounds(default=5)
    url = f"sqlite:///{tmp_path}/coplan.db"
    for name, rows in ROWS.items():
        prepare(tmp_path / f"{name}.db", rows)
    shutil.copyfile(tmp_path / "small.db", tmp_path / "coplan.db")
    done = 0
    for number in range(rounds):
        with kill.Victim(restores_for_ever, tmp_path) as victim:
            done += len(victim.killed_after(seconds=chance.uniform(0.02, LONGEST)))
        assert found(tmp_path / "coplan.db") in ROWS.values()
        for kept in tmp_path.glob("coplan-before-restore-*.db"):
            assert found(kept) in ROWS.values()
            kept.unlink()
        if (tmp_path / "copy.db").exists():
            assert found(tmp_path / "copy.db") in ROWS.values()
        if number % 2:  # what was left half done is in nobody's way
            restore(tmp_path / "small.db", url, at(2, 6))
            assert found(tmp_path / "coplan.db") == ROWS["small"]
    back_up(url, tmp_path / "copy.db", over=True)
    restore(tmp_path / "copy.db", url, at(3, 6))
    assert not list(tmp_path.glob(".*")), "what was left half done was never removed"
    print(f"{rounds} kills, {done} restores and backups done")


def prepare(file: Path, rows: int) -> None:
    """Make a backup that holds so many rows."""
    working = file.with_suffix(".working")
    url = f"sqlite:///{working}"
    upgrade(url)
    with closing(sqlite3.connect(working)) as connection:
        keys = (("school", f"k{number}", number) for number in range(rows))
        connection.executemany("INSERT INTO inbox VALUES (?, ?, ?)", keys)
        connection.commit()
    back_up(url, file, over=True)


def found(file: Path) -> int:
    """Return how many rows a sound database holds."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return int(connection.execute("SELECT count(*) FROM inbox").fetchone()[0])


def restores_for_ever(folder: Path) -> None:
    url = f"sqlite:///{folder}/coplan.db"
    for number in count():
        name = list(ROWS)[number % 2]
        restore(folder / f"{name}.db", url, at(2, 6, number % 60, month=1 + number // 60 % 12))
        kill.acknowledge(f"restored {number}")
        back_up(url, folder / "copy.db", over=True)
        kill.acknowledge(f"backed up {number}")
        for kept in folder.glob("coplan-before-restore-*.db"):
            kept.unlink()
