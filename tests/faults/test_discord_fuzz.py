"""10,000 spoilt events of every kind that comes in: nothing breaks, and nothing changes."""

import asyncio
import copy
import random  # noqa: TID251 - seeded
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import structlog

from tests.support.discord import payloads
from tests.support.discord.fake import FakeDiscord
from tests.support.discord.world import Interaction, Json
from tests.support.examples import IN_CI
from tests.support.mutating import Where, paths, spoilt
from tests.support.stored import changed, state
from tests.support.talk.discord import DiscordStage, discord_stage
from tests.support.talk.school import tells_timetable

MANY = 10_000 if IN_CI else 1_000
BATCH = 25
"""Events delivered at once."""
INTERACTION, MESSAGE = "INTERACTION_CREATE", "MESSAGE_CREATE"
AUTOCOMPLETE = 4
EFFECTS: dict[str, set[Where]] = {
    INTERACTION: {
        ("id",), ("type",), ("data",), ("data", "name"), ("data", "custom_id"),
        ("data", "options"), ("data", "options", 0),
        ("data", "options", 0, "name"), ("member",), ("member", "user"), ("member", "user", "id"),
        ("user",), ("user", "id"), ("application_id",), ("token",),
    },
    MESSAGE: {("id",), ("author",), ("author", "id"), ("channel_id",)},
}  # fmt: skip
"""What an act cannot do without, by its event."""
OTHERWISE = {"global_name", "nick", "username", "guild_id"}
"""What makes another thing of an event: somebody of another name, or words said directly."""

Event = tuple[str, Json, str]


@dataclass(slots=True)
class Recording:
    """Keeps a copy of every interaction and message of a person's."""

    fake: FakeDiscord
    kept: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fake.world.emit = self.emit

    def emit(self, event: str, data: Json, guild: str) -> None:
        bot = self.fake.world.app.id
        if event == INTERACTION or (event == MESSAGE and data["author"]["id"] != bot):
            self.kept.append((event, copy.deepcopy(data), guild))
        self.fake.gateway.emit(event, data, guild)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[DiscordStage]:
    async with discord_stage(tmp_path) as made:
        yield made
        made.fake.api.made.clear()  # what spoilt events made Coplan ask for


async def samples(stage: DiscordStage) -> list[Event]:
    """Return events of every kind, from a day of two people."""
    kept = Recording(stage.fake)
    ana, ben = await stage.person("Ana"), await stage.person("Ben")
    await tells_timetable(ana, first=True)
    await ana.says('/coplan start "Rivers" @Ben')
    await ben.opens("Rivers")
    await ben.clicks("My next steps")
    await ana.opens("Rivers")
    await ana.chooses("Open a step", "Develop the form")
    await ana.clicks("Fill in: What shall we plan?")
    await ana.fills(**{"What shall we plan?": "A week at the river"})
    await ana.submits()
    await ana.says("/coplan next", thread=True)
    await stage.after(ana.user.mentions("next", ana.user.thread))
    await ben.opens("planning")
    await ben.says("/coplan start")
    await ben.fills(**{"What are you planning?": "Lakes", "With whom?": "Ana"})
    await ben.submits()
    await ben.opens("Coplan")
    await ben.says("timetable", ("mine.csv", b"Day;Period;Subject\nA;P1;Maths"))
    await ben.opens("planning")
    await stage.after(ben.user.menu("Plan with", "Ana"))
    await ben.dismisses_form()
    await ana.opens("planning")
    await ana.says("Bring nets, @Ben", ("nets.txt", b"12"))
    await ben.picks("Bring nets")
    await ben.fills(**{"Which plan?": "Lakes", "As what?": "A decision"})
    await ben.submits()
    await ben.form_closes()
    await stage.after(ben.user.suggested("/coplan plan", "plan", "Riv"))
    stage.fake.world.emit = stage.fake.gateway.emit
    return kept.kept


def fresh(stage: DiscordStage, event: str, data: Json) -> Json:
    """Return the event as if it were another one, which was never there before."""
    made, world = copy.deepcopy(data), stage.fake.world
    made["id"] = world.id()
    if event == INTERACTION:
        made["token"] = f"again{made['id']}"
        before = world.interactions[data["token"]]
        world.interactions[made["token"]] = Interaction(
            id=made["id"],
            token=made["token"],
            type=before.type,
            user=before.user,
            channel=before.channel,
            source=before.source,
            begun=world.monotonic(),
        )
    return made


async def delivered(stage: DiscordStage, batch: list[Event]) -> float:
    """Deliver events at once; return in how many seconds all was done."""
    begun = time.monotonic()
    for event in batch:
        stage.fake.gateway.emit_as_is(*event)
    await stage.quiet()
    return time.monotonic() - begun


