"""What may come of a call to Slack, in the words of the runtime."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.web.hosts import same
from bot.domain.reminders.undelivered import Cause
from bot.runtime.ports import NotDelivered, OutcomeUnknown

TOO_MANY: Final = 429
FAULT: Final = 500
WAIT: Final = 30.0
"""Seconds to wait where Slack says "too many" and not for how long."""
LONGEST: Final = 3600.0
"""Seconds after which it is tried again however long Slack (or a proxy) says to wait."""
SHUT: Final = 300.0
"""Seconds after which a token that was refused is tried again: somebody must mend it."""

DEAD: Final = frozenset(
    {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
)
"""The token is of no use any more, for nothing."""
NO_APP_TOKEN: Final = DEAD | {"access_denied", "missing_scope", "not_allowed_token_type"}
"""What is said of a token that opens no Socket Mode, and never will."""
_SHUT: Final = DEAD | {"team_access_not_granted", "org_login_required", "team_added_to_org"}
_DOUBTFUL: Final = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
""""Some aspect of the operation may have succeeded before the error was raised" (Slack)."""
_CAUSES: Final = {
    "channel_not_found": Cause.GONE,
    "is_archived": Cause.ARCHIVED,
    "message_not_found": Cause.GONE,
    "thread_not_found": Cause.GONE,
    "cant_update_message": Cause.GONE,
    "edit_window_closed": Cause.GONE,
    "not_in_channel": Cause.REMOVED,
    "restricted_action": Cause.REMOVED,
    "restricted_action_read_only_channel": Cause.REMOVED,
    "restricted_action_thread_only_channel": Cause.REMOVED,
    "restricted_action_non_threadable_channel": Cause.REMOVED,
    "restricted_action_thread_locked": Cause.REMOVED,
    "no_permission": Cause.REMOVED,
    "missing_scope": Cause.REMOVED,
    "user_not_found": Cause.LEFT,
    "user_disabled": Cause.LEFT,
    "cannot_dm_bot": Cause.CLOSED,
    "messages_tab_disabled": Cause.CLOSED,
    "user_not_visible": Cause.CLOSED,
}

NOT_SLACKS: Final = "no answer of Slack's"
"""What is said of an answer that names no code."""
_CODE: Final = 60
"""Characters of a code that are logged and kept: whoever answers in Slack's place may say a lot."""
NO_ANSWER: Final = (
    SlackClientError,
    aiohttp.ClientError,
    TimeoutError,
    OSError,
    UnicodeError,  # what is no text
)
"""What is raised where no answer of Slack's came, or none that can be read."""


def session_of(client: AsyncWebClient) -> aiohttp.ClientSession:
    """Return the session that all calls of the client share."""
    if client.session is None:
        raise ValueError("a client with a session of its own is wanted")
    return client.session


def trusted(
    client: AsyncWebClient, url: str, hosts: frozenset[str], *, any_port: bool = False
) -> bool:
    """Tell whether the address is at one of Slack's own hosts, or where the Web API is.

    ``any_port``: of the machine where that is; only for what takes no token along.
    """
    try:
        at, api = urlsplit(url), urlsplit(client.base_url)
        near = at.scheme == api.scheme and same(at.hostname, api.hostname) and "@" not in at.netloc
        own = near and (at.port == api.port or any_port)
    except ValueError:  # half an address of IPv6, or a port that is none
        return False
    return own or (at.scheme == "https" and at.netloc in hosts)


def code_of(error: SlackApiError) -> str:
    """Return Slack's code of the error; empty where what answered was not Slack's API."""
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return code[:_CODE] if isinstance(code, str) else ""


def retry_after(error: SlackApiError) -> float | None:
    """Return the seconds to wait when too much was asked; None for every other error."""
    if code_of(error) not in {"ratelimited", "rate_limited"} and _status(error) != TOO_MANY:
        return None
    return seconds_of(getattr(error.response, "headers", None) or {})


def seconds_of(headers: Mapping[str, Any]) -> float:
    """Return the seconds to wait, as an answer's headers have them."""
    told = {str(name).lower(): value for name, value in headers.items()}.get("retry-after")
    try:
        seconds = float(str(told))
    except ValueError:
        return WAIT
    return min(max(seconds, 1.0), LONGEST) if math.isfinite(seconds) else WAIT


@contextmanager
def outcomes() -> Iterator[None]:
    """Turn what a call of the block raises into ``NotDelivered`` or ``OutcomeUnknown``."""
    try:
        yield
    except SlackApiError as error:
        raise _outcome(error) from error
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise NotDelivered(type(error).__name__, away=True) from error  # nothing was sent
    except NO_ANSWER as error:
        raise OutcomeUnknown(type(error).__name__) from error


def _outcome(error: SlackApiError) -> Exception:
    seconds, code = retry_after(error), code_of(error)
    if seconds is not None:
        return NotDelivered("ratelimited", retry_after=seconds)
    if not code or code in _DOUBTFUL or _status(error) >= FAULT:
        return OutcomeUnknown(code or f"status {_status(error)}")
    if code in _SHUT:
        return NotDelivered(code, retry_after=SHUT, throughout=True)
    return NotDelivered(code, permanent=True, cause=_CAUSES.get(code, Cause.REFUSED))


def _status(error: SlackApiError) -> int:
    response = error.response
    status = getattr(response, "status_code", None) or getattr(response, "status", 0)
    return status if isinstance(status, int) else 0
