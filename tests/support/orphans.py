"""A process with a workshop, to be killed; what it started holds its standard output open."""

import asyncio
import re
import sys
import time

from bot.runtime.workshop import ProcessWorkshop


def idle(_: str) -> None:
    """Be done at once: the worker waits for more."""


def asleep(_: str) -> None:
    time.sleep(600)


def obsessed(_: str) -> None:
    """Compute for years without ever letting another thread run."""
    re.match("(a+)+$", "a" * 60 + "b")


async def main(how: str) -> None:
    shop = ProcessWorkshop(seconds=600)
    await shop.parse(idle, "")
    print("started", flush=True)
    if how != "idle":
        await shop.parse({"asleep": asleep, "obsessed": obsessed}[how], "")
    await asyncio.sleep(600)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
