"""``coplan db``: the database's schema."""

import typer

from bot.cli.loading import loading

app = typer.Typer(help="Look after the database.", no_args_is_help=True)


@app.callback()
def db() -> None:
    """Look after the database."""


@app.command("upgrade")
def upgrade() -> None:
    """Bring the database of COPLAN_DATABASE_URL to this version's schema."""
    with loading():
        from bot.cli.progress import at_work
        from bot.cli.settings import settings_in_force
        from storage import migrate

    url = settings_in_force().database_url
    with at_work("Looking after the database…"):
        before = migrate.current(url)
        migrate.upgrade(url)
        after = migrate.current(url)
    typer.echo(
        f"The database is at schema {after}."
        if before == after
        else f"The database was upgraded from schema {before or 'none'} to {after}."
    )
