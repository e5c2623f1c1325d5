"""The seal of a backup: a checksum of the whole file, inside the file.

SQLite's integrity check sees a broken structure, but no changed letter in what a member wrote. The
seal is the CRC-32 of the file, kept in the four bytes of its header that SQLite leaves to
applications (``application_id``, offset 68: https://www.sqlite.org/fileformat2.html), which count
as zeros. Zero there means that the file has no seal: a copy that something else has made.
"""

import zlib
from pathlib import Path
from typing import Final

_AT: Final = 68
_WIDE: Final = 4
_BLANK: Final = bytes(_WIDE)
_BLOCK: Final = 1 << 20


def seal(path: Path) -> None:
    """Write the seal into a SQLite file that nobody has open."""
    found = _checksum(path)
    with path.open("r+b") as file:
        file.seek(_AT)
        file.write(found.to_bytes(_WIDE, "big"))


def intact(path: Path) -> bool:
    """Tell whether not one bit has changed since the file was sealed; True where it never was."""
    with path.open("rb") as file:
        file.seek(_AT)
        sealed = int.from_bytes(file.read(_WIDE), "big")
    return sealed in {0, _checksum(path)}


def unseal(path: Path) -> None:
    """Take the seal off a file that is to be changed again."""
    with path.open("r+b") as file:
        file.seek(_AT)
        file.write(_BLANK)


def _checksum(path: Path) -> int:
    """Return the CRC-32 with the seal's own bytes as zeros."""
    with path.open("rb") as file:
        head = bytearray(file.read(_BLOCK))
        head[_AT : _AT + _WIDE] = _BLANK
        found = zlib.crc32(head)
        while block := file.read(_BLOCK):
            found = zlib.crc32(block, found)
    return found
