"""The Bolt app: which payload goes to whom. Few listeners, one for each kind of payload."""

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import reading, shapes, surfaces
from adapters.slack.departing import deactivated
from adapters.slack.desks import AsThere, FindDesk, desk_of
from adapters.slack.origins import PLATFORM, unpack
from adapters.slack.workspace import Desk, Desks
from bot.chat.payloads import Json, Unreadable, idents, inner, text
from bot.log import reference
from bot.runtime.tally import Tally

_ANY: Final = re.compile(".*", re.DOTALL)
TAKEN: Final = 200
_BUSY: Final = 503
RETRIES: Final = "3"
"""How often Slack delivers an event again, as its last try says."""
_KINDS: Final = frozenset(
    {
        "block_actions",
        "command",
        "event_callback",
        "message_action",
        "shortcut",
        "view_closed",
        "view_submission",
    }
)
"""What is told apart in numbers."""
_log = structlog.get_logger(__name__)


class SlackApp:
    """Takes payloads from the socket or over HTTP, and tells what to answer Slack.

    ``departed`` is called with a user whose account was deactivated. ``closing``: nothing more is
    taken in; what is under way is still acknowledged.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        desks: Desks,
        tally: Tally,
        departed: Callable[[str], Awaitable[None]],
    ) -> None:
        self._desks = desks
        self._departed = departed
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
        kind = payload.get("type") or "command"
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
        told = answer.status == TAKEN and answer.body
        return answer.status, dict(json.loads(answer.body)) if told else {}

    def _made(self, client: AsyncWebClient, desks: Desks) -> AsyncApp:
        bolt = AsyncApp(
            name="coplan",
            logger=logging.getLogger("slack_bolt"),
            client=AsyncWebClient(base_url=client.base_url, session=client.session),
            before_authorize=FindDesk(desks),
            authorize=AsThere(),
            process_before_response=True,  # acknowledged when it is done, and committed
            request_verification_enabled=False,  # over HTTP the guard has looked at the raw bytes
            ssl_check_enabled=False,
            raise_error_for_unhandled_request=True,  # Bolt would print it, with what it holds
        )
        bolt.error(_failed)
        # Bolt asks one after another: what comes most often is asked for first.
        bolt.action(_ANY)(_action)
        bolt.view(_ANY)(_view)
        bolt.event(_ANY)(self._event)
        bolt.command(_ANY)(_command)
        bolt.shortcut(_ANY)(_shortcut)
        bolt.view_closed(_ANY)(_nothing)
        return bolt

    async def _event(
        self, body: Json, context: dict[str, Any], request: AsyncBoltRequest
    ) -> BoltResponse:
        """Carry out what an event says, if it says anything to the bot.

        Others are acknowledged. Channels go by their ids: a new name changes nothing that is kept.
        That one was archived, that the bot or a member has left it: the core learns it where it
        matters, when Slack refuses what is to be shown there. Then it is told once to whom it
        concerns, and brought up to date when the bot or channel is back.
        """
        desk, event = desk_of(context), inner(body, "event")
        read = None
        match event.get("type"):
            case "app_mention" | "message" if not _overheard(event):
                read = reading.said(body, desk.signed_in.user)
            case "member_joined_channel" | "channel_unarchive" | "group_unarchive":
                read = reading.came(body, desk.signed_in.user)
            case "app_home_opened":
                desk.home.opened(event)
            case "user_change":
                await self._person_changed(desk, event)
            case "app_uninstalled" | "team_access_revoked":
                await self._desks.removed(body)
            case "tokens_revoked" if desk.signed_in.user in idents(event, "tokens", "bot"):
                await self._desks.removed(body)
        if read is None:
            return BoltResponse(status=TAKEN)
        last = request.headers.get("x-slack-retry-num") == [RETRIES]
        return await desk.acting.event(read, last=last)

    async def _person_changed(self, desk: Desk, event: Json) -> None:
        desk.people.forget(text(event, "user", "id", missing=""))
        if gone := deactivated(event):
            await self._departed(gone)


async def _command(body: Json, context: dict[str, Any]) -> BoltResponse:
    return await desk_of(context).acting.use(reading.command(body))


async def _action(body: Json, context: dict[str, Any]) -> BoltResponse:
    view, read, desk = inner(body, "view"), reading.clicked(body), desk_of(context)
    modal = text(view, "id", missing="") if view.get("type") == "modal" else ""
    if modal:
        read = replace(read, origin=unpack(text(view, "private_metadata")))
    answer = await desk.acting.use(read, modal)
    desk.home.follow(read)
    return answer


async def _view(body: Json, context: dict[str, Any]) -> BoltResponse:
    payload, channel = surfaces.told_where(body)
    read, desk = reading.submitted(payload), desk_of(context)
    if channel:
        read = replace(read, origin=replace(read.origin, channel=channel))
    answer = await desk.acting.submit(read, inner(body, "view"))
    desk.home.follow(read)
    return answer


async def _shortcut(body: Json, context: dict[str, Any]) -> BoltResponse:
    return await desk_of(context).acting.use(reading.shortcut(body))


async def _nothing() -> BoltResponse:
    return BoltResponse(status=TAKEN)


def _overheard(event: Json) -> bool:
    """Tell whether it is talk in a channel: what is meant for the bot comes as a mention."""
    direct = text(event, "channel", missing="").startswith("D")
    kind = event.get("channel_type", "im" if direct else "")
    return event.get("type") == "message" and kind != "im"


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
