"""Slack over HTTP: what is hostile is refused before anything looks at it; health and metrics."""

import asyncio
import io
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from adapters.web.server import reserve, serving
from bot.platforms import LateSlack
from tests.support.slack import payloads
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.signing import SignedHttp, encoded, sign
from tests.support.slack_house import Running, running

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DEEP = b"[" * 50_000 + b"]" * 50_000


@pytest.fixture
async def run(tmp_path: Path) -> AsyncIterator[Running]:
    async with (
        fake_slack() as fake,
        running(fake, tmp_path / "coplan.db", http=True) as made,
    ):
        yield made


@pytest.fixture
def http(run: Running) -> SignedHttp:
    assert isinstance(run.fake.transport, SignedHttp)
    return run.fake.transport


def mention(fake: FakeSlack, text: str = "next") -> bytes:
    ana = fake.user("Ana")
    inner = {"type": "app_mention", "user": ana.me.id, "text": text, "ts": fake.world.ts()}
    inner["channel"] = fake.channel("planning").id
    return encoded("events_api", payloads.event(fake.world, fake.team, inner))[0]


def now() -> int:
    return int(time.time())  # noqa: TID251 - as Slack signs


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "1.5", "X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "9" * 5000, "X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": str(now()), "X-Slack-Signature": "v0=short"},
        {"X-Slack-Request-Timestamp": str(now()), "X-Slack-Signature": "v0=" + "ü" * 64},
        {"X-Slack-Request-Timestamp": str(now()), "X-Slack-Signature": "v1=" + "0" * 64},
        {"X-Slack-Request-Timestamp": str(now()), "X-Slack-Signature": "v0=" + "0" * 64},
    ],
)
async def test_what_slack_did_not_sign_is_refused(
    http: SignedHttp, run: Running, headers: dict[str, str]
) -> None:
    status, _ = await http.post(mention(run.fake), JSON | headers)
    assert status == 401


@pytest.mark.parametrize("off", [-301, 301, -86_400])
async def test_a_signature_of_another_time_is_refused(
    http: SignedHttp, run: Running, off: int
) -> None:
    body = mention(run.fake)
    signed = sign(http.world.app.signing_secret, body, now() + off)
    assert (await http.post(body, JSON | signed))[0] == 401


async def test_any_bit_changed_is_refused(http: SignedHttp, run: Running) -> None:
    body = mention(run.fake)
    signed = JSON | sign(http.world.app.signing_secret, body)
    for at in range(0, len(body), 37):
        changed = bytearray(body)
        changed[at] ^= 1
        assert (await http.post(bytes(changed), signed))[0] == 401
    assert (await http.post(body, signed))[0] == 200


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"\xff\xfe", JSON),
        (b"[1, 2]", JSON),
        (b'"text"', JSON),
        (b"{", JSON),
        (DEEP, JSON),
        (b"payload=not+json", FORM),
        (b"payload=[1]", FORM),
        (b"a=1&" * 1000, FORM),
        (b"{}", {"Content-Type": "text/plain"}),
        (b"", JSON),
    ],
)
async def test_what_is_signed_and_no_payload_is_a_bad_request(
    http: SignedHttp, body: bytes, headers: dict[str, str]
) -> None:
    signed = sign(http.world.app.signing_secret, body)
    assert (await http.post(body, headers | signed))[0] == 400


async def test_other_methods_places_and_sizes_are_refused(http: SignedHttp) -> None:
    large = io.BytesIO(b"x" * 2_000_000)
    async with http.session.post(http.address, data=large, headers=JSON) as answer:
        assert answer.status == 413
    async with http.session.get(http.address) as answer:
        assert answer.status == 405
    async with http.session.post(http.address + "/other") as answer:
        assert answer.status == 404


async def test_the_same_signed_bytes_fifty_times_at_once_have_one_effect(
    http: SignedHttp, run: Running
) -> None:
    run.fake.user("Ben")
    body = mention(run.fake, f'<@{run.fake.team.bot.id}> start "Rivers"')
    signed = JSON | sign(http.world.app.signing_secret, body)
    answers = await asyncio.gather(*(http.post(body, signed) for _ in range(50)))
    assert {status for status, _ in answers} == {200}
    await run.settle()
    cards = [m for m in run.fake.channel("planning").messages if m.metadata]
    told = [m for m in run.fake.channel("planning").messages if m.only_for]
    assert (len(cards), len(told)) == (1, 1)


