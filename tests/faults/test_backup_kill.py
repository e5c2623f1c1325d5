"""Backups while members click, SIGKILL, restore (reliability.md, R13).

Everything that was committed before the backup began is in it, and what the backup holds is what
stands after the restore, whole; then the members go on.
"""

import asyncio
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from storage.backup import back_up
from tests.cli.running import here
from tests.faults.test_act_kill import WRITTEN, click_for_ever, consistent, prepared
from tests.support import kill
from tests.support.clicking import store
from tests.support.teaching_team import CountingIds


def test_what_was_committed_before_a_backup_stands_after_its_restore(tmp_path: Path) -> None:
    asyncio.run(prepared(tmp_path))
    chance, rounds = kill.chance(), max(5, kill.rounds(default=0) // 2)
    data, url = tmp_path / "coplan.db", f"sqlite:///{tmp_path}/coplan.db"
    done: Counter[str] = Counter()
    missed = 0
    for number in range(rounds):
        with kill.Victim(click_for_ever, tmp_path, done) as victim:
            copying = Copying(data, tmp_path / f"backup-{number}.db", chance.randint(1, 20))
            copying.start()
            promised = Counter(victim.killed_after(seconds=120, promises=chance.randint(20, 60)))
            copying.join()
        after = acts(data)
        assert copying.before <= copying.held <= after
        assert not set(texts(done + promised)) - after
        missed += len(after - copying.held)
        ran = here("restore", copying.copy.name, "--database", url, cwd=tmp_path)
        assert ran.code == 0, ran
        assert acts(data) == copying.held
        done = Counter(text.rpartition("-")[0] for text in copying.held)
        with store(tmp_path, ids=CountingIds()) as bot:
            consistent(bot, done)
    assert sound(data)
    assert missed, "nobody did anything after a backup: nothing was tested"
    kept = list(tmp_path.glob("coplan-before-restore-*.db"))
    assert all(sound(file) for file in kept)
    print(f"{rounds} backups and restores, {sum(done.values())} acts at last")


class Copying(threading.Thread):
    """Makes a backup as soon as so many acts more are on record."""

    def __init__(self, data: Path, copy: Path, more: int) -> None:
        super().__init__()
        self._data = data
        self._wanted = len(acts(data)) + more
        self.copy = copy
        self.before: set[str] = set()
        self.held: set[str] = set()

    def run(self) -> None:
        end = time.monotonic() + 120
        while len(self.before) < self._wanted and time.monotonic() < end:
            self.before = acts(self._data)
            time.sleep(0.005)
        back_up(f"sqlite:///{self._data}", self.copy, over=False)
        self.held = acts(self.copy)


def texts(done: Counter[str]) -> list[str]:
    return [f"{who}-{number}" for who, count in done.items() for number in range(count)]


def acts(file: Path) -> set[str]:
    """Return what the acts on record wrote."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT after, kind FROM contributions")
        return {text for text, kind in rows if kind in WRITTEN}


def sound(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
