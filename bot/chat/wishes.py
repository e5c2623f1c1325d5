"""What follows a verb that takes a title and people: `start "Watershed inquiry" @Ben handy-5`."""

import re
from dataclasses import dataclass
from typing import Final

from bot.chat.arguments import QUOTES, quoted
from bot.chat.inbound import Inbound, Said
from bot.domain.members import Person

_SIGN: Final = "\0"
"""Stands around a person's number among the words, none of which may hold it."""
_PLACE: Final = re.compile(f"{_SIGN}(\\d+){_SIGN}")
_FIRST: Final = re.compile(
    f"(?:(?:\\s*(?:with|and|[,&+]))?\\s*{_SIGN}\\d+{_SIGN})*[\\s,:]*", re.IGNORECASE
)
_ANYBODY: Final = rf"(?={_SIGN}|@\w)"
_LISTED: Final = re.compile(
    rf"(?:(?:^|[\s,&+])*(?:(?:together\s+|along\s+)?with|and|plus)\s+|[\s,&+]+){_ANYBODY}",
    re.IGNORECASE,
)
"""What joins people to a title, and to one another: "with @Ben and @Rosa"."""
_THANKS: Final = re.compile(rf"(?<={_SIGN})\s*,?\s*(?:please|pls|thanks)[\s.!]*$", re.IGNORECASE)
_INTRODUCED: Final = re.compile(
    rf"^(?:(?:an?|the|my|our|new|plan|unit|project|lesson|called|named|titled)\s+)+"
    rf"(?=[{''.join(QUOTES)}])",
    re.IGNORECASE,
)
"""What stands before a title in quotation marks: "a new plan called"."""
_NO_TITLE: Final = re.compile(r"(?:an?\s+)?(?:new\s+)?plan", re.IGNORECASE)
_MARKS: Final = '"“”„«»'
_STRANGER: Final = re.compile(r"(?<![\w@])@(\w[\w'’.-]*\b)")
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_CLOSING: Final = tuple(",.;:!?)\"'”»“’")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The words of a verb, taken apart.

    ``title``: what stands in quotation marks, mentions in it as they were typed; without quotation
    marks (``loose``) all words. ``rest``: the words after it; when it is loose, those after the
    last person. ``strangers``: names after an @ that nobody here bears.
    """

    title: str
    rest: str
    people: tuple[Person, ...]
    strangers: tuple[str, ...]
    loose: bool


def wish(inbound: Inbound) -> Wish:
    """Return what follows the verb, taken apart."""
    parts = inbound.what.parts if isinstance(inbound.what, Said) else ()
    people = [part for part in parts if isinstance(part, Person)]
    first, said = _without_verb(_line(parts))
    said = _INTRODUCED.sub("", _THANKS.sub("", said), count=1)
    title, rest = quoted(said)
    loose = title == said
    said, rest = (_LISTED.sub(" ", words) for words in (said, rest))
    outside = f"{first} {said if loose else rest}"
    return Wish(
        title=_loose(_words(said)) if loose else _spelled(title, people),
        rest=_words(_PLACE.split(said)[-1] if loose else rest),
        people=tuple(dict.fromkeys(people[int(at)] for at in _PLACE.findall(outside))),
        strangers=tuple(dict.fromkeys(_STRANGER.findall(outside))),
        loose=loose,
    )


def _loose(title: str) -> str:
    """Return a title that had no quotation marks, or one without its partner.

    Empty for “a plan”, which is none.
    """
    if _NO_TITLE.fullmatch(title):
        return ""
    alone = sum(title.count(mark) for mark in _MARKS) == 1
    return title.strip(f"{_MARKS} ") if alone else title.lstrip("-\u2013\u2014: ")


def _line(parts: tuple[str | Person, ...]) -> str:
    """Return what was said in one line, with a sign for each of the people."""
    line, number = "", 0
    for part in parts:
        if isinstance(part, Person):
            line, number = f"{line} {_SIGN}{number}{_SIGN}", number + 1
        else:
            text = _UNSTORABLE.sub("", part)
            line += text if text.startswith(_CLOSING) else f" {text}"
    return " ".join(line.split())


def _without_verb(line: str) -> tuple[str, str]:
    """Return the people who stand before all words, and what follows them and the verb."""
    before, words = _parted(line)
    after, said = _parted(words.partition(" ")[2])
    return before + after, said


def _parted(line: str) -> tuple[str, str]:
    found = _FIRST.match(line)
    end = found.end() if found else 0
    return line[:end], line[end:]


def _words(line: str) -> str:
    """Return the words alone, without the people, known here or not."""
    return " ".join(_STRANGER.sub(" ", _PLACE.sub(" ", line)).split())


def _spelled(text: str, people: list[Person]) -> str:
    """Return the text with the names of the people in it."""
    return _PLACE.sub(lambda found: f"@{people[int(found[1])].name}", text)
