"""The pauses in which a process answers nobody, and how they are kept short."""

import gc
import sys
from typing import Final

WALKS: Final = (7_000, 3, 300)
"""After how much that is new Python walks through the young, and how many of such walks make one
through the older, and these one through everything that lives. The last takes some 50 ms and finds
next to nothing, for nearly all that is let go of is in no cycle: it comes a hundred times less
often than by default. What an act makes is gone again with its answer: ten acts share a walk
through the young, which by default each of them pays for."""
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
