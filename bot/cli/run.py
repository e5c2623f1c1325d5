"""``coplan run``: every platform whose token is set."""

import typer

from bot.cli.loading import loading


def run() -> None:
    """Run Coplan on every platform whose token is set, until SIGTERM or Ctrl-C."""
    with loading():
        import asyncio
        import gc

        from bot.cli.settings import settings_in_force
        from bot.cli.stopping import until_stopped
        from bot.log import configure
        from bot.platforms import serve_platforms

    settings = settings_in_force()
    serving = serve_platforms(settings, on_ready=typer.echo)
    configure(settings.log, settings.log_level)
    gc.freeze()  # what is loaded stays: to walk it takes the collector 100 ms
    asyncio.run(until_stopped(serving))
