"""Disks that are truly full: a small tmpfs (root only), and a limit on the size of a file."""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """Mount a file system of that size at ``folder``: ENOSPC, so SQLite says SQLITE_FULL.

    Skips the test by name where mounting is not allowed.
    """
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "coplan-test", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk: mounting a tmpfs is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Fill the disk to the last byte with a file of somebody else's; remove it afterwards."""
    ballast = disk / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file:
            _write_until_refused(file.fileno())
        yield
    finally:
        ballast.unlink()


def _write_until_refused(file: int) -> None:
    block = bytes(1 << 12)
    try:
        while True:
            os.write(file, block)
    except OSError:
        return


def limit_file_size(size: int) -> None:
    """In a child process: let no file grow beyond ``size`` bytes (EFBIG: SQLite says IOERR).

    Python ignores SIGXFSZ, so the write fails instead of killing the process.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
