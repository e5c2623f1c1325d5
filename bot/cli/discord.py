"""``coplan discord``: what its bot in Discord needs."""

from typing import Annotated

import typer

from bot.domain.errors import InvalidInput

app = typer.Typer(help="Invite Coplan's bot to Discord.", no_args_is_help=True)


@app.callback()
def discord() -> None:
    """Invite Coplan's bot to Discord."""


@app.command()
def invite(
    application: Annotated[
        str,
        typer.Option(
            "--app", help="The app's id, of its page “General Information”; else the token's is."
        ),
    ] = "",
) -> None:
    """Print the link that adds Coplan to a server, and why it asks for each permission."""
    import asyncio

    from adapters.discord.checking import application_of
    from adapters.discord.permissions import PERMISSIONS
    from adapters.discord.permissions import invite as link
    from bot.cli.settings import settings_in_force

    if application and not (application.isascii() and application.isdigit()):
        raise InvalidInput(
            what="The id of an app is a number.",
            remedy="Copy the Application ID of the app's page “General Information”.",
        )
    found = application or asyncio.run(application_of(settings_in_force()))
    typer.echo(link(found))
    for each in PERMISSIONS:
        typer.echo(f"  {each.name} ({each.asked}): {each.why}")


@app.command()
def sync() -> None:
    """Let Discord know Coplan's commands; "coplan run" does it, too, when they have changed."""
    import asyncio

    from adapters.discord.checking import synced
    from bot.cli.settings import settings_in_force

    news = asyncio.run(synced(settings_in_force()))
    typer.echo("The commands are up to date now." if news else "The commands were up to date.")
