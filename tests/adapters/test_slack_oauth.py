"""Several workspaces, and organisations: installed with a browser, served with their own tokens."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.slack.checking import check_many
from adapters.slack.desks import ABSENT, SEALED
from bot.domain.errors import Problem
from bot.domain.ids import WorkspaceId
from bot.domain.reminders.notices import Notice, NoticeKind
from bot.main import SystemClock
from bot.usecases.ports import Work
from tests.support.faults import UNAVAILABLE
from tests.support.postgres import fresh_database
from tests.support.slack import payloads
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.world import Json
from tests.support.slack_house import KEY, for_many
from tests.support.slack_many import OTHER_KEY, START, serving_many, starts

WAYS = pytest.mark.parametrize("http", [True, False], ids=["http", "socket"])


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        yield made


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


async def test_a_direct_message_that_names_an_organisation_is_for_its_writers_workspace(
    fake: FakeSlack, tmp_path: Path
) -> None:
    async with serving_many(fake, tmp_path) as many:
        trust = fake.world.enterprise("Trust")
        north = many.workspace("north", fake.world.team("north", trust))
        await many.browser.installs(enterprise=trust)
        ana = north.user("Ana")
        north.user("Ben")
        await starts(many.run, ana)
        inner = {"type": "message", "channel_type": "im", "user": ana.me.id, "text": "next"}
        inner |= {"channel": "D0ANA", "ts": fake.world.ts(), "team": north.team.id}
        installed = {"is_enterprise_install": True, "enterprise_id": trust.id}
        names = {"team_id": trust.id, "context_team_id": trust.id, "enterprise_id": trust.id}
        await many.told(north.team, inner, authorizations=[installed], **names)
        await many.run.settle()
        assert "Rivers" in ana.direct()[-1].text


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


@pytest.mark.parametrize(
    "spoilt",
    [
        {"authorizations": [{"team_id": {}}]},
        {"authorizations": [{"team_id": "T1; DROP TABLE plans", "is_enterprise_install": True}]},
        {"context_team_id": 7, "team_id": None},
        {"authorizations": [], "context_team_id": None, "team_id": None},
        {"authorizations": [{"is_enterprise_install": True, "enterprise_id": "E404"}]},
        {"team_id": "T404", "context_team_id": "T404", "authorizations": []},
    ],
)
async def test_a_payload_for_nobody_is_acknowledged_and_changes_nothing(
    fake: FakeSlack, tmp_path: Path, capfd: pytest.CaptureFixture[str], spoilt: Json
) -> None:
    async with serving_many(fake, tmp_path) as many:
        await many.browser.installs(fake.team)
        fake.user("Ben")
        inner = {"type": "app_mention", "user": fake.user("Ana").me.id, "ts": fake.world.ts()}
        inner |= {"channel": fake.channel("planning").id, "text": 'start "Rivers" @Ben'}
        if "E404" in str(spoilt):
            spoilt = {**spoilt, "team_id": "T404", "context_team_id": "T404"}
        await many.told(fake.team, inner, **spoilt)
        await many.run.settle()
        assert await many.plans(fake.team) == []
        assert await many.installed() == [f"slack:{fake.team.id}"]
        assert "chat.postMessage" not in fake.api.counts
    assert "Traceback" not in "".join(capfd.readouterr())


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


async def test_what_a_replica_has_no_key_for_is_left_to_the_other(fake: FakeSlack) -> None:
    async with AsyncExitStack() as stack:
        url = stack.enter_context(fresh_database("slack_replicas_keys"))
        new = await stack.enter_async_context(serving_many(fake, url, keys=f"{OTHER_KEY},{KEY}"))
        old = await stack.enter_async_context(serving_many(fake, url))
        fake.oauth.registered.add(f"{new.run.address}slack/oauth_redirect")
        assert await new.browser.installs(fake.team) == 200
        ana = fake.user("Ana")
        assert (await ana.command("/coplan next")).body == SEALED, "the one with the old key"
        used = payloads.global_shortcut(fake.world, fake.team, ana.me, "start")
        answer = await fake.transport.deliver("interactive", used)
        assert not answer.acknowledged, "Slack says so, and delivers again what are events"
        assert await old.installed() == [f"slack:{fake.team.id}"]


async def test_while_the_store_is_away_people_hear_why(fake: FakeSlack, tmp_path: Path) -> None:
    async with serving_many(fake, tmp_path) as many:
        ana = fake.user("Ana")
        await many.run.house.door.close()
        answer = await ana.command("/coplan next")
        assert answer.acknowledged
        assert "Coplan cannot reach its database now" in str(answer.body)


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
                return await check_many(given, kept, SystemClock())
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
