"""The seal of a backup: a checksum of the whole file, inside the file.

SQLite's integrity check sees a broken structure, but no changed letter in what a member wrote. The
seal is the CRC-32 of the file, kept in the four bytes of its header that SQLite leaves to
applications (``application_id``, offset 68: https://www.sqlite.org/fileformat2.html), which count
as zeros. Zero there means that the file has no seal: a copy that something else has made.

Nor does pg_restore miss a changed letter of a table or a name in PostgreSQL's archives. Their seal
stands behind their end, where pg_restore does not look.
"""

import zlib
from pathlib import Path
from typing import Final

_AT: Final = 68
_WIDE: Final = 4
_BLANK: Final = bytes(_WIDE)
_BLOCK: Final = 1 << 20
_BEHIND: Final = b"\nCoplan's seal: "
_TRAILER: Final = len(_BEHIND) + 2 * _WIDE


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


def seal_archive(path: Path) -> None:
    """Write the seal behind an archive of PostgreSQL's."""
    found = _sum(path, path.stat().st_size)
    with path.open("ab") as file:
        file.write(_BEHIND + b"%08x" % found)


def archive_intact(path: Path) -> bool:
    """Tell whether not one bit of the archive has changed since it was sealed; see ``intact``."""
    whole = path.stat().st_size - _TRAILER
    if whole < 0:
        return True
    with path.open("rb") as file:
        file.seek(whole)
        trailer = file.read()
    return not trailer.startswith(_BEHIND) or trailer == _BEHIND + b"%08x" % _sum(path, whole)


def _sum(path: Path, length: int) -> int:
    """Return the CRC-32 of the file's first ``length`` bytes."""
    found = 0
    with path.open("rb") as file:
        while block := file.read(min(_BLOCK, length)):
            found = zlib.crc32(block, found)
            length -= len(block)
    return found


def _checksum(path: Path) -> int:
    """Return the CRC-32 with the seal's own bytes as zeros."""
    with path.open("rb") as file:
        head = bytearray(file.read(_BLOCK))
        head[_AT : _AT + _WIDE] = _BLANK
        found = zlib.crc32(head)
        while block := file.read(_BLOCK):
            found = zlib.crc32(block, found)
    return found
