"""Coplan is removed, by a workspace or from one, while it acts and afterwards."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.slack.desks import ABSENT
from bot.domain.ids import EVERYWHERE, WorkspaceId
from tests.support.slack import payloads
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.world import Json
from tests.support.slack_many import START, serving_many, starts

MANY = 10
"""Plans that are started at once in each of two workspaces."""
WAYS = pytest.mark.parametrize("http", [True, False], ids=["http", "socket"])


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        yield made


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


async def test_what_was_written_stays_in_its_form_when_it_was_removed_meanwhile(
    fake: FakeSlack, tmp_path: Path
) -> None:
    async with serving_many(fake, tmp_path) as many:
        await many.browser.installs(fake.team)
        ana = fake.user("Ana")
        await ana.command("/coplan start")
        await many.run.settle()
        ana.filling.fill("What are you planning?", "Rivers, thought out at length")
        await many.told(fake.team, {"type": "app_uninstalled"})
        await ana.submits()
        assert ana.modal is not None
        assert list(ana.filling.errors.values()) == [ABSENT["text"]]


async def test_a_click_when_it_was_removed_is_answered(fake: FakeSlack, tmp_path: Path) -> None:
    async with serving_many(fake, tmp_path) as many:
        await many.browser.installs(fake.team)
        ana = fake.user("Ana")
        fake.user("Ben")
        await starts(many.run, ana)
        await many.told(fake.team, {"type": "app_uninstalled"})
        card = next(m for m in ana.channel.messages if m.metadata)
        ana.goes("planning", card.ts)
        await ana.clicks("My next steps")
        await many.run.settle()
        assert ana.sees("Only visible to you", within=ABSENT["text"])


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


@pytest.mark.parametrize("when", [10**15, -(10**15), 10**400, None, "now", True, 1.5])
async def test_an_instant_that_is_none_is_now(
    fake: FakeSlack, tmp_path: Path, when: object
) -> None:
    async with serving_many(fake, tmp_path) as many:
        await many.browser.installs(fake.team)
        await many.told(fake.team, {"type": "app_uninstalled"}, event_time=when)
        assert await many.installed() == []


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
            for n in range(MANY)
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
        assert stored == [MANY - absent, MANY], "what was taken is kept, what was not was told"
        threads = [m for m in other.channel.messages if m.metadata and not m.only_for]
        assert len(threads) == MANY
        assert await many.installed() == [f"slack:{second.team.id}"]
