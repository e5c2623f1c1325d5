"""Killing a child process at a chosen instant, and what it had acknowledged by then.

The child is a function of a module, called in a process of its own. It calls ``acknowledge(key)``
once for whatever it has promised. The parent sends SIGKILL and reads all that was promised::

    with Victim(clicking_for_ever, folder) as victim:
        promised = victim.killed_after(seconds=0.13)
"""

import os
import random  # noqa: TID251 - seeded, so that a run can be repeated
import secrets
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from tests.support.nursery import nursery

BEGINNING = 120.0
"""Seconds within which any child promises something."""

_promises: list[int] = []
"""In the child: the file descriptor that promises are written to."""


def acknowledge(key: str) -> None:
    """In the child: promise ``key`` (one line, under 4,096 bytes: the kernel does not split it)."""
    os.write(_promises[0], key.encode() + b"\n")


def rounds(default: int) -> int:
    """Return how many kills to do: ``COPLAN_KILLS``, or ``default``."""
    return int(os.environ.get("COPLAN_KILLS", default))


def chance() -> random.Random:
    """Return the source of a run's instants; prints its seed, and ``COPLAN_SEED`` repeats it."""
    seed = int(os.environ.get("COPLAN_SEED", secrets.randbelow(1 << 32)))
    print(f"COPLAN_SEED={seed}")
    return random.Random(seed)


class Victim:
    """A child process that calls ``target``; it never outlives the ``with`` block."""

    def __init__(self, target: Callable[..., None], *arguments: object) -> None:
        self._ears, mouth = nursery.Pipe(duplex=False)
        self._process = nursery.Process(target=_live, args=(mouth, target, arguments))
        self._process.start()
        mouth.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.join()
        self._ears.close()

    def killed_after(
        self, *, seconds: float, promises: int | None = None, after: int = 0
    ) -> list[str]:
        """Let it live for ``seconds`` (or until so many promises), kill it, return its promises.

        ``after``: the seconds count from so many promises on, for on a slow machine a child that
        has lived for a moment has not done anything yet. Fails if it ended by itself: then nothing
        was tested.
        """
        said = self._heard(b"", BEGINNING, after) if after else b""
        said = self._heard(said, seconds, promises)
        assert self._process.exitcode is None, "the child ended before it was killed"
        self._process.kill()
        return self._all_of(said)

    def _heard(self, said: bytes, seconds: float, promises: int | None) -> bytes:
        """Listen on for so many seconds, or until so many promises in all."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if promises is not None and said.count(b"\n") >= promises:
                break
            if self._ears.poll(left):
                some = self._some()
                assert some, "the child ended before it was killed"
                said += some
        return said

    def finished(self) -> list[str]:
        """Let it end by itself, and return its promises."""
        said = self._all_of(b"")
        assert self._process.exitcode == 0, f"the child ended with {self._process.exitcode}"
        return said

    def _all_of(self, said: bytes) -> list[str]:
        while some := self._some():
            said += some
        self._process.join()
        return said.decode().split("\n")[:-1]  # a last line that is not whole was not said

    def _some(self) -> bytes:
        return os.read(self._ears.fileno(), 1 << 16)


def _live(mouth: Connection, target: Callable[..., None], arguments: tuple[object, ...]) -> None:
    _promises[:] = [mouth.fileno()]
    target(*arguments)
