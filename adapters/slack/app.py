"""The Bolt app: which payload goes to whom. Few listeners, one for each kind of payload."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import reading, shapes, surfaces
from adapters.slack.changes import CHANGES
from adapters.slack.desks import COMMAND, AsThere, FindDesk, HandOn, Listener, kind_of
from adapters.slack.origins import PLATFORM, unpack
from adapters.slack.responses import Responses
from adapters.slack.told import Told
from adapters.slack.workspace import Desk, Desks
from bot.chat.payloads import Json, Unreadable, idents, inner, text
from bot.log import reference
from bot.runtime.tally import Tally

TAKEN: Final = 200
_BUSY: Final = 503
RETRIES: Final = "3"
"""How often Slack delivers an event again, as its last try says."""
_log = structlog.get_logger(__name__)


class SlackApp:
    """Takes payloads from the socket or over HTTP, and tells what to answer Slack.

    ``changed`` is called with an event that tells of a user or a channel that is not as before, and
    the desk of its workspace. ``closing``: nothing more is taken in; what is under way is still
    acknowledged.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        desks: Desks,
        tally: Tally,
        changed: Callable[[Json, Desk], Awaitable[None]],
    ) -> None:
        self._desks = desks
        self._changed = changed
        self._tally = tally
        self.closing = False
        self.bolt = self._made(client, desks)

    async def take(self, payload: Json, headers: Mapping[str, str]) -> tuple[int, Json]:
        """Return the status and the body that answer Slack; 200 is an acknowledgement.

        What nobody here has use for is acknowledged: it would be the same the next time. All else
        asks Slack to deliver it again.
        """
        if self.closing:
            return _BUSY, {}
        try:
            payload = shapes.checked(payload)
        except Unreadable as problem:
            _log.warning("slack_payload_unreadable", reason=str(problem))
            self._tally.came(PLATFORM, "other", "unreadable")
            return TAKEN, {}
        status, answer = await self._dispatched(payload, headers)
        kind = kind_of(payload)
        known = kind if kind in _KINDS else "other"
        self._tally.came(PLATFORM, known, "taken" if status == TAKEN else "again")
        return status, answer

    def refused(self, why: str) -> None:
        """Count a request that never became a payload."""
        self._tally.came(PLATFORM, "request", why)

    async def _dispatched(self, payload: Json, headers: Mapping[str, str]) -> tuple[int, Json]:
        try:
            # Bolt parses and checks nothing of what comes "by socket": that is done already.
            request = AsyncBoltRequest(mode="socket_mode", body=payload, headers=dict(headers))
            answer = await self.bolt.async_dispatch(request)
        except Exception:  # noqa: BLE001 - any shape may come; it is told in the log
            _log.exception("slack_payload_refused", reference=reference())
            return TAKEN, {}
        return answer.status, answer.told if isinstance(answer, Told) else {}

    def _made(self, client: AsyncWebClient, desks: Desks) -> AsyncApp:
        bolt = AsyncApp(
            name="coplan",
            logger=logging.getLogger("slack_bolt"),
            client=AsyncWebClient(base_url=client.base_url, session=client.session),
            before_authorize=FindDesk(desks, Responses(client)),
            authorize=AsThere(),
            process_before_response=True,  # acknowledged when it is done, and committed
            request_verification_enabled=False,  # over HTTP the guard has looked at the raw bytes
            ssl_check_enabled=False,
            url_verification_enabled=False,  # the guard answers these
            attaching_function_token_enabled=False,  # Coplan is no step of a workflow
            raise_error_for_unhandled_request=True,  # Bolt would print it, with what it holds
        )
        bolt.error(_failed)
        bolt.use(HandOn({**_LISTENERS, "event_callback": self._event}))
        return bolt

    async def _event(self, desk: Desk, request: AsyncBoltRequest) -> BoltResponse:
        """Carry out what an event says, if it says anything to the bot.

        Others are acknowledged. Channels go by their ids, and what is kept follows a new one: a new
        name changes nothing that is kept.
        That one was archived, that the bot or a member has left it: the core learns it where it
        matters, when Slack refuses what is to be shown there. Then it is told once to whom it
        concerns, and brought up to date when the bot or channel is back.
        """
        body = request.body
        event, read = inner(body, "event"), None
        match event.get("type"):
            case "app_mention" | "message" if not _overheard(event, desk.signed_in.user):
                read = reading.said(body, desk.signed_in.user)
            case "member_joined_channel":
                await self._changed(event, desk)
                read = reading.invited(body, desk.signed_in.user)
            case "app_home_opened":
                desk.home.opened(event)
            case str(kind) if kind in CHANGES:
                await self._changed(event, desk)
            case "app_uninstalled" | "team_access_revoked":
                await self._desks.removed(body)
            case "tokens_revoked" if desk.signed_in.user in idents(event, "tokens", "bot"):
                await self._desks.removed(body)
        if read is None:
            return BoltResponse(status=TAKEN)
        last = request.headers.get("x-slack-retry-num") == [RETRIES]
        return await desk.acting.event(read, last=last)


