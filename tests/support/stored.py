"""All that stands in a database file, to see what an act changed."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

_OWN: Final = "upkeep"
"""When the bot last tidied up; it does so whenever its alarm rings, whatever anybody does."""


def state(path: Path) -> dict[str, list[str]]:
    """Return all that acts may change, table by table."""
    with closing(sqlite3.connect(path)) as file:
        names = [n for (n,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: sorted(map(repr, file.execute(f"SELECT * FROM {name}")))  # noqa: S608
            for name in names
            if name != _OWN
        }


def changed(before: dict[str, list[str]], path: Path) -> list[str]:
    """Return the tables in which something else stands than before."""
    after = state(path)
    return [name for name in after if after[name] != before[name]]
