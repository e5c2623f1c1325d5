"""The pauses in which a process answers nobody, and how they are kept short."""

import gc
import sys
from typing import Final

WALKS: Final = (700, 10, 1000)
"""Python's own thresholds, but for the last: a walk through everything that lives takes some 50 ms,
and finds next to nothing, for nearly all that is let go of is in no cycle. It comes a hundred times
less often."""
HOLD: Final = 0.001
"""Seconds for which a thread may keep the interpreter while another wants it. The event loop may
have to wait for each of the door's threads, five times as long by default."""


def shorten_pauses() -> None:
    """Keep this process's pauses short. To be called when everything is loaded.

    What is loaded stays: to walk it takes the collector 100 ms, so it is not walked any more.
    """
    gc.freeze()
    gc.set_threshold(*WALKS)
    sys.setswitchinterval(HOLD)
