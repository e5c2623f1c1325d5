"""Ctrl-C while a command still loads, and how little it loads before it says its help."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import environment

HEAVY = (
    "aiohttp",
    "sqlalchemy",
    "alembic",
    "pydantic_settings",
    "apscheduler",
    "structlog",
    "jinja2",
)


@pytest.mark.parametrize(
    ("slow", "command"),
    [
        ("typer", ("--version",)),
        ("aiohttp", ("playground", "--no-browser")),
        ("alembic", ("db", "upgrade")),
        ("sqlalchemy", ("doctor",)),
        ("sqlalchemy", ("export", "Rivers")),
        ("sqlalchemy", ("import", "rivers.json", "--as", "Ana")),
        ("sqlalchemy", ("reminders", "explain", "Ana")),
        ("pydantic_settings", ("run",)),
    ],
)
def test_an_interrupt_while_modules_load_is_quiet(
    tmp_path: Path, slow: str, command: tuple[str, ...]
) -> None:
    (tmp_path / f"{slow}.py").write_text(
        'import time\nprint("loading", flush=True)\ntime.sleep(60)'
    )
    kept = environment()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *command],
        cwd=tmp_path,
        env={**kept, "PYTHONPATH": os.pathsep.join((str(tmp_path), kept["PYTHONPATH"]))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "loading\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (130, "", "")


@pytest.mark.parametrize(
    "command", [("--version",), ("--help",), ("playground", "--help"), ("export", "--help")]
)
def test_help_and_version_load_nothing_heavy(command: tuple[str, ...]) -> None:
    script = f"""
import atexit, sys
atexit.register(lambda: print("LOADED", *(name for name in {HEAVY} if name in sys.modules)))
sys.argv = ["coplan", *{command}]
from bot.cli.entry import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines()[-1].split() == ["LOADED"]
