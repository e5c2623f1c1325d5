"""An empty database that is copied: migrating one takes longer than most tests."""

import tempfile
from functools import cache
from pathlib import Path

from storage.migrate import upgrade


@cache
def empty_file() -> bytes:
    """Return an empty SQLite database with the schema of this version."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "coplan.db"
        upgrade(f"sqlite:///{file}")
        return file.read_bytes()


def url_of(where: Path | str) -> str:
    """Return the URL of a database file, which is there then; a URL is returned as it is."""
    if isinstance(where, str):
        return where
    if not where.exists():
        where.write_bytes(empty_file())
    return f"sqlite:///{where}"
