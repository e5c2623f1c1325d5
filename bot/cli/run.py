"""``coplan run``: every platform whose token is set."""

import typer

from bot.cli.loading import loading


def run() -> None:
    """Run Coplan on every platform whose token is set, until SIGTERM or Ctrl-C."""
    with loading():
        import asyncio

        from bot.cli.settings import settings_in_force
        from bot.cli.stopping import until_stopped
        from bot.log import configure
        from bot.platforms import serve_platforms
        from bot.runtime.pauses import shorten_pauses

    settings = settings_in_force()
    serving = serve_platforms(settings, on_ready=typer.echo)
    configure(settings.log, settings.log_level)
    shorten_pauses()
    asyncio.run(until_stopped(serving))
