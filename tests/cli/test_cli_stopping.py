"""A stop that hangs is ended."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.cli.running import environment

HANGING = """
import asyncio, time
from bot.cli.stopping import until_stopped

async def serve():
    print("ready", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        time.sleep(60)  # nobody can be woken any more

asyncio.run(until_stopped(serve(), longest=0.3))
"""


def test_a_stop_that_hangs_is_ended(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HANGING], cwd=tmp_path, env=environment(), stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=50) == 1, "before it would have ended"
