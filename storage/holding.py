"""Who runs on a database: a bot, or a playground, holds it; a restore waits for nobody to.

SQLite: one process holds the file. Its lock lies in a file of its own, for SQLite's own locks are
lost when anybody in the process closes the database file. PostgreSQL: processes share a database,
so every connection holds a shared advisory lock (storage/engine.py), and only a restore an
exclusive one. Whoever ends, in whatever way, gives back what it held.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import URL
from sqlalchemy.engine import make_url

from bot.domain.errors import InUse, InvalidInput

BESIDE: Final = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The proof that the database at ``url`` is held: made by ``hold`` alone."""

    url: URL


def file_of(url: str | URL) -> Path | None:
    """Return the file of a SQLite database, links resolved; None for PostgreSQL."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return None
    # SQLite puts its log beside the file a link points to.
    return Path(str(address.database)).resolve()


@contextlib.contextmanager
def hold(url: str | URL) -> Iterator[Held]:
    """Hold the database until the block ends; raises ``InUse`` when another process does."""
    address = make_url(url)
    file = file_of(address)
    if file is None:
        yield Held(url=address)
        return
    with locked(file, file.with_name(file.name + ".lock")):
        yield Held(url=address.set(database=str(file)))


@contextlib.contextmanager
def locked(path: Path, by: Path) -> Iterator[None]:
    """Keep everybody else from ``path`` until the block ends; ``InUse`` when somebody has it.

    ``by`` is the file that is locked instead of it, and there only meanwhile.
    """
    try:
        number = _open_locked(by)
    except OSError as error:
        raise InvalidInput(
            what=f"{path} cannot be used: {error.strerror}.",
            remedy="Choose another place. Nothing was changed.",
        ) from error
    if number is None:
        raise InUse(path=path)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # Windows deletes no open file
            by.unlink()
        os.close(number)


def _open_locked(path: Path) -> int | None:
    """Return the open, locked file; None when somebody else has locked it."""
    while True:
        number = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        if not _lock(number):
            os.close(number)
            return None
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(number), path.stat()):
                return number
        os.close(number)  # its last holder deleted it while we opened it


if sys.platform == "win32":
    import msvcrt

    def _lock(number: int) -> bool:
        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(number: int) -> bool:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
