"""What is said to the bot, taken apart as a platform would."""

import re
from collections.abc import Mapping

from bot.domain.members import Person

_CALL = re.compile(r"\s*(?:/coplan(?!\w)|@Coplan(?!\w)[:,]?)\s*", re.IGNORECASE)


def addressed(text: str) -> str | None:
    """Return the words said to the bot by its command or its name; None for other talk."""
    call = _CALL.match(text)
    return text[call.end() :] if call else None


def parts(words: str, people: Mapping[str, Person]) -> tuple[str | Person, ...]:
    """Return texts and people in the order typed; ``people`` are by their names in small letters.

    The longest name counts where one begins with another.
    """
    names = "|".join(sorted(map(re.escape, people), key=len, reverse=True))
    pieces = re.split(rf"(?<![\w@])@({names})(?!\w)", words.strip(), flags=re.IGNORECASE)
    # re.split alternates: text, name, text, name, …, text
    found = (people[p.casefold()] if at % 2 else p.strip() for at, p in enumerate(pieces))
    return tuple(part for part in found if part)
