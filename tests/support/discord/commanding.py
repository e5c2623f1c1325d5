"""What Discord's client makes of a slash command typed at length: a verb, and its options."""

import re
from dataclasses import dataclass, field
from typing import Final

from tests.support.discord import payloads
from tests.support.discord.filling import named, people
from tests.support.discord.world import Attachment, Json, World

VERB, TEXT, INTEGER, PERSON, FILE = 1, 3, 4, 6, 11
LONGEST: Final = 6_000
"""Characters that an option takes."""


@dataclass(slots=True, kw_only=True)
class Typed:
    """The options of one verb, filled in one after another by what was typed."""

    world: World
    guild: str
    options: list[Json]
    given: list[Json] = field(default_factory=list)
    resolved: Json = field(default_factory=dict)

    def take(self, text: str, files: list[Attachment]) -> None:
        """Fill in: people where people go, files where files go, texts in their order."""
        for piece in _pieces(text, [each.name for each in self.world.users.values()]):
            if piece.startswith("@"):
                self._person(piece[1:])
            else:
                self._text(piece.strip('"“”'))
        for file in files:
            self._put(FILE, file.id)
            told = payloads.attachment(self.world, file, ephemeral=True)
            self.resolved.setdefault("attachments", {})[file.id] = told

    def _person(self, name: str) -> None:
        number = named(self.world, name)
        self._put(PERSON, number)
        people(self.world, self.guild, number, self.resolved)

    def _text(self, text: str) -> None:
        assert len(text) <= LONGEST, "Discord takes no more characters"
        assert "\n" not in text, "Discord's client takes one line"
        self._put(TEXT, text)

    def _put(self, kind: int, value: str) -> None:
        taken = {each["name"] for each in self.given}
        free = [o for o in self.options if o["type"] == kind and o["name"] not in taken]
        assert free, f"no option is left for “{value}” in {[o['name'] for o in self.options]}"
        self.given.append({"name": free[0]["name"], "type": kind, "value": value})


def command(
    world: World, guild: str, known: Json, text: str, files: list[Attachment]
) -> Json | None:
    """Return the data of a command typed as "VERB and more"; None where there is no such verb."""
    verb, _, rest = text.partition(" ")
    verbs = [each for each in known.get("options") or () if each["name"] == verb]
    if not verbs:
        return None
    typed = Typed(world=world, guild=guild, options=verbs[0].get("options") or [])
    typed.take(rest.strip(), files)
    made: Json = {
        "id": known["id"],
        "name": known["name"],
        "type": 1,
        "options": [{"name": verb, "type": VERB, "options": typed.given}],
    }
    return made | ({"resolved": typed.resolved} if typed.resolved else {})


def _pieces(text: str, names: list[str]) -> list[str]:
    """Return quoted texts, people, and the runs of words between them."""
    longest = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    pattern = rf'"[^"]*"|“[^”]*”|(?<![\w@])@(?:{longest})(?!\w)'
    found: list[str] = []
    last = 0
    for match in re.finditer(pattern, text):
        found += [text[last : match.start()].strip(), match[0]]
        last = match.end()
    return [piece for piece in [*found, text[last:].strip()] if piece]
