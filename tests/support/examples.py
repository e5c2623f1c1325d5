"""How many examples a property is tried with."""

import os

IN_CI = os.environ.get("CI") == "true"


def examples(many: int) -> int:
    """Return ``many`` in CI; in the quick suite, which developers wait for, a fifth of it."""
    return many if IN_CI else max(many // 5, 8)
