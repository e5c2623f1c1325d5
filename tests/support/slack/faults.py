"""What may go wrong with a call of the Web API, on demand; and Slack's rate limits."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from tests.support.slack.world import Json

Answer = Literal["truth", "lost", "status", "error", "limited"]

TIERS: Final = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls of one method in a minute, by tier."""
POSTS_A_SECOND: Final = 1.0
POSTS_A_MINUTE: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong: whether the work is ``done``, and what is answered then.

    "lost" cuts the connection, "status" is an HTML page with ``status``, "error" is Slack's own
    ``error`` code, "limited" a 429; ``delay`` is in seconds, before the answer.
    """

    answer: Answer = "truth"
    done: bool = False
    status: int = 500
    error: str = "internal_error"
    retry_after: int = 1
    delay: float = 0.0


LOST_BEFORE: Final = Fault(answer="lost")
LOST_AFTER: Final = Fault(answer="lost", done=True)
LIMITED: Final = Fault(answer="limited")
UNAVAILABLE: Final = Fault(answer="status", status=503)
INTERNAL_AFTER: Final = Fault(answer="error", done=True)


def slow(seconds: float) -> Fault:
    """Return a fault that answers the truth, but late."""
    return Fault(done=True, delay=seconds)


@dataclass(slots=True)
class Faults:
    """Which calls go wrong: a rule is asked with every call of its method ("*": of any)."""

    rules: list[tuple[str, Callable[[Json], Fault | None]]] = field(default_factory=list)

    def next(self, method: str, *faults: Fault) -> None:
        """Let the next calls of the method go wrong, one after another."""
        waiting = iter(faults)
        self.rules.append((method, lambda _: next(waiting, None)))

    def every(self, method: str, nth: int, fault: Fault) -> None:
        """Let every ``nth`` call of the method go wrong."""
        counted = iter(range(1, 10**9))
        self.rules.append((method, lambda _: None if next(counted) % nth else fault))

    def when(self, method: str, rule: Callable[[Json], Fault | None]) -> None:
        """Let the rule say for each call of the method, by its arguments, what goes wrong."""
        self.rules.append((method, rule))

    def clear(self) -> None:
        """Let everything go well."""
        self.rules.clear()

    def of(self, method: str, args: Json) -> Fault | None:
        """Return what goes wrong with a call that has come."""
        asked = [rule(args) for wanted, rule in self.rules if wanted in {method, "*"}]
        return next((fault for fault in asked if fault), None)


@dataclass(slots=True, kw_only=True)
class Limits:
    """Slack's rate limits: per method and workspace, and for posts per channel; off until ``on``.

    A refused call counts as well: whoever does not wait is refused for longer.
    """

    monotonic: Callable[[], float]
    on: bool = False
    burst: int = 1
    _calls: dict[tuple[str, ...], list[float]] = field(default_factory=dict)
    early: int = 0
    """Calls that came although an earlier answer had said to wait."""
    _blocked: dict[tuple[str, ...], float] = field(default_factory=dict)

    def wait(self, rules: Iterable[tuple[tuple[str, ...], int, float]]) -> int | None:
        """Count a call; return the seconds to wait where it is refused.

        Each rule is a key, and how many calls it takes in how many seconds.
        """
        if not self.on:
            return None
        now = self.monotonic()
        for key, most, seconds in rules:
            self.early += now < self._blocked.get(key, 0.0)
            past = [at for at in self._calls.get(key, []) if at > now - seconds]
            self._calls[key] = past
            if len(past) >= most:
                left = max(math.ceil(past[-most] + seconds - now), 1)
                self._blocked[key] = now + left
                return left
            past.append(now)
        return None

    def rules(
        self, team: str, method: str, tier: int, channel: str
    ) -> list[tuple[tuple[str, ...], int, float]]:
        """Return the rules for a call."""
        if method == "chat.postMessage":
            return [
                ((team, method), POSTS_A_MINUTE, 60.0),
                ((team, method, channel), self.burst, self.burst / POSTS_A_SECOND),
            ]
        return [((team, method), TIERS[tier], 60.0)]
