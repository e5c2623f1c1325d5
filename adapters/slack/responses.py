"""Answers to what somebody did, posted to the address that Slack gave for them."""

import json
from functools import lru_cache
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import FAULT, TOO_MANY, seconds_of, session_of, trusted
from adapters.web.fetching import read_up_to
from adapters.web.proxies import proxy_for
from bot.chat.payloads import Json
from bot.runtime.ports import NotDelivered, OutcomeUnknown

_HOSTS: Final = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
_MOST: Final = 1024 * 1024
_TAKEN: Final = range(200, 300)
_KNOWN: Final = 16


class Responses:
    """Posts to a ``response_url``. Where it leads is looked at once for each host."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._proxy = lru_cache(maxsize=_KNOWN)(self._looked_up)

    async def post(self, url: str, body: Json) -> None:
        """Post it; raises ``NotDelivered``, ``OutcomeUnknown``, or what the session does."""
        origin = "/".join(url.split("/", 3)[:3])
        async with session_of(self._client).post(
            url, json=body, allow_redirects=False, proxy=self._proxy(origin)
        ) as answer:
            said = await read_up_to(answer, _MOST) or b""
            if answer.status == TOO_MANY:
                raise NotDelivered("ratelimited", retry_after=seconds_of(answer.headers))
            if answer.status >= FAULT:  # it may have been shown
                raise OutcomeUnknown(f"response_url {answer.status}")
            if answer.status not in _TAKEN or _refused(said):  # used up, or too old
                raise NotDelivered(f"response_url {answer.status}", permanent=True)

    def _looked_up(self, origin: str) -> str | None:
        """Return the proxy for addresses that begin so; ``NotDelivered`` if they are not Slack's.

        The environment is read for it, all of it: that takes longer than to compose the answer.
        """
        if not trusted(self._client, origin, _HOSTS, any_port=True):
            raise NotDelivered("response_url elsewhere", permanent=True)
        return proxy_for(origin)


def _refused(said: bytes) -> bool:
    """Tell whether an answer that is well for HTTP says that it is not for Slack."""
    try:
        told = json.loads(said) if said.startswith(b"{") else None
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and told.get("ok") is False
