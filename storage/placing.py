"""A file takes its place whole and on the disk, or not at all."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.errors import InvalidInput
from storage.engine import trouble
from storage.holding import BESIDE, locked

UNCHANGED: Final = "Nothing was changed."


@contextlib.contextmanager
def told(failed: str) -> Iterator[None]:
    """Turn what the disk or a database refuses into one line: ``failed``, and why."""
    try:
        yield
    except OSError as error:
        raise InvalidInput(what=f"{failed}: {error.strerror}.", remedy=UNCHANGED) from error
    except (sqlite3.Error, SQLAlchemyError) as error:
        found = trouble(error)
        reason = found.facts["reason"] if found else "SQLite says it is not as it should be"
        raise InvalidInput(what=f"{failed}: {reason}.", remedy=UNCHANGED) from error


@contextlib.contextmanager
def placed(target: Path, *, over: bool, unfinished: str = "") -> Iterator[Path]:
    """Yield an empty file beside ``target``; it takes the target's place when the block ends well.

    Then it is on the disk, and for its owner's eyes only (mode 0600). Until then it is called
    ``unfinished``, which only one process at a time can write; one that was left by a process
    that was killed is written anew. Without ``over`` an existing target is ``InvalidInput``.
    """
    part = target.with_name(unfinished or f".{target.name}.part")
    with locked(target, part.with_name(part.name + ".lock")):
        try:
            _remove(part)
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            yield part
            sync(part)
            if over:
                part.replace(target)
            else:
                _rename(part, target)
            sync(target.parent)
        finally:
            _remove(part)


def refuse_existing(target: Path) -> None:
    """Raise ``InvalidInput`` when there is something at ``target``."""
    if target.exists() or target.is_symlink():
        raise InvalidInput(
            what=f"{target} is there already.",
            remedy=f"Choose another name, or add --force to replace it. {UNCHANGED}",
        )


def sync(path: Path) -> None:
    """Have the disk keep a file, or (where the system can) the names in a folder."""
    if path.is_dir() and os.name == "nt":
        return
    number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _rename(part: Path, target: Path) -> None:
    """Give the file its name unless another one has taken it meanwhile."""
    try:
        target.hardlink_to(part)
    except FileExistsError:
        refuse_existing(target)
    except OSError:  # a file system without links
        refuse_existing(target)
        part.rename(target)


def _remove(path: Path) -> None:
    """Remove an unfinished file, and what SQLite kept beside it."""
    for ending in ("", *BESIDE):
        path.with_name(path.name + ending).unlink(missing_ok=True)
