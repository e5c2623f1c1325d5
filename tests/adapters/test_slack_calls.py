import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.calls import LONGEST, SHUT, WAIT, outcomes, trusted
from bot.domain.reminders.undelivered import Cause
from bot.runtime.ports import NotDelivered, OutcomeUnknown
from tests.support.faults import UNREACHED


def answered(error: str, status: int = 200, headers: dict[str, str] | None = None) -> SlackApiError:
    body = {"ok": False, "error": error} if error else {}
    response = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={},
        data=body,
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("The request to the Slack API failed.", response)


def refusal(error: Exception) -> NotDelivered:
    with pytest.raises(NotDelivered) as caught, outcomes():
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("channel_not_found", Cause.GONE),
        ("is_archived", Cause.ARCHIVED),
        ("message_not_found", Cause.GONE),
        ("not_in_channel", Cause.REMOVED),
        ("restricted_action", Cause.REMOVED),
        ("user_disabled", Cause.LEFT),
        ("user_not_found", Cause.LEFT),
        ("messages_tab_disabled", Cause.CLOSED),
        ("cannot_dm_bot", Cause.CLOSED),
        ("invalid_blocks", Cause.REFUSED),
        ("something_new", Cause.REFUSED),
    ],
)
def test_what_slack_refuses_for_good_has_a_cause(code: str, cause: Cause) -> None:
    told = refusal(answered(code))
    assert (told.permanent, told.cause, told.reason) == (True, cause, code)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": "12"}, 12.0),
        ({}, WAIT),
        ({"Retry-After": "x"}, WAIT),
        ({"Retry-After": "nan"}, WAIT),
        ({"Retry-After": "inf"}, WAIT),
        ({"Retry-After": "-3"}, 1.0),
        ({"Retry-After": "1e12"}, LONGEST),
    ],
)
def test_too_many_waits_as_long_as_slack_says(headers: dict[str, str], seconds: float) -> None:
    told = refusal(answered("ratelimited", 429, headers))
    assert (told.permanent, told.retry_after, told.throughout) == (False, seconds, False)
    assert refusal(answered("", 429, headers)).retry_after == seconds


@pytest.mark.parametrize("code", ["token_revoked", "invalid_auth", "account_inactive"])
def test_a_dead_token_gives_nothing_up_but_waits_everywhere(code: str) -> None:
    told = refusal(answered(code))
    assert (told.permanent, told.retry_after, told.throughout) == (False, SHUT, True)


@pytest.mark.parametrize(
    "error",
    [
        answered("internal_error"),
        answered("fatal_error"),
        answered("", 500),
        answered("", 503),
        answered("something", 502),
        answered(""),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientOSError(104, "reset"),
        TimeoutError(),
        ConnectionResetError(),
    ],
)
def test_nobody_can_tell_after_a_fault_of_slacks_or_the_net(error: Exception) -> None:
    with pytest.raises(OutcomeUnknown), outcomes():
        raise error


@pytest.mark.parametrize("error", UNREACHED)
def test_who_could_not_be_reached_was_told_nothing_and_is_away(error: Exception) -> None:
    told = refusal(error)
    assert (told.permanent, told.retry_after, told.away) == (False, None, True)


@pytest.mark.parametrize(
    ("url", "with_token", "without"),
    [
        ("https://hooks.slack.com/actions/T1/2/x", True, True),
        ("https://proxy.example:8443/respond/1", True, True),
        ("https://proxy.example/respond/1", False, True),
        ("http://proxy.example:8443/respond/1", False, False),
        ("http://hooks.slack.com/actions/T1/2/x", False, False),
        ("https://hooks.slack.com.evil.example/x", False, False),
        ("https://hooks.slack.com@evil.example/x", False, False),
        ("https://evil.example:8443/x", False, False),
        ("file:///etc/passwd", False, False),
        ("", False, False),
        ("http://[", False, False),
        ("https://proxy.example:99999/x", False, False),
        ("https://me@proxy.example:8443/respond/1", False, False),
    ],
)
def test_where_something_is_sent_to(url: str, *, with_token: bool, without: bool) -> None:
    client = AsyncWebClient(base_url="https://proxy.example:8443/slack/api/")
    hosts = frozenset({"hooks.slack.com"})
    assert trusted(client, url, hosts) == with_token
    assert trusted(client, url, hosts, any_port=True) == without


@pytest.mark.parametrize(
    ("url", "with_token", "without"),
    [
        ("http://localhost:8443/files/1", True, True),
        ("http://[::1]:8443/files/1", True, True),
        ("http://localhost:9999/respond/1", False, True),
        ("https://localhost:8443/files/1", False, False),
        ("http://192.168.0.9:8443/files/1", False, False),
        ("http://localhost.evil.example:8443/x", False, False),
    ],
)
def test_this_machine_goes_by_several_names(url: str, *, with_token: bool, without: bool) -> None:
    client = AsyncWebClient(base_url="http://127.0.0.1:8443/api/")
    assert trusted(client, url, frozenset()) == with_token
    assert trusted(client, url, frozenset(), any_port=True) == without


async def test_a_connection_that_never_stood_has_sent_nothing() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(NotDelivered) as caught, outcomes():
            await session.post("http://127.0.0.1:1/api/chat.postMessage")
    assert (caught.value.permanent, caught.value.retry_after) == (False, None)
