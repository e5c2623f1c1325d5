"""Limits in seconds, for whatever machine the tests run on: it may be slow, and others may be busy.

begun = time.process_time()
...
assert time.process_time() - begun < stretched(2)
"""

import time
from typing import Final

_USUAL: Final = 0.005
"""Seconds of the processor that the probe takes where the limits were set."""


def stretched(seconds: float) -> float:
    """Return what so many seconds of the processor are on this machine, now: never fewer."""
    return seconds * max(1.0, _probed() / _USUAL)


def _probed() -> float:
    begun = time.process_time()
    sum(number * number for number in range(100_000))
    return time.process_time() - begun
