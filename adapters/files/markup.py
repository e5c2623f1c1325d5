"""XML from strangers: decoded as it says it is, without document types, within bounds.

Entities are where XML bombs and references to other files hide; no timetable program writes any,
so a declaration of one ends the reading.
"""

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from adapters.files.codepages import WESTERN, other_page
from adapters.files.decoding import LARGEST, too_large
from bot.domain.errors import InvalidInput

MOST_ELEMENTS, MOST_ATTRIBUTES = 300_000, 800_000
"""Many times those of the largest school; more would not fit into the memory allowed."""
_DEEPEST = 60
_LONGEST_TAG = 200_000
_CHUNK = 65_536
_HEAD = 65_536
_AGAIN = "Export it from the timetable program once more and try again."
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(r"""<\?xml\s[^>]*?encoding\s*=\s*["']\s*([\w.:-]{1,40})\s*["']""")
# Encodings of letters; others that Python knows are slow or no encodings of text.
_LETTERS = re.compile(
    r"(utf-?(8|16|32)|ascii|iso|latin|cp\d|windows|koi8|mac|gb|big5|shift|euc|tis|hz|ptcp|kz)"
)
_ANOTHER = "another one"

_NOTHING: Mapping[str, str] = {}


@dataclass(slots=True)
class Node:
    """An element: ``text`` is what stands before its first child, without outer blanks."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: Sequence["Node"] = ()
    text: str = ""

    def get(self, name: str) -> str:
        """Return an attribute without outer blanks, "" when there is none."""
        return self.attributes.get(name, "").strip()

    def all(self, *tags: str) -> list["Node"]:
        """Return the children called one of ``tags``."""
        return [child for child in self.children if child.tag in tags]

    def child(self, tag: str) -> "Node":
        """Return the first child called ``tag``, an empty element when there is none."""
        return next((child for child in self.children if child.tag == tag), Node(tag))

    def value(self, *tags: str) -> str:
        """Return the text of the first child called one of ``tags``, "" when there is none."""
        return next((child.text for child in self.children if child.tag in tags), "")


def root_tag(data: bytes) -> str | None:
    """Return the name of the first element without reading further; None when it is no XML.

    "" where no element begins soon; InvalidInput for a document type with declarations.
    """
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "latin-1")
    text = data[:_HEAD].decode(encoding, "ignore").lstrip("\ufeff \t\r\n")
    if not text.startswith("<"):
        return None
    while text.startswith(("<?", "<!")):
        end = "?>" if text.startswith("<?") else "-->" if text.startswith("<!--") else ">"
        skipped, _, text = text.partition(end)
        if end == ">" and "[" in skipped:
            raise _forbidden()
        text = text.lstrip()
    found = re.match(r"<([A-Za-z_][\w.-]*)", text)
    return found[1] if found else ""


def read_markup(data: bytes) -> Node:
    """Return the root of the XML in ``data``.

    InvalidInput for what is too large, not written in the encoding that it declares, declares a
    document type with entities, or is damaged.
    """
    if len(data) > LARGEST:
        raise too_large()
    text = _decoded(data)
    builder = _Builder()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.pieces.append
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_entity
    given = 0
    try:
        for at in range(0, len(text), _CHUNK):
            piece = text[at : at + _CHUNK].encode()
            parser.Parse(piece, False)  # noqa: FBT003 - not the end
            given += len(piece)
            # What is not closed after so much is no tag that a program wrote.
            if given - parser.CurrentByteIndex > _LONGEST_TAG:
                raise _damaged(parser.CurrentLineNumber)
        parser.Parse(b"", True)  # noqa: FBT003 - the end
    except expat.ExpatError as error:
        raise _damaged(error.lineno) from None
    if builder.root is None:
        raise _damaged(1)
    return builder.root


class _Builder:
    """Builds the tree of elements while expat reads.

    Most elements have neither attributes nor children: they share the empty ones.
    """

    def __init__(self) -> None:
        self.root: Node | None = None
        self.pieces: list[str] = []
        self._open: list[tuple[Node, list[Node]]] = []
        self._count = self._attributes = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        self._count += 1
        self._attributes += len(attributes)
        if self._count > MOST_ELEMENTS:
            raise _too_much(f"has more than {MOST_ELEMENTS:,} elements")
        if self._attributes > MOST_ATTRIBUTES:
            raise _too_much(f"has more than {MOST_ATTRIBUTES:,} attributes")
        if len(self._open) >= _DEEPEST:
            raise _too_much(f"has elements that stand more than {_DEEPEST} deep in one another")
        node = Node(tag, attributes or _NOTHING)
        if self._open:
            parent, children = self._open[-1]
            if not children:
                parent.text = self._text()
            children.append(node)
        else:
            self.root = node
        self.pieces.clear()
        self._open.append((node, []))

    def end(self, _: str) -> None:
        """Close the element that is open."""
        node, children = self._open.pop()
        if children:
            node.children = children
        else:
            node.text = self._text()
        self.pieces.clear()

    def _text(self) -> str:
        return "".join(self.pieces).strip()


def _refuse_doctype(_: str, system: str | None, public: str | None, subset: int) -> None:
    """Refuse document types; only FET's old bare ``<!DOCTYPE FET>`` is harmless."""
    if system or public or subset:
        raise _forbidden()


