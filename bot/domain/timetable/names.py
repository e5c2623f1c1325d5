"""People's names as different programs write them: "Brown, J" and "J. Brown" are one person."""

from collections.abc import Iterable

from bot.domain.timetable.grid import fold_name
from bot.domain.timetable.weekdays import plain_word


def name_key(name: str) -> tuple[str, ...]:
    """Return the words of a name without accents, case, order and punctuation."""
    plain = "".join(c if c.isalnum() else " " for c in plain_word(fold_name(name)))
    return tuple(sorted(plain.split()))


def same_person(names: Iterable[str], wanted: str) -> str | None:
    """Return the one of ``names`` that is ``wanted``, None when none is or it is not clear.

    The same letters win over the same words in another order or without accents.
    """
    known = tuple(names)
    exact = fold_name(wanted).casefold()
    same = [name for name in known if fold_name(name).casefold() == exact]
    if not same and (key := name_key(wanted)):
        same = [name for name in known if name_key(name) == key]
    return same[0] if len(same) == 1 else None
