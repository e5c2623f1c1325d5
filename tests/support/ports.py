"""Ports for servers that must be named before they listen."""

import itertools
import os
import socket
from contextlib import suppress

_LOWEST, _EACH = 20_000, 1_000
"""Below those that the system gives to connections, and whoever asks for any: nobody comes between.

Each worker has so many of its own.
"""
_numbers = itertools.count(os.getpid())


def free_port() -> int:
    """Return a port of loopback on which nobody listens, and which is given to nobody else."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for number in itertools.islice(_numbers, _EACH):
        port = _LOWEST + worker % 12 * _EACH + number % _EACH
        with suppress(OSError), socket.socket() as found:
            found.bind(("127.0.0.1", port))
            return port
    raise OSError(f"no port is free from {_LOWEST} on")
