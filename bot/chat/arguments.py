"""The parts of an inbound that readers ask for, checked as they are taken."""

import re
from datetime import time

from bot.chat.inbound import Clicked, Inbound, Said, Submitted, Upload
from bot.domain import errors
from bot.domain.members import Person
from bot.ui.actions import Action

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""No database takes them; they come out of forged or broken JSON only."""
QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "'": "'"}


def arg(inbound: Inbound, at: int, default: str | None = None) -> str:
    """Return the argument of the action at that place; a bad action is a stale button."""
    match inbound.what:
        case Clicked(action=action) | Submitted(action=action):
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
    return values(inbound, key)[0] if values(inbound, key) else ""


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
        case Clicked():
            return ()


def upload(inbound: Inbound, key: str = "") -> Upload | None:
    """Return the first file of a form or a message."""
    match inbound.what:
        case Submitted(files=files):
            return next(iter(files.get(key, ())), None)
        case Said(files=sent):
            return next(iter(sent), None)
        case Clicked():
            return None


def words(inbound: Inbound) -> str:
    """Return what follows the verb, without the people mentioned."""
    if not isinstance(inbound.what, Said):
        return ""
    text = " ".join(part for part in inbound.what.parts if isinstance(part, str))
    return " ".join(_UNSTORABLE.sub("", text).split()[1:])


def quoted(text: str) -> tuple[str, str]:
    """Return the first quoted part and the rest; without quotes all of it is the first."""
    text = text.strip()
    for opening, closing in QUOTES.items():
        start = text.find(opening)
        end = text.find(closing, start + 1)
        if start == 0 and end > start:
            return text[start + 1 : end].strip(), text[end + 1 :].strip()
    return text, ""


def _sound(text: str) -> str:
    if _UNSTORABLE.search(text):
        raise errors.StaleButton
    return text


_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|\u2013|to)\s*(\d{1,2})(?:[:.](\d{2}))?")


def clock_span(text: str, key: str) -> tuple[time, time]:
    """Return two wall times, maybe over midnight: "20:00-07:00"; else ``FieldErrors``."""
    found = _SPAN.fullmatch(text.strip())
    try:
        if found is not None:
            start, end = (int(found[1]), int(found[2] or 0)), (int(found[3]), int(found[4] or 0))
            return time(start[0] % 24, start[1]), time(end[0] % 24, end[1])
    except ValueError:
        pass
    raise errors.FieldErrors({key: "Write two times, for example 20:00-07:00."})
