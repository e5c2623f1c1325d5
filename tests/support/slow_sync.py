"""A disk whose syncs last longer, for benchmarks that compare with what commits.

    python -m tests.bench.slack --sync-ms 0.6

Where a sync takes a sixteenth of a millisecond, as on some virtual disks, a commit costs next to
nothing, and so does whatever is measured in commits. The goals were set where it took from 0.16 to
3.3 ms (performance.md). Wants a C compiler, and Linux.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

OPTION: Final = "--sync-ms"
_MICROSECONDS: Final = "SLOW_SYNC_US"
_SOURCE: Final = Path(__file__).with_suffix(".c")


def begun_anew(module: str, arguments: Sequence[str]) -> None:
    """Run the module in this process's place with longer syncs, if the arguments ask for that.

    Exits with what to do where the arguments or the machine do not allow it.
    """
    if OPTION not in arguments or _MICROSECONDS in os.environ:
        return
    at = arguments.index(OPTION)
    with tempfile.TemporaryDirectory(prefix="coplan-sync-") as folder:
        added = {"LD_PRELOAD": _library(Path(folder)), _MICROSECONDS: _wanted(arguments[at + 1 :])}
        again = [sys.executable, "-m", module, *arguments]
        sys.exit(subprocess.run(again, env=os.environ | added, check=False).returncode)


def syncs() -> str:
    """Return a line about the disk's syncs."""
    longer = int(os.environ.get(_MICROSECONDS, "0")) / 1000
    return (
        f"each sync lasts {longer:g} ms longer than the disk's own"
        if longer
        else "syncs as they are"
    )


def _wanted(given: Sequence[str]) -> str:
    try:
        milliseconds = float(given[0])
    except (IndexError, ValueError):
        sys.exit(f"Say by how many milliseconds: {OPTION} 0.6")
    return str(round(milliseconds * 1000))


def _library(folder: Path) -> str:
    made = folder / "slow_sync.so"
    command = ["cc", "-shared", "-fPIC", "-O2", "-o", str(made), str(_SOURCE), "-ldl"]
    try:
        subprocess.run(command, check=True)
    except (OSError, subprocess.CalledProcessError):
        sys.exit(f"{OPTION} wants a C compiler: on Debian, apt-get install gcc libc6-dev")
    return str(made)
