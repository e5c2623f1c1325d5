"""What ``coplan doctor`` looks at in Slack: the tokens, what they may do, and the connection."""

import re
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
from adapters.slack.signing_in import SignedIn, SlackUnreachable, sign_in
from adapters.slack.ways import app_keys_of, plain, refused_app_token, ways_of, web_client
from adapters.web.unanswered import worded
from bot.config import Settings
from bot.domain.clock import Clock
from bot.domain.errors import InvalidInput
from bot.domain.ids import WorkspaceId
from bot.ui.pages.words import count
from bot.usecases.installations import Installation

EXACT: Final = 2.0
"""Seconds that a clock may be off; Slack's own is told in whole seconds."""
_ID: Final = 20
_APP: Final = re.compile(rf"xapp-[0-9]+-(A[A-Z0-9]{{5,{_ID}}})-", re.ASCII)
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
        await _one_app(client, signed_in, settings)
    without = [name for name in names(Asked.USUAL) if name not in signed_in.scopes]
    less = f"; without {', '.join(without)} some features rest" if without else ""
    alone = f"; {_ALONE}" if settings.slack_client_id else ""
    return f"workspace {signed_in.name}, {way}{alone}{less}{off}"


async def _one_app(client: AsyncWebClient, signed_in: SignedIn, settings: Settings) -> None:
    """Raise ``InvalidInput`` where the two tokens are those of different apps.

    The app-level token has its app's id in it. To be greeted with it over a connection would take
    what Slack sends away from a Coplan that runs.
    """
    own = _APP.match(plain(settings.slack_app_token))
    if own is None or not signed_in.bot:
        return
    try:
        told = (await client.bots_info(bot=signed_in.bot)).get("bot")
    except NO_ANSWER:  # not everybody who speaks for Slack knows it
        return
    app = told.get("app_id") if isinstance(told, dict) else None
    if isinstance(app, str) and app and app != own[1]:
        raise InvalidInput(
            what=f"COPLAN_SLACK_BOT_TOKEN is of the app {app[:_ID]}, COPLAN_SLACK_APP_TOKEN of"
            f" {own[1]}: what people do there and what Coplan says are of two apps.",
            remedy="Copy both from the pages of one app, at api.slack.com/apps.",
        )


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
