"""How Bolt finds who takes a payload, as whom the bot is there, and what listens to its kind.

As classes of Bolt's own: for a plain function it makes, at every payload, a table of all that the
function might want to be called with; and so it does for each listener that it asks whether the
payload is for it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack import views
from adapters.slack.calls import outcomes
from adapters.slack.keyring import WrongKey
from adapters.slack.responses import Responses
from adapters.slack.told import Told
from adapters.slack.workspace import Desk, Desks
from bot.chat.payloads import Json, inner, text
from bot.domain.errors import Unavailable
from bot.runtime.ports import NotDelivered, OutcomeUnknown

ABSENT: Final[Json] = {
    "text": "Coplan is not installed in this workspace any more, so nothing was done."
    " Whoever looks after the workspace's apps can install it again."
}
SEALED: Final[Json] = {
    "text": "Coplan cannot open what it keeps of this workspace now, so nothing was done. Try again"
    " in a moment; if it stays, tell whoever runs Coplan."
}
_AGAIN: Final = 503
COMMAND: Final = "command"
PATIENCE: Final = 1.5
"""Seconds that such an answer to a click may take: Slack waits three for what follows it."""
_CLICKS: Final = frozenset({"block_actions", "message_action"})
Listener = Callable[[Desk, AsyncBoltRequest], Awaitable[BoltResponse]]
"""Takes the payloads of a kind. What it raises goes to Bolt's error handler."""
_DESK: Final = "coplan_desk"
_log = structlog.get_logger(__name__)


class FindDesk(AsyncMiddleware):
    """Finds who takes a payload, once for all listeners; what is for nobody is acknowledged."""

    def __init__(self, desks: Desks, responses: Responses) -> None:
        self._desks = desks
        self._responses = responses

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's name for it
    ) -> BoltResponse | None:
        """Put the desk where listeners find it, or acknowledge the payload."""
        del resp
        try:
            desk = await self._desks.of(req.body)
        except WrongKey:  # another process may have the key
            return _later(req.body, SEALED)
        except Unavailable as problem:  # which is in the log
            return _later(req.body, {"text": f"{problem.message} {problem.remedy}"})
        if desk is None:
            _log.info("slack_not_installed")
            await self._answer(req.body)
            return Told(_refusal(req.body, ABSENT))
        req.context[_DESK] = desk
        await next()
        return None

    async def _answer(self, payload: Json) -> None:
        """Tell whoever clicked that nothing was done: an acknowledgement has no words for that."""
        url = text(payload, "response_url", missing="")
        if not url or kind_of(payload) not in _CLICKS:
            return
        told = {**ABSENT, "response_type": "ephemeral", "replace_original": False}
        try:
            async with asyncio.timeout(PATIENCE):
                with outcomes():
                    await self._responses.post(url, told)
        except (NotDelivered, OutcomeUnknown, TimeoutError) as problem:
            _log.info("slack_answer_refused", reason=str(problem))


class AsThere(AsyncAuthorize):
    """Tells Bolt who the bot is where the payload is from; nothing is asked of Slack for that."""

    def __init__(self) -> None:
        """Keep nothing."""

    async def __call__(self, *, context: Mapping[str, Any], **_: str | None) -> AuthorizeResult:
        """Return what the desk knows."""
        desk: Desk = context[_DESK]
        return desk.authorized


class HandOn(AsyncMiddleware):
    """Hands a payload to the listener for its kind, as Slack names it; others are left to Bolt."""

    def __init__(self, listeners: Mapping[str, Listener]) -> None:
        self._listeners = listeners

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's name for it
    ) -> BoltResponse | None:
        """Return what the listener answers."""
        del resp
        listener = self._listeners.get(kind_of(req.body))
        if listener is not None:
            return await listener(req.context[_DESK], req)
        await next()
        return None


def _later(payload: Json, why: Json) -> BoltResponse:
    """Return what is told where nobody can take a payload now; what Slack delivers again is to."""
    answer = _refusal(payload, why)
    return Told(answer) if answer else BoltResponse(status=_AGAIN)


def _refusal(payload: Json, why: Json) -> Json:
    """Return what is told where nobody takes a payload; a form stays open, with all its words."""
    if COMMAND in payload:
        return why
    if kind_of(payload) != "view_submission":
        return {}
    wrong = views.errors(inner(payload, "view"), {"": why["text"]})
    return {"response_action": "errors", "errors": wrong}


def kind_of(payload: Json) -> str:
    """Return the kind of a payload: its type, which a command has not; empty for one of none."""
    return payload.get("type") or (COMMAND if COMMAND in payload else "")
