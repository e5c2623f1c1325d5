"""YAML from strangers, as plain values: mappings, lists, texts, whole numbers, true, false, null.

A file is hostile until shown otherwise (measured on plain ``safe_load``: 20 KB of merge keys
cost 9 s, ``12:30`` is read as 750, ``NO`` as false). So: no aliases, few levels, few nodes, no
repeated keys, no tags; only whole numbers, ``true``, ``false`` and ``null`` are more than text.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.domain.errors import InvalidInput
from bot.templates.reading import Fault, Path, dotted

_REPORTED = 3
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,9})")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_PLAIN_TAGS = {"str", "map", "seq"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a kind of file may hold, and what to do about one that is refused."""

    kind: str
    file_bytes: int
    depth: int
    nodes: int
    remedy: str


def read_tree(data: bytes, name: str, bounds: Bounds) -> tuple[object, dict[Path, int]]:
    """Return the document of a file called ``name`` as plain values, and the line of every path.

    Raises ``InvalidInput`` with file, line and reason.
    """
    return _tree(_text(data, name, bounds), name, bounds)


def refused(what: str, bounds: Bounds) -> InvalidInput:
    """Return the problem of such a file."""
    return InvalidInput(what=what, remedy=bounds.remedy)


def report(name: str, lines: Mapping[Path, int], faults: Iterable[Fault]) -> str:
    """Return the first few mistakes, each in a line with file, line, key and reason."""
    placed = sorted(((_nearest_line(fault.path, lines), fault) for fault in faults), key=_first)
    return "\n".join(
        f"{name}, line {line}, {dotted(fault.path) or 'the file'}: {fault.reason}"
        for line, fault in placed[:_REPORTED]
    )


def _first(placed: tuple[int, Fault]) -> int:
    return placed[0]


def _nearest_line(path: Path, lines: Mapping[Path, int]) -> int:
    """Return the line of a path; a key that is missing has none, so its parent's."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _text(data: bytes, name: str, bounds: Bounds) -> str:
    if len(data) > bounds.file_bytes:
        most = f"a {bounds.kind} has at most {bounds.file_bytes // 1024} KiB"
        raise refused(f"{name}: has {len(data)} bytes; {most}", bounds)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refused(
            f"{name}, line {line}: is not UTF-8 text; save the file as UTF-8", bounds
        ) from None


def _tree(text: str, name: str, bounds: Bounds) -> tuple[object, dict[Path, int]]:
    """Return the document as plain values, and the line of every path in it."""
    try:
        node = _Loader(text, bounds).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise refused(f"{name}, line {line}: {_reason(error)}", bounds) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise refused(f"{name}, line {line}: holds a character that is not text", bounds) from None
    if node is None:
        raise refused(f"{name}, line 1: the file is empty", bounds)
    lines: dict[Path, int] = {}
    try:
        return _values(node, (), lines), lines
    except yaml.MarkedYAMLError as error:
        raise refused(f"{name}, line {_line(error)}: {_reason(error)}", bounds) from None


def _line(error: yaml.MarkedYAMLError) -> int:
    return error.problem_mark.line + 1 if error.problem_mark else 1


def _reason(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "cannot be read"
    if "'\\t'" in problem:
        return "a tab cannot indent or start a value; use blanks"
    return f"is not YAML as it should be: {problem}" if error.context else problem


class _Loader(yaml.SafeLoader):
    """Composes a small tree of nodes and nothing else."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - PyYAML's own attribute, empty: all text stays text

    def __init__(self, text: str, bounds: Bounds) -> None:
        super().__init__(text)
        self._bounds = bounds
        self._depth = 0
        self._nodes = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        """Compose one node, unless it is an alias, too deep or one too many."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        self._nodes += 1
        if isinstance(event, yaml.AliasEvent):
            raise _stop(event, "aliases (*name) are not allowed; write it out")
        if self._depth >= self._bounds.depth:
            raise _stop(event, f"is nested deeper than {self._bounds.depth} levels")
        if self._nodes > self._bounds.nodes:
            raise _stop(event, f"holds more than {self._bounds.nodes} values")
        self._depth += 1
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


def _stop(at: yaml.Event | Node, problem: str) -> yaml.MarkedYAMLError:
    mark: Any = at.start_mark
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


def _values(node: Node, path: Path, lines: dict[Path, int]) -> object:
    lines.setdefault(path, node.start_mark.line + 1)
    if node.tag.removeprefix("tag:yaml.org,2002:") not in _PLAIN_TAGS:
        raise _stop(node, "tags (!name) are not allowed")
    if isinstance(node, SequenceNode):
        return [_values(item, (*path, n), lines) for n, item in enumerate(node.value)]
    if isinstance(node, MappingNode):
        return _mapping(node, path, lines)
    return _scalar(node)


def _mapping(node: MappingNode, path: Path, lines: dict[Path, int]) -> dict[str, object]:
    values: dict[str, object] = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            raise _stop(key, "a key must be a word")
        if key.value in values:
            raise _stop(key, f"{dotted((*path, key.value))}: is there twice")
        lines[*path, key.value] = key.start_mark.line + 1
        values[key.value] = _values(value, (*path, key.value), lines)
    return values


def _scalar(node: Node) -> object:
    text = str(node.value)
    if not isinstance(node, ScalarNode) or node.style is not None:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _NUMBER.fullmatch(text) else text
