"""What people typed in Slack, as plain words and the people called: the way back from mrkdwn."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from bot.domain.members import Person

_ENTITY: Final = re.compile(r"<([^<>]*)>")
_ESCAPED: Final = re.compile(r"&(amp|lt|gt);")
_SIGNS: Final = {"amp": "&", "lt": "<", "gt": ">"}
_SCHEME: Final = re.compile(r"https?://|mailto:|tel:")
_AFTER_CALL: Final = " \t\r\n,:"

SOMEBODY: Final = "somebody"
"""Who is mentioned, where not even Slack tells a name: nobody is shown an id."""
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody who is mentioned, by Slack's id; ``name`` as Slack shows it, often empty."""

    user: str
    name: str = ""


Words = tuple[str | Called, ...]
"""What was typed, in its order: texts to the letter, and the people mentioned between them."""


def words(text: str) -> Words:
    """Return the words of a command or message as Slack sends them, its entities undone.

    Channels and groups become what people read, an address what was typed, and a date its words.
    """
    return _joined(_pieces(text))


def said_to(bot: str, given: Words) -> Words:
    """Return what was said to the bot: what follows its mention; else what stands before it.

    Words without its mention (in its direct messages) are all meant for it.
    """
    calls = [at for at, each in enumerate(given) if isinstance(each, Called) and each.user == bot]
    if calls:
        after = _joined(_without(bot, given[calls[0] + 1 :]), _AFTER_CALL)
        return after or _joined(_without(bot, given[: calls[0]]))
    return given


def parts(given: Words, people: Mapping[str, Person]) -> tuple[str | Person, ...]:
    """Return the words with the people in place of their mentions; strangers stay words."""
    shown = (
        people.get(each.user, f"@{each.name or SOMEBODY}") if isinstance(each, Called) else each
        for each in given
    )
    return _joined(shown)


def flat(given: Iterable[str | Person]) -> str:
    """Return the words as one text, people by their names."""
    return "".join(each if isinstance(each, str) else f"@{each.name}" for each in given)


def _without(bot: str, given: Words) -> Iterator[str | Called]:
    return (each for each in given if not (isinstance(each, Called) and each.user == bot))


def _pieces(text: str) -> Iterator[str | Called]:
    end = 0
    for entity in _ENTITY.finditer(text):
        yield _unescaped(text[end : entity.start()])
        yield _entity(entity[1])
        end = entity.end()
    yield _unescaped(text[end:])


def _entity(inside: str) -> str | Called:
    """Return what an entity stands for: ``@U1|name``, ``#C1|name``, ``!here``, an address."""
    target, _, told = inside.partition("|")
    label = _unescaped(told)
    if target.startswith("@"):
        return Called(target[1:], label)
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!date"):
        return label
    if target.startswith("!"):
        return f"@{(label or target[1:].partition('^')[0]).lstrip('@')}"
    return _address(_unescaped(target), label)


def _address(url: str, label: str) -> str:
    """Return an address as it was typed; one that hides behind other words stands after them."""
    bare = _SCHEME.sub("", url)
    if not label:
        return bare if url.startswith(("mailto:", "tel:")) else url
    typed = label.rstrip("/").casefold() in {
        url.rstrip("/").casefold(),
        bare.rstrip("/").casefold(),
    }
    return label if typed or not url.startswith(("http:", "https:")) else f"{label} ({url})"


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: _SIGNS[found[1]], text)


def _joined(given: Iterable[str | P], before: str = "") -> tuple[str | P, ...]:
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
