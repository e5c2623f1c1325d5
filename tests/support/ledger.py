"""A platform on loopback, and the ledger of what its people saw: what tests judge by.

Whoever sends connects, writes one line of JSON, and reads one line of JSON. Between a message and
its answer lie the instants at which a sender may be killed, and the faults a platform may have.
"""

import json
import random  # noqa: TID251 - seeded by the test
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Request = dict[str, Any]


class Platform(StrEnum):
    """What can be found out about a message whose fate is unknown."""

    PLAIN = "plain"
    """Nothing."""
    DEDUPES = "dedupes"
    """It shows no key twice, so it may simply be sent again."""
    FINDS = "finds"
    """It shows anything twice, but a sender may look whether a key was shown."""


class Fault(StrEnum):
    """What may go wrong with a message."""

    REFUSED = "refused"
    LIMITED = "limited"
    LOST_BEFORE = "lost before it was shown"
    LOST_AFTER = "lost after it was shown"
    SLOW = "shown, and answered too late"


UNKNOWN = {Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.SLOW}
"""Faults after which the sender cannot know whether the message was shown."""


class Instant(StrEnum):
    """Where a message is, on the platform's side."""

    RECEIVED = "received"
    APPLIED = "applied"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One message that ``to`` saw; ``life`` is the process that sent it."""

    platform: Platform
    to: str
    key: str
    life: int


@dataclass(slots=True)
class Ledger:
    """What was shown, and what went wrong with it.

    ``faulty`` is the share of messages with a fault. ``watch`` is called at each instant of each
    message, in the thread that serves it: it may kill the sender.
    """

    chance: random.Random
    faulty: float = 0.0
    slow_seconds: float = 0.0
    shown: list[Shown] = field(default_factory=list)
    faults: Counter[tuple[Platform, Fault]] = field(default_factory=Counter)
    watch: Callable[[Instant, int, Platform], None] = lambda *_: None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def unknown(self, platform: Platform) -> int:
        """Return how many messages of the platform had an outcome nobody was told."""
        return sum(self.faults[platform, fault] for fault in UNKNOWN)

    def answers(self, request: Request) -> Iterator[Request]:
        """Yield the answer, if there is one, and go on when it was given."""
        life, platform = request["life"], Platform(request["platform"])
        if request["how"] == "find":
            yield {"message": self._message(platform, request["key"])}
            return
        fault = self._fault(platform)
        self.watch(Instant.RECEIVED, life, platform)
        if fault in {Fault.REFUSED, Fault.LIMITED}:
            yield {"refused": fault, "retry_after": 0.2 if fault is Fault.LIMITED else None}
            return
        if fault is Fault.LOST_BEFORE:
            return
        name = self._show(request, platform)
        self.watch(Instant.APPLIED, life, platform)
        if fault is Fault.LOST_AFTER:
            return
        if fault is Fault.SLOW:
            time.sleep(self.slow_seconds)
        yield {"message": name}
        self.watch(Instant.ANSWERED, life, platform)

    def _fault(self, platform: Platform) -> Fault | None:
        with self._lock:
            if self.chance.random() >= self.faulty:
                return None
            fault = self.chance.choice(list(Fault))
            self.faults[platform, fault] += 1
            return fault

    def _show(self, request: Request, platform: Platform) -> str:
        one = Shown(platform=platform, to=request["to"], key=request["key"], life=request["life"])
        with self._lock:
            if not (platform is Platform.DEDUPES and self._message(platform, one.key)):
                self.shown.append(one)
            return f"m-{one.key}"

    def _message(self, platform: Platform, key: str) -> str | None:
        there = any((one.platform, one.key) == (platform, key) for one in self.shown)
        return f"m-{key}" if there else None


@contextmanager
def served(ledger: Ledger) -> Iterator[int]:
    """Serve the ledger on a port of loopback, and yield the port."""

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            line = self.rfile.readline()
            if not line.endswith(b"\n"):  # its sender died in the middle
                return
            for answer in ledger.answers(json.loads(line)):
                try:
                    self.wfile.write(json.dumps(answer).encode() + b"\n")
                except OSError:  # nobody waits for it any more
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
