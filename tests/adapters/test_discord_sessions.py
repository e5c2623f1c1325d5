"""Agreed sessions among a server's events: only where everybody may know of them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.ids import WorkspaceId
from bot.domain.places import Place, PlaceKind
from bot.ui.cards import Appointment, Card
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.permissions import Permission
from tests.support.discord.world import Json
from tests.support.discord_house import Running, running
from tests.support.faults import BROKEN_AFTER, LOST_AFTER, UNAVAILABLE, Fault

START = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)  # noqa: TID251 - Discord's own clock is real
WHEN = Appointment(
    title="Agree on the map (Rivers)",
    start=START,
    end=START + timedelta(minutes=45),
    where="Library",
)
PROPOSED = Card(title="Session: Agree on the map", summary="Agree on the map")
AGREED = replace(PROPOSED, appointment=WHEN)
CREATED = "POST /guilds/{guild_id}/scheduled-events"
REMOVED = "DELETE /guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}"


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with fake_discord() as made:
        made.guild.allowed |= {Permission.CREATE_EVENTS}
        made.user("Ana")
        yield made


@pytest.fixture
async def run(fake: FakeDiscord, tmp_path: Path) -> AsyncIterator[Running]:
    async with running(fake, tmp_path / "coplan.db") as made:
        yield made
    assert fake.problems() == []


def place(fake: FakeDiscord) -> Place:
    kind = PlaceKind.CHANNEL
    return Place(platform="discord", kind=kind, channel=fake.channel("planning").id)


def events(fake: FakeDiscord) -> list[Json]:
    return list(fake.guild.events.values())


async def test_an_agreed_session_stands_among_the_events_and_goes_with_the_agreement(
    run: Running, fake: FakeDiscord
) -> None:
    messenger = await run.discord.messengers.within(run.workspace)
    message = await messenger.post(place(fake), PROPOSED, "item:1")
    assert events(fake) == []
    await messenger.edit(message, AGREED, "item:1")
    (event,) = events(fake)
    link = f"https://discord.com/channels/{fake.guild.id}/{place(fake).channel}/{message.message}"
    assert (event["name"], event["description"]) == ("Agree on the map (Rivers)", link)
    assert datetime.fromisoformat(event["scheduled_start_time"]) == START
    assert datetime.fromisoformat(event["scheduled_end_time"]) == START + timedelta(minutes=45)
    assert event["entity_metadata"] == {"location": "Library"}
    await messenger.edit(message, AGREED, "item:1")
    elsewhere = replace(AGREED, appointment=replace(WHEN, where="", title="x" * 200))
    await messenger.edit(message, elsewhere, "item:1")
    (event,) = events(fake)
    assert event["entity_metadata"]["location"] == link[:100]
    assert len(event["name"]) == 100
    await messenger.edit(message, PROPOSED, "item:1")
    assert events(fake) == []
    changes = [name for name in fake.api.counts.elements() if "scheduled-events" in name]
    assert sorted(name.split()[0] for name in changes) == ["DELETE", "GET", "PATCH", "POST"]


async def test_after_a_restart_the_event_that_stands_is_found_again(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(fake, tmp_path / "coplan.db") as run:
        messenger = await run.discord.messengers.within(run.workspace)
        message = await messenger.post(place(fake), AGREED, "item:1")
    async with running(fake, tmp_path / "coplan.db") as run:
        messenger = await run.discord.messengers.within(run.workspace)
        await messenger.edit(message, AGREED, "item:1")
        assert len(events(fake)) == 1
        assert fake.api.counts[CREATED] == 1
        await messenger.edit(message, PROPOSED, "item:1")
        assert events(fake) == []
    assert fake.problems() == []


async def test_an_event_that_an_admin_removed_is_not_made_again(
    run: Running, fake: FakeDiscord
) -> None:
    messenger = await run.discord.messengers.within(run.workspace)
    message = await messenger.post(place(fake), AGREED, "item:1")
    fake.guild.events.clear()
    later = replace(AGREED, appointment=replace(WHEN, where="Room 4"))
    await messenger.edit(message, later, "item:1")
    await messenger.edit(message, PROPOSED, "item:1")
    assert events(fake) == []
    assert fake.api.counts[CREATED] == 1
    fake.api.made.clear()  # both were refused, and that is as it should be


async def test_in_a_channel_that_not_everybody_sees_nothing_is_told_to_everybody(
    run: Running, fake: FakeDiscord
) -> None:
    fake.channel("planning").private = True
    messenger = await run.discord.messengers.within(run.workspace)
    await messenger.post(place(fake), AGREED, "item:1")
    assert events(fake) == []


async def test_where_events_may_not_be_made_nothing_is_tried(
    run: Running, fake: FakeDiscord
) -> None:
    fake.guild.allowed -= {Permission.CREATE_EVENTS}
    messenger = await run.discord.messengers.within(run.workspace)
    message = await messenger.post(place(fake), AGREED, "item:1")
    await messenger.edit(message, PROPOSED, "item:1")
    assert not [name for name in fake.api.counts if "scheduled-events" in name]
    assert fake.api.counts["GET /users/@me/guilds"] == 1, "and it is asked once"


async def test_a_message_stands_although_its_event_cannot_be_made(
    run: Running, fake: FakeDiscord
) -> None:
    fake.faults.every(CREATED, 1, UNAVAILABLE)
    messenger = await run.discord.messengers.within(run.workspace)
    message = await messenger.post(place(fake), AGREED, "item:1")
    assert fake.channel("planning").find(message.message) is not None
    assert events(fake) == []


@pytest.mark.parametrize("fault", [UNAVAILABLE, LOST_AFTER])
async def test_an_event_that_could_not_be_removed_goes_with_the_server_s_next_edit(
    run: Running, fake: FakeDiscord, fault: Fault
) -> None:
    messenger = await run.discord.messengers.within(run.workspace)
    message = await messenger.post(place(fake), AGREED, "item:1")
    other = await messenger.post(place(fake), PROPOSED, "item:2")
    fake.faults.next(REMOVED, fault)
    await messenger.edit(message, PROPOSED, "item:1")
    await messenger.edit(other, PROPOSED, "item:2")
    assert events(fake) == []
    tries = fake.api.counts[REMOVED]
    await messenger.edit(other, PROPOSED, "item:2")
    assert fake.api.counts[REMOVED] == tries
    fake.api.made.clear()  # it was gone already where the answer was lost


async def test_a_session_of_a_plan_that_lives_on_another_platform(
    run: Running, fake: FakeDiscord
) -> None:
    messenger = await run.discord.messengers.within(WorkspaceId("slack:T1"))
    message = await messenger.post(place(fake), PROPOSED, "item:1")
    await messenger.edit(message, AGREED, "item:1")
    (event,) = events(fake)
    assert event["name"] == "Agree on the map (Rivers)"
    await messenger.edit(message, PROPOSED, "item:1")
    assert events(fake) == []


@pytest.mark.parametrize("fault", [BROKEN_AFTER, LOST_AFTER], ids=["error", "lost"])
async def test_an_event_whose_making_nobody_heard_of_is_found_and_not_made_twice(
    run: Running, fake: FakeDiscord, fault: Fault
) -> None:
    fake.faults.next(CREATED, fault)
    messenger = await run.discord.messengers.within(run.workspace)
    message = await messenger.post(place(fake), AGREED, "item:1")
    assert len(events(fake)) == 1
    await messenger.edit(message, AGREED, "item:1")
    assert len(events(fake)) == 1
    await messenger.edit(message, PROPOSED, "item:1")
    assert events(fake) == []
    assert fake.api.counts[CREATED] == 1


async def test_an_event_that_could_not_be_changed_or_removed_follows_with_the_next_edit(
    run: Running, fake: FakeDiscord
) -> None:
    refused = Fault(answer="error", error="50013", status=403)
    messenger = await run.discord.messengers.within(run.workspace)
    message = await messenger.post(place(fake), AGREED, "item:1")
    for each in ("PATCH", "DELETE"):
        fake.faults.next(f"{each} {CREATED.split()[1]}/{{guild_scheduled_event_id}}", refused)
    later = replace(AGREED, appointment=replace(WHEN, where="Room 4"))
    for where in ("Library", "Room 4"):
        await messenger.edit(message, later, "item:1")
        assert events(fake)[0]["entity_metadata"] == {"location": where}
    for left in (1, 0):
        await messenger.edit(message, PROPOSED, "item:1")
        assert len(events(fake)) == left
