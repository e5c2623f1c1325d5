"""What the product was told to do when a send fails, and how much time it has for that."""

from collections.abc import Callable
from dataclasses import dataclass

Report = Callable[[str, float, str], None]
SLACK = 60
"""Seconds, times the tries so far, within which a message that failed is tried again; a lease that
a killed service held runs out in them, too."""


def of_digest(key: str) -> bool:
    """Tell whether a notice's key is that of a digest."""
    return key.startswith("digest:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What the product was told to do about an unknown outcome.

    ``repeats``: it sends again; ``shows_once``: the platform refuses to show a key twice.
    """

    repeats: bool
    shows_once: bool

    @property
    def sees_twice(self) -> bool:
        return self.repeats and not self.shows_once
