"""How Slack and Coplan reach each other, as the settings say."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import aiohttp
from pydantic import SecretStr

from adapters.slack.client import Client
from adapters.slack.signing_in import TIMEOUT
from bot.config import Settings
from bot.domain.errors import InvalidInput

CONNECTING: Final = (
    "Make an app-level token (xapp-…) with the scope connections:write on the app's page “Basic"
    " Information”."
)
SIGNING: Final = "Copy the Signing Secret from the app's page “Basic Information”."
_MANY: Final = (
    "For several workspaces set COPLAN_SLACK_CLIENT_ID, COPLAN_SLACK_CLIENT_SECRET,"
    " COPLAN_PUBLIC_URL and COPLAN_SECRET_KEYS; for one set COPLAN_SLACK_BOT_TOKEN alone."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How Slack reaches Coplan: over Socket Mode with an app-level token, else over HTTP."""

    app_token: str
    signing_secret: str
    address: str

    @property
    def http(self) -> bool:
        """Tell whether Slack posts to the address."""
        return not self.app_token


def ways_of(settings: Settings) -> Ways:
    """Return how Slack reaches Coplan; ``InvalidInput`` when something for it is not set."""
    ways = Ways(
        app_token=plain(settings.slack_app_token),
        signing_secret=plain(settings.slack_signing_secret),
        address=settings.public_url,
    )
    if ways.http and not ways.address:
        raise InvalidInput(
            what="Neither COPLAN_SLACK_APP_TOKEN nor COPLAN_PUBLIC_URL is set, so Slack cannot"
            " reach Coplan.",
            remedy=CONNECTING,
        )
    if ways.http and not ways.signing_secret:
        raise InvalidInput(what="COPLAN_SLACK_SIGNING_SECRET is not set.", remedy=SIGNING)
    return ways


@dataclass(frozen=True, slots=True, kw_only=True)
class AppKeys:
    """By what Slack knows an app that many install, and where it sends them back to.

    ``public_url`` is without a slash at its end; under ``secret_keys`` tokens are stored.
    """

    client_id: str
    client_secret: str
    public_url: str
    secret_keys: str


def app_keys_of(settings: Settings) -> AppKeys:
    """Return them; ``InvalidInput`` that names what is not set."""
    keys = AppKeys(
        client_id=settings.slack_client_id,
        client_secret=plain(settings.slack_client_secret),
        public_url=settings.public_url,
        secret_keys=plain(settings.secret_keys),
    )
    names = {
        "COPLAN_SLACK_CLIENT_ID": keys.client_id,
        "COPLAN_SLACK_CLIENT_SECRET": keys.client_secret,
        "COPLAN_PUBLIC_URL": keys.public_url,
        "COPLAN_SECRET_KEYS": keys.secret_keys,
    }
    missing = [name for name, value in names.items() if not value]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        what = f"{' and '.join(missing)} {verb} not set, so nobody can install Coplan."
        raise InvalidInput(what=what, remedy=_MANY)
    return keys


@asynccontextmanager
async def web_client(
    settings: Settings, doubt: Callable[[], None] = lambda: None
) -> AsyncIterator[Client]:
    """Open the Web API, for the bot token where there is one: ``doubt`` as ``Client`` has it."""
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        yield Client(
            token=plain(settings.slack_bot_token) or None,
            base_url=settings.slack_api_url,
            session=session,
            doubt=doubt,
        )


def refused_app_token(code: str) -> InvalidInput:
    """Return the problem of an app-level token that Slack does not take, for that reason."""
    return InvalidInput(
        what=f"Slack does not take COPLAN_SLACK_APP_TOKEN ({code}).", remedy=CONNECTING
    )


def plain(value: SecretStr | None) -> str:
    """Return a secret of the settings; empty where it is not set."""
    return value.get_secret_value() if value is not None else ""
