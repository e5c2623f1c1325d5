"""What may go wrong with a call that the app under test makes, on demand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import aiohttp
from aiohttp.client_reqrep import ConnectionKey

Answer = Literal["truth", "lost", "status", "error", "garbled", "limited", "banned"]
Args = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong: whether the work is ``done``, and what is answered then.

    "lost" cuts the connection, "status" is an HTML page with ``status``, "error" the platform's own
    ``error`` code, "garbled" a page where the answer should be, "limited" a 429 (of everything, if
    it is ``everywhere``), "banned" a 429 by whoever stands before the platform; ``delay`` is in
    seconds, before the answer.
    """

    answer: Answer = "truth"
    done: bool = False
    status: int = 500
    error: str = "internal_error"
    retry_after: float = 1
    everywhere: bool = False
    delay: float = 0.0


LOST_BEFORE: Final = Fault(answer="lost")
LOST_AFTER: Final = Fault(answer="lost", done=True)
LIMITED: Final = Fault(answer="limited")
BANNED: Final = Fault(answer="banned")
UNAVAILABLE: Final = Fault(answer="status", status=503)
INTERNAL_AFTER: Final = Fault(answer="error", done=True)
BROKEN_AFTER: Final = Fault(answer="status", status=502, done=True)
_HOST: Final = ConnectionKey(
    "chat.example", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None
)
UNREACHED: Final[Sequence[Exception]] = (
    aiohttp.ClientConnectorError(_HOST, ConnectionRefusedError()),
    aiohttp.ClientConnectorDNSError(_HOST, OSError("no such host")),
    aiohttp.ConnectionTimeoutError("Connection timeout to host"),
)
"""What is raised where no connection came about."""


def slow(seconds: float) -> Fault:
    """Return a fault that answers the truth, but late."""
    return Fault(done=True, delay=seconds)


@dataclass(slots=True)
class Faults:
    """Which calls go wrong: a rule is asked with every call of its method ("*": of any)."""

    rules: list[tuple[str, Callable[[Args], Fault | None]]] = field(default_factory=list)

    def next(self, method: str, *faults: Fault) -> None:
        """Let the next calls of the method go wrong, one after another."""
        waiting = iter(faults)
        self.rules.append((method, lambda _: next(waiting, None)))

    def every(self, method: str, nth: int, fault: Fault) -> None:
        """Let every ``nth`` call of the method go wrong."""
        counted = iter(range(1, 10**9))
        self.rules.append((method, lambda _: None if next(counted) % nth else fault))

    def when(self, method: str, rule: Callable[[Args], Fault | None]) -> None:
        """Let the rule say for each call of the method, by its arguments, what goes wrong."""
        self.rules.append((method, rule))

    def clear(self) -> None:
        """Let everything go well."""
        self.rules.clear()

    def of(self, method: str, args: Args) -> Fault | None:
        """Return what goes wrong with a call that has come."""
        asked = [rule(args) for wanted, rule in self.rules if wanted in {method, "*"}]
        return next((fault for fault in asked if fault), None)
