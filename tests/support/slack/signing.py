"""Slack over HTTP: signed requests to the app's address."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from tests.support.slack.deliveries import ACK_WITHIN, RETRIES, Answer, Kind, Transport
from tests.support.slack.world import Json, World


def sign(secret: str, body: bytes, at: int | None = None) -> dict[str, str]:
    """Return the headers of a request that Slack signed at that Unix time (default: now)."""
    stamp = str(int(time.time()) if at is None else at)  # noqa: TID251 - as Bolt checks it
    mac = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={mac.hexdigest()}",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }


def encoded(kind: Kind, payload: Json) -> tuple[bytes, str]:
    """Return a payload's body and media type, as Slack sends its kind."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    form: Mapping[str, str] = {"payload": json.dumps(payload)}
    if kind == "slash_commands":
        form = {key: str(value) for key, value in payload.items() if value is not None}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


@dataclass(slots=True, kw_only=True)
class SignedHttp(Transport):
    """Posts to ``address``; ``retries`` and ``ack_within`` as in Socket Mode."""

    world: World
    session: aiohttp.ClientSession
    address: str
    ack_within: float = ACK_WITHIN
    retries: Sequence[float] = RETRIES
    delivered: int = 0

    async def deliver(self, kind: Kind, payload: Json) -> Answer:
        """Deliver a payload; see ``Transport``."""
        body, media_type = encoded(kind, payload)
        answer = await self._once(body, media_type, 0, "")
        if kind != "events_api":
            return answer
        for attempt, after in enumerate(self.retries, start=1):
            if answer.acknowledged or answer.reason == "no_retry":
                break
            await asyncio.sleep(after)
            answer = await self._once(body, media_type, attempt, answer.reason)
        return answer

    async def post(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        """Post anything at all; return the status and the text that came back."""
        async with self.session.post(self.address, data=body, headers=headers) as response:
            return response.status, await response.text()

    async def _once(self, body: bytes, media_type: str, attempt: int, reason: str) -> Answer:
        headers = sign(self.world.app.signing_secret, body) | {"Content-Type": media_type}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        self.delivered += 1
        begun, failed, answer = time.monotonic(), "", ""
        timeout = aiohttp.ClientTimeout(total=self.ack_within)
        try:
            async with self.session.post(
                self.address, data=body, headers=headers, timeout=timeout
            ) as response:
                answer = await response.text()
                if response.status != 200:
                    no_retry = response.headers.get("x-slack-no-retry") == "1"
                    failed = "no_retry" if no_retry else "http_error"
        except TimeoutError:
            failed = "http_timeout"
        except aiohttp.ClientError:
            failed = "connection_failed"
        return Answer(
            acknowledged=not failed,
            body=_said(answer),
            attempts=attempt + 1,
            took=time.monotonic() - begun,
            reason=failed,
        )


def _said(answer: str) -> Json:
    """Return the body of an acknowledgement: JSON, or words that are shown as they are."""
    try:
        found = json.loads(answer) if answer else {}
    except ValueError:
        return {"text": answer}
    return found if isinstance(found, dict) else {"text": str(found)}
