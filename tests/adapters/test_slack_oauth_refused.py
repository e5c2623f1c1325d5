"""Installations that do not come to be: nothing is stored, and the page says what to do."""

import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request

from adapters.slack.installations import Installations
from adapters.slack.keyring import Keyring
from adapters.slack.oauth import COOKIE, FRESH, PATIENCE, OAuth
from adapters.slack.ways import AppKeys
from adapters.web.server import BOUNDS
from bot.domain.errors import InvalidInput
from bot.main import SystemClock
from tests.support.fake_clock import FakeClock
from tests.support.faults import LOST_AFTER, LOST_BEFORE, UNAVAILABLE, Fault, slow
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.oauth import Browser
from tests.support.slack_house import KEY, running
from tests.support.slack_many import OTHER_KEY, Many, serving_many, starts


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        yield made


@pytest.fixture
async def many(fake: FakeSlack, tmp_path: Path) -> AsyncIterator[Many]:
    async with serving_many(fake, tmp_path) as made:
        yield made


def shown(many: Many) -> str:
    """Return the words of the page."""
    return " ".join(re.sub(r"<[^>]+>", " ", many.browser.told[1]).split())


def behind_a_proxy(many: Many, patience: float = PATIENCE) -> OAuth:
    """Return the pages as a proxy shows them under a path of its own."""
    door, keyring = many.run.house.door, Keyring(KEY)
    return OAuth(
        keys=AppKeys(
            client_id="1.2",
            client_secret="",
            public_url="https://school.example/coplan",
            secret_keys=KEY,
        ),
        client=many.run.slack.client,
        keyring=keyring,
        installations=Installations(door, keyring),
        door=door,
        clock=SystemClock(),
        installed=lambda _: None,
        patience=patience,
    )


async def refused(many: Many, address: str, *, status: int = 400, words: str) -> None:
    """Go there, and see that nothing came of it."""
    assert await many.browser.comes_back(address) == status
    assert "Coplan was not installed" in shown(many)
    assert words in shown(many)
    assert '<a href="install">' in many.browser.told[1]
    assert await many.installed() == []


async def test_the_page_says_what_is_asked_for_and_why(many: Many) -> None:
    link = await many.browser.opens()
    query = {key: each[0] for key, each in parse_qs(urlsplit(link).query).items()}
    assert many.browser.told[0] == 200
    for scope in query["scope"].split(","):
        assert f"<code>{scope}</code>" in many.browser.told[1]
    assert "channels:history" not in query["scope"], "no more than is used"
    assert "user_scope" not in query
    assert "<script" not in many.browser.told[1]


async def test_a_path_that_a_proxy_puts_before_is_the_cookies_too(many: Many) -> None:
    oauth = behind_a_proxy(many)
    answer = await oauth.offer(make_mocked_request("GET", "/slack/install"))
    assert answer.cookies[COOKIE]["path"] == "/coplan/slack"
    assert answer.cookies[COOKIE]["secure"]


async def test_a_link_serves_once(many: Many, fake: FakeSlack) -> None:
    back = await many.browser.allows(await many.browser.opens(), fake.team)
    cookie = {COOKIE: next(c.value for c in many.browser.session.cookie_jar if c.key == COOKIE)}
    assert await many.browser.comes_back(back) == 200
    async with aiohttp.ClientSession(cookies=cookie) as again, again.get(back) as answer:
        assert answer.status == 400
        assert "used already" in await answer.text()
    assert fake.api.counts["oauth.v2.access"] == 1


async def test_a_link_of_another_browser_serves_nobody(many: Many, fake: FakeSlack) -> None:
    attacker = await many.browser.allows(await many.browser.opens(), fake.team)
    many.browser.session.cookie_jar.clear()
    await refused(many, attacker, words="another browser")
    await many.browser.opens()
    await refused(many, attacker, words="another browser")
    assert fake.api.counts["oauth.v2.access"] == 0


async def test_a_link_of_another_browser_ends_nothing_that_this_one_began(
    many: Many, fake: FakeSlack
) -> None:
    attacker = await many.browser.allows(await many.browser.opens(), fake.team)
    many.browser.session.cookie_jar.clear()
    own = await many.browser.allows(await many.browser.opens(), fake.team)
    await refused(many, attacker, words="another browser")
    assert await many.browser.comes_back(own) == 200
    assert await many.installed() == [f"slack:{fake.team.id}"]


@pytest.mark.parametrize(
    "change",
    [
        lambda q: {**q, "state": ""},
        lambda q: {**q, "state": q["state"][:-4] + "AAA="},
        lambda q: {**q, "state": "x" * 5000},
        lambda q: {**q, "state": "\udcff\x00<script>"},
        lambda q: {k: v for k, v in q.items() if k != "state"},
        lambda _: {},
    ],
)
async def test_a_state_that_is_not_ours(many: Many, fake: FakeSlack, change: object) -> None:
    back = await many.browser.allows(await many.browser.opens(), fake.team)
    at = urlsplit(back)
    query = {key: each[0] for key, each in parse_qs(at.query).items()}
    changed = urlencode(change(query), errors="surrogateescape")  # type: ignore[operator]
    await refused(many, f"{back.partition('?')[0]}?{changed}", words="too old")
    assert "<script>" not in many.browser.told[1]
    assert fake.api.counts["oauth.v2.access"] == 0


