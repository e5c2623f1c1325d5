"""Requests from Slack over HTTP: checked on their raw bytes before anything else looks at them.

Source: Slack, "Verifying requests from Slack".
"""

import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from adapters.slack.app import SlackApp
from adapters.slack.encoded import fields
from bot.chat.payloads import Json

WINDOW: Final = 300
"""Seconds that a request's time may be off, both ways."""
_FIELDS: Final = 200
_SHORT: Final = 1000
"""Bytes that are read although nobody has signed them."""
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
_STAMP: Final = re.compile(r"[0-9]{1,12}", re.ASCII)


def receiver(app: SlackApp, secret: str, path: str) -> web.RouteDef:
    """Return the route at which Slack delivers: signed requests alone get to the app."""

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()  # what is too large is refused by the server
        if not signed(secret.encode(), request.headers, body):
            if _looks_at_certificate(request.content_type, body):
                return web.Response()
            app.refused("unsigned")
            raise web.HTTPUnauthorized
        payload = read(request.content_type, body)
        if payload is None:
            app.refused("unreadable")
            raise web.HTTPBadRequest
        if payload.get("type") == "url_verification":
            return web.json_response({"challenge": str(payload.get("challenge", ""))})
        status, answer = await app.take(payload, _retried(request.headers))
        return web.json_response(answer, status=status) if answer else web.Response(status=status)

    return web.post(path, receive)


def _looks_at_certificate(media_type: str, body: bytes) -> bool:
    """Tell whether it asks for nothing: so Slack looks at the certificate now and then, unsigned.

    Source: Bolt, ``SslCheck``.
    """
    if len(body) > _SHORT:
        return False
    payload = read(media_type, body) or {}
    return payload.get("ssl_check") == "1" and "command" not in payload


def signed(secret: bytes, headers: Mapping[str, str], body: bytes) -> bool:
    """Tell whether Slack signed the body, at about this time."""
    stamp = headers.get("X-Slack-Request-Timestamp", "")
    signature = headers.get("X-Slack-Signature", "")
    if not _STAMP.fullmatch(stamp) or not _SIGNATURE.fullmatch(signature):
        return False
    now = time.time()  # noqa: TID251 - the machine's own: Slack signs by it
    if abs(now - int(stamp)) > WINDOW:
        return False
    mac = hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    return hmac.compare_digest(f"v0={mac.hexdigest()}", signature)


def read(media_type: str, body: bytes) -> Json | None:
    """Return the payload of a body: JSON, a form with JSON in it, or a command's form; or None."""
    try:
        if media_type == "application/json":
            return _object(json.loads(body.decode()))
        if media_type != "application/x-www-form-urlencoded":
            return None
        form: Json = dict(fields(body, _FIELDS))
        return _object(json.loads(form["payload"])) if "payload" in form else form
    except (ValueError, RecursionError):
        return None


def _object(found: Any) -> Json | None:  # noqa: ANN401 - any JSON
    return found if isinstance(found, dict) else None


def _retried(headers: Mapping[str, str]) -> dict[str, str]:
    names = ("x-slack-retry-num", "x-slack-retry-reason")
    return {name: headers[name] for name in names if name in headers}
