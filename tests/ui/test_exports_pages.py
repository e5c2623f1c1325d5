"""Plans as Markdown and HTML: everything is there, and nobody's text is more than text."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.domain.contributions.acts import ActKind
from bot.domain.ids import ItemId
from bot.domain.planning.outside import KINDS
from bot.domain.planning.plan import Challenge, Minutes, Resource
from bot.ui.acts import VERBS
from bot.ui.exports.exported import Exported
from bot.ui.exports.html import html
from bot.ui.exports.markdown import escape, markdown
from bot.ui.exports.outline import Cell, Grid, Line, Part, Quoted, outline
from bot.ui.exports.words import work_words
from tests.support.examples import examples
from tests.support.plans import NASTY, exports
from tests.ui.test_exports_example import EXAMPLE, NOW

VOID = {"meta", "br"}


def blank(text: str) -> str:
    """Return a text with its blanks made equal: what two renderings must agree on."""
    return " ".join(text.split())


def cell_text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.label


def walk(part: Part) -> Iterator[Part]:
    yield part
    for below in part.parts:
        yield from walk(below)


def leaves(part: Part) -> Iterator[str]:
    """Return every text of an outline in the order in which it is shown."""
    for one in walk(part):
        yield one.title
        for block in one.blocks:
            match block:
                case Line():
                    yield block.text
                case Quoted():
                    yield block.text
                    yield block.note
                case Grid():
                    yield from block.head
                    yield from (cell_text(cell) for row in block.rows for cell in row)


def shown(part: Part) -> list[str]:
    """Return the texts without blanks: "–" and "—" stand where Markdown has nothing to say."""
    return [text for text in map(blank, leaves(part)) if text]


# Markdown ---------------------------------------------------------------------------------------

BLOCKS = {"heading", "paragraph", "blockquote", "inline"}
BLOCKS |= {"table", "thead", "tbody", "tr", "th", "td"}


def block_type(token: Token) -> str:
    return token.type.removesuffix("_open").removesuffix("_close")


def inline_text(token: Token) -> str:
    text = ""
    for child in token.children or ():
        match child.type:
            case "text":
                text += child.content
            case "softbreak" | "hardbreak":
                text += "\n"
            case "html_inline":
                assert child.content == "<br>"
                text += "\n"
            case "link_open":
                assert str(child.attrs["href"]).lower().startswith(("http://", "https://"))
            case kind:
                assert kind == "link_close"
    return text


def markdown_texts(source: str) -> list[str]:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(source)
    assert {block_type(token) for token in tokens} <= BLOCKS
    texts: list[str] = []
    quoting = False
    for token in tokens:
        if token.type in {"blockquote_open", "blockquote_close"}:
            quoting = token.type == "blockquote_open"
            texts += [""] if quoting else []
        elif token.type == "inline" and quoting:
            texts[-1] += "\n" + inline_text(token)
        elif token.type == "inline":
            texts.append(inline_text(token).removeprefix("— "))
    return [text for text in map(blank, texts) if text]


@settings(deadline=None, max_examples=examples(30))
@given(exports())
def test_markdown_shows_every_text_literally_and_in_order(exported: Exported) -> None:
    assert markdown_texts(markdown(exported)) == shown(outline(exported))


@pytest.mark.parametrize(
    "text", [*NASTY, "1. a", "12) a", "- a", "+ a", "=", "a  \nb", "\\", "&lt;"]
)
def test_an_escaped_line_is_the_text_itself(text: str) -> None:
    assert blank(" ".join(markdown_texts(escape(text)))) == blank(text.translate(CONTROLS))


CONTROLS = dict.fromkeys((7, 27, 127, 0x2028, 0x202C, 0x202E))


def test_markdown_of_the_example() -> None:
    source = markdown(EXAMPLE)
    assert source.startswith("# Watershed inquiry\n\nState: under way\n")
    assert "| Maya | librarian | Tue 3 Nov 2026, 08:00 CET | – |" in source
    assert "### Assignment\n\nOpen, due Tue 10 Nov 2026" in source
    assert (
        "#### What will the students be asked to do?\n\n> Map the \\*river\\*\\\n> by foot"
        in source
    )
    assert "— Ben, Tue 3 Nov 2026, 09:00 CET, revision 2" in source
    assert "| Read the map | Ben | Fri 6 Nov 2026 | – |" in source
    assert "| [The atlas](<https://example.org/a\\_b>) | Maya |" in source
    assert (
        "| 2 | Tue 3 Nov 2026, 03:00 EST | Ben | wrote “"
        "What will the students be asked to do?” | Walk | Map the \\*river\\*<br>by foot |"
    ) in source


# HTML -------------------------------------------------------------------------------------------

ATTRIBUTES = {"lang", "charset", "name", "content", "dir", "scope", "class", "role", "tabindex"}
ATTRIBUTES |= {"aria-label", "href", "rel", "download"}
SAFE = ("http://", "https://", "data:application/octet-stream;base64,")


class Page(HTMLParser):
    """What a browser would see: tags, attributes and the texts between them."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] not in {"style", "title"} and blank(data):
            self.texts.append(blank(data))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


