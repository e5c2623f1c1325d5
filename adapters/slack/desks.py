"""What Bolt asks before every listener: who takes the payload, and as whom the bot is there.

As classes of Bolt's own: for a plain function it makes, at every payload, a table of all that the
function might want to be called with.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.workspace import Desk, Desks
from bot.chat.payloads import Json

ABSENT: Final[Json] = {
    "text": "Coplan is not installed in this workspace any more, so nothing was done."
    " Whoever looks after the workspace's apps can install it again."
}
_DESK: Final = "coplan_desk"
_TAKEN: Final = 200
_log = structlog.get_logger(__name__)


class FindDesk(AsyncMiddleware):
    """Finds who takes a payload, once for all listeners; what is for nobody is acknowledged."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002 - Bolt's name for it
    ) -> BoltResponse | None:
        """Put the desk where listeners find it, or acknowledge the payload."""
        del resp
        desk = await self._desks.of(req.body)
        if desk is None:
            _log.info("slack_not_installed")
            return BoltResponse(status=_TAKEN, body=ABSENT if "command" in req.body else "")
        req.context[_DESK] = desk
        await next()
        return None


class AsThere(AsyncAuthorize):
    """Tells Bolt who the bot is where the payload is from; nothing is asked of Slack for that."""

    def __init__(self) -> None:
        """Keep nothing."""

    async def __call__(self, *, context: Mapping[str, Any], **_: str | None) -> AuthorizeResult:
        """Return what the desk knows."""
        return desk_of(context).authorized


def desk_of(context: Mapping[str, Any]) -> Desk:
    """Return the desk that was found for a payload."""
    found = context[_DESK]
    if not isinstance(found, Desk):
        raise TypeError("the desk was not found first")
    return found
