"""Slack's Web API as all of Coplan calls it: one session, and no call repeated in silence."""

import logging
from collections.abc import Callable
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.calls import DEAD, code_of
from adapters.web.proxies import proxy_for

_OF_THE_APP: Final = "apps.connections.open"
"""The one method that is called with another token than the client's."""
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
        return answer if isinstance(answer["data"], dict) else answer | {"data": {}}

    async def _sent(self, verb: str, url: str, asked: dict[str, Any]) -> dict[str, Any]:
        if verb == "POST" and asked["json"] is None and asked["data"] is None:
            asked = asked | {"data": asked["params"], "params": None}
        return await super()._request(http_verb=verb, api_url=url, req_args=asked)
