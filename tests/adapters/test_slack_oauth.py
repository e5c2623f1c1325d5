"""Several workspaces, and organisations: installed with a browser, served with their own tokens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from adapters.slack.app import ABSENT
from adapters.slack.checking import check_many
from bot.domain.errors import Problem
from bot.domain.ids import WorkspaceId
from bot.domain.planning.plan import Plan
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.runtime.ticking import EVERYWHERE
from bot.usecases.ports import Work
from tests.support.postgres import fresh_database
from tests.support.slack import payloads
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.faults import UNAVAILABLE
from tests.support.slack.oauth import Browser
from tests.support.slack.user import SlackUser
from tests.support.slack.world import Json, Team
from tests.support.slack_house import KEY, Running, for_many, running

WAYS = pytest.mark.parametrize("http", [True, False], ids=["http", "socket"])
OTHER_KEY = KEY.replace("a", "b", 3)
START = '/coplan start "Rivers" @Ben'


@dataclass(slots=True, kw_only=True)
class Many:
    """A house that serves whoever installs it, and somebody's browser."""

    run: Running
    browser: Browser

    @property
    def fake(self) -> FakeSlack:
        return self.run.fake

    def workspace(self, domain: str, team: Team | None = None) -> FakeSlack:
        """Return another workspace with a channel, seen by its own people."""
        made = team or self.fake.world.team(domain)
        self.fake.world.channel(made, f"in-{domain}")
        return self.fake.within(made)

    async def installed(self) -> list[WorkspaceId]:
        """Return where a token is stored."""
        return await self.run.house.door.read(EVERYWHERE, lambda work: work.everywhere.installed())

    async def plans(self, team: Team) -> list[Plan]:
        """Return the plans of everybody in the workspace."""

        def look(work: Work) -> list[Plan]:
            found = [work.plans.of_member(member.id) for member in work.members.all()]
            return list({plan.id: plan for plans in found for plan in plans}.values())

        return await self.run.house.door.read(WorkspaceId(f"slack:{team.id}"), look)

    async def told(self, team: Team, inner: Json, **outer: object) -> None:
        """Deliver an event of the workspace."""
        event = {**payloads.event(self.fake.world, team, inner), **outer}
        answer = await self.fake.transport.deliver("events_api", event)
        assert answer.acknowledged


@asynccontextmanager
async def serving_many(
    fake: FakeSlack, where: Path | str, *, http: bool = True, keys: str = KEY
) -> AsyncIterator[Many]:
    """Serve from the database in a folder, or at a URL."""
    store = where / "coplan.db" if isinstance(where, Path) else where
    async with (
        running(fake, store, http=http, keys=keys) as run,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session,
    ):
        browser = Browser(oauth=fake.oauth, session=session, address=run.address)
        yield Many(run=run, browser=browser)


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        yield made


async def starts(run: Running, ana: SlackUser, text: str = START) -> str:
    """Start a plan, and see its card in the channel; return its ts."""
    answer = await ana.command(text)
    assert answer.acknowledged
    await run.settle()
    assert ana.sees("Only visible to you", within="Started")
    cards = [m for m in ana.channel.messages if not m.only_for and m.user == ana.team.bot.id]
    assert len(cards) == 1
    return cards[0].ts


@WAYS
async def test_two_workspaces_act_with_their_own_tokens(
    fake: FakeSlack, tmp_path: Path, *, http: bool
) -> None:
    async with serving_many(fake, tmp_path, http=http) as many:
        first, second = fake, many.workspace("second")
        refused = await first.user("Ana").command(START)
        assert refused.body == ABSENT, "it is not installed yet, and says so"
        for each in (first, second):
            assert await many.browser.installs(each.team) == 200, many.browser.told
            assert each.team.domain in many.browser.told[1]
        for each in (first, second):
            ana, ben = each.user("Ana"), each.user("Ben")
            root = await starts(many.run, ana)
            ben.goes(ana.channel, root)
            await ben.clicks("My next steps")
            await many.run.settle()
            assert ben.sees("Only visible to you")
        assert [len(await many.plans(each.team)) for each in (first, second)] == [1, 1]
        posts = [c for c in fake.api.made if c.method == "chat.postMessage"]
        teams = {c.token: c.args["channel"] in first.team.channels for c in posts}
        assert teams == {first.team.token: True, second.team.token: False}
        assert fake.api.counts["auth.test"] == 0
        assert fake.problems() == []
        assert await many.installed() == sorted(
            WorkspaceId(f"slack:{each.team.id}") for each in (first, second)
        )


