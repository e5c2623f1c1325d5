"""Slack's Web API as all of Coplan calls it: one session, and no call repeated in silence."""

import json
import logging
from collections.abc import Callable
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.web.file_upload_v2_result import FileUploadV2Result

from adapters.slack.calls import DEAD, code_of, session_of
from adapters.web.fetching import read_up_to
from adapters.web.proxies import proxy_for
from bot.chat.payloads import Json

_OF_THE_APP: Final = "apps.connections.open"
"""The one method that is called with another token than the client's."""
LARGEST: Final = 16 * 1024 * 1024
"""Bytes of an answer: a page of a hundred of the longest messages."""
_NO_GET: Final = frozenset({404, 405})
"""What is answered where there is nothing for a GET."""


class Client(AsyncWebClient):
    """The Web API for one token, or (without one) for methods that want none.

    ``doubt`` is told when Slack takes the token no more.
    """

    def __init__(
        self,
        *,
        base_url: str,
        session: aiohttp.ClientSession,
        token: str | None = None,
        team_id: str | None = None,
        doubt: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(
            token=token,
            base_url=base_url,
            session=session,
            team_id=team_id,
            retry_handlers=[],
            # Its own has no level, so that all that goes out and in is worded for nobody to read.
            logger=logging.getLogger("slack_sdk"),
        )
        self.proxy = proxy_for(base_url)
        self._doubt = doubt

    async def api_call(self, api_method: str, **given: Any) -> AsyncSlackResponse:  # noqa: ANN401
        """Call a method; raises as ``AsyncWebClient`` does."""
        try:
            return await super().api_call(api_method, **given)
        except SlackApiError as error:
            if api_method != _OF_THE_APP and code_of(error) in DEAD:
                self._doubt()
            raise

    async def _request(
        self, *, http_verb: str, api_url: str, req_args: dict[str, Any]
    ) -> dict[str, Any]:
        """Send it. A proxy may answer with anything: what is no object is as good as nothing.

        Slack takes every call as GET and as POST; not everybody who speaks for it does. What is
        posted stands in the body, out of the logs of whoever passes addresses on.
        """
        answer = await self._sent(http_verb, api_url, req_args)
        if http_verb == "GET" and answer["status_code"] in _NO_GET:
            answer = await self._sent("POST", api_url, req_args)
        return answer

    async def _sent(self, verb: str, url: str, asked: dict[str, Any]) -> dict[str, Any]:
        if verb == "POST" and asked["json"] is None and asked["data"] is None:
            asked = asked | {"data": asked["params"], "params": None}
        return await self._exchanged(verb, url, asked)

    async def _upload_file(self, *, url: str, data: bytes, **_: Any) -> FileUploadV2Result:  # noqa: ANN401 - the library's own
        """Send a file's bytes to where Slack wants them."""
        told = await self._exchanged("POST", url, {"data": data, "proxy": self.proxy})
        return FileUploadV2Result(status=told["status_code"], body="")

    async def _exchanged(self, verb: str, url: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what is answered at that address, and nowhere else it may lead to.

        What people wrote is for nobody but whom it was sent to, and what is answered without an
        end must not take all the memory there is.
        """
        async with session_of(self).request(verb, url, allow_redirects=False, **asked) as answer:
            body = await read_up_to(answer, LARGEST)
            data = _object(body or b"")
            return {"data": data, "headers": answer.headers, "status_code": answer.status}


def _object(body: bytes) -> Json:
    """Return the object that an answer is; an empty one for everything else."""
    try:
        found: Any = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
