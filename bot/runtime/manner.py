"""How notices are delivered: the settings of the courier."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.config import Guarantee
from bot.runtime.tally import Tally

ATTEMPTS: Final = 8
"""How often a notice is tried before it is given up, for some five minutes."""
PATIENT: Final = 14
"""The same for what is certainly not shown, or may be twice: an outage of half an hour is
outlasted."""
LASTING: Final = PATIENT + 7 * 24
"""The same for the thread of a plan, which after ``PATIENT`` tries is tried once an hour: an outage
of a week is outlasted. Nobody would see the plan without it, and nothing else would open it."""
HOUR: Final = 3600.0
"""Seconds between those tries."""
POSTPONED: Final = 40
"""How often a notice may be put off before it is given up: nothing goes round for ever."""
UNREACHED: Final = 30.0
"""Seconds after which a platform that could not be reached is tried again at the latest."""
PATIENCE: Final = timedelta(days=1)
"""How long a platform may go on saying "too much, later" before a notice is given up."""
RESERVE: Final = timedelta(seconds=5)
"""What is left of a lease when the longest send ends: a send outlives no lease."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How notices are delivered.

    ``deduplicates`` names the platforms that refuse to show the same key twice. ``jitter`` returns
    a number from 0 to 1; ``concurrency`` bounds the sends in flight; a send that takes longer than
    ``send_seconds`` has an unknown outcome; the waits between tries double from ``first_delay`` to
    ``longest_delay`` seconds. ``unknown_delay``: seconds after which a send without an answer is
    surely over, so that it makes sense to look for its message. ``twin_seconds``: the same for one
    that somebody else has taken over. ``tally`` counts the outcomes.
    """

    delivery: Guarantee = Guarantee.AT_MOST_ONCE
    deduplicates: frozenset[str] = frozenset()
    jitter: Callable[[], float] = lambda: 0.5
    concurrency: int = 16
    send_seconds: float = 15.0
    first_delay: float = 2.0
    longest_delay: float = 600.0
    unknown_delay: float = 20.0
    twin_seconds: float = 120.0
    tally: Tally = field(default_factory=Tally)

    def delay(self, times: int) -> float:
        """Return the seconds to wait after so many tries before this one, without jitter."""
        return min(self.first_delay * 2.0 ** min(times, 30), self.longest_delay)
