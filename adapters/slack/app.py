"""The Bolt app: which payload goes to whom. Few listeners, one for each kind of payload."""

import asyncio
import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import reading, shapes
from adapters.slack.acting import Acting
from adapters.slack.home import Home
from adapters.slack.payloads import Json, Unreadable, idents, inner, text
from adapters.slack.signing_in import SignedIn
from bot.log import reference

_ANY: Final = re.compile(".*", re.DOTALL)
_TAKEN: Final = 200
_UNKNOWN: Final = 404
_log = structlog.get_logger(__name__)


class SlackApp:
    """Takes payloads from the socket or over HTTP, and tells what to answer Slack."""

    def __init__(
        self,
        client: AsyncWebClient,
        signed_in: SignedIn,
        acting: Acting,
        home: Home,
        on_removed: Callable[[], None],
    ) -> None:
        self._signed_in = signed_in
        self._acting = acting
        self._home = home
        self._on_removed = on_removed
        self.bolt = _bolt(client, signed_in)
        self._listen()

    async def from_socket(self, request: SocketModeRequest) -> Json | None:
        """Return what acknowledges the envelope (often nothing); None: it is to come again."""
        answer = await self.dispatch(request.payload, _headers(request), mode="socket_mode")
        if answer.status != _TAKEN:
            return None
        return dict(json.loads(answer.body)) if answer.body else {}

    async def dispatch(
        self,
        body: str | Json,
        headers: Mapping[str, Any],
        *,
        mode: str = "http",
    ) -> BoltResponse:
        """Return what to answer Slack: 200 is an acknowledgement, all else asks to come again.

        What nobody here has use for is acknowledged: it would be the same the next time.
        """
        try:
            if isinstance(body, dict):
                shapes.check(body)
            request = AsyncBoltRequest(mode=mode, body=body, headers=dict(headers))
            answer = await self.bolt.async_dispatch(request)
        except Unreadable as problem:
            _log.warning("slack_payload_unreadable", reason=str(problem))
            return BoltResponse(status=_TAKEN)
        except Exception:  # noqa: BLE001 - any shape may come; it is told in the log
            _log.exception("slack_payload_refused", reference=reference())
            return BoltResponse(status=_TAKEN)
        return BoltResponse(status=_TAKEN) if answer.status == _UNKNOWN else answer

    def _listen(self) -> None:
        bolt = self.bolt
        bolt.error(_failed)
        bolt.command(_ANY)(self._command)
        bolt.action(_ANY)(self._action)
        bolt.view(_ANY)(self._view)
        bolt.view_closed(_ANY)(_nothing)
        bolt.shortcut(_ANY)(self._shortcut)
        bolt.event(_ANY)(self._event)

    async def _command(self, body: Json) -> BoltResponse:
        return await self._acting.use(reading.command(body))

    async def _action(self, body: Json) -> BoltResponse:
        view = inner(body, "view")
        modal = text(view, "id", missing="") if view.get("type") == "modal" else ""
        return await self._acting.use(reading.clicked(body), modal)

    async def _view(self, body: Json) -> BoltResponse:
        return await self._acting.submit(reading.submitted(body), inner(body, "view"))

    async def _shortcut(self, body: Json) -> BoltResponse:
        return await self._acting.use(reading.shortcut(body))

    async def _event(self, body: Json) -> BoltResponse:
        event = inner(body, "event")
        match event.get("type"):
            case "app_mention" | "message":
                read = reading.said(body, self._signed_in.user)
                if read is None or _overheard(event):
                    return BoltResponse(status=_TAKEN)
                return await self._acting.event(read)
            case "app_home_opened":
                self._home.opened(event)
            case "user_change" | "user_profile_changed":
                self._acting.people.forget(text(event, "user", "id", missing=""))
            case "app_uninstalled":
                self._on_removed()
            case "tokens_revoked" if self._signed_in.user in idents(event, "tokens", "bot"):
                self._on_removed()
        return BoltResponse(status=_TAKEN)


def _overheard(event: Json) -> bool:
    """Tell whether it is talk in a channel: what is meant for the bot comes as a mention."""
    return event.get("type") == "message" and event.get("channel_type") != "im"


def _bolt(client: AsyncWebClient, signed_in: SignedIn) -> AsyncApp:
    known = AuthorizeResult(
        enterprise_id=signed_in.enterprise or None,
        team_id=signed_in.team,
        bot_user_id=signed_in.user,
        bot_id=signed_in.bot,
        bot_token=client.token,
    )

    async def authorize() -> AuthorizeResult:
        return known

    return AsyncApp(
        name="coplan",
        logger=logging.getLogger("slack_bolt"),
        client=AsyncWebClient(base_url=client.base_url, session=client.session),
        authorize=authorize,
        process_before_response=True,  # acknowledged when it is done, and committed
        request_verification_enabled=False,  # over HTTP the guard has looked at the raw bytes
        ssl_check_enabled=False,
    )


async def _nothing(ack: Any) -> None:  # noqa: ANN401 - Bolt's
    await ack()


async def _failed(error: Exception) -> BoltResponse:
    """Log what went wrong in a listener. What cannot be read stays so: it need not come again."""
    if isinstance(error, Unreadable):
        _log.warning("slack_payload_unreadable", reason=str(error))
        return BoltResponse(status=_TAKEN)
    if isinstance(error, asyncio.CancelledError):
        raise error
    _log.error("slack_act_failed", reference=reference(), exc_info=error)
    return BoltResponse(status=500)


def _headers(request: SocketModeRequest) -> dict[str, str]:
    told = {
        "x-slack-retry-num": request.retry_attempt,
        "x-slack-retry-reason": request.retry_reason,
    }
    return {name: str(value) for name, value in told.items() if value is not None}
