"""Real schools' files, written anew in other ways that mean the same: nothing changes."""

import csv
import io
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from adapters.files.recognising import recognise
from bot.domain.timetable.grid import Grid
from tests.support.examples import cases

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
ASC = sorted(DATA.glob("asc/*.xml"))
MARKUP = [
    *ASC,
    *sorted(DATA.glob("fet/*/*_solved.fet")),
    *sorted(DATA.glob("fet/*/*_teachers.xml")),
]
TABLES = sorted(DATA.glob("fet/*/*_timetable.csv"))
UNTIS = sorted(DATA.glob("untis/*.TXT"))
PAGES = ("windows-1250", "windows-1252", "windows-1253", "windows-1257", "iso-8859-1", "us-ascii")

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="The data folder is missing: ../shared/data"
)


def same(one: Grid, other: Grid) -> None:
    """Assert that two grids say the same, whatever is noted about the files."""
    assert (one.days, one.periods) == (other.days, other.periods)
    assert (one.lessons, one.what) == (other.lessons, other.what)
    assert (one.breaks, one.absences) == (other.breaks, other.absences)
    assert (one.clock, one.titles) == (other.clock, other.titles)


def written(root: ET.Element, page: str, *, quote: str = '"', end: str = "\n") -> bytes:
    """Return XML of our own: attributes turned round, letters that a page lacks as numbers."""
    lines: list[str] = []

    def text(of: str) -> str:
        plain = escape(of, {quote: "&quot;" if quote == '"' else "&apos;", "\n": "&#10;"})
        return plain.encode(page, "xmlcharrefreplace").decode(page)

    def write(node: ET.Element, depth: int) -> None:
        told = reversed(list(node.attrib.items()))
        head = node.tag + "".join(f" {key}={quote}{text(value)}{quote}" for key, value in told)
        lines.append("\t" * depth + f"<{head}>" + text((node.text or "").strip()))
        for child in node:
            write(child, depth + 1)
        lines.append("\t" * depth + f"<!-- <end> --></{node.tag} >")

    write(root, 0)
    head = f"<?xml version={quote}1.0{quote} encoding={quote}{page}{quote}?>"
    return end.join((head, *lines)).encode(page)


def root_of(path: Path) -> ET.Element:
    return ET.fromstring(path.read_bytes())  # noqa: S314 - our own data


@pytest.mark.parametrize("path", cases(MARKUP, 2), ids=lambda path: path.name)
def test_other_encodings_quotes_blanks_and_line_ends(path: Path) -> None:
    grid, root = recognise(path.read_bytes(), path.name), root_of(path)
    for page in cases((*PAGES, "utf-8", "utf-16")):
        for quote, end in (('"', "\n"), ("'", "\r\n"), ('"', "\r")):
            same(recognise(written(root, page, quote=quote, end=end)), grid)
    same(recognise(b"\xef\xbb\xbf" + written(root, "utf-8")), grid)


def turned_round(root: ET.Element) -> None:
    """Put everything in another order and leave out what only describes it."""
    for part in (root, *root):
        part.attrib.clear()
        if part is root or part.tag in {"periods", "lessons", "daysdefs", "teachers"}:
            part[:] = reversed(list(part))


def other_keys(root: ET.Element) -> None:
    """Give everything another key, with signs in it, and blanks between those of a list."""
    keys: dict[str, str] = {"": ""}
    for node in root.iter():
        for name, told in node.attrib.items():
            if name in {"id", "lessonid", "subjectid", "teacherids"}:
                some = (keys.setdefault(key, f"*{len(keys)}-é") for key in told.split(","))
                node.set(name, ", ".join(some))


def cards_of(root: ET.Element) -> ET.Element:
    found = root.find("cards")
    assert found is not None
    return found


def several_days(root: ET.Element) -> None:
    """Write one card for all days of a lesson that begin with the same period."""
    cards = cards_of(root)
    together: dict[tuple[str | None, str | None], list[ET.Element]] = defaultdict(list)
    for card in cards:
        together[card.get("lessonid"), card.get("period")].append(card)
    for some in together.values():
        masks = [str(card.get("days")) for card in some]
        some[0].set("days", "".join(max(digits) for digits in zip(*masks, strict=True)))
        for card in some[1:]:
            cards.remove(card)


