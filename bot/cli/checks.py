"""What ``coplan doctor`` looks at: whether everything is there, and what to do where not."""

import asyncio
import contextlib
import os
import sqlite3
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from zoneinfo import TZPATH, available_timezones

import typer
from sqlalchemy import URL
from sqlalchemy.engine import make_url

from bot.cli.copying import last_backup
from bot.cli.settings import settings_in_force
from bot.config import Settings
from bot.domain.clock import Clock
from bot.domain.errors import InvalidInput, Problem, Unavailable
from bot.domain.ids import EVERYWHERE, WorkspaceId
from bot.main import SystemClock, store_as_it_is
from bot.platforms import has_slack
from bot.templates.loader import builtin
from bot.ui.pages.words import count
from bot.usecases.installations import Installation
from storage import counts, migrate
from storage.holding import file_of
from storage.told import mode, server_time

OLDEST_SQLITE = (3, 35, 0)
"""The first with RETURNING."""
APART = 10
"""Seconds by which clocks may differ: nobody notices a reminder that is so late."""
_NOT_READ = "not looked at, for the database cannot be read"

Check = Callable[[Settings], str]
"""Returns what is well; raises ``Problem`` or ``OSError`` with what is not."""


def check_all() -> int:
    """Check settings, database, templates and time zones; return how much is to be mended."""
    typer.echo(f"coplan {version('coplan')}, Python {sys.version.split()[0]}")
    settings = settings_in_force()
    troubles = sum(not _report(name, check, settings) for name, check in CHECKS.items())
    typer.echo("Everything is well." if not troubles else f"{troubles} to be mended.")
    return troubles


def _report(name: str, check: Check, settings: Settings) -> bool:
    try:
        typer.echo(f"  ok     {name}: {check(settings)}")
    except (Problem, OSError) as problem:
        typer.echo(f"  WRONG  {name}: {problem}")
        return False
    except Exception as error:  # noqa: BLE001 - the doctor goes on to the next part
        typer.echo(f"  WRONG  {name}: it cannot be used as it is set ({type(error).__name__})")
        return False
    return True


def _database(settings: Settings) -> str:
    url = make_url(settings.database_url)
    kind = url.get_backend_name()
    schema = migrate.current(settings.database_url)
    if schema is None:
        return f"{kind}, not made yet (coplan db upgrade makes it)"
    kept = mode(settings.database_url)
    return f"{kind}, schema {schema}, {kept}, {_backup(settings)}{_exposed(url)}"


def _exposed(url: URL) -> str:
    """Return a warning about a database file that others on this machine may read."""
    file = file_of(url)
    if file is None or os.name == "nt" or not file.stat().st_mode & 0o077:
        return ""
    return f"; others on this machine may open it (chmod 600 {file})"


def _backup(settings: Settings) -> str:
    made = last_backup(settings.database_url)
    if made is None:
        return "no backup known (coplan backup makes one)"
    return f"last backup {made:%Y-%m-%d %H:%M} UTC"


def clocks(settings: Settings, clock: Clock) -> str:
    """Return by how much this machine's clock differs from that of the database's server.

    Coplan goes by the server's (``SharedClock``): what is due comes when that one says so. If it is
    this machine's that is right, reminders come too early or too late.
    """
    theirs = server_time(settings.database_url)
    if theirs is None:
        return "one machine, one clock"
    apart = abs((theirs - clock.now()).total_seconds())
    if apart > APART:
        raise InvalidInput(
            what=f"This machine's clock and the database server's are {apart:.0f} s apart.",
            remedy="Let both be set by the same time service (NTP).",
        )
    return "as the database server's"


def _clocks(settings: Settings) -> str:
    try:
        return clocks(settings, SystemClock())
    except Unavailable:
        return _NOT_READ


def _deliveries(settings: Settings) -> str:
    try:
        made = migrate.current(settings.database_url) is not None
        found = counts.deliveries(settings.database_url) if made else None
    except Problem:
        return _NOT_READ
    if found is None:
        return "none yet"
    causes = ", ".join(f"{cause} {number}" for cause, number in found.causes.items())
    failing = f"; at present not reached: {causes}" if causes else ""
    return (
        f"{found.waiting} waiting, {found.given_up} given up, "
        f"{count(found.untold, 'person', 'people')} to be told{failing}"
    )


def _sqlite(_: Settings) -> str:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise OSError(f"SQLite {sqlite3.sqlite_version} is too old; 3.35 is needed")
    return sqlite3.sqlite_version


def _slack(settings: Settings) -> str:
    if not has_slack(settings):
        if settings.slack_app_token is not None or settings.slack_signing_secret is not None:
            raise InvalidInput(
                what="COPLAN_SLACK_BOT_TOKEN is not set, so Slack is not started.",
                remedy="Copy the Bot User OAuth Token of the app's page “OAuth & Permissions”.",
            )
        return "not set up (COPLAN_SLACK_BOT_TOKEN is not set)"
    from adapters.slack.checking import check, check_many

    if settings.slack_bot_token is not None:
        return asyncio.run(check(settings, SystemClock()))
    return asyncio.run(check_many(settings, _installed(settings), SystemClock()))


def _installed(settings: Settings) -> dict[WorkspaceId, Installation]:
    """Return what has installed Coplan in Slack; nothing where there is no database yet."""
    from adapters.slack.installations import places

    if migrate.current(settings.database_url) is None:
        return {}
    with store_as_it_is(settings.database_url) as door:
        every = door.read_now(EVERYWHERE, places)
        found = {place: door.read_now(place, lambda w: w.installations.get()) for place in every}
    return {place: one for place, one in found.items() if one is not None}


def _discord(settings: Settings) -> str:
    if settings.discord_token is None:
        return "not set up (COPLAN_DISCORD_TOKEN is not set)"
    from adapters.discord.checking import check

    return asyncio.run(check(settings))


def _templates(_: Settings) -> str:
    return ", ".join(builtin())


def _zones(_: Settings) -> str:
    zones = available_timezones()
    if "Europe/London" not in zones:
        raise OSError("there is no time zone database: pip install tzdata")
    return f"{len(zones)} time zones, release {_release()}"


def _release() -> str:
    """Return the release of the time zone database that Python reads: the system's goes first."""
    for folder in TZPATH:
        with contextlib.suppress(OSError):
            first = (Path(folder) / "tzdata.zi").read_text("utf-8").partition("\n")[0]
            return first.removeprefix("# version ")
        if (Path(folder) / "Europe" / "London").exists():
            return "unknown"
    return version("tzdata")


CHECKS = {
    "database": _database,
    "clock": _clocks,
    "deliveries": _deliveries,
    "SQLite": _sqlite,
    "Slack": _slack,
    "Discord": _discord,
    "templates": _templates,
    "time zones": _zones,
}
