"""``coplan reminders``: what will come when, why, and why not."""

from typing import Annotated

import typer

from bot.cli.database import Data, Database
from bot.cli.loading import loading

app = typer.Typer(help="Look into reminders.", no_args_is_help=True)


@app.callback()
def reminders() -> None:
    """Look into reminders."""


@app.command("explain")
def explain(
    name: Annotated[
        str, typer.Argument(metavar="PLAN|MEMBER", help="A plan's title or id, a member's name.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    database: Database = None,
    data: Data = None,
) -> None:
    """Say what will come when, why, and why not, for a member or all partners of a plan.

    Nothing is sent or changed.
    """
    with loading():
        from bot.cli.lookahead import look_ahead

    look_ahead(name, as_json=as_json, database=database, data=data)
