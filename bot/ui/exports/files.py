"""The files of a plan in an exported document: written as base64, read back with suspicion."""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from mimetypes import MimeTypes
from typing import Any

from bot.domain.planning.texts import clean
from bot.templates.reading import Keys, Reader, kind
from bot.ui.exports.exported import Exported
from bot.ui.exports.shapes import reference, text
from bot.usecases.planning.attached import FILES_BYTES, AttachedFile

MOST_FILES = 1000
_NAME = 100
_LARGEST = 2**40
_SEPARATORS = re.compile(r"[/\\\n]")
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}", re.ASCII)
_UNKNOWN = "application/octet-stream"
_KEYS = ("ref", "name", "type", "bytes")
_TYPES = MimeTypes()
"""Python's own table: what the machine's says would make exports differ between machines."""


def file_name(file: AttachedFile) -> str:
    """Return the file's name in one line, without separators, at most 100 characters."""
    flat = " ".join(_SEPARATORS.sub("-", clean(file.name)).split())
    return flat[:_NAME].strip() or "file"


def left_out(files: Iterable[AttachedFile]) -> str:
    """Return which files are too large to go with an export; an empty text if none is."""
    names = ", ".join(file_name(file) for file in files if file.content is None)
    most = f"{FILES_BYTES // 1024 // 1024} MiB of files"
    return names and f"Left out, as an export holds at most {most} (the history has them): {names}"


def has_files(exported: Exported) -> bool:
    """Tell whether outside work of the plan has a file that goes with its export."""
    of_work = (exported.files.get(work.file) for work in exported.plan.outside)
    return any(file is not None and file.content is not None for file in of_work)


def write_files(files: Mapping[str, AttachedFile]) -> list[dict[str, Any]]:
    """Return the files by their references as what ``json`` writes."""
    return [_written(ref, file) for ref, file in files.items()]


def _written(ref: str, file: AttachedFile) -> dict[str, Any]:
    name = file_name(file)
    about = {
        "ref": ref,
        "name": name,
        "type": _TYPES.guess_type(name)[0] or _UNKNOWN,
        "bytes": file.size,
    }
    return about if file.content is None else {**about, "content": base64(file.content)}


def base64(content: bytes) -> str:
    """Return the content in base64 (RFC 4648), in one line."""
    return b64encode(content).decode("ascii")


def read_files(reader: Reader) -> dict[str, AttachedFile]:
    """Return the files of a document by their references; what is wrong is in the faults."""
    found: dict[str, AttachedFile] = {}
    room = FILES_BYTES
    for item in reader.items(MOST_FILES):
        keys = item.mapping((*_KEYS, "content"), required=_KEYS)
        if not all(key in keys for key in _KEYS):
            continue
        ref, file = reference(keys["ref"], "f"), _read(keys)
        if ref in found:
            keys["ref"].fault("is there twice")
        room -= len(file.content or b"")
        if room < 0:
            item.fault(f"is too large: files have at most {FILES_BYTES:,} bytes together")
            break
        found[ref] = file
    return found


def _read(keys: Keys) -> AttachedFile:
    name, media_type = text(keys["name"], _NAME), text(keys["type"])
    if not name or _SEPARATORS.search(name):
        keys["name"].fault("must be the name of a file, without slashes and line ends")
    if not _MEDIA_TYPE.fullmatch(media_type):
        keys["type"].fault("must be a media type like application/pdf")
    size = keys["bytes"].number(0, _LARGEST)
    content = _content(keys["content"]) if "content" in keys else None
    if content is not None and len(content) != size:
        keys["content"].fault(f"has {len(content):,} bytes, not {size:,}: it is broken off")
    return AttachedFile(name=name, size=size, content=content)


def _content(reader: Reader) -> bytes | None:
    """Return the bytes of base64 text."""
    if not isinstance(reader.value, str):
        reader.fault(f"must be text, not {kind(reader.value)}")
        return None
    try:
        return b64decode(reader.value, validate=True)
    except (binascii.Error, ValueError):
        reader.fault("is not base64: it is broken")
        return None
