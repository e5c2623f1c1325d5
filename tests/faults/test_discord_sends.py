"""What is told in Discord is shown once, in ways that only Discord has."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.discord.pacing import Buckets
from tests.support.discord.web import POST
from tests.support.discord.world import Channel, Kind
from tests.support.discord_house import Running
from tests.support.discord_sending import GARBLED_AFTER, sending
from tests.support.examples import cases
from tests.support.faults import BROKEN_AFTER, LOST_AFTER, Fault
from tests.support.sending import title

THREAD = "POST /channels/{channel_id}/messages/{message_id}/threads"


@pytest.mark.parametrize(
    ("code", "status"),
    cases([(20016, 403), (20028, 403), (40003, 403), (40062, 429), (110001, 400), (130000, 503)]),
)
async def test_what_passes_by_itself_is_waited_for(tmp_path: Path, code: int, status: int) -> None:
    async with sending(tmp_path / "coplan.db") as discord:
        busy = Fault(answer="error", error=str(code), status=status)
        over = discord.clock.now() + timedelta(seconds=45)
        discord.fake.faults.when(POST, lambda _: busy if discord.clock.now() < over else None)
        await discord.start_plans(4)
        await discord.until_sent(40)
        assert discord.shown().total() == 0
        asked = [each for each in discord.fake.api.made if each.outcome == "error"]
        assert 1 <= len(asked) <= 4 * 6, "it is asked again, and not all the time"
        await discord.until_sent(200)
        assert discord.shown() == {title(n): 1 for n in range(4)}


async def test_an_address_that_is_refused_is_silent(tmp_path: Path) -> None:
    """A 429 that is not from Discord's API: whoever goes on is banned for longer."""
    async with sending(tmp_path / "coplan.db") as discord:
        banned = Fault(answer="banned", retry_after=60)
        over = discord.clock.now() + timedelta(seconds=60)
        discord.fake.faults.when(POST, lambda _: banned if discord.clock.now() < over else None)
        await discord.start_plans(16)
        await discord.until_sent(55)
        asked = [each for each in discord.fake.api.made if each.outcome == "banned"]
        assert 1 <= len(asked) <= 16, "those that were on their way, and then none"
        assert max(each.at for each in asked) == min(each.at for each in asked)
        open_again(discord.run)
        await discord.until_sent(40)
        assert discord.shown() == {title(n): 1 for n in range(16)}
        assert discord.cards() == 16


def open_again(run: Running) -> None:
    """Let requests go again although it is not yet time by the real clock."""
    buckets = run.discord.connection.http()._buckets  # noqa: SLF001 - nothing public leads to it
    assert isinstance(buckets, Buckets)
    buckets.gate.until = 0.0


async def test_a_limit_for_everything_is_met_once(tmp_path: Path) -> None:
    """Of ten thousand refusals Discord makes a ban: the other channels do not try, too."""
    async with sending(tmp_path / "coplan.db") as discord:
        discord.fake.faults.next(POST, Fault(answer="limited", everywhere=True, retry_after=30))
        await discord.start_plans(1)
        await discord.settle()
        before = len(discord.fake.api.made)
        await discord.start_plans(8)
        await discord.settle()
        answers = "POST /interactions/{interaction_id}/{interaction_token}/callback"
        assert {each.name for each in discord.fake.api.made[before:]} == {answers}
        assert all(each.troubles == [] for each in discord.fake.people.values())
        open_again(discord.run)
        await discord.until_sent(40)
        assert discord.shown().total() == 9


async def test_a_page_in_the_place_of_an_answer(tmp_path: Path) -> None:
    """Whoever stands before Discord says 200, and nobody knows what became of it."""
    async with sending(tmp_path / "coplan.db") as discord:
        discord.fake.faults.every(POST, 2, GARBLED_AFTER)
        discord.fake.faults.next(THREAD, GARBLED_AFTER)
        await discord.start_plans(8)
        await discord.until_sent(60)
        assert discord.shown() == {title(n): 1 for n in range(8)}
        assert discord.cards() == 8


@pytest.mark.parametrize("fault", [BROKEN_AFTER, LOST_AFTER], ids=["error", "lost"])
async def test_a_forum_has_one_post_of_a_plan(tmp_path: Path, fault: Fault) -> None:
    """Discord knows no nonce of a post: none is sent again before it was looked for."""
    async with sending(tmp_path / "coplan.db") as discord:
        forum = discord.fake.world.channel(discord.fake.guild, "projects", Kind.FORUM)
        asked = discord.fake.world.id()
        discord.fake.world.channels[asked] = Channel(
            id=asked,
            name="Where shall we start?",
            kind=Kind.THREAD,
            guild=discord.fake.guild.id,
            parent=forum.id,
            owner="1",
        )
        discord.fake.faults.next("POST /channels/{channel_id}/threads", fault)
        ana = discord.fake.user("Ana")
        ana.goes(forum, asked)
        await ana.command('/coplan start "Rivers" short-form', thread=asked)
        await discord.until_sent(60)
        assert discord.shown()["Rivers"] == 1


async def test_a_gateway_error_after_the_post(tmp_path: Path) -> None:
    """discord.py asks again by itself after a 502: the nonce makes it one message."""
    async with sending(tmp_path / "coplan.db") as discord:
        discord.fake.faults.every(POST, 4, BROKEN_AFTER)
        await discord.start_plans(5)
        await discord.until_sent(3)
        assert discord.shown() == {title(n): 1 for n in range(5)}
        assert discord.cards() == 5
        assert discord.fake.api.counts[POST] > 5
