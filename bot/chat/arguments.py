"""The parts of an inbound that readers ask for, checked as they are taken."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import dropwhile
from typing import TypeVar

from bot.chat.inbound import Clicked, Inbound, Said, Shared, Submitted, Upload
from bot.domain import errors
from bot.domain.members import Person
from bot.domain.planning.texts import clean
from bot.ui.actions import Action

T = TypeVar("T")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""No database takes them; they come out of forged or broken JSON only."""
LONGEST_FILE_NAME = 100
_LONGEST_ENDING = 10
QUOTES = {
    '"': '"”“',
    "“": '”"',
    "„": '“”"',
    "«": "»",
    "»": "«",
    "\u2039": "\u203a",
    "\u203a": "\u2039",
    "\u2018": "\u2019'",
    "\u201a": "\u2018\u2019'",
    "'": "'\u2019",
}
"""Quotation marks, and those that may close what they open: the usual one first."""
_APOSTROPHES = "'’"
_BOUNDARY = re.compile(r"[\s,.;:!?)\0]|$")


def arg(inbound: Inbound, at: int, default: str | None = None) -> str:
    """Return the argument of the action at that place; a bad action is a stale button."""
    match inbound.what:
        case Clicked(action=action) | Submitted(action=action) | Shared(action=action):
            args = Action.decode(action).args
            if at < len(args) and args[at]:
                return _sound(args[at])
        case Said():
            pass
    if default is None:
        raise errors.StaleButton
    return default


def number(inbound: Inbound, at: int, default: int | None = None) -> int:
    """Return the argument as a whole number."""
    text = arg(inbound, at, None if default is None else str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 12):  # noqa: PLR2004 - an epoch
        raise errors.StaleButton
    return int(text)


def choice(inbound: Inbound) -> str:
    """Return what was chosen in a menu, empty for a plain button."""
    return _sound(inbound.what.choice) if isinstance(inbound.what, Clicked) else ""


def value(inbound: Inbound, key: str) -> str:
    """Return a form's answer, empty when it was left blank."""
    return next(iter(values(inbound, key)), "")


def values(inbound: Inbound, key: str) -> tuple[str, ...]:
    """Return all the answers under a key of a form."""
    given = inbound.what.values.get(key, ()) if isinstance(inbound.what, Submitted) else ()
    return tuple(_UNSTORABLE.sub("", text) for text in given)


def people(inbound: Inbound, key: str = "") -> tuple[Person, ...]:
    """Return the people chosen in a form, or mentioned in words."""
    match inbound.what:
        case Submitted(people=chosen):
            return chosen.get(key, ())
        case Said(parts=parts):
            return tuple(part for part in parts if isinstance(part, Person))
        case Clicked() | Shared():
            return ()


def upload(inbound: Inbound, key: str = "") -> Upload | None:
    """Return the first file of a form or a message, called by a name that every store takes."""
    sent: tuple[Upload, ...] = ()
    match inbound.what:
        case Submitted(files=given):
            sent = given.get(key, ())
        case Said(files=given_with_words):
            sent = given_with_words
        case Clicked() | Shared():
            pass
    return replace(sent[0], name=_file_name(sent[0].name)) if sent else None


def _file_name(name: str) -> str:
    """Return a file's name without separators and control characters, its ending kept."""
    flat = re.sub(r"[/\\]+", "-", _UNSTORABLE.sub("", name))
    flat = " ".join(clean(flat).split()).strip(".- ")
    stem, dot, ending = flat.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        return flat[:LONGEST_FILE_NAME].strip() or "file"
    return f"{stem[: LONGEST_FILE_NAME - len(ending) - 1].strip()}.{ending}"


def words(inbound: Inbound) -> str:
    """Return what follows the verb, without the people mentioned."""
    if not isinstance(inbound.what, Said):
        return ""
    text = " ".join(part for part in inbound.what.parts if isinstance(part, str))
    return " ".join(_UNSTORABLE.sub("", text).split()[1:])


def quoted(text: str) -> tuple[str, str]:
    """Return the quoted part that begins the text, and the rest; without quotes all is the first.

    In 'Ben's plan' the first apostrophe closes nothing.
    """
    text = text.strip()
    for closing in QUOTES.get(text[:1], ""):
        end = _last_closing(text, closing) if closing in _APOSTROPHES else text.find(closing, 1)
        if end > 0:
            return text[1:end].strip(), text[end + 1 :].strip()
    return text, ""


def in_quotes(text: str) -> str:
    """Return the text in quotation marks that it does not hold; as it is when it holds them all."""
    for opening, closings in QUOTES.items():
        if opening not in text and closings[0] not in text:
            return f"{opening}{text}{closings[0]}"
    return text


def _last_closing(text: str, closing: str) -> int:
    """Return where the last such sign stands that ends a word, before any people; -1 for none."""
    ends = [
        at
        for at, sign in enumerate(text)
        if at and sign == closing and _BOUNDARY.match(text, at + 1)
    ]
    people = text.find("\0")
    before = [at for at in ends if people < 0 or at < people]
    return max(before or ends, default=-1)


def _sound(text: str) -> str:
    if _UNSTORABLE.search(text):
        raise errors.StaleButton
    return text


def rest(inbound: Inbound) -> str:
    """Return what follows the verb as it was typed, lines and all, people by their names."""
    if not isinstance(inbound.what, Said):
        return ""
    said = dropwhile(lambda part: not isinstance(part, str) or not part.strip(), inbound.what.parts)
    text = "".join(part if isinstance(part, str) else part.name for part in said)
    verb_and_rest = _UNSTORABLE.sub("", text).split(maxsplit=1)
    return verb_and_rest[1] if verb_and_rest[1:] else ""


def typed(key: str, read: Callable[[], T]) -> T:
    """Return what ``read`` reads; its ``InvalidInput`` becomes ``FieldErrors`` under ``key``."""
    try:
        return read()
    except errors.InvalidInput as problem:
        raise errors.FieldErrors({key: str(problem)}) from None