@WAYS
async def test_an_organisation_installs_once_for_its_workspaces(
    fake: FakeSlack, tmp_path: Path, *, http: bool
) -> None:
    async with serving_many(fake, tmp_path, http=http) as many:
        trust = fake.world.enterprise("Trust")
        north, south = (
            many.workspace(name, fake.world.team(name, trust)) for name in ("north", "south")
        )
        assert await many.browser.installs(enterprise=trust) == 200
        assert "Trust" in many.browser.told[1]
        assert await many.installed() == [f"slack:{trust.id}"]
        for each in (north, south):
            ana = each.user("Ana")
            each.user("Ben")
            root = await starts(many.run, ana)
            ana.goes(ana.channel, root)
            await ana.clicks("My next steps")
            await many.run.settle()
            await ana.clicks("What shall we plan?")
            await many.run.settle()
            ana.filling.fill("What shall we plan?", "Rivers in our town")
            await ana.submits()
            await many.run.settle()
            assert ana.modal is None
            assert ana.sees("Saved.")
        assert [len(await many.plans(each.team)) for each in (north, south)] == [1, 1]
        assert {call.token for call in fake.api.made if call.method.startswith("chat.")} == {
            trust.token
        }
        assert fake.problems() == []


async def test_an_organisations_workspace_is_written_to_after_a_restart(
    fake: FakeSlack, tmp_path: Path
) -> None:
    trust = fake.world.enterprise("Trust")
    async with serving_many(fake, tmp_path) as many:
        north = many.workspace("north", fake.world.team("north", trust))
        await many.browser.installs(enterprise=trust)
        ana = north.user("Ana")
        north.user("Ben")
        root = await starts(many.run, ana)
        card = ana.channel.find(root)
        assert card is not None
        before = card.edited
    async with serving_many(fake, tmp_path) as many:
        workspace = WorkspaceId(f"slack:{north.team.id}")
        (plan,) = await many.plans(north.team)

        def touched(work: Work) -> None:
            kind = NoticeKind.PLAN_CARD
            work.outbox.put(Notice(key="card", kind=kind, due_at=work.now, plan=plan.id))

        await many.run.house.door.write(workspace, touched)
        await many.run.settle()
        assert card.edited == before + 1, "nobody acted there since the start"
        assert fake.problems() == []


