"""The bookmark to a plan, at the top of its channel: as people find it, and where it cannot be."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.faults import LIMITED, LOST_BEFORE, Fault
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.user import SlackUser
from tests.support.slack_house import Running, running

CARD = "Rivers"


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as made:
        yield made
        assert made.problems() == []


def titles(fake: FakeSlack) -> list[str]:
    return [each["title"] for each in fake.channel("planning").bookmarks]


async def starts(run: Running, title: str = CARD) -> SlackUser:
    """Let Ana start a plan and stand in its thread."""
    ana = run.fake.user("Ana")
    ana.goes("planning")
    await ana.command(f'/coplan start "{title}"')
    await run.settle()
    roots = [m for m in ana.channel.messages if not m.only_for and not m.thread]
    ana.goes("planning", roots[-1].ts)
    return ana


async def renames(run: Running, ana: SlackUser, title: str) -> None:
    await does(run, ana, "Rename")
    ana.filling.fill("New title", title)
    await ana.submits()
    await run.settle()


async def does(run: Running, ana: SlackUser, label: str) -> None:
    """Use something of the plan's menu."""
    for each in ("More…", label):
        await ana.clicks(each)
        await run.settle()


async def test_it_follows_the_plan(fake: FakeSlack, tmp_path: Path) -> None:
    async with running(fake, tmp_path / "coplan.db") as run:
        ana = await starts(run)
        assert titles(fake) == ["Rivers"]
        await renames(run, ana, "Streams")
        assert titles(fake) == ["Streams"]
        await does(run, ana, "Archive")
        assert titles(fake) == []
        await ana.clicks("Reopen the plan")
        await run.settle()
        assert titles(fake) == ["Streams"]
        (bookmark,) = fake.channel("planning").bookmarks
        assert ana.thread.replace(".", "") in bookmark["link"]


async def test_it_is_found_again_by_the_next_process(fake: FakeSlack, tmp_path: Path) -> None:
    async with running(fake, tmp_path / "coplan.db") as run:
        await starts(run, "Lakes")
        ana = await starts(run)
    link = {"title": "School", "link": "https://example.org", "type": "link", "id": "Bk1"}
    fake.channel("planning").bookmarks.append(link)
    async with running(fake, tmp_path / "coplan.db") as run:
        await renames(run, ana, "Streams")
        assert titles(fake) == ["Lakes", "Streams", "School"]
        await renames(run, ana, "Brooks")
    assert titles(fake) == ["Lakes", "Brooks", "School"]
    assert fake.api.counts["bookmarks.list"] == 1, "asked for once, for the whole channel"


async def test_one_that_people_took_away_stays_away(fake: FakeSlack, tmp_path: Path) -> None:
    async with running(fake, tmp_path / "coplan.db") as run:
        ana = await starts(run)
        fake.channel("planning").bookmarks.clear()
        await renames(run, ana, "Streams")
        await does(run, ana, "Archive")
        await ana.clicks("Reopen the plan")
        await run.settle()
        assert titles(fake) == []
        assert ana.sees("Streams")


async def test_without_leave_to_find_it_stays_as_it_is(fake: FakeSlack, tmp_path: Path) -> None:
    fake.team.scopes.remove("bookmarks:read")
    async with running(fake, tmp_path / "coplan.db") as run:
        await renames(run, await starts(run), "Streams")
    assert titles(fake) == ["Rivers"]


async def test_without_leave_there_is_none(fake: FakeSlack, tmp_path: Path) -> None:
    fake.team.scopes.remove("bookmarks:write")
    async with running(fake, tmp_path / "coplan.db") as run:
        await renames(run, await starts(run), "Streams")
    assert titles(fake) == []
    assert not [name for name in fake.api.counts if name.startswith("bookmarks")]


@pytest.mark.parametrize("method", ["bookmarks.add", "bookmarks.list", "bookmarks.edit"])
@pytest.mark.parametrize("fault", [LIMITED, LOST_BEFORE, Fault(answer="error", error="too_many")])
async def test_the_plan_stands_whatever_becomes_of_it(
    fake: FakeSlack, tmp_path: Path, method: str, fault: Fault
) -> None:
    fake.faults.next(method, *[fault] * 9)
    async with running(fake, tmp_path / "coplan.db") as run:
        ana = await starts(run)
        await renames(run, ana, "Streams")
        cards = [m for m in ana.channel.messages if not m.only_for and not m.thread]
        assert [m.blocks[0]["text"]["text"] for m in cards] == ["Streams"]
        posted = [each for each in fake.api.made if each.method == "chat.postMessage"]
        assert len(posted) == 2, "the card and the news: nothing was sent again"
