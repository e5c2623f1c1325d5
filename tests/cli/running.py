"""The command line, run as people run it: a process of its own."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from bot.cli.app import main
from bot.cli.stopping import LONGEST

READY = re.compile(r"is at (http://\S+)")
BEGINNING = 180.0
"""Seconds within which a process has begun, however many others do so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def one_line(self) -> str:
        """Return the one line on standard error of a command that was refused."""
        assert self.code == 2, self
        assert self.out == ""
        assert len(self.err.strip().splitlines()) == 1, self.err
        assert "Traceback" not in self.err
        return self.err.strip()


def here(*arguments: str, cwd: Path, **settings: str) -> Ran:
    """Run a command in this process, which is quicker, as if it were one of its own."""
    out, err, before, code = StringIO(), StringIO(), (sys.argv, dict(os.environ)), 0
    sys.argv = ["coplan", *arguments]
    for name in [name for name in os.environ if name.startswith("COPLAN_")]:
        del os.environ[name]
    os.environ.update(settings)
    try:
        with chdir(cwd), redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.argv = before[0]
        os.environ.clear()
        os.environ.update(before[1])
    return Ran(code=code, out=out.getvalue(), err=err.getvalue())


def environment() -> dict[str, str]:
    """Return the environment without the settings of whoever runs the tests."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("COPLAN_")}
    root = str(Path(__file__).parents[2])
    return {**kept, "PYTHONPATH": root, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}


def coplan(*arguments: str, cwd: Path, **settings: str) -> Ran:
    """Run a command to its end, in that folder."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env={**environment(), **settings},
        capture_output=True,
        text=True,
        timeout=BEGINNING,
        check=False,
    )
    return Ran(code=done.returncode, out=done.stdout, err=done.stderr)


@dataclass(slots=True)
class Playground:
    process: subprocess.Popen[str]
    address: str

    def stopped(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop and return its exit code; fails if that takes longer than it may."""
        self.process.send_signal(by)
        return self.process.wait(timeout=LONGEST)


@contextmanager
def playground(*arguments: str, cwd: Path) -> Iterator[Playground]:
    """Run the playground on a free port until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "playground", "--no-browser", "--port", "0", *arguments],
        cwd=cwd,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        found = READY.search(told)
        assert found, told + (process.communicate(timeout=10)[1] if not told else "")
        yield Playground(process, found[1])
    finally:
        process.kill()
        process.communicate()


@dataclass(frozen=True, slots=True)
class CoplanRun:
    """A process of ``coplan run``; ``told`` is the line that it said when it was there."""

    process: asyncio.subprocess.Process
    told: str

    async def stopped(self) -> tuple[str, str]:
        """Ask it to stop; return what it said. It ends well, and soon."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(LONGEST):
            out, err = await self.process.communicate()
        assert self.process.returncode == 0, err.decode()
        return out.decode(), err.decode()


@asynccontextmanager
async def coplan_run(greeting: str, cwd: Path, **settings: str) -> AsyncIterator[CoplanRun]:
    """Run it until the block ends; the first line that it says must hold ``greeting``."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=cwd,
        env={**environment(), **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(BEGINNING):
            told = (await process.stdout.readline()).decode()
        assert greeting in told, told
        yield CoplanRun(process, told)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
