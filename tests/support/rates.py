"""Rate limits of a platform: so many calls in so many seconds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

Rule = tuple[tuple[str, ...], int, float]
"""A key, and how many calls it takes in how many seconds."""


@dataclass(slots=True, kw_only=True)
class Rates:
    """Counts calls; off until ``on``.

    A refused call counts as well: whoever does not wait is refused for longer.
    """

    monotonic: Callable[[], float]
    on: bool = False
    early: int = 0
    """Calls that came although an earlier answer had said to wait."""
    _calls: dict[tuple[str, ...], list[float]] = field(default_factory=dict)
    _blocked: dict[tuple[str, ...], float] = field(default_factory=dict)

    def wait(self, rules: Iterable[Rule]) -> float | None:
        """Count a call; return the seconds to wait where it is refused."""
        if not self.on:
            return None
        now = self.monotonic()
        for key, most, seconds in rules:
            self.early += now < self._blocked.get(key, 0.0)
            past = [at for at in self._calls.get(key, []) if at > now - seconds]
            self._calls[key] = past
            if len(past) >= most:
                left = past[-most] + seconds - now
                self._blocked[key] = now + left
                return left
            past.append(now)
        return None

    def left(self, rule: Rule) -> tuple[int, float]:
        """Return how many calls are left, and in how many seconds all are there again."""
        key, most, seconds = rule
        now = self.monotonic()
        past = [at for at in self._calls.get(key, []) if at > now - seconds]
        return max(most - len(past), 0), (past[0] + seconds - now) if past else seconds
