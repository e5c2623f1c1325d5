"""One connection of Socket Mode: what comes over it is acknowledged over it, and over no other.

Source: Slack, "Using Socket Mode".
"""

import asyncio
import json
from typing import Any, Final

import aiohttp
import structlog

from adapters.slack.app import TAKEN, SlackApp
from bot.chat.payloads import Json

LAST: Final = 3.0
"""Seconds for which Slack waits for an acknowledgement, and no longer."""
LOST: Final = "lost"
"""Why a connection ended of which Slack said nothing."""
_log = structlog.get_logger(__name__)


class Link:
    """A connection that stands. ``leaving``: Slack will close it, or it is closed already.

    ``used``: something to be acknowledged has come over it.
    """

    def __init__(self, app: SlackApp, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._app = app
        self._socket = socket
        self._taking: set[asyncio.Task[None]] = set()
        self._reading = asyncio.create_task(self._read(), name="coplan-slack-link")
        self.leaving = asyncio.Event()
        self.reason = ""
        self.used = False

    @property
    def stands(self) -> bool:
        """Tell whether envelopes arrive."""
        return not self._socket.closed and not self._reading.done()

    async def let_go(self) -> None:
        """Take what still comes until Slack closes it, and what has come; then close it."""
        await asyncio.wait({self._reading}, timeout=LAST)
        await self.close()

    async def close(self) -> None:
        """Acknowledge what has been taken, and end."""
        if self._taking:
            await asyncio.wait(self._taking, timeout=LAST)
        self._reading.cancel()
        await self._socket.close()
        await asyncio.gather(self._reading, *self._taking, return_exceptions=True)

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._came(_frame(message.data))
        finally:
            self._leave(LOST)

    def _came(self, frame: Json) -> None:
        if frame.get("type") == "disconnect":
            self._leave(str(frame.get("reason") or LOST)[:40])
        elif isinstance(frame.get("envelope_id"), str) and isinstance(frame.get("payload"), dict):
            self.used = True
            task = asyncio.create_task(self._take(frame), name="coplan-slack-envelope")
            self._taking.add(task)
            task.add_done_callback(self._taking.discard)

    def _leave(self, reason: str) -> None:
        self.reason = self.reason or reason
        self.leaving.set()

    async def _take(self, frame: Json) -> None:
        """Acknowledge the envelope when what it holds is done; else leave it to come again."""
        status, answer = await self._app.take(frame["payload"], _headers(frame))
        if status != TAKEN:
            return
        told = {"payload": answer} if answer and frame.get("accepts_response_payload", True) else {}
        try:
            await self._socket.send_json({"envelope_id": frame["envelope_id"], **told})
        except (ConnectionError, RuntimeError) as error:  # closed meanwhile: it comes again
            _log.info("slack_not_acknowledged", reason=type(error).__name__)


def _frame(text: str) -> Json:
    """Return what came; nothing for what is no object."""
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _headers(frame: Json) -> dict[str, str]:
    """Return what Slack says over HTTP of a delivery that it repeats."""
    told = {
        "x-slack-retry-num": frame.get("retry_attempt"),
        "x-slack-retry-reason": frame.get("retry_reason"),
    }
    return {name: str(value) for name, value in told.items() if value not in (None, "")}
