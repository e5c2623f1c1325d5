"""While modules load nothing is open yet: an interrupt then ends the process at once."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
"""What a shell reports of a command that Ctrl-C ended: 128 and the signal's number."""


@contextmanager
def loading() -> Iterator[None]:
    """Let Ctrl-C end the process without a word until the block, which only imports, ends.

    Raised in the middle of an import, it would be shown as a traceback, be wrapped into another
    error or be lost, as that module has it. Where whoever started us ignores it, it stays ignored.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _end(_: int, __: FrameType | None) -> None:
    os._exit(INTERRUPTED)
