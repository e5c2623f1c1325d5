"""The studio: SVG becomes PNG, in a process of its own.

resvg lets nothing else of its process run for as long as it draws, 30 to 100 ms a picture: a
Monday's digests would let the event loop, and with it everybody's clicks, stand still again and
again. The process is started with the first picture and ends with the one that started it, whose
end of the pipe closes then, in whatever way it ends. This file is also what that process runs: it
imports nothing of Coplan's.
"""

import atexit
import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Final

FONT: Final = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
FAMILY: Final = "DejaVu Sans"
SECONDS: Final = 10.0
"""What takes longer than that is no picture, and the process is killed."""
KEPT: Final = 32
"""Pictures that are not drawn again: the partners of a plan, and its thread, all get the same."""
_HEAD: Final = 8
"""Bytes that say how many follow."""
_MODEST: Final = 5
"""By how much the process gives way to others: nobody waits for a picture, but for an answer."""


class NotDrawn(Exception):  # noqa: N818 - an outcome
    """There is no picture: the process failed at it, twice, or could not be started."""


class Studio:
    """Draws one picture at a time, for threads that wait for theirs.

    ``python`` is the program that runs the process.
    """

    def __init__(self, *, python: str = sys.executable, seconds: float = SECONDS) -> None:
        self.python = python
        self._seconds = seconds
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._kept: dict[str, bytes] = {}
        atexit.register(self.close)

    @property
    def pid(self) -> int | None:
        """The id of the process, while there is one."""
        return None if self._process is None else self._process.pid

    def draw(self, svg: str) -> bytes:
        """Return the picture as a PNG; it blocks, but lets all other threads run meanwhile.

        Raises ``NotDrawn``.
        """
        with self._turn:
            if (known := self._kept.get(svg)) is not None:
                return known
            png = self._drawn(svg.encode())
            self._kept[svg] = png
            if len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
            return png

    def forget(self) -> None:
        """Keep no picture, and end the process."""
        with self._turn:
            self._kept.clear()
            self.close()

    def close(self) -> None:
        """End the process; the next picture starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with contextlib.suppress(OSError):  # something was on its way to it
                process.__exit__(None, None, None)

    def _drawn(self, svg: bytes) -> bytes:
        for _ in range(2):  # it may have been killed while it had nothing to do
            try:
                process = self._process = self._process or _started(self.python)
            except OSError as error:
                raise NotDrawn from error
            overdue = threading.Timer(self._seconds, process.kill)
            overdue.start()
            try:
                return _asked(process, svg)
            except (OSError, EOFError):
                self.close()
            finally:
                overdue.cancel()
        raise NotDrawn


def _started(python: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - this very file
        [python, "-P", __file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C in the terminal is not meant for it
    )


def _asked(process: subprocess.Popen[bytes], svg: bytes) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    _give(process.stdin, svg)
    png = _take(process.stdout)
    if png is None:
        raise EOFError
    return png


def _give(pipe: IO[bytes], content: bytes) -> None:
    pipe.write(len(content).to_bytes(_HEAD) + content)
    pipe.flush()


def _take(pipe: IO[bytes]) -> bytes | None:
    """Return what was given; None: the other end is closed, or closed in the middle."""
    head = pipe.read(_HEAD)
    size = int.from_bytes(head) if len(head) == _HEAD else -1
    content = pipe.read(size) if size >= 0 else b""
    return content if len(content) == size else None


def _serve() -> None:
    """Draw what comes until nothing more can come; what cannot be drawn ends it."""
    import resvg_py  # noqa: PLC0415 - here alone

    with contextlib.suppress(OSError):
        os.nice(_MODEST)
    while (svg := _take(sys.stdin.buffer)) is not None:
        png = resvg_py.svg_to_bytes(
            svg_string=svg.decode(),
            skip_system_fonts=True,
            font_files=[str(FONT)],
            font_family=FAMILY,
            sans_serif_family=FAMILY,
            zoom=2,
        )
        _give(sys.stdout.buffer, png)


if __name__ == "__main__":
    _serve()
