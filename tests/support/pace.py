"""Limits in seconds, for whatever machine the tests run on: it may be slow, and others may be busy.

begun = time.process_time()
...
assert time.process_time() - begun < stretched(2)
"""

import time
from typing import Final

_USUAL: Final = 0.005
"""Seconds of the processor that the probe takes where the limits were set."""
_PROBES: Final = 20


def stretched(seconds: float) -> float:
    """Return what so many seconds of the processor are on this machine, now: never fewer.

    The slowest of some probes counts: who shares a processor is slowed down by fits and starts.
    """
    return seconds * max(1.0, max(_probed() for _ in range(_PROBES)) / _USUAL)


def _probed() -> float:
    begun = time.process_time()
    sum(number * number for number in range(100_000))
    return time.process_time() - begun
