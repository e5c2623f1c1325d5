"""The workshop's process: it ends with its parent, and hears of no interrupt."""

import asyncio
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.domain.errors import InvalidInput
from bot.runtime.workshop import ProcessWorkshop

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shop() -> Iterator[ProcessWorkshop]:
    shop = ProcessWorkshop()
    try:
        yield shop
    finally:
        shop.close()


@pytest.mark.parametrize("how", ["idle", "asleep", "obsessed"])
def test_it_ends_with_a_parent_that_is_killed(how: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.orphans", how],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        time.sleep(0.3)  # until the worker has its work
        process.kill()
        # The end of the output comes when nobody holds it any more: when all have ended.
        process.communicate(timeout=20)
    finally:
        process.kill()


async def test_an_interrupt_does_not_reach_it(shop: ProcessWorkshop) -> None:
    worker = await shop.parse(_number, None)
    os.kill(worker, signal.SIGINT)
    assert await shop.parse(_number, None) == worker
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


async def test_each_has_its_own_time_and_who_is_stopped_takes_nobody_along() -> None:
    shop = ProcessWorkshop(seconds=2.0)
    try:
        computing = [0.9, 0.9, 0.9, math.inf, 0.05]
        done = await asyncio.gather(
            *(shop.parse(_compute, seconds) for seconds in computing), return_exceptions=True
        )
    finally:
        shop.close()
    assert [one is None for one in done] == [True, True, True, False, True]
    assert isinstance(done[3], InvalidInput)


async def test_on_a_busy_machine_a_file_is_only_late() -> None:
    shop = ProcessWorkshop(seconds=0.5)
    try:
        await shop.parse(time.sleep, 1.5)  # as if it were given no processor
    finally:
        shop.close()


async def test_who_computes_nothing_and_does_not_end_is_stopped_too() -> None:
    shop = ProcessWorkshop(patience=1.0)
    try:
        with pytest.raises(InvalidInput):
            await shop.parse(time.sleep, 600)
    finally:
        shop.close()


async def test_what_nobody_waits_for_any_more_takes_no_time_from_the_next() -> None:
    shop = ProcessWorkshop()
    try:
        await shop.parse(time.sleep, 0)  # it has started
        given_up = asyncio.create_task(shop.parse(time.sleep, 600))
        await asyncio.sleep(0.2)
        given_up.cancel()
        await shop.parse(time.sleep, 0)
        with pytest.raises(asyncio.CancelledError):
            await given_up
    finally:
        shop.close()


async def test_a_file_is_not_at_fault_when_the_process_was_killed_before(
    shop: ProcessWorkshop,
) -> None:
    os.kill(await shop.parse(_number, None), signal.SIGKILL)
    await asyncio.sleep(0.5)
    assert await shop.parse(_number, None)


def _compute(seconds: float) -> None:
    """Use a processor for so long."""
    begun = time.process_time()
    while time.process_time() - begun < seconds:
        pass


def _number(_: None) -> int:
    return os.getpid()
