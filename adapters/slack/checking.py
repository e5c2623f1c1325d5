"""What ``coplan doctor`` looks at in Slack: the tokens, what they may do, and the connection."""

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import code_of
from adapters.slack.manifest import EVENTS_PATH
from adapters.slack.scopes import Asked, names
from adapters.slack.signing_in import sign_in
from adapters.slack.ways import refused_app_token, ways_of, web_client
from bot.config import Settings
from bot.domain.errors import InvalidInput

_AGAIN = "Add them on the app's page “OAuth & Permissions” and install the app again."


async def check(settings: Settings) -> str:
    """Return what is well with Slack; ``Problem`` with what is not, and what to do.

    Nothing is sent, and nobody in Slack notices.
    """
    async with web_client(settings) as client:
        signed_in = await sign_in(client)
        if signed_in.missing:
            raise InvalidInput(
                what=f"the bot token lacks the scopes {', '.join(signed_in.missing)}.",
                remedy=_AGAIN,
            )
        way = await _way(client, settings)
    without = [name for name in names(Asked.USUAL) if name not in signed_in.scopes]
    less = f"; without {', '.join(without)} some features rest" if without else ""
    return f"workspace {signed_in.name}, {way}{less}"


async def _way(client: AsyncWebClient, settings: Settings) -> str:
    """Return how Slack reaches Coplan, tried where it can be."""
    ways = ways_of(settings)
    if ways.http:
        return f"over HTTP at {ways.address}/{EVENTS_PATH}"
    try:
        await client.apps_connections_open(app_token=ways.app_token)
    except SlackApiError as error:
        raise refused_app_token(code_of(error)) from error
    return "Socket Mode works"