async def test_one_workspace_leaves_an_organisation_that_stays(
    fake: FakeSlack, tmp_path: Path
) -> None:
    async with serving_many(fake, tmp_path) as many:
        trust = fake.world.enterprise("Trust")
        north, south = (
            many.workspace(name, fake.world.team(name, trust)) for name in ("north", "south")
        )
        await many.browser.installs(enterprise=trust)
        for each in (north, south):
            each.user("Ben")
            await starts(many.run, each.user("Ana"))
        trust.granted.discard(north.team.id)
        await many.told(south.team, {"type": "team_access_revoked", "team_ids": [north.team.id]})
        workspace = WorkspaceId(f"slack:{north.team.id}")
        kept = await many.run.house.door.read(
            workspace, lambda work: work.installations.organisation()
        )
        assert kept is None
        assert await many.installed() == [f"slack:{trust.id}"]
        answer = await south.user("Ana").command("/coplan next")
        assert answer.acknowledged
        await many.run.settle()
        assert fake.problems() == []


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
async def test_removing_it_deletes_the_token_and_keeps_the_plans(
    fake: FakeSlack, tmp_path: Path, kind: str
) -> None:
    async with serving_many(fake, tmp_path) as many:
        second = many.workspace("second")
        for each in (fake, second):
            await many.browser.installs(each.team)
            each.user("Ben")
            await starts(many.run, each.user("Ana"))
        gone = fake.team.token
        fake.team.revoked = True
        said: Json = {"type": kind, "tokens": {"bot": [fake.team.bot.id]}}
        await many.told(fake.team, said)
        assert await many.installed() == [f"slack:{second.team.id}"]
        calls = len(fake.api.made)
        answer = await fake.user("Ana").command("/coplan next")
        assert answer.body == ABSENT
        await many.told(fake.team, said)  # Slack tells both, and again
        await second.user("Ana").command("/coplan next")
        await many.run.settle()
        assert gone not in {call.token for call in fake.api.made[calls:]}
        assert len(await many.plans(fake.team)) == 1

        late = payloads.event(fake.world, fake.team, said)
        late["event_time"] -= 60
        await many.browser.installs(fake.team)
        await fake.transport.deliver("events_api", late)
        assert f"slack:{fake.team.id}" in await many.installed(), "that was the older one"
        answer = await fake.user("Ana").command("/coplan next")
        await many.run.settle()
        assert answer.body != ABSENT
        assert fake.user("Ana").sees("Rivers")


