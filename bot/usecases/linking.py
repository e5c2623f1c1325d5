"""One-time codes, by which somebody is known as the same member on another platform."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.domain.ids import MemberId, PlanId

VALID: Final = timedelta(minutes=15)
LETTERS: Final = 10
"""Letters of a code, five random bits each."""
_SHAPE: Final = re.compile(r"[0-9a-z]{8,10}", re.ASCII)
_CALLED: Final = r"code:\s*(?:/?coplan\s+link\s+)?|/?coplan\s+link\s+"
_NAMED: Final = re.compile(rf"\A[\s*`]*(?:{_CALLED})(?=\S)", re.IGNORECASE)
"""How it begins where it is said to be one, or is copied with the words to say it with."""
_BETWEEN: Final = re.compile(r"[\s\-–—*`]+|\.\Z")
_ALIKE: Final = str.maketrans("oil", "011")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCode:
    """A code of ``member`` for ``plan``, good until an instant (UTC). Kept by its hash alone."""

    hash: str
    member: MemberId
    plan: PlanId
    until: datetime


class LinkCodes(Protocol):
    """The codes of the workspace that are not used yet."""

    def put(self, code: LinkCode, now: datetime) -> None:
        """Keep a code, its member's only one; those that ended before ``now`` are forgotten."""
        ...

    def get(self, hashed: str) -> LinkCode | None:
        """Return the code of that hash, or None."""
        ...

    def drop(self, hashed: str) -> None:
        """Forget it: it was used."""
        ...


def hash_of(code: str) -> str:
    """Return what a code is kept as, however it was typed or copied.

    Case, blanks, hyphens, and what makes it bold or ends a sentence count for nothing.
    """
    return hashlib.sha256(_letters(code).encode("utf-8", "replace")).hexdigest()


def is_code(words: str) -> bool:
    """Tell whether the words may be a code, or are called one; else they are a plan's title."""
    if _NAMED.match(words):
        return True
    some = any(sign in "-–—0123456789" for sign in words)
    return some and bool(_SHAPE.fullmatch(_letters(words)))


def _letters(code: str) -> str:
    return _BETWEEN.sub("", _NAMED.sub("", code, count=1)).casefold().translate(_ALIKE)


def written(letters: str) -> str:
    """Return a code as it is shown: easy to read, and to type."""
    half = len(letters) // 2
    return f"{letters[:half]}-{letters[half:]}".upper()
