"""Files that a command is pointed at."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from adapters.files.decoding import LARGEST, too_large
from bot.domain.errors import InvalidInput

T = TypeVar("T")


def read_file(file: Path) -> bytes:
    """Return the bytes of ``file``; InvalidInput when it cannot be read or is too large."""
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InvalidInput(
            what=f"The file “{file}” cannot be read: {reason}.",
            remedy="Check its name and try again.",
        ) from None
    if len(data) > LARGEST:
        raise too_large()
    return data


def reading(reader: Callable[[bytes, str], T], data: bytes, name: str) -> T:
    """Return what ``reader`` makes of a file; what is wrong with it is said with its name."""
    try:
        return reader(data, name)
    except InvalidInput as problem:
        what = problem.message
        told = what if name in what else f"{name}: {what}"
        raise InvalidInput(what=told, remedy=problem.remedy) from None