async def test_a_users_own_token_that_is_revoked_is_none_of_ours(
    fake: FakeSlack, tmp_path: Path
) -> None:
    async with serving_many(fake, tmp_path) as many:
        await many.browser.installs(fake.team)
        said: Json = {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": ["U2"]}}
        await many.told(fake.team, said)
        assert await many.installed() == [f"slack:{fake.team.id}"]


async def test_what_waits_when_it_is_removed_is_not_sent_and_not_lost(
    fake: FakeSlack, tmp_path: Path
) -> None:
    async with serving_many(fake, tmp_path) as many:
        await many.browser.installs(fake.team)
        ana = fake.user("Ana")
        fake.user("Ben")
        fake.team.revoked = True
        await ana.command(START)
        await many.told(fake.team, {"type": "app_uninstalled"})
        await many.run.settle()
        assert len(await many.plans(fake.team)) == 1
        backlog = await many.run.house.door.read(
            EVERYWHERE, lambda work: work.everywhere.backlog(work.now)
        )
        assert backlog.waiting >= 1
        assert fake.api.counts["chat.postMessage"] == 0


@WAYS
async def test_it_is_removed_in_the_midst_of_many_acts(
    fake: FakeSlack, tmp_path: Path, *, http: bool
) -> None:
    async with serving_many(fake, tmp_path, http=http) as many:
        second = many.workspace("second")
        for each in (fake, second):
            await many.browser.installs(each.team)
            each.user("Ben")
        ana, other = fake.user("Ana"), second.user("Ana")
        acts = [
            asyncio.create_task(who.command(f'/coplan start "Rivers {n}" @Ben'))
            for n in range(20)
            for who in (ana, other)
        ]
        await asyncio.wait(acts[:6])
        fake.team.revoked = True
        await asyncio.gather(
            many.told(fake.team, {"type": "tokens_revoked", "tokens": {"bot": [ana.team.bot.id]}}),
            many.told(fake.team, {"type": "app_uninstalled"}),
        )
        answers = await asyncio.gather(*acts)
        assert all(answer.acknowledged for answer in answers)
        await many.run.settle()
        calls = len(fake.api.made)
        assert (await ana.command("/coplan next")).body == ABSENT
        await other.command("/coplan next")
        await many.run.settle()
        assert {call.token for call in fake.api.made[calls:]} <= {second.team.token}
        stored = [len(await many.plans(each.team)) for each in (fake, second)]
        absent = sum(answer.body == ABSENT for answer in answers)
        assert stored == [20 - absent, 20], "what was taken is kept, what was not was told"
        threads = [m for m in other.channel.messages if m.metadata and not m.only_for]
        assert len(threads) == 20
        assert await many.installed() == [f"slack:{second.team.id}"]


async def test_two_replicas_know_of_each_others_installations(fake: FakeSlack) -> None:
    async with AsyncExitStack() as stack:
        url = stack.enter_context(fresh_database("slack_replicas"))
        first = await stack.enter_async_context(serving_many(fake, url))
        second = await stack.enter_async_context(serving_many(fake, url))
        ana = fake.user("Ana")
        fake.user("Ben")
        fake.oauth.registered.add(f"{first.run.address}slack/oauth_redirect")
        assert (await ana.command("/coplan next")).body == ABSENT, "the second is asked"
        assert await first.browser.installs(fake.team) == 200
        await starts(second.run, ana)
        back = await first.browser.allows(await first.browser.opens(), fake.team)
        elsewhere = back.replace(first.run.address, second.run.address)
        for grant in fake.oauth.grants.values():
            grant.redirect = elsewhere.partition("?")[0]
        assert await first.browser.comes_back(elsewhere) == 200, "either may finish what one began"
        await first.told(fake.team, {"type": "app_uninstalled"})
        assert await second.installed() == []
        assert len(await second.plans(fake.team)) == 1


async def test_the_later_installation_speaks(fake: FakeSlack, tmp_path: Path) -> None:
    async with serving_many(fake, tmp_path) as many:
        await many.browser.installs(fake.team)
        first = fake.team.token
        fake.user("Ben")
        await starts(many.run, fake.user("Ana"))
        await many.browser.installs(fake.team)
        calls = len(fake.api.made)
        assert fake.team.token != first
        await fake.user("Ana").mentions("next")
        await many.run.settle()
        used = {call.token for call in fake.api.made[calls:]}
        assert used == {fake.team.token}
        assert fake.problems() == []


async def test_nothing_written_down_tells_a_token(
    fake: FakeSlack, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with serving_many(fake, tmp_path) as many:
        await many.browser.installs(fake.team)
        fake.user("Ben")
        await starts(many.run, fake.user("Ana"))
        async with many.browser.session.get(f"{many.run.address}metrics") as answer:
            told = await answer.text()
        page = many.browser.told[1]
    written = b"".join(path.read_bytes() for path in files(tmp_path))
    out, err = capfd.readouterr()
    for text in (told, page, out, err, written.decode("latin-1")):
        assert "xoxb" not in text
        assert fake.oauth.client_secret not in text
        assert KEY not in text


async def test_the_doctor_looks_at_every_installation(fake: FakeSlack, tmp_path: Path) -> None:
    async with serving_many(fake, tmp_path) as many:
        wanted = for_many(fake, many.run.address.rstrip("/"))

        async def told(keys: str = KEY) -> str:
            kept = {}
            for place in await many.installed():
                kept[place] = await many.run.house.door.read(place, lambda w: w.installations.get())
            given = wanted.model_copy(update={"secret_keys": SecretStr(keys)})
            try:
                return await check_many(given, kept)
            except Problem as problem:
                return str(problem)

        assert (await told()).startswith("0 installations, over HTTP at ")
        second = many.workspace("second")
        for each in (fake, second):
            await many.browser.installs(each.team)
        assert (await told()).startswith("2 installations, ")
        assert (await told(OTHER_KEY)).count("no key of COPLAN_SECRET_KEYS opens") == 2
        second.team.revoked = True
        place = f"slack:{second.team.id}"
        assert f"does not take the token of {place} any more (token_revoked)" in await told()
        await many.browser.installs(second.team, declined={"commands"})
        assert f"{place} has not granted commands. Install Coplan there again" in await told()
        fake.faults.next("auth.test", UNAVAILABLE)
        assert "Slack cannot be reached" in await told()
    assert "chat.postMessage" not in fake.api.counts
