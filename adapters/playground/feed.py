"""Waking the windows: everybody who follows the playground hears that something changed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Feed:
    """Says only *that* something changed; each window then asks the store what it may see."""

    def __init__(self) -> None:
        self._followers: set[asyncio.Event] = set()
        self.closed = False

    @contextmanager
    def follow(self) -> Iterator[asyncio.Event]:
        """Yield an event that is set at every change, and when the feed closes."""
        woken = asyncio.Event()
        self._followers.add(woken)
        try:
            yield woken
        finally:
            self._followers.discard(woken)

    def announce(self) -> None:
        """Wake everybody."""
        for woken in self._followers:
            woken.set()

    def close(self) -> None:
        """End all streams, so that the server can stop at once."""
        self.closed = True
        self.announce()
