"""Discord's markdown as its client reads it: what is shown as typed, and what acts or looks other.

The rules and their order follow the client's parser: an escape comes first, an address without
brackets is found anywhere, and lists, headings and quotations by how a line begins.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

TEXT: Final = "text"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text: ``kind`` is "text" for what is shown to the letter."""

    kind: str
    shown: str


_LINE: Final = (
    ("small", r"-# +(?=\S)"),
    ("heading", r"#{1,3} +(?=\S)"),
    ("quotation", r">(?:>>)? "),
    ("list", r" *(?:[*+-]|\d+[.)]) +(?=\S)"),
)
_ANYWHERE: Final = (
    ("escape", r"\\([^0-9A-Za-z\s])"),
    ("code", r"```(?:[a-z0-9_+.#-]*\n)?\n*([^\n].*?)\n*```"),
    ("code", r"(`+)(?!`)(.*?)(?<!`)\1(?!`)"),
    ("person", r"<@!?\d+>"),
    ("role", r"<@&\d+>"),
    ("all", r"@(?:everyone|here)"),
    ("channel", r"<#\d+>"),
    ("place", r"<id:\w+(?::\d+)?>"),
    ("command", r"</[^<>]+:\d+>"),
    ("emoji", r"<a?:\w+:\d+>"),
    ("time", r"<t:-?\d{1,17}(?::[tTdDfFsSR])?>"),
    ("link", r"<([^: >]+:/[^ >]+)>"),
    (
        "link",
        r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?((?:[^\s\\]|\\.)*?)>?\s*\)",
    ),
    ("address", r"(?:https?|steam)://[^\s<]+[^<.,:;\"'\]\s]"),
    ("emoji", r":[\w+-]+(?:::skin-tone-\d)?:"),
    ("bold", r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)"),
    ("underlined", r"__((?:\\.|[^\\])+?)__(?!_)"),
    (
        "italics",
        r"_((?:__|\\.|[^\\_])+?)_(?!_)\b|\*(?=\S)((?:\*\*|\\.|[^\s*\\]|\s+[^*])+?)\*(?!\*)",
    ),
    ("gone", r"~~(?=\S)((?:\\.|[^\\])*?\S)~~"),
    ("hidden", r"\|\|((?:\\.|[^\\])+?)\|\|"),
)
_COMPILED: Final = [(kind, re.compile(rule, re.DOTALL)) for kind, rule in _ANYWHERE]
_LINES: Final = [(kind, re.compile(rule)) for kind, rule in _LINE]
_INSIDE: Final = frozenset({"bold", "underlined", "italics", "gone", "hidden"})


def pieces(text: str) -> list[Piece]:
    """Return the pieces of a text, neighbouring ones of plain text as one."""
    found: list[Piece] = []
    for each in _pieces(text):
        if found and each.kind == found[-1].kind == TEXT:
            found[-1] = Piece(TEXT, found[-1].shown + each.shown)
        else:
            found.append(each)
    return found


def shown(text: str) -> str:
    """Return the words as people see them; a mention or time is as it is written."""
    return "".join(each.shown for each in pieces(text))


def kinds(text: str) -> list[str]:
    """Return what in the text is no plain text, in its order."""
    return [each.kind for each in pieces(text) if each.kind != TEXT]


def _pieces(text: str) -> Iterator[Piece]:
    at = 0
    while at < len(text):
        if at == 0 or text[at - 1] == "\n":
            line = next(((k, m) for k, rule in _LINES if (m := rule.match(text, at))), None)
            if line is not None:
                yield Piece(line[0], "")
                at = line[1].end()
                continue
        kind, match = next(
            ((k, m) for k, rule in _COMPILED if (m := rule.match(text, at))), (TEXT, None)
        )
        if match is None:
            yield Piece(TEXT, text[at])
            at += 1
            continue
        yield from _matched(kind, match)
        at = match.end()


def _matched(kind: str, match: re.Match[str]) -> Iterator[Piece]:
    groups = [each for each in match.groups() if each is not None]
    if kind == "escape":
        yield Piece(TEXT, groups[0])
    elif kind in _INSIDE or (kind == "link" and len(groups) > 1):
        yield Piece(kind, shown(groups[0]))
    elif kind == "code":
        yield Piece(kind, groups[-1])
    else:
        yield Piece(kind, groups[0] if groups else match[0])
