"""What has happened since the start, in numbers: no names, no texts, and no workspaces."""

from collections import Counter
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a send."""

    SENT = "sent"
    REFUSED = "refused"
    """Given up, or to be tried later."""
    LIMITED = "limited"
    UNKNOWN = "unknown"
    WITHDRAWN = "withdrawn"
    """Shown twice, and taken back once."""


class Tally:
    """Counts what came in and what went out, by platform."""

    def __init__(self) -> None:
        self.received: Counter[tuple[str, str, str]] = Counter()
        """By platform, kind and result: few words each, of the platform's adapter."""
        self.sends: Counter[tuple[str, Outcome]] = Counter()

    def came(self, platform: str, kind: str, result: str) -> None:
        """Count something that came in."""
        self.received[platform, kind, result] += 1

    def went(self, platform: str, outcome: Outcome) -> None:
        """Count a send."""
        self.sends[platform, outcome] += 1
