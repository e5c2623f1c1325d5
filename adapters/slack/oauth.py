"""Installing Coplan from the browser: OAuth v2, from the install page to the token in the store.

``state`` is sealed with our own keys and holds a secret that a cookie holds, too: it serves this
browser alone, for ten minutes, and once. Nothing is stored for those who only look.

Source: Slack, "Installing with OAuth".
"""

import asyncio
import hmac
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import aiohttp
import structlog
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import install_pages as pages
from adapters.slack.addressed import place
from adapters.slack.calls import NO_ANSWER, code_of
from adapters.slack.installations import Installations, Installed
from adapters.slack.keyring import Keyring
from adapters.slack.manifest import REDIRECT_PATH
from adapters.slack.scopes import Asked, names
from adapters.slack.signing_in import SignedIn
from adapters.slack.ways import AppKeys
from bot.domain.clock import Clock
from bot.domain.errors import Problem
from bot.domain.ids import EVERYWHERE, WorkspaceId
from bot.usecases.ports import Door

FRESH: Final = timedelta(minutes=10)
"""For how long somebody may take to decide."""
COOKIE: Final = "coplan-install"
_USE: Final = "slack-install"
PATIENCE: Final = 8.0
"""Seconds that Slack may take to give a token: the web server ends every request after ten."""
_UPSTREAM: Final = 424
"""Slack does not answer: not our failure, and no 5xx to whoever asks."""
_CODE: Final = re.compile(r"[a-z_]{1,60}", re.ASCII)
_OLD: Final = frozenset({"code_already_used", "invalid_code", "invalid_grant_type"})
_AWAY: Final = frozenset(
    {"", "fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable"}
)
_OURS: Final[Mapping[str, str]] = {
    "bad_client_secret": "Copy COPLAN_SLACK_CLIENT_SECRET from “Basic Information”.",
    "bad_redirect_uri": "Add COPLAN_PUBLIC_URL/slack/oauth_redirect under “OAuth & Permissions”.",
    "invalid_client_id": "Copy COPLAN_SLACK_CLIENT_ID from “Basic Information”.",
    "invalid_team_for_non_distributed_app": "Switch on “Manage Distribution” of the app.",
}
_log = structlog.get_logger(__name__)


class NotInstalled(Exception):  # noqa: N818 - an outcome
    """Slack gave no token; the page says why."""

    def __init__(self, answer: web.Response) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """The install page, and where Slack sends people back to.

    ``client`` has no token. ``installed`` is told of each installation that was stored.
    ``patience`` is in seconds.
    """

    keys: AppKeys
    client: AsyncWebClient
    keyring: Keyring
    installations: Installations
    door: Door
    clock: Clock
    installed: Callable[[WorkspaceId], None]
    patience: float = PATIENCE

    def routes(self) -> Sequence[web.RouteDef]:
        """Return both."""
        return (
            web.get(pages.INSTALL, self.offer),
            web.get(f"/{REDIRECT_PATH}", self.finish),
        )

    async def offer(self, _: web.Request) -> web.Response:
        """Say what Coplan wants to be allowed, and lead to Slack."""
        secret = secrets.token_urlsafe(32)
        state = self.keyring.seal(secret, _USE, self.clock.now())
        asked = {
            "client_id": self.keys.client_id,
            "scope": ",".join(names(Asked.NEEDED, Asked.USUAL)),
            "redirect_uri": self._back,
            "state": state,
        }
        answer = pages.offer(f"{authorize_url(self.client.base_url)}?{urlencode(asked)}")
        answer.set_cookie(
            COOKIE,
            secret,
            max_age=int(FRESH.total_seconds()),
            path=self._path,
            httponly=True,
            secure=self.keys.public_url.startswith("https:"),
            samesite="Lax",
        )
        return answer

    async def finish(self, request: web.Request) -> web.Response:
        """Take the code that Slack sends along, and keep the token that it is good for.

        A link that is none of this browser's leaves its cookie: where it began, it can go on.
        """
        try:
            await self._expect_own(request)
        except NotInstalled as refusal:
            return refusal.answer
        try:
            answer = await self._stored(await self._token(request.query))
        except NotInstalled as refusal:
            answer = refusal.answer
        answer.del_cookie(COOKIE, path=self._path)
        return answer

    async def _expect_own(self, request: web.Request) -> None:
        """Raise unless this browser began it, lately, and has not come back before."""
        state, cookie = request.query.get("state", ""), request.cookies.get(COOKIE, "")
        secret = self.keyring.fresh(state, _USE, self.clock.now(), FRESH)
        same = secret is not None and hmac.compare_digest(secret.encode(), _bytes(cookie))
        key = f"{_USE}:{secret}"
        try:
            if same and await self.door.write(EVERYWHERE, lambda work: work.inbox.first(key)):
                return
        except Problem as problem:
            raise _later(problem) from problem
        raise NotInstalled(
            pages.refused(
                "This link is too old, was used already, or comes from another browser.",
                "Nothing was changed.",
            )
        )

    async def _token(self, query: Mapping[str, str]) -> Mapping[str, Any]:
        if query.get("error"):
            raise NotInstalled(pages.refused("You did not allow it.", "Nothing was changed."))
        try:
            async with asyncio.timeout(self.patience):
                told = await self.client.api_call(
                    "oauth.v2.access",
                    headers={"Authorization": self._app},
                    data={"code": query.get("code", ""), "redirect_uri": self._back},
                )
        except SlackApiError as error:
            raise _refusal(code_of(error)) from error
        except NO_ANSWER as error:
            _log.warning("slack_install_failed", reason=type(error).__name__)
            raise _unreachable() from error
        return told.data if isinstance(told.data, dict) else {}

    async def _stored(self, told: Mapping[str, Any]) -> web.Response:
        made = installed(told, self.clock)
        try:
            await self.installations.save(made)
        except Problem as problem:
            raise _later(problem) from problem
        self.installed(made.place)
        _log.info("slack_installed", workspace=made.place)
        return pages.done(made.bot.name, made.bot.missing, organisation=made.organisation)

    @property
    def _app(self) -> str:
        return aiohttp.encode_basic_auth(self.keys.client_id, self.keys.client_secret)

    @property
    def _path(self) -> str:
        """Return below what path a browser finds both pages: a proxy may have put one before."""
        return f"{urlsplit(self.keys.public_url).path}/slack"

    @property
    def _back(self) -> str:
        return f"{self.keys.public_url}/{REDIRECT_PATH}"