async def unchanged(
    stage: DiscordStage, path: Path, make: Callable[[], tuple[Event, Where]]
) -> None:
    """Deliver many spoilt events: none changes a thing, nothing breaks, and Coplan stays."""
    before, opened = state(path), stage.fake.gateway.opened
    slowest = 0.0
    with structlog.testing.capture_logs() as logs:
        for _ in range(MANY // BATCH):
            made = [make() for _ in range(BATCH)]
            slowest = max(slowest, await delivered(stage, [event for event, _ in made]))
            assert changed(before, path) == [], [(event[0], at) for event, at in made]
    broken = [e for e in logs if e["log_level"] in {"error", "critical"}]
    assert broken == []
    assert stage.fake.gateway.opened == opened, "the connection was not lost"
    print(f"{MANY} events, the slowest {BATCH} done after {slowest:.2f} s")


async def test_spoilt_events_of_what_was_done_already(stage: DiscordStage, tmp_path: Path) -> None:
    """Whatever else is spoilt, an event that has taken effect takes none again."""
    rng = random.Random(11)
    known = await samples(stage)
    path = tmp_path / "discord.db"
    await stage.is_down_until("07:30")  # what is remembered now is remembered in the store
    before = state(path)
    await delivered(stage, known)
    assert set(changed(before, path)) <= {"drafts"}, "where people talk to the bot is kept there"

    def make() -> tuple[Event, Where]:
        event, data, guild = rng.choice(known)
        where = rng.choice([at for at in paths(data) if at[-1] not in OTHERWISE])
        bad, where = spoilt(rng, data, where)
        return (event, bad, guild), where

    await unchanged(stage, path, make)


async def test_spoilt_events_that_never_came_before(stage: DiscordStage, tmp_path: Path) -> None:
    """Of every act a part is spoilt that it cannot do without."""
    rng = random.Random(12)
    known = [each for each in await samples(stage) if each[1].get("type") != AUTOCOMPLETE]

    def make() -> tuple[Event, Where]:
        event, data, guild = rng.choice(known)
        where = rng.choice([at for at in paths(data) if at in EFFECTS[event]])
        bad, at = spoilt(rng, fresh(stage, event, data), where)
        return (event, bad, guild), at

    await unchanged(stage, tmp_path / "discord.db", make)
    whole = [(event, fresh(stage, event, data), guild) for event, data, guild in known]
    before = state(tmp_path / "discord.db")
    await delivered(stage, whole)
    assert changed(before, tmp_path / "discord.db"), "whole ones do take effect"


async def test_spoilt_events_of_places_and_people(stage: DiscordStage) -> None:
    """Whatever Discord tells of servers, channels and threads: Coplan goes on."""
    rng = random.Random(13)
    ana = await stage.person("Ana")
    await ana.says('/coplan start "Rivers"')
    fake = stage.fake
    opened = fake.gateway.opened
    thread = payloads.channel(fake.world, fake.channel("Rivers"))
    channel = payloads.channel(fake.world, fake.channel("planning"))
    guild = payloads.guild(fake.world, fake.guild)
    gone, bot = {"id": fake.guild.id, "unavailable": True}, fake.world.app.id
    events = {
        "GUILD_CREATE": guild, "GUILD_UPDATE": guild, "GUILD_DELETE": gone,
        "CHANNEL_CREATE": channel, "CHANNEL_UPDATE": channel, "CHANNEL_DELETE": channel,
        "THREAD_CREATE": thread, "THREAD_UPDATE": thread, "THREAD_DELETE": thread,
        "GUILD_ROLE_UPDATE": {"guild_id": guild["id"], "role": guild["roles"][0]},
        "MESSAGE_DELETE": {"id": "1", "channel_id": channel["id"], "guild_id": guild["id"]},
        "GUILD_SOMETHING_NEW": {"id": "1"},
        "GUILD_MEMBER_UPDATE": {"guild_id": guild["id"], "user": {"id": bot}, "roles": ["1"]},
    }  # fmt: skip
    with structlog.testing.capture_logs() as logs:
        for _ in range(MANY // BATCH):
            for _ in range(BATCH):
                event = rng.choice(list(events))
                fake.gateway.emit_as_is(event, spoilt(rng, events[event])[0], fake.guild.id)
            await fake.gateway.caught_up()
    unread = {e["event"] for e in logs if e["log_level"] in {"error", "critical"}}
    assert unread <= {"discord_event_unread"}, "told in the log, and nothing else"
    assert fake.gateway.opened == opened, "the connection was not lost"
    await asyncio.sleep(0)
    await ana.says("/coplan next")
    await ana.sees("What shall we plan?")
