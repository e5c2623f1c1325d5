"""How payloads reach the app: over a socket or by signed HTTP, and what came back."""

from dataclasses import dataclass
from typing import Literal, Protocol

from tests.support.slack.world import Json

Kind = Literal["events_api", "interactive", "slash_commands"]

ACK_WITHIN = 3.0
"""Seconds within which everything must be acknowledged."""
RETRIES = (0.0, 60.0, 300.0)
"""After how many seconds an event that failed is delivered again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a delivery: ``body`` is what the acknowledgement said.

    ``reason`` tells why the last attempt failed; ``took`` is in seconds, of the last attempt.
    """

    acknowledged: bool
    body: Json
    attempts: int
    took: float
    reason: str = ""


class Transport(Protocol):
    """Delivers payloads to the app."""

    async def deliver(self, kind: Kind, payload: Json) -> Answer:
        """Deliver once; an event again and again until it is acknowledged, or given up."""
        ...
