"""``coplan playground``: everything, with no account and no token, on this machine alone."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.loading import loading

DATA = Path("coplan-playground.db")
QUIET = "WARNING"
"""The terminal is for the address and for what is wrong, unless COPLAN_LOG_LEVEL is set."""


def playground(
    data: Annotated[
        Path, typer.Option(help="The file that holds everything; it survives a restart.")
    ] = DATA,
    port: Annotated[
        int, typer.Option(help="The page's port; 0 takes any free one.", min=0, max=65535)
    ] = 8765,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start anew; what is there is kept as FILE.bak.")
    ] = False,
    sample: Annotated[
        bool, typer.Option("--sample", help="Load a sample school of invented people.")
    ] = False,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open the page in a browser.")
    ] = False,
) -> None:
    """Try Coplan in a local web page that behaves like a chat."""
    with loading():
        import asyncio
        import webbrowser
        from functools import partial

        from bot.cli.settings import settings_in_force
        from bot.cli.stopping import until_stopped
        from bot.log import configure
        from bot.main import Choices, serve_playground, vault_of
        from bot.runtime.pauses import shorten_pauses

    def ready(address: str) -> None:
        typer.echo(f"Coplan's playground is at {address} (stop it with Ctrl-C)")
        typer.echo(f"Everything is kept in {data}.")
        if not no_browser:
            webbrowser.open(address)

    settings = settings_in_force()
    level = settings.log_level if "log_level" in settings.model_fields_set else QUIET
    configure(settings.log, level)
    keys = settings.secret_keys.get_secret_value() if settings.secret_keys else ""
    serving = serve_playground(
        data.resolve(),  # SQLite puts its log beside the file a link points to
        port=port,
        fresh=fresh,
        sample=sample,
        on_ready=ready,
        on_note=partial(typer.echo, err=True),
        choices=Choices(guarantee=settings.delivery, vault=vault_of(keys)),
    )
    shorten_pauses()
    asyncio.run(until_stopped(serving))