def _refuse_entity(*_: object) -> None:
    raise _forbidden()


def _forbidden() -> InvalidInput:
    return InvalidInput(
        what="This XML declares a document type, entities or references to other files; "
        "no timetable needs them, and they are not read.",
        remedy=_AGAIN,
    )


def _too_much(says: str) -> InvalidInput:
    return InvalidInput(what=f"This XML {says}.", remedy="Export only the timetable and try again.")


def _damaged(line: int) -> InvalidInput:
    return InvalidInput(what=f"The XML is damaged or breaks off at line {line}.", remedy=_AGAIN)


def _decoded(data: bytes) -> str:
    """Return the text of ``data`` in the encoding that it declares, by default UTF-8.

    InvalidInput when it is not written in that one: names would come out wrong.
    """
    mark = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    head = data[:_HEAD].decode(mark or "latin-1", "ignore")
    found = _DECLARED.match(head.lstrip("\ufeff \t\r\n"))
    declared = found[1] if found else None
    encoding = _known(declared) if declared else mark or "utf-8"
    if declared and not mark and _family(encoding) in {"utf-16", "utf-32"}:
        raise _wrong(declared, _ANOTHER)
    if mark and _family(encoding) != _family(mark):
        raise _wrong(str(declared), _family(mark).upper())
    try:
        text = data.decode(mark or encoding)
    except UnicodeError:
        if declared:
            raise _wrong(declared, _ANOTHER) from None
        raise InvalidInput(
            what="This XML does not say in which encoding its letters are, and it is not UTF-8.",
            remedy=_AGAIN,
        ) from None
    if _family(encoding) != "utf-8" and not data.isascii() and _is_utf8(data):
        raise _wrong(str(declared), "UTF-8")
    # Some programs always declare one and write in the code page of their computer.
    really = other_page(data, encoding)
    if really is not None:
        raise _wrong(str(declared), really.replace("cp", "windows-") or _ANOTHER)
    return text


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _known(declared: str) -> str:
    """Return Python's name of an encoding; InvalidInput when it is not one of letters."""
    try:
        name = codecs.lookup(declared).name
        if _LETTERS.match(name):
            # As browsers do: what calls itself Latin-1 has Windows' dashes and quotes as well.
            return WESTERN if name == "iso8859-1" else name
    except (LookupError, ValueError):
        pass
    raise InvalidInput(
        what=f"This XML says that it is written in “{declared}”, an unknown encoding.",
        remedy=_AGAIN,
    )


def _family(encoding: str) -> str:
    """Return UTF-8, -16 or -32 without byte order and mark; others as they are called."""
    found = re.match(r"utf-?(8|16|32)", encoding.casefold())
    return f"utf-{found[1]}" if found else encoding


def _wrong(declared: str, really: str) -> InvalidInput:
    known = really != _ANOTHER
    return InvalidInput(
        what=f"This XML says that it is written in {declared}, but it is in {really}: "
        "names would come out wrong.",
        remedy=f"Write {really} in the place of {declared} in its first line, or export it once "
        "more."
        if known
        else _AGAIN,
    )
