"""Who the bot is in its workspace, asked once at the start; what it may do there."""

from dataclasses import dataclass
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import DEAD, code_of
from adapters.slack.origins import PLATFORM
from adapters.slack.scopes import Asked, names
from bot.domain.errors import InvalidInput, Unavailable
from bot.domain.ids import WorkspaceId

TIMEOUT: Final = aiohttp.ClientTimeout(total=10, connect=5)
"""For every call of the Web API; a send is given up by the courier after 15 seconds."""


class SlackUnreachable(Unavailable):
    """Slack's Web API does not answer."""

    says = "Slack cannot be reached: {reason}."
    do = "Look at the network and at COPLAN_SLACK_API_URL."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """The bot in its workspace: ids of Slack's, and the scopes that its token has."""

    team: str
    enterprise: str
    user: str
    bot: str
    name: str
    scopes: frozenset[str]

    @property
    def workspace(self) -> WorkspaceId:
        """Return the workspace's id in the core, or the organisation's that has no workspace."""
        return WorkspaceId(f"{PLATFORM}:{self.team or self.enterprise}")

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the scopes that are needed and not granted."""
        return tuple(name for name in names(Asked.NEEDED) if name not in self.scopes)


async def sign_in(client: AsyncWebClient) -> SignedIn:
    """Return who the client's token is; ``InvalidInput`` when Slack does not take the token."""
    try:
        told = await client.auth_test()
    except SlackApiError as error:
        code = code_of(error)
        if code in DEAD or code == "not_allowed_token_type":
            raise InvalidInput(
                what=f"Slack does not take COPLAN_SLACK_BOT_TOKEN ({code}).",
                remedy="Copy the Bot User OAuth Token (xoxb-…) of the app's page “OAuth &"
                " Permissions”; install the app there first.",
            ) from error
        raise SlackUnreachable(reason=code or "no answer of Slack's") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SlackUnreachable(reason=type(error).__name__) from error
    scopes = {str(key).lower(): value for key, value in told.headers.items()}
    return SignedIn(
        team=str(told["team_id"]),
        enterprise=str(told.get("enterprise_id") or ""),
        user=str(told["user_id"]),
        bot=str(told.get("bot_id") or ""),
        name=str(told.get("team") or ""),
        scopes=frozenset(
            filter(None, scopes.get("x-oauth-scopes", "").replace(" ", "").split(","))
        ),
    )
