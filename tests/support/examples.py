"""How many examples a property is tried with."""

import os
from collections.abc import Sequence
from typing import TypeVar

IN_CI = os.environ.get("CI") == "true"
T = TypeVar("T")


def examples(many: int) -> int:
    """Return ``many`` in CI; in the quick suite, which developers wait for, an eighth of it."""
    return many if IN_CI else max(many // 8, 8)


def cases(every: Sequence[T], nth: int = 3) -> Sequence[T]:
    """Return all cases in CI; in the quick suite every ``nth``.

    Of pairs of everything with everything, told one after the other, each thing has its turn where
    ``nth`` has no divisor in common with how many of a kind there are.
    """
    return every if IN_CI else every[::nth]
