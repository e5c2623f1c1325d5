"""Running something until the operator stops it."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Coroutine
from typing import Any, Final

import typer

LONGEST: Final = 20.0
"""Seconds a stop may take; whoever runs Coplan in a container kills it after thirty."""
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


async def until_stopped(serving: Coroutine[Any, Any, None], longest: float = LONGEST) -> None:
    """Run ``serving`` until it ends, or SIGINT or SIGTERM asks for a graceful stop.

    A second signal ends the process at once, and so do ``longest`` seconds after the first: all
    that was answered is on the disk already, and what was being sent is looked after at the start.
    """
    task = asyncio.ensure_future(serving)
    loop = asyncio.get_running_loop()
    overdue = threading.Timer(longest, os._exit, [1])  # also where the loop itself hangs
    overdue.daemon = True

    def stop() -> None:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        overdue.start()
        if sys.stderr.isatty():
            typer.echo("Stopping, as soon as what is being sent has gone out.", err=True)
        task.cancel()

    for number in _SIGNALS:
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C raises by itself
            loop.add_signal_handler(number, stop)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await task
    finally:
        overdue.cancel()
