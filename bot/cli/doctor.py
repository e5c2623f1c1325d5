"""``coplan doctor``: looks whether everything is there, and says what to do."""

import typer

from bot.cli.loading import loading


def doctor() -> None:
    """Check settings, database, templates and time zones; exit code 2 when something is wrong."""
    with loading():
        from bot.cli.checks import check_all

    if check_all():
        raise typer.Exit(2)