async def _command(desk: Desk, request: AsyncBoltRequest) -> BoltResponse:
    return await desk.acting.use(reading.command(request.body))


async def _action(desk: Desk, request: AsyncBoltRequest) -> BoltResponse:
    view, read = inner(request.body, "view"), reading.clicked(request.body)
    modal = text(view, "id", missing="") if view.get("type") == "modal" else ""
    if modal:
        read = replace(read, origin=unpack(text(view, "private_metadata")))
    answer = await desk.acting.use(read, modal)
    desk.home.follow(read)
    return answer


async def _view(desk: Desk, request: AsyncBoltRequest) -> BoltResponse:
    payload, channel = surfaces.told_where(request.body)
    read = reading.submitted(payload)
    if channel:
        read = replace(read, origin=replace(read.origin, channel=channel))
    answer = await desk.acting.submit(read, inner(request.body, "view"))
    desk.home.follow(read)
    return answer


async def _shortcut(desk: Desk, request: AsyncBoltRequest) -> BoltResponse:
    return await desk.acting.use(reading.shortcut(request.body))


async def _nothing(_: Desk, __: AsyncBoltRequest) -> BoltResponse:
    return BoltResponse(status=TAKEN)


_LISTENERS: Final[Mapping[str, Listener]] = {
    COMMAND: _command,
    "block_actions": _action,
    "message_action": _shortcut,
    "shortcut": _shortcut,
    "view_closed": _nothing,
    "view_submission": _view,
}
_KINDS: Final = frozenset({"event_callback", *_LISTENERS})
"""What is told apart in numbers."""


def _overheard(event: Json, bot: str) -> bool:
    """Tell whether it is talk in a channel that does not call the bot.

    What does comes from Slack as a mention, and once more as a message where the app is told of
    those, too; it takes effect once. Whoever else speaks for Slack may tell of messages alone.
    """
    direct = text(event, "channel", missing="").startswith("D")
    kind = event.get("channel_type", "im" if direct else "")
    if event.get("type") != "message" or kind == "im":
        return False
    return not any(sign in text(event, "text", missing="") for sign in (f"<@{bot}>", f"<@{bot}|"))


async def _failed(error: Exception) -> BoltResponse:
    """Log what went wrong in a listener. What cannot be read stays so: it need not come again."""
    if isinstance(error, BoltUnhandledRequestError):  # nothing was subscribed to or drawn for it
        _log.info("slack_payload_unused")
        return BoltResponse(status=TAKEN)
    if isinstance(error, Unreadable):
        _log.warning("slack_payload_unreadable", reason=str(error))
        return BoltResponse(status=TAKEN)
    _log.error("slack_act_failed", reference=reference(), exc_info=error)
    return BoltResponse(status=500)