def authorize_url(api_url: str) -> str:
    """Return where people allow an app, of the Slack whose Web API that is."""
    at = urlsplit(api_url)
    return f"{at.scheme}://{at.netloc}/oauth/v2/authorize"


def installed(told: Mapping[str, Any], clock: Clock) -> Installed:
    """Return the installation of an ``oauth.v2.access``; ``NotInstalled`` when it is of no use."""
    token = told.get("access_token")
    if told.get("refresh_token") or told.get("expires_in"):
        raise _unusable("its tokens expire", "Make a new app, without “token rotation”.")
    if not isinstance(token, str) or told.get("token_type") != "bot":
        raise _unusable("it gave no bot token", "Make the app from “coplan slack manifest”.")
    enterprise = _inner(told, "enterprise")
    organisation = told.get("is_enterprise_install") is True
    team = {} if organisation else _inner(told, "team")
    number = enterprise.get("id") if organisation else team.get("id")
    if not number:
        raise _unusable("it does not say where it was installed", "Try once more.")
    bot = SignedIn(
        team=str(team.get("id") or ""),
        enterprise=str(enterprise.get("id") or ""),
        user=str(told.get("bot_user_id") or ""),
        bot="",
        name=str((enterprise if organisation else team).get("name") or ""),
        scopes=frozenset(filter(None, str(told.get("scope") or "").split(","))),
    )
    return Installed(place=place(str(number)), token=token, bot=bot, at=clock.now())


def _refusal(code: str) -> NotInstalled:
    if code in _OLD:
        told = "Slack's answer is too old, or was used already."
        return NotInstalled(pages.refused(told, "Nothing was changed."))
    if code in _AWAY:
        return _unreachable()
    known = code if _CODE.fullmatch(code) else "unknown"
    _log.error("slack_install_failed", reason=known)
    remedy = _OURS.get(
        known, "Look at the app's pages “Basic Information” and “OAuth & Permissions”."
    )
    return NotInstalled(
        pages.refused(f"Slack does not take how Coplan is set up here ({known}).", remedy)
    )


def _unusable(why: str, remedy: str) -> NotInstalled:
    _log.error("slack_install_failed", reason=why)
    return NotInstalled(pages.refused(f"Slack's answer is of no use here: {why}.", remedy))


def _unreachable() -> NotInstalled:
    told = "Slack did not answer, so nobody can tell whether Coplan was installed."
    return NotInstalled(pages.refused(told, "Install it again: that does no harm.", _UPSTREAM))


def _later(problem: Problem) -> NotInstalled:
    _log.error("slack_install_failed", reason=type(problem).__name__)
    return NotInstalled(pages.refused(problem.message, problem.remedy, _UPSTREAM))


def _inner(told: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = told.get(key)
    return found if isinstance(found, dict) else {}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
