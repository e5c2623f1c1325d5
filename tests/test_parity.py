"""The README's table of what can be done where keeps to what there is."""

import re
from pathlib import Path

from adapters.discord.permissions import PERMISSIONS
from bot.ui.pages.help import VERBS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    """Return the rows of the table below a heading, each in its cells, without its head."""
    part = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in found]


def test_every_platform_has_its_column_and_every_ability_a_word_in_it() -> None:
    head, _, *abilities = rows("The same on every platform")
    platforms = {each.parent.name for each in (ROOT / "adapters").glob("*/messenger.py")}
    assert {name.casefold() for name in head[1:]} == platforms
    assert len(abilities) > 10
    for ability, *cells in abilities:
        assert len(cells) == len(platforms), ability
        assert all(re.fullmatch(r"done|exempt: \S.+", cell) for cell in cells), ability


def test_every_verb_is_told() -> None:
    told = {row[0].strip("`*").split()[0].rstrip("`") for row in rows("What you can say")}
    assert set(VERBS) <= told


def test_every_permission_is_told_with_its_reason() -> None:
    _, _, *told = rows("What Coplan may do in Discord")
    assert told == [[each.name, each.asked.value, each.why] for each in PERMISSIONS]
