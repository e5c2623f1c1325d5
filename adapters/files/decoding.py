"""From bytes to text: encodings that spreadsheets and timetable programs write."""

import codecs
import re
from collections.abc import Iterator

from adapters.files.codepages import WESTERN, code_page
from bot.domain.errors import InvalidInput

LARGEST = 20_000_000
"""Bytes: many times the timetable of the largest school."""
_MARKS = (
    # The mark of UTF-32 begins with that of UTF-16, so it is looked for first.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KINDS = (
    (b"PK\x03\x04", "a spreadsheet or zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"SQLite", "a database"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument"
_PACKED = (b"PK\x03\x04", b"\x1f\x8b")
_UNPACK = "Unpack it and give the file in it, or save the table as CSV (UTF-8)."
_END_OF_FILE = "\x1a"
"""Some programs of the days of DOS still end a text with it."""
_SAVE = "Save the table as CSV (UTF-8) and try again."


def decode(data: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 or UTF-32 with a mark, else a Windows code page.

    Which one is guessed from its letters: see ``guesses``.
    InvalidInput for files that are empty, too large, or no text.
    """
    if len(data) > LARGEST:
        raise too_large()
    if _OPEN_DOCUMENT in data[:200]:
        raise InvalidInput(
            what="This is a spreadsheet in LibreOffice's own format (ODS).",
            remedy="Save it as Excel workbook (.xlsx) or CSV (UTF-8) and try again.",
        )
    for start, kind in _KINDS:
        if data.startswith(start):
            remedy = _UNPACK if start in _PACKED else _SAVE
            raise InvalidInput(what=f"This is {kind}, not a table in text form.", remedy=remedy)
    marked = any(data.startswith(mark) for mark, _encoding in _MARKS)
    text = "\0" if b"\0" in data and not marked else _decoded(data).rstrip(_END_OF_FILE)
    if _CONTROL.search(text):
        raise InvalidInput(what="This is a binary file, not a table in text form.", remedy=_SAVE)
    if not text.strip():
        raise empty()
    return text


def empty() -> InvalidInput:
    """Return the problem of a file in which nothing stands."""
    return InvalidInput(
        what="The file is empty.",
        remedy="Export the timetable once more, with one row per teacher, day and period.",
    )


def too_large() -> InvalidInput:
    """Return the problem of a file that is too large to read."""
    return InvalidInput(
        what=f"The file is larger than {LARGEST // 1_000_000} MB.",
        remedy="Export only the timetable, one row per teacher, day and period.",
    )


def guesses(data: bytes) -> tuple[str, ...]:
    """Return what to tell about the encoding: nothing where it is clear, or the western default."""
    if any(data.startswith(mark) for mark, _ in _MARKS) or _is_utf8(data):
        return ()
    page = code_page(data)
    if page == WESTERN:
        return ()
    name = page.replace("cp", "windows-")
    told = f"The file does not say how its letters are written; they were read as {name}."
    return (f"{told} If names look wrong, save it as UTF-8.",)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes) -> str:
    """Return the text of ``data`` in the first encoding that fits."""
    marked = [name for mark, name in _MARKS if data.startswith(mark)][:1]
    for encoding in marked or _encodings(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInput(what="The characters of this file cannot be read.", remedy=_SAVE)


def _encodings(data: bytes) -> Iterator[str]:
    """Yield the encodings to try, the surest first; the code page only when it is needed."""
    yield "utf-8"
    yield code_page(data)
    yield WESTERN
