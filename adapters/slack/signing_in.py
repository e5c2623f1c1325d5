"""Who the bot is in its workspace, asked once at the start; what it may do there."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.calls import DEAD, NO_ANSWER, NOT_SLACKS, code_of, retry_after
from adapters.slack.origins import PLATFORM
from adapters.slack.scopes import Asked, names
from adapters.web.unanswered import worded
from bot.domain.errors import InvalidInput, Unavailable
from bot.domain.ids import WorkspaceId

TIMEOUT: Final = aiohttp.ClientTimeout(total=10, connect=5)
"""For every call of the Web API; a send is given up by the courier after 15 seconds."""


LONGEST: Final = 60.0
"""Seconds between tries to sign in that go on failing."""
GIVEN_UP: Final = 300.0
"""Seconds after which Slack gives up delivering. Not for longer is nothing heard of it because an
answer (or a proxy's) said to wait."""
_log = structlog.get_logger(__name__)


class SlackUnreachable(Unavailable):
    """Slack's Web API does not answer; ``seconds`` is how long it wants to be left alone."""

    says = "Slack cannot be reached: {reason}."
    do = "Look at the network and at COPLAN_SLACK_API_URL."

    def __init__(self, reason: str, seconds: float = 0.0) -> None:
        super().__init__(reason=reason)
        self.seconds = seconds


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
        raise SlackUnreachable(code or NOT_SLACKS, retry_after(error) or 0.0) from error
    except NO_ANSWER as error:
        raise SlackUnreachable(worded(error)) from error
    team, enterprise, user = (_id(told, name) for name in ("team_id", "enterprise_id", "user_id"))
    if not user or not (team or enterprise):  # whoever says no more than "ok" is not Slack
        raise SlackUnreachable(NOT_SLACKS)
    return SignedIn(
        team=team,
        enterprise=enterprise,
        user=user,
        bot=str(told.get("bot_id") or ""),
        name=str(told.get("team") or ""),
        scopes=_scopes(told.headers),
    )


def _id(told: AsyncSlackResponse, name: str) -> str:
    found = told.get(name)
    return found if isinstance(found, str) else ""


def _scopes(headers: Mapping[str, Any]) -> frozenset[str]:
    """Return what the token may do. Where a proxy keeps that to itself: all that is asked for.

    A feature that it may not use after all finds out, and does without.
    """
    told = {str(name).lower(): str(value) for name, value in headers.items()}.get("x-oauth-scopes")
    if told is None:
        return frozenset(names(*Asked))
    return frozenset(filter(None, told.replace(" ", "").split(",")))


async def sign_in_at_last(client: AsyncWebClient, given_up: float = GIVEN_UP) -> SignedIn:
    """Return what ``sign_in`` does, as soon as Slack answers: a start may fall into an outage."""
    wait = 1.0
    while True:
        try:
            return await sign_in(client)
        except SlackUnreachable as away:
            seconds = max(min(away.seconds, given_up), wait)
            _log.warning("slack_not_reached", reason=away.facts["reason"], seconds=seconds)
            await asyncio.sleep(seconds)
            wait = min(wait * 2, LONGEST)
