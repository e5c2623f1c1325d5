"""Slack's rate limits."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tests.support.rates import Rates, Rule

TIERS: Final = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls of one method in a minute, by tier."""
POSTS_A_SECOND: Final = 1.0
POSTS_A_MINUTE: Final = 300


@dataclass(slots=True, kw_only=True)
class Limits(Rates):
    """Per method and workspace, and for posts per channel, of which ``burst`` may come at once."""

    burst: int = 1

    def wait(self, rules: Iterable[Rule]) -> int | None:
        """Count a call; return the whole seconds to wait where it is refused."""
        found = Rates.wait(self, rules)
        return None if found is None else max(math.ceil(found), 1)

    def rules(self, team: str, method: str, tier: int, channel: str) -> list[Rule]:
        """Return the rules for a call."""
        if method == "chat.postMessage":
            return [
                ((team, method), POSTS_A_MINUTE, 60.0),
                ((team, method, channel), self.burst, self.burst / POSTS_A_SECOND),
            ]
        return [((team, method), TIERS[tier], 60.0)]
