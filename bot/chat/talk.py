"""What people typed, as plain words and the people called, by the platform's own ids."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from bot.domain.members import Person

_AFTER_CALL: Final = " \t\r\n,:"

SOMEBODY: Final = "somebody"
"""Who is mentioned, where not even the platform tells a name: nobody is shown an id."""
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who is mentioned, by the platform's id; ``name`` as it shows it, often empty."""

    user: str
    name: str = ""


Words = tuple[str | Called, ...]
"""What was typed, in its order: texts to the letter, and the people mentioned between them."""


def said_to(bot: str, given: Words) -> Words:
    """Return what was said to the bot: what follows its mention; no words: what stands before it.

    Words without its mention (in its direct messages) are all meant for it.
    """
    calls = [at for at, each in enumerate(given) if isinstance(each, Called) and each.user == bot]
    if calls:
        after = joined(_without(bot, given[calls[0] + 1 :]), _AFTER_CALL)
        before = joined(_without(bot, given[: calls[0]]))
        return before if before and not any(map(_says, after)) else after
    return given


def parts(given: Words, people: Mapping[str, Person]) -> tuple[str | Person, ...]:
    """Return the words with the people in place of their mentions; strangers stay words."""
    shown = (
        people.get(each.user, f"@{each.name or SOMEBODY}") if isinstance(each, Called) else each
        for each in given
    )
    return joined(shown)


def flat(given: Iterable[str | Person]) -> str:
    """Return the words as one text, people by their names."""
    return "".join(each if isinstance(each, str) else f"@{each.name}" for each in given)


def _says(piece: str | Called) -> bool:
    """Tell whether it is somebody, or holds a letter or digit: a “?” after a mention is no word."""
    return isinstance(piece, Called) or any(sign.isalnum() for sign in piece)


def _without(bot: str, given: Words) -> Iterator[str | Called]:
    return (each for each in given if not (isinstance(each, Called) and each.user == bot))


def joined(given: Iterable[str | P], before: str = "") -> tuple[str | P, ...]:
    """Return the pieces, neighbouring texts as one, without blanks (or ``before``) around all."""
    whole: list[str | P] = []
    for piece in given:
        if isinstance(piece, str) and whole and isinstance(whole[-1], str):
            whole[-1] += piece
        else:
            whole.append(piece)
    if whole and isinstance(whole[0], str):
        whole[0] = whole[0].lstrip(before or None)
    if whole and isinstance(whole[-1], str):
        whole[-1] = whole[-1].rstrip()
    return tuple(piece for piece in whole if piece != "")