def older(root: ET.Element) -> None:
    """Write as programs of 2008 do: numbers of days, the older word for the length."""
    cards, definitions = cards_of(root), root.find("daysdefs")
    assert definitions is not None
    numbered = ET.SubElement(root, "days")
    for one in definitions:
        mask = str(one.get("days"))
        if "," not in mask and mask.count("1") == 1:
            ET.SubElement(numbered, "day", day=str(mask.index("1")), name=str(one.get("name")))
    root.remove(definitions)
    for card in list(cards):
        mask = str(card.attrib.pop("days"))
        card.set("day", str(mask.index("1")))
        for at in [at for at, digit in enumerate(mask) if digit == "1"][1:]:
            ET.SubElement(cards, "card", {**card.attrib, "day": str(at)})
    for lesson in root.iter("lesson"):
        lesson.set("durationperiods", lesson.attrib.pop("periodspercard"))


def a_card_a_period(root: ET.Element) -> None:
    """Write a card for each period of a double lesson, as some programs do."""
    lengths = {one.get("id"): int(str(one.get("periodspercard"))) for one in root.iter("lesson")}
    cards = cards_of(root)
    for card in list(cards):
        for more in range(1, lengths[card.get("lessonid")]):
            period = int(str(card.get("period"))) + more
            ET.SubElement(cards, "card", {**card.attrib, "period": str(period)})


@pytest.mark.parametrize(
    "rewrite",
    [turned_round, other_keys, several_days, older, a_card_a_period],
    ids=lambda f: f.__name__,
)
@pytest.mark.parametrize("path", ASC, ids=lambda path: path.name)
def test_asc_written_in_other_ways(path: Path, rewrite: Callable[[ET.Element], None]) -> None:
    root = root_of(path)
    rewrite(root)
    same(recognise(written(root, "utf-8")), recognise(path.read_bytes()))


@pytest.mark.parametrize("path", ASC, ids=lambda path: path.name)
def test_asc_with_periods_from_0(path: Path) -> None:
    root, grid = root_of(path), recognise(path.read_bytes())
    for node in (*root.iter("period"), *root.iter("card")):
        node.set("period", str(int(str(node.get("period"))) - 1))
    found = recognise(written(root, "utf-8"))
    assert found.periods == tuple(str(at) for at in range(len(grid.periods)))
    assert found.lessons == grid.lessons


def tables(rows: Iterable[list[str]]) -> Iterable[str]:
    """Yield a table with each separator, ways to quote and ends of lines."""
    rows = list(rows)
    for separator in ",;\t|":
        for quoting in (csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC):
            for end in ("\n", "\r\n", "\r"):
                stream = io.StringIO()
                csv.writer(
                    stream, delimiter=separator, quoting=quoting, lineterminator=end
                ).writerows(rows)
                yield stream.getvalue()


def rows_of(path: Path) -> list[list[str]]:
    page, separator = ("utf-8-sig", ",") if path.suffix == ".csv" else ("cp1252", ";")
    text = path.read_bytes().decode(page)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


@pytest.mark.parametrize("path", [*TABLES, *UNTIS], ids=lambda path: path.name)
def test_tables_with_other_separators_quotes_and_line_ends(path: Path) -> None:
    grid, rows = recognise(path.read_bytes(), path.name), rows_of(path)
    for at, text in enumerate(tables(rows)):
        same(recognise(text.encode(("utf-8", "utf-8-sig", "utf-16")[at % 3])), grid)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "head",
    [
        "Id,Tag,Stunde,Klassen,Fach,Lehrer,Markierungen,Raum,Notizen",
        "Id,Ziua,Ora,Seturi,Materia,Profesori,Etichete,Sala,Comentarii",
        "Αρ.,Ημέρα,Ώρα,Τμήματα,Μάθημα,Καθηγητές,Ετικέτες,Αίθουσα,Σχόλια",  # noqa: RUF001
        "",
    ],
)
def test_fets_table_with_headings_of_any_language_or_none(path: Path, head: str) -> None:
    rows = [*([head.split(",")] if head else []), *rows_of(path)[1:]]
    for columns in (9, 8):
        stream = io.StringIO()
        csv.writer(stream).writerows(row[:columns] for row in rows)
        found = recognise(stream.getvalue().encode())
        same(found, recognise(path.read_bytes()))
        assert ("Read as a table of FET" in " ".join(found.notes)) == ("Stunde" not in head)


@pytest.mark.parametrize("path", UNTIS, ids=lambda path: path.name)
def test_untis_without_quotes_and_last_fields_or_with_more(path: Path) -> None:
    grid, rows = recognise(path.read_bytes()), rows_of(path)
    for text in (
        "".join(";".join(row).rstrip(";") + "\n" for row in rows),
        "".join(",".join(row) + ",,,\r\n" for row in rows),
        "".join(";".join((*row[:5], row[5].zfill(2), row[6].zfill(2), "")) + "\n" for row in rows),
    ):
        same(recognise(text.encode("cp1252")), grid)
