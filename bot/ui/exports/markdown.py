"""A plan as Markdown (CommonMark with tables); every text of a member stays literal text."""

import re
from collections.abc import Iterator
from typing import assert_never
from urllib.parse import quote

from bot.domain.planning.texts import clean
from bot.ui.exports.exported import Exported
from bot.ui.exports.outline import Attached, Block, Cell, Grid, Line, Part, Quoted, outline
from bot.ui.spans import Link

_MARKUP = re.compile(r"([\\`*_\[\]<>|#&~$^])")
"""Characters that mean something anywhere in a line."""
_OPENING = re.compile(r"^([-+=:]|\d{1,9}(?=[.)]))")
"""Characters that mean something at the start of a line: lists, rules, underlined headings."""
_URL_KEEPS = ":/?#[]@!$&'()*+,;=%-._~"
_DEEPEST = 6


def markdown(exported: Exported) -> str:
    """Return the plan as one Markdown document."""
    return "\n\n".join(_part(outline(exported), 1)) + "\n"


def escape(text: str) -> str:
    """Return one line of text such that Markdown shows it as it is."""
    line = _escaped(clean(text).replace("\n", " "))
    opening = _OPENING.match(line)
    if opening is None:
        return line
    found = opening.group()
    return f"{found}\\{line[len(found) :]}" if found.isdigit() else f"\\{line}"


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text)


def _lines(text: str) -> list[str]:
    """Return a text's lines, escaped; blanks at their start are kept as blanks, not as code."""
    shown = []
    for line in clean(text).split("\n"):
        bare = line.lstrip()
        shown.append("&nbsp;" * (len(line) - len(bare)) + escape(bare) if bare else "")
    return shown


def _part(part: Part, level: int) -> Iterator[str]:
    yield f"{'#' * min(level, _DEEPEST)} {_heading(part.title)}"
    for block in part.blocks:
        yield from _block(block)
    for below in part.parts:
        yield from _part(below, level + 1)


def _heading(text: str) -> str:
    return escape(" ".join(text.split())) or "–"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Line():
            yield escape(block.text)
        case Quoted():
            yield _quote(block.text)
            yield f"— {escape(block.note)}"
        case Grid():
            yield "\n".join(_table(block))
        case _:
            assert_never(block)


def _quote(text: str) -> str:
    lines = _lines(text)
    following = [*lines[1:], ""]
    broken = (
        f"> {line}\\" if line and after else f"> {line}".rstrip()
        for line, after in zip(lines, following, strict=True)
    )
    return "\n".join(broken)


def _table(grid: Grid) -> Iterator[str]:
    yield _row(escape(title) for title in grid.head)
    yield _row("---" for _ in grid.head)
    for row in grid.rows:
        yield _row(_cell(cell) for cell in row)


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    match cell:
        case str():
            return "<br>".join(_lines(cell))
        case Link():
            return _link(cell)
        case Attached():
            return escape(cell.label)
        case _:
            assert_never(cell)


def _link(link: Link) -> str:
    label = " ".join(_lines(link.label))
    if not link.url.lower().startswith(("http://", "https://")):
        return label
    address = quote(link.url, safe=_URL_KEEPS)
    return f"[{label}](<{_escaped(address)}>)"
