"""What was said to the bot, without what only surrounds it: "Hi Coplan, what's next?" is `next`.

Nothing is guessed: a word that is almost a verb stays what it is, and is answered with a question.
"""

import re
from dataclasses import replace

from bot.chat.inbound import Said
from bot.domain.timetable.zones import names_a_zone, speaks_of_zone
from bot.ui.pages.help import VERBS
from bot.usecases.linking import is_code

LONGER = frozenset(
    {"start.form", "away.open", "tt.read", "remind.add", "settings.zone", "link.use"}
)
"""Routes that stand for a verb: alone, `timetable` with a file, `remind` with words,
`settings` with a time zone, `link` with a code."""
_ALONE = {"start": "start.form", "away": "away.open"}
_TABLE = frozenset("\n\t,;")
"""What the words after `timetable` hold when they are a pasted table."""
_ADDRESS = "://"
_TIMETABLE = {"timetable", ""}
"""A file without a word is one."""

_COMMAND = "/coplan"
"""A command that was sent as a message begins with it."""
_POLITE = frozenset(
    ("please", "pls", "hi", "hello", "hey", "dear", "ok", "okay", "coplan", "can", "could", "you")
) | {_COMMAND}
_ASKING = frozenset(
    ("show", "tell", "give", "me", "us", "what", "what's", "whats", "is", "the", "my", "our")
)
"""Words before a verb that only shows something."""
_SAYING = frozenset(("i", "i'm", "im", "am", "will", "be"))
"""Words before `away`."""
_SHOWING = frozenset(VERBS) - {"start", "away", "noschool", "remind", "link"}
_WITHOUT_TEXT = _SHOWING | {"link", "away", "noschool"}
"""What follows these is no text of the member's own, in which a “please” would stay."""
_ALIKE = {
    **{f"{verb}s": verb for verb in ("plan", "log", "timetable", "digest", "remind", "export")},
    "setting": "settings",
    "reminder": "remind",
    "reminders": "remind",
    "no-school": "noschool",
    "time-table": "timetable",
}
_TWO_WORDS = {("no", "school"): "noschool", ("time", "table"): "timetable"}
_NO_PLAN = re.compile(r"start\s+(?:an?\s+)?(?:new\s+)?plan[.!]?", re.IGNORECASE)
"""No title: the form asks for one."""
_AROUND = ",.;:!?\u2026"
_WORD = re.compile(r"\S+")
_CLOSING = re.compile(r"[\s,]+(?:please|pls|thanks|thank\s+you)[\s.!]*$", re.IGNORECASE)
_NOW = re.compile(r"\s+now[\s.!]*$", re.IGNORECASE)


def plainly(said: Said) -> Said:
    """Return the words from the verb on, the verb as it is called; unchanged when there is none."""
    texts = [at for at, part in enumerate(said.parts) if isinstance(part, str) and part.strip()]
    found = _verb_in(str(said.parts[texts[0]])) if texts else None
    if found is None:
        return said
    name, rest = found
    parts = list(said.parts)
    parts[texts[0]] = f"{name}{rest}"
    last = parts[-1]
    if name in _WITHOUT_TEXT and isinstance(last, str):
        parts[-1] = _CLOSING.sub("", _NOW.sub("", last) if name == "digest" else last)
    return replace(said, parts=tuple(parts))


def _verb_in(text: str) -> tuple[str, str] | None:
    """Return the verb that the text says and what follows it, or None."""
    words = list(_WORD.finditer(text))
    before: set[str] = set()
    for at, word in enumerate(words):
        plain = _plain(word[0])
        following = _plain(words[at + 1][0]) if at + 1 < len(words) else ""
        two = _TWO_WORDS.get((plain, following))
        name = two or _ALIKE.get(plain, plain)
        if name in VERBS:
            end = words[at + 1].end() if two else word.end()
            return (name, text[end:]) if before <= _before(name) else None
        if plain and plain not in _POLITE | _ASKING | _SAYING:
            return None
        before |= {plain} - {""}
    return None


def _before(verb: str) -> frozenset[str]:
    """Return the words that may stand before the verb."""
    if verb == "away":
        return _POLITE | _SAYING
    return _POLITE | _ASKING if verb in _SHOWING else _POLITE


def _plain(word: str) -> str:
    return word.casefold().replace("\u2019", "'").strip(_AROUND)


def verb(as_typed: Said) -> str:
    """Return the route of the words said: the verb, or what it stands for as it was said."""
    said = plainly(as_typed)
    first = next((part for part in said.parts if isinstance(part, str) and part.strip()), "")
    name, *more = first.split() or [""]
    name = name.casefold()
    if len(said.parts) == 1 and (not more or _NO_PLAN.fullmatch(first.strip())):
        name = _ALONE.get(name, name)
    elif name == "remind":
        return "remind.add"
    rest = " ".join(more)
    if name == "link" and is_code(rest):
        return "link.use"
    if name == "settings" and ("/" in first or names_a_zone(rest) or speaks_of_zone(rest)):
        return "settings.zone"
    given = said.files or _TABLE.intersection(first.strip()) or _ADDRESS in first
    return "tt.read" if given and name in _TIMETABLE else name
