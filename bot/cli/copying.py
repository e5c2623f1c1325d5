"""Making a backup, putting one back, and saying what was done."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import typer
from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from bot.cli.progress import at_work
from bot.domain.errors import InvalidInput, Problem
from bot.domain.ids import EVERYWHERE
from bot.main import SystemClock, store_as_it_is
from bot.ui.pages.words import count
from bot.usecases.upkeep import Chore
from storage import backup, dumps, restore
from storage.backup import BackedUp
from storage.holding import file_of


def write_copy(url: URL, file: Path, *, over: bool, keep: int | None) -> None:
    """Back the database up to a file or into a folder, of whose backups ``keep`` stay."""
    if keep is not None and not file.is_dir():
        raise InvalidInput(
            what=f"{file} is not a folder.", remedy="--keep is for a folder of backups."
        )
    _refuse_special(file)
    with at_work("Backing up the database…"):
        made = _copied(url, file, over=over)
        left = () if keep is None else backup.prune(made.file, keep)
    rows, tables = count(made.rows, "row", "rows"), count(made.tables, "table", "tables")
    typer.echo(f"Backed up {url.database} to {made.file}: {rows} in {tables}.")
    for old in left:
        typer.echo(f"{old} could not be removed.", err=True)


def take_copy(file: Path, url: URL) -> None:
    """Put a backup in the place of the database."""
    _refuse_special(file)
    with at_work("Restoring the database…"):
        put = restore.restore if file_of(url) is not None else dumps.restore
        done = put(file, url, SystemClock().now())
    typer.echo(f"Restored {url.database} from {file}.")
    if done.kept:
        typer.echo(f"What was there before is kept as {done.kept}.")
    if done.unknown:
        waiting = count(done.unknown, "message was", "messages were")
        typer.echo(f"{waiting} waiting then, and may have been sent since: see COPLAN_DELIVERY.")


def _refuse_special(path: Path) -> None:
    """Raise ``InvalidInput`` for a device or a pipe: ``--force`` would put a file in its place."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise InvalidInput(
            what=f"{path} is a device or a pipe.", remedy="Name a file. Nothing was changed."
        )


def last_backup(url: str | URL) -> datetime | None:
    """Return when the database was last backed up (UTC), None where that is not known."""
    with suppress(SQLAlchemyError), store_as_it_is(url) as store:  # of a schema that did not know
        return store.read_now(EVERYWHERE, lambda work: work.upkeep.last(Chore.BACKUP))
    return None


def _copied(url: URL, target: Path, *, over: bool) -> BackedUp:
    """Back the database up to a file, or into a folder under a name that tells the time."""
    sqlite = file_of(url) is not None
    copy = backup.back_up if sqlite else dumps.back_up
    now = SystemClock().now()
    if target.is_dir():
        file = backup.stamped(target, now, "db" if sqlite else "dump")
        made = copy(url, file, over=over, unfinished=".coplan-backup.part")
    else:
        made = copy(url, target, over=over)
    # The database stays of the schema it is of: a backup may be what is made before an upgrade.
    with suppress(Problem, SQLAlchemyError), store_as_it_is(url) as store:
        store.write_now(EVERYWHERE, lambda work: work.upkeep.note(Chore.BACKUP, now))
    return made
