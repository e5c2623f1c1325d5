"""What ``coplan doctor`` looks at in Slack: the tokens, what they may do, and the connection."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import DEAD, NO_ANSWER, NO_APP_TOKEN, code_of
from adapters.slack.guard import WINDOW
from adapters.slack.install_pages import INSTALL
from adapters.slack.installations import opened
from adapters.slack.keyring import Keyring, WrongKey
from adapters.slack.manifest import EVENTS_PATH
from adapters.slack.scopes import Asked, names
from adapters.slack.signing_in import SlackUnreachable, sign_in
from adapters.slack.ways import app_keys_of, refused_app_token, ways_of, web_client
from adapters.web.unanswered import worded
from bot.config import Settings
from bot.domain.clock import Clock
from bot.domain.errors import InvalidInput
from bot.domain.ids import WorkspaceId
from bot.ui.pages.words import count
from bot.usecases.installations import Installation

EXACT: Final = 2.0
"""Seconds that a clock may be off; Slack's own is told in whole seconds."""
_INSTALL: Final = "Install Coplan there again; a lost key is added behind the others."
_ALONE: Final = "no other can install it while COPLAN_SLACK_BOT_TOKEN is set"
_AGAIN: Final = "Add them on the app's page “OAuth & Permissions” and install the app again."


async def check(settings: Settings, clock: Clock) -> str:
    """Return what is well with Slack; ``Problem`` with what is not, and what to do.

    Nothing is sent, and nobody in Slack notices. ``clock`` is this machine's.
    """
    async with web_client(settings) as client:
        signed_in = await sign_in(client)
        off = await _off(client, clock)
        if signed_in.missing:
            raise InvalidInput(
                what=f"the bot token lacks the scopes {', '.join(signed_in.missing)}.",
                remedy=_AGAIN,
            )
        way = await _way(client, settings)
    without = [name for name in names(Asked.USUAL) if name not in signed_in.scopes]
    less = f"; without {', '.join(without)} some features rest" if without else ""
    alone = f"; {_ALONE}" if settings.slack_client_id else ""
    return f"workspace {signed_in.name}, {way}{alone}{less}{off}"


async def check_many(
    settings: Settings, kept: Mapping[WorkspaceId, Installation], clock: Clock
) -> str:
    """Return what is well where many have installed Coplan; ``Problem`` as ``check`` raises it."""
    keys = app_keys_of(settings)
    keyring = Keyring(keys.secret_keys)
    async with web_client(settings) as client:
        found = [await _trouble(client, place, one, keyring) for place, one in kept.items()]
        if troubles := [trouble for trouble in found if trouble]:
            raise InvalidInput(what=f"{'; '.join(troubles)}.", remedy=_INSTALL)
        way, off = await _way(client, settings), await _off(client, clock)
    return f"{count(len(kept), 'installation')}, {way}; more at {keys.public_url}{INSTALL}{off}"


async def _off(client: AsyncWebClient, clock: Clock) -> str:
    """Return a warning about a clock that differs from Slack's; empty for one that is right.

    ``InvalidInput`` for one by which no request of Slack's would be taken.
    """
    try:
        headers = (await client.api_test()).headers
    except SlackApiError as error:
        headers = getattr(error.response, "headers", None) or {}
    except NO_ANSWER as error:
        raise SlackUnreachable(worded(error)) from error
    told = {str(name).lower(): str(value) for name, value in headers.items()}.get("date", "")
    try:
        seconds = (clock.now() - parsedate_to_datetime(told)).total_seconds()
    except (TypeError, ValueError):  # a proxy kept it to itself
        return ""
    apart = f"{abs(seconds):.0f} seconds {'ahead of' if seconds > 0 else 'behind'} Slack's"
    if abs(seconds) >= WINDOW:
        raise InvalidInput(
            what=f"this machine's clock is {apart}: over HTTP nothing that Slack sends is taken,"
            " and reminders come at the wrong time.",
            remedy="Set the clock, and let it be kept right (NTP).",
        )
    return f"; this machine's clock is {apart}" if abs(seconds) > EXACT else ""


async def _trouble(
    client: AsyncWebClient, place: WorkspaceId, kept: Installation, keyring: Keyring
) -> str:
    """Return what is wrong with an installation; empty when all is well."""
    try:
        found = opened(place, kept, keyring)
        await client.api_call("auth.test", headers={"Authorization": f"Bearer {found.token}"})
    except WrongKey:
        return f"no key of COPLAN_SECRET_KEYS opens the token of {place}"
    except SlackApiError as error:
        if code_of(error) not in DEAD:
            raise SlackUnreachable(code_of(error) or "no answer of Slack's") from error
        return f"Slack does not take the token of {place} any more ({code_of(error)})"
    except NO_ANSWER as error:
        raise SlackUnreachable(worded(error)) from error
    lacking = ", ".join(found.bot.missing)
    return f"{place} has not granted {lacking}" if lacking else ""


async def _way(client: AsyncWebClient, settings: Settings) -> str:
    """Return how Slack reaches Coplan, tried where it can be."""
    ways = ways_of(settings)
    if ways.http:
        return f"over HTTP at {ways.address}/{EVENTS_PATH}"
    try:
        await client.apps_connections_open(app_token=ways.app_token)
    except SlackApiError as error:
        code = code_of(error)
        if code in NO_APP_TOKEN:
            raise refused_app_token(code) from error
        raise SlackUnreachable(code or "no answer of Slack's") from error
    except NO_ANSWER as error:
        raise SlackUnreachable(worded(error)) from error
    return "Socket Mode works"
