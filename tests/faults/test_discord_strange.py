"""Discord answers, and yet otherwise than it should: what was asked for is done, or told."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from adapters.discord.client import LARGEST
from adapters.discord.pacing import LONGEST
from bot.domain.places import Place, PlaceKind
from bot.runtime.ports import NotDelivered, OutcomeUnknown
from tests.support.discord.fake import fake_discord
from tests.support.discord.routes import Answer
from tests.support.discord.world import Json
from tests.support.discord_house import running
from tests.support.discord_sending import sending
from tests.support.examples import cases
from tests.support.faults import Fault
from tests.support.sending import title

CHANNEL = "GET /channels/{channel_id}"
THREAD = "POST /channels/{channel_id}/messages/{message_id}/threads"
MEMBER = "GET /guilds/{guild_id}/members/{user_id}"
HISTORY = "GET /channels/{channel_id}/messages"
PATIENCE = 20.0
NO_LIST: list[Any] = [None, ["x"], 5, "words", True]
STRANGE: list[Any] = [*NO_LIST, []]


@pytest.mark.parametrize("told", cases(STRANGE), ids=repr)
async def test_what_somebody_does_is_done_although_nothing_useful_is_told_of_the_place(
    tmp_path: Path, told: object
) -> None:
    """Whoever answers for Discord tells of channels and people in no shape that makes sense."""
    async with fake_discord() as fake, running(fake, tmp_path / "coplan.db") as run:
        ana, ben = fake.user("Ana"), fake.user("Ben")
        emit = fake.world.emit

        def bare(event: str, data: Json, guild: str) -> None:
            resolved = {"data": {**data["data"], "resolved": {}}} if "data" in data else {}
            kept = {key: value for key, value in data.items() if key != "channel"}
            emit(event, kept | resolved if event == "INTERACTION_CREATE" else data, guild)

        def strange(name: str, answer: Answer) -> Answer:
            return cast("Answer", told) if name in {CHANNEL, MEMBER} else answer

        fake.world.emit, fake.api.shaped = bare, strange
        assert (await ana.command('/coplan start "Rivers" @Ben')).acknowledged
        await run.settle()
        assert [each.name for each in fake.world.threads(ana.channel.id)] == ["Rivers"]
        assert ana.troubles == []
        assert ben.troubles == []


@pytest.mark.parametrize("told", cases(NO_LIST), ids=repr)
async def test_a_history_of_another_shape_is_not_taken_for_an_empty_one(
    tmp_path: Path, told: object
) -> None:
    """What was shown already would be shown again."""
    async with fake_discord() as fake, running(fake, tmp_path / "coplan.db") as run:

        def strange(name: str, answer: Answer) -> Answer:
            return cast("Answer", told) if name == HISTORY else answer

        fake.api.shaped = strange
        place = Place(
            platform="discord", kind=PlaceKind.CHANNEL, channel=fake.channel("planning").id
        )
        messenger = await run.discord.messengers.within(run.workspace)
        with pytest.raises(OutcomeUnknown):
            await messenger.find(
                place, "a key", run.discord.outside.clock.now() - timedelta(hours=1)
            )


async def test_who_gives_up_during_a_limit_for_all_leaves_the_others(tmp_path: Path) -> None:
    """discord.py lets all wait for the call that ran into it, which may be cancelled meanwhile."""
    async with fake_discord() as fake, running(fake, tmp_path / "coplan.db") as run:
        fake.faults.next(CHANNEL, Fault(answer="limited", everywhere=True, retry_after=1.5))
        place, api = fake.channel("planning").id, run.discord.outside.api
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await api.call("GET", "/channels/{channel_id}", channel_id=place)
        async with asyncio.timeout(PATIENCE):
            found = await api.call("GET", "/channels/{channel_id}", channel_id=place)
        assert found["id"] == place


async def test_nobody_is_kept_waiting_for_days(tmp_path: Path) -> None:
    async with fake_discord() as fake, running(fake, tmp_path / "coplan.db") as run:
        fake.faults.next(CHANNEL, Fault(answer="limited", retry_after=1e9))
        place, api = fake.channel("planning").id, run.discord.outside.api
        with pytest.raises(NotDelivered) as caught:
            await api.call("GET", "/channels/{channel_id}", channel_id=place)
        assert caught.value.retry_after == LONGEST


async def test_an_answer_without_an_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    async with fake_discord() as fake, running(fake, tmp_path / "coplan.db") as run:
        place, api = fake.channel("planning").id, run.discord.outside.api
        fake.api.shaped = lambda _, __: {"id": place, "name": "x" * LARGEST}
        with pytest.raises(OutcomeUnknown):
            await api.one("/channels/{channel_id}", channel_id=place)
        fake.api.shaped = lambda _, told: told
        assert (await api.one("/channels/{channel_id}", channel_id=place))["id"] == place


@pytest.mark.parametrize("done", [False, True])
async def test_a_thread_of_which_nothing_is_told_is_begun_once(
    tmp_path: Path, *, done: bool
) -> None:
    """Whoever answers for Discord says that all is well, and no more."""
    async with sending(tmp_path / "coplan.db") as discord:
        discord.fake.faults.next(THREAD, Fault(answer="status", status=204, done=done))
        await discord.start_plans(2)
        await discord.until_sent(120)
        assert discord.shown() == {title(n): 1 for n in range(2)}
        assert discord.cards() == 2
