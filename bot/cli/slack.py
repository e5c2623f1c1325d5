"""``coplan slack``: what its app in Slack needs."""

from typing import Annotated

import typer

from bot.domain.errors import InvalidInput

app = typer.Typer(help="Make Coplan's app in Slack.", no_args_is_help=True)


@app.callback()
def slack() -> None:
    """Make Coplan's app in Slack."""


@app.command()
def manifest(
    url: Annotated[
        str, typer.Option(help="For HTTP mode: the https address at which Slack reaches Coplan.")
    ] = "",
    socket: Annotated[
        bool, typer.Option("--socket", help="For Socket Mode, whatever the settings say.")
    ] = False,
    several: Annotated[
        bool, typer.Option("--several", help="For several workspaces that install it, over HTTP.")
    ] = False,
) -> None:
    """Print the app's manifest, to be pasted at api.slack.com/apps (Create New App).

    It is for Socket Mode, or for HTTP where COPLAN_PUBLIC_URL is set and no app token is; for
    several workspaces where COPLAN_SLACK_CLIENT_ID is set too.
    """
    import yaml

    from adapters.slack.manifest import manifest as made
    from bot.cli.settings import settings_in_force

    if socket and (url or several):
        raise InvalidInput(
            what="--socket is for Socket Mode, --url and --several are for HTTP.",
            remedy="Leave one of them out.",
        )
    settings = settings_in_force()
    address = "" if socket else url
    if not socket and not url and not settings.slack_app_token:
        address = settings.public_url
    address = _public(address)
    if several and not address:
        raise InvalidInput(
            what="Workspaces install Coplan at an address of its own.",
            remedy="For example: coplan slack manifest --several --url https://coplan.example.org",
        )
    wanted = several or bool(address and settings.slack_client_id)
    told = made(address, several=wanted)
    typer.echo(yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=1000), nl=False)


def _public(url: str) -> str:
    """Return an address that Slack would take, without the slash at its end."""
    from urllib.parse import urlsplit

    if not url:
        return ""
    try:
        found = urlsplit(url)
    except ValueError:
        found = urlsplit("")
    bare = not (found.query or found.fragment) and url.isprintable() and " " not in url
    if found.scheme != "https" or not found.hostname or not bare:
        raise InvalidInput(
            what="Slack posts to an address that begins with https:// and has a host.",
            remedy="For example: coplan slack manifest --url https://coplan.example.org",
        )
    return url.rstrip("/")
