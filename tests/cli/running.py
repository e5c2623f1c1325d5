"""The command line, run as people run it: a process of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from bot.cli.app import main

READY = re.compile(r"is at (http://\S+)")


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
        timeout=60,
        check=False,
    )
    return Ran(code=done.returncode, out=done.stdout, err=done.stderr)


@dataclass(slots=True)
class Playground:
    process: subprocess.Popen[str]
    address: str

    def stopped(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop and return its exit code; fails if that takes five seconds."""
        self.process.send_signal(by)
        return self.process.wait(timeout=5)


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