async def test_ten_minutes_and_a_restart(fake: FakeSlack, tmp_path: Path) -> None:
    clock = FakeClock(SystemClock().now())
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        async with running(fake, tmp_path / "coplan.db", http=True, keys=KEY, clock=clock) as run:
            browser = Browser(oauth=fake.oauth, session=session, address=run.address)
            links = [await browser.opens() for _ in range(2)]
            back = await browser.allows(links[1], fake.team)
        async with running(fake, tmp_path / "coplan.db", http=True, keys=KEY, clock=clock) as run:
            fake.oauth.registered.add(back.partition("?")[0])
            back = f"{run.address}slack/oauth_redirect?{back.partition('?')[2]}"
            for grant in fake.oauth.grants.values():
                grant.redirect = f"{run.address}slack/oauth_redirect"
            clock.move(seconds=(FRESH - timedelta(seconds=1)).total_seconds())
            assert await browser.comes_back(back) == 200, "the page was from before the restart"
            browser.address = run.address
            late = await browser.allows(await browser.opens(), fake.team)
            clock.move(seconds=FRESH.total_seconds() + 1)
            assert await browser.comes_back(late) == 400


async def test_somebody_says_no(many: Many) -> None:
    link = await many.browser.opens()
    state = parse_qs(urlsplit(link).query)["state"][0]
    query = urlencode({"error": "access_denied", "state": state})
    await refused(
        many, f"{many.run.address}slack/oauth_redirect?{query}", words="You did not allow it."
    )


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda oauth: oauth.grants.clear(), "too old"),
        (lambda oauth: [setattr(g, "used", True) for g in oauth.grants.values()], "used already"),
        (lambda oauth: setattr(oauth, "client_secret", "other"), "COPLAN_SLACK_CLIENT_SECRET"),
        (lambda oauth: setattr(oauth, "client_id", "other"), "COPLAN_SLACK_CLIENT_ID"),
        (lambda oauth: [setattr(g, "redirect", "x") for g in oauth.grants.values()], "redirect"),
        (lambda oauth: oauth.extra.update({"refresh_token": "xoxe-1"}), "rotation"),
        (lambda oauth: oauth.extra.update({"token_type": "user"}), "no bot token"),
        (lambda oauth: oauth.extra.update(access_token=None), "no bot token"),
        (lambda oauth: oauth.extra.update(team=None), "where it was installed"),
        (lambda oauth: oauth.extra.update(ok=False, error="<script>"), "unknown"),
    ],
)
async def test_slack_gives_no_token_that_is_of_use(
    many: Many, fake: FakeSlack, spoil: object, words: str
) -> None:
    back = await many.browser.allows(await many.browser.opens(), fake.team)
    spoil(fake.oauth)  # type: ignore[operator]
    await refused(many, back, words=words)
    assert "<script>" not in many.browser.told[1]
    assert "xox" not in many.browser.told[1]


@pytest.mark.parametrize("fault", [LOST_BEFORE, LOST_AFTER, UNAVAILABLE, Fault(answer="limited")])
async def test_slack_does_not_answer(many: Many, fake: FakeSlack, fault: Fault) -> None:
    back = await many.browser.allows(await many.browser.opens(), fake.team)
    fake.faults.next("oauth.v2.access", fault)
    await refused(many, back, status=424, words="Install it again")
    assert await many.browser.installs(fake.team) == 200


async def test_slack_hangs_for_longer_than_a_browser_is_kept_waiting(
    many: Many, fake: FakeSlack
) -> None:
    oauth = behind_a_proxy(many, patience=0.05)
    offered = await oauth.offer(make_mocked_request("GET", "/slack/install"))
    link = re.search(r'href="([^"]+)"', html.unescape(offered.text or ""))
    assert link is not None
    state = parse_qs(urlsplit(link[1]).query)["state"][0]
    fake.faults.next("oauth.v2.access", slow(0.5))
    back = make_mocked_request(
        "GET",
        f"/slack/oauth_redirect?{urlencode({'code': '1', 'state': state})}",
        headers={"Cookie": f"{COOKIE}={offered.cookies[COOKIE].value}"},
    )
    answer = await oauth.finish(back)
    assert answer.status == 424
    assert "Install it again" in (answer.text or "")
    assert answer.cookies[COOKIE]["max-age"] == "0", "it is used"
    assert BOUNDS.patience > PATIENCE, "else the server says only that it took too long"


async def test_a_store_that_cannot_be_written(many: Many, fake: FakeSlack) -> None:
    back = await many.browser.allows(await many.browser.opens(), fake.team)
    await many.run.house.door.close()
    assert await many.browser.comes_back(back) == 424
    assert "not installed" in shown(many)
    assert fake.api.counts["oauth.v2.access"] == 0, "no token without a place for it"


async def test_what_was_declined_is_said(many: Many, fake: FakeSlack) -> None:
    assert await many.browser.installs(fake.team, declined={"users:read"}) == 200
    assert "users:read" in shown(many)
    assert await many.browser.installs(fake.team, declined={"files:write"}) == 200
    assert "lacks" not in shown(many)


async def test_keys_are_changed(fake: FakeSlack, tmp_path: Path) -> None:
    async with serving_many(fake, tmp_path) as many:
        await many.browser.installs(fake.team)
        fake.user("Ben")
        await starts(many.run, fake.user("Ana"))
    async with serving_many(fake, tmp_path, keys=OTHER_KEY) as many:
        with pytest.raises(InvalidInput, match="Add the key it was stored under"):
            await many.run.listening
    async with serving_many(fake, tmp_path, keys=f"{OTHER_KEY},{KEY}") as many:
        answer = await fake.user("Ana").command("/coplan next")
        await many.run.settle()
        assert answer.acknowledged
        assert fake.user("Ana").sees("Rivers")
        assert await many.browser.installs(fake.team) == 200
    async with serving_many(fake, tmp_path, keys=OTHER_KEY) as many:
        await fake.user("Ana").command("/coplan next")
        await many.run.settle()
    assert fake.problems() == []