@settings(deadline=None, max_examples=examples(30))
@given(exports())
def test_html_shows_every_text_literally_and_in_order(exported: Exported) -> None:
    page = Page(html(exported))
    whole = outline(exported)
    parts = [*walk(whole)]
    blocks = [block for part in parts for block in part.blocks]
    grids = [block for block in blocks if isinstance(block, Grid)]
    assert page.texts == shown(whole)
    assert page.tags["h1"] == 1
    assert sum(page.tags[f"h{n}"] for n in range(1, 7)) == len(parts)
    assert page.tags["blockquote"] == sum(isinstance(block, Quoted) for block in blocks)
    assert page.tags["table"] == len(grids)
    assert page.tags["th"] == sum(len(grid.head) + len(grid.rows) for grid in grids)
    assert not page.tags.keys() & {"script", "img", "iframe", "link", "object", "form"}
    assert page.attributes <= ATTRIBUTES
    assert all(link.startswith(SAFE) for link in page.links)


def test_html_of_the_example_is_a_whole_page_of_its_own() -> None:
    source = html(EXAMPLE)
    assert source.lstrip().startswith('<!DOCTYPE html>\n<html lang="en">')
    assert "<title>Watershed inquiry</title>" in source
    assert '<th scope="col">By when</th>' in source
    assert "@media print" in source
    assert source.count("http") == 1  # the resource's own link, and nothing fetched


@pytest.mark.parametrize("write", [markdown, html])
def test_only_web_addresses_become_links(write: object) -> None:
    assert callable(write)
    bad = Resource(id=ItemId("x"), title="Click", link="javascript:alert(1)", by=MAYA, at=NOW)
    source = write(replace(EXAMPLE, plan=replace(EXAMPLE.plan, resources=(bad,))))
    assert "Click" in source
    assert "javascript" not in source


MAYA = EXAMPLE.plan.started_by


def test_every_kind_of_act_and_work_has_words() -> None:
    assert set(VERBS) == set(ActKind)
    assert all(work_words(kind) != kind for kind in KINDS)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("#1d2430", "#ffffff"),
        ("#1d2430", "#e8edf5"),
        ("#24406e", "#ffffff"),
        ("#0b4a9e", "#ffffff"),
        ("#4a5568", "#ffffff"),
    ],
)
def test_the_colours_of_the_page_have_contrast_enough(ink: str, paper: str) -> None:
    assert ink in html(EXAMPLE)
    assert (luminance(paper) + 0.05) / (luminance(ink) + 0.05) >= 4.5


def test_what_has_no_text_is_no_quotation() -> None:
    by, at = EXAMPLE.plan.started_by, NOW
    challenge = Challenge(id=ItemId("c1"), kind="time", text="", by=by, at=at)
    minutes = Minutes(id=ItemId("m1"), minutes=20, text="", by=by, at=at)
    plan = replace(EXAMPLE.plan, challenges=(challenge,), minutes=(minutes,))
    told = list(walk(outline(replace(EXAMPLE, plan=plan))))
    quoted = [b.text for part in told for b in part.blocks if isinstance(b, Quoted)]
    assert not {"", "–"} & set(quoted)
    lines = [b.text for part in told for b in part.blocks if isinstance(b, Line)]
    assert any("20 minutes" in line for line in lines)
