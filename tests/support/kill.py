"""Killing a child process at a chosen instant, and what it had acknowledged by then.

The child is a Python module run with ``-m``. It prepares itself (imports), calls
``wait_for_the_signal()``, and then calls ``acknowledge(key)`` once for whatever it has promised.
The parent gives the signal, waits, sends SIGKILL and reads all that was promised::

    with Victim("tests.faults.test_door_kill", url) as victim:
        promised = victim.killed_after(seconds=0.13)

Starting a child (0.5 s of imports) may overlap with the life of the one before it.
"""

import os
import random  # noqa: TID251 - seeded, so that a run can be repeated
import secrets
import selectors
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]
_READY = b"ready"
_PROMISES = 63  # a file descriptor that nobody else uses


def wait_for_the_signal() -> None:
    """In the child: say that it is ready, and wait until the parent gives the signal.

    From here on what the child prints goes to stderr, for stdout is where promises are read.
    """
    os.dup2(1, _PROMISES)
    os.dup2(2, 1)
    os.write(_PROMISES, _READY + b"\n")
    sys.stdin.readline()


def acknowledge(key: str) -> None:
    """In the child: promise ``key`` (one line, under 4,096 bytes: the kernel does not split it)."""
    os.write(_PROMISES, key.encode() + b"\n")


def rounds(default: int) -> int:
    """Return how many kills to do: ``COPLAN_KILLS``, or ``default``."""
    return int(os.environ.get("COPLAN_KILLS", default))


def chance() -> random.Random:
    """Return the source of a run's instants; prints its seed, and ``COPLAN_SEED`` repeats it."""
    seed = int(os.environ.get("COPLAN_SEED", secrets.randbelow(1 << 32)))
    print(f"COPLAN_SEED={seed}")
    return random.Random(seed)


class Victim:
    """A child process that waits for the signal; it never outlives the ``with`` block."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            bufsize=0,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def killed_after(self, *, seconds: float, promises: int | None = None) -> list[str]:
        """Let it live for ``seconds`` (or until so many promises), kill it, return its promises.

        Fails if it ended by itself: then nothing was tested.
        """
        said = self._signalled()
        end = time.monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self._pipe, selectors.EVENT_READ)
            while (left := end - time.monotonic()) > 0:
                if promises is not None and said.count(b"\n") >= promises:
                    break
                if selector.select(left):
                    said += self._some()
        assert self._process.poll() is None, "the child ended before it was killed"
        self._process.kill()
        while some := os.read(self._pipe, 1 << 16):
            said += some
        self._process.wait()
        return said.decode().split("\n")[:-1]  # a last line that is not whole was not said

    def finished(self) -> list[str]:
        """Give the signal, let it end by itself, and return its promises."""
        said = self._signalled() + self._process.communicate()[0]
        assert self._process.returncode == 0, f"the child ended with {self._process.returncode}"
        return said.decode().split("\n")[:-1]

    def _signalled(self) -> bytes:
        said = b""
        while b"\n" not in said:
            said += self._some()
        first, _, rest = said.partition(b"\n")
        assert first == _READY, f"the child said {first!r} before it was ready"
        assert self._process.stdin is not None
        self._process.stdin.write(b"go\n")
        return rest

    @property
    def _pipe(self) -> int:
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def _some(self) -> bytes:
        some = os.read(self._pipe, 1 << 16)
        assert some, f"the child ended by itself ({self._process.wait()})"
        return some
