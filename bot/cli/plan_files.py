"""``coplan export`` and ``coplan import``: plans as files, from the command line."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.database import Data, Database, existing
from bot.cli.loading import loading


class Format(StrEnum):
    """How a plan is written."""

    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"


def export(
    title: Annotated[str, typer.Argument(metavar="TITLE", help="The plan's title.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where to; standard output if not given.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="md, html or json.")] = Format.MARKDOWN,
    number: Annotated[
        int, typer.Option("--number", help="Which one, where several bear the title.", min=0)
    ] = 0,
    database: Database = None,
    data: Data = None,
) -> None:
    """Write a plan, archived or not, with its whole log as Markdown, HTML or JSON."""
    with loading():
        from bot.cli.exchange import Wanted, write_plan

    write_plan(Wanted(title=title, number=number), form, existing(database, data), out)


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An exported plan (JSON).")],
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="Who imports it.")],
    database: Database = None,
    data: Data = None,
) -> None:
    """Import an exported plan; NAME becomes a partner of it."""
    with loading():
        from bot.cli.exchange import take_plan

    take_plan(file, name, lambda: existing(database, data))
