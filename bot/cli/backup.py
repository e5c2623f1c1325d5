"""``coplan backup`` and ``coplan restore``: the database as one file, and back."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.database import Data, Database, chosen
from bot.cli.loading import loading


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, or a folder.")],
    database: Database = None,
    data: Data = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it is there.")] = False,
    keep: Annotated[
        int | None,
        typer.Option(help="In a folder: remove all but so many of its backups.", min=1),
    ] = None,
) -> None:
    """Write the whole database into FILE, while Coplan runs or not.

    In a folder each backup gets a name of its own, coplan-<time>.db; their times are UTC.
    """
    with loading():
        from bot.cli.copying import write_copy

    write_copy(chosen(database, data), file, over=force, keep=keep)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What coplan backup wrote.")],
    database: Database = None,
    data: Data = None,
) -> None:
    """Put the backup FILE in the place of the database, which is kept under another name.

    Coplan must not run on it meanwhile. A backup of an older version is upgraded.
    """
    with loading():
        from bot.cli.copying import take_copy

    take_copy(file, chosen(database, data))