async def test_what_slack_tries_again_has_one_effect_also_after_a_restart(tmp_path: Path) -> None:
    async with fake_slack() as fake:
        fake.user("Ben")
        body = mention(fake, f'<@{fake.team.bot.id}> start "Rivers"')
        for attempt in range(4):
            async with running(fake, tmp_path / "coplan.db", http=True) as run:
                assert isinstance(fake.transport, SignedHttp)
                signed = JSON | sign(fake.world.app.signing_secret, body)
                if attempt:
                    signed["X-Slack-Retry-Num"] = str(attempt)
                    signed["X-Slack-Retry-Reason"] = "http_timeout"
                assert (await fake.transport.post(body, signed))[0] == 200
                await run.settle()
        cards = [m for m in fake.channel("planning").messages if m.metadata]
        assert len(cards) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"ssl_check=1&token=abc", 200),
        (b"ssl_check=1&command=%2Fcoplan&text=next&user_id=U1&team_id=T1", 401),
        (b"ssl_check=2", 401),
        (b"ssl_check=1&" + b"a=1&" * 400, 401),
    ],
)
async def test_a_look_at_the_certificate_needs_no_signature_and_does_nothing(
    http: SignedHttp, run: Running, body: bytes, status: int
) -> None:
    assert (await http.post(body, FORM))[0] == status
    assert not run.house.tally.received["slack", "command", "taken"]


async def test_the_address_is_verified(http: SignedHttp) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c123", "token": "t"}).encode()
    signed = sign(http.world.app.signing_secret, body)
    status, text = await http.post(body, JSON | signed)
    assert (status, json.loads(text)) == (200, {"challenge": "c123"})


async def test_health_and_metrics(http: SignedHttp, run: Running) -> None:
    body = mention(run.fake)
    await http.post(body, JSON | sign(http.world.app.signing_secret, body))
    await http.post(body, JSON)
    await http.post(b"{", JSON | sign(http.world.app.signing_secret, b"{"))
    await run.settle()
    async with http.session.get(f"{run.address}healthz") as answer:
        told = await answer.json()
    assert (answer.status, told) == (200, {"status": "ok", "failing": []})
    async with http.session.get(f"{run.address}metrics") as answer:
        text = await answer.text()
    assert answer.status == 200
    assert 'coplan_link_up{platform="slack"} 1.0' in text
    assert 'coplan_inbox_events_total{kind="event_callback"' in text
    for result in ("unsigned", "unreadable"):
        count = (
            f'coplan_inbox_events_total{{kind="request",platform="slack",result="{result}"}} 1.0'
        )
        assert count in text
    proxied = {"X-Forwarded-For": "203.0.113.7"}
    async with http.session.get(f"{run.address}metrics", headers=proxied) as answer:
        assert answer.status == 403


async def test_a_link_that_is_down_is_a_number_and_no_reason_to_restart(run: Running) -> None:
    await run.settle()
    run.listening.cancel()
    await asyncio.gather(run.listening, return_exceptions=True)
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{run.address}healthz") as answer:
            assert answer.status == 200
        async with session.get(f"{run.address}metrics") as answer:
            assert 'coplan_link_up{platform="slack"} 0.0' in await answer.text()


async def test_while_slack_is_not_open_nobody_is_told_of_a_failure() -> None:
    late = LateSlack()
    async with (
        serving(late.routes, reserve("127.0.0.1", 0, "")) as served,
        aiohttp.ClientSession() as session,
        session.post(f"{served.address}slack/events", data=b"{}", headers=JSON) as answer,
    ):
        assert answer.status == 404


async def test_what_is_not_well_is_named(run: Running) -> None:
    await run.settle()
    await run.house.service.stop()
    await run.house.door.close()
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{run.address}healthz") as answer,
    ):
        assert answer.status == 503
        assert (await answer.json())["failing"] == ["database"]
