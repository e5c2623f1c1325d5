"""Is this the same person? Names as files, chat programs and people write them."""

import re
from collections.abc import Iterable, Sequence

from bot.domain.timetable.grid import fold_name, near_names
from bot.domain.timetable.weekdays import plain_word

_TITLES = frozenset(
    {"mr", "mrs", "ms", "mx", "dr", "prof", "herr", "frau", "mme", "mlle", "monsieur", "madame"}
)
"""Only what nobody is called: "Don" and "Ma" are names as well."""
_APART = re.compile(r"[\W_]+")


def normal_name(name: str) -> tuple[str, ...]:
    """Return what is left of a name without case, accents, signs, titles and the order of words.

    "Brown, Dr. José" and "jose BROWN" are the same.
    """
    words = [word for word in _APART.split(plain_word(fold_name(name))) if word]
    real = [word for word in words if word not in _TITLES]
    return tuple(sorted(real or words))


def same_names(name: str, names: Iterable[str]) -> list[str]:
    """Return those of ``names`` that are ``name``: written exactly so if there is one, else alike.

    Several are several people; which one is meant has to be asked.
    """
    wanted, every = fold_name(name).casefold(), list(names)
    exact = [one for one in every if fold_name(one).casefold() == wanted]
    normal = normal_name(name)
    return exact or [one for one in every if normal and normal_name(one) == normal]


def likely_names(name: str, names: Sequence[str], most: int = 3) -> list[str]:
    """Return up to ``most`` of ``names`` that may be ``name``, to be asked, the likeliest first.

    Initials and short codes ("J. Brown", "BRJ" for Jane Brown), a part of the name, near spelling.
    """
    words = normal_name(name)
    told = [(one, normal_name(one)) for one in names]
    initials = [one for one, other in told if _abbreviated(words, other)]
    codes = [one for one, other in told if _code(words, other) or _code(other, words)]
    parts = [one for one, other in told if _part(words, other)]
    near = [one for key in near_names(name, names) for one in names if fold_name(one) == key]
    return list(dict.fromkeys((*initials, *parts, *codes, *near)))[:most]


def _abbreviated(some: Sequence[str], others: Sequence[str]) -> bool:
    """Tell whether two names have a whole word in common and the rest may be initials of it."""
    shared = {word for word in set(some) & set(others) if len(word) > 1}
    if not shared or len(some) != len(others):
        return False
    left = sorted(word for word in some if word not in shared)
    right = sorted(word for word in others if word not in shared)
    return len(left) == len(right) and all(
        one[0] == other[0] and 1 in {len(one), len(other)}
        for one, other in zip(left, right, strict=True)
    )


def _part(some: Sequence[str], others: Sequence[str]) -> bool:
    """Tell whether all words of the shorter name are in the longer one."""
    short, long = sorted((set(some), set(others)), key=len)
    return bool(short) and short <= long and any(len(word) > 1 for word in short)


def _code(some: Sequence[str], others: Sequence[str]) -> bool:
    """Tell whether a name is a short code made of the beginnings of another one's words."""
    if len(some) != 1 or len(others) < 2 or not 2 <= len(some[0]) <= 5:  # noqa: PLR2004
        return False
    return any(
        _made_of(some[0], [first, *[word for word in others if word is not first]])
        for first in others
    )


def _made_of(code: str, words: Sequence[str]) -> bool:
    """Tell whether ``code`` is beginnings of ``words``, one after another, at least two of them."""
    if len(words) == 1:
        return words[0].startswith(code)
    return any(
        words[0].startswith(code[:at]) and _made_of(code[at:], words[1:])
        for at in range(1, len(code))
    )
