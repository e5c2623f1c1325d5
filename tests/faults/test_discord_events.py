"""Discord at its worst: what was done takes effect once, what is told is shown once."""

import asyncio
import random  # noqa: TID251 - seeded
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.discord.service import open_discord
from bot.chat.inbound import Inbound
from bot.chat.router import Handler
from bot.main import SystemClock
from bot.platforms import discord_house, users_on
from bot.runtime.service import Service
from bot.ui.replies import Reply
from storage.holding import hold
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.user import DiscordUser
from tests.support.discord.world import Json, Kind
from tests.support.discord_house import known, settings
from tests.support.examples import IN_CI, examples

PEOPLE = ("Ana", "Ben", "Cy", "Dee", "Eve", "Fay", "Gus", "Hal")
GUILDS = 4
"""A server holds a thousand threads."""
AT_ONCE = 40
CONNECTIONS = 2
"""Of one and the same shard: Discord tells each of everything."""
PATIENCE = 240.0
"""Seconds: on a slow machine much has piled up until then."""
TWICE = 0.2
"""How often an event comes again, as it does to whoever resumes a session with an old number."""


async def test_interactions_again_and_over_connections_that_break(tmp_path: Path) -> None:
    many = examples(1_000)
    async with fake_discord(seed=4) as fake:
        told = Again(fake, random.Random(5))
        acknowledged = await storm(fake, tmp_path / "coplan.db", many)
        assert len(acknowledged) > many / 5, "hardly anything was answered"
        shown = threads(fake)
        assert [title for title in acknowledged if shown[title] != 1] == [], "0 lost, 0 twice"
        assert [title for title, count in shown.items() if count > 1] == [], "0 twice"
        assert whole(fake), "no card without its thread"
        assert told.again > 0.1 * many
        assert fake.gateway.resumed > CONNECTIONS, "sessions were resumed"
        assert (fake.gateway.identified > CONNECTIONS) == IN_CI, "sessions were lost"
        print(
            f"{many} interactions, {len(acknowledged)} answered in time, {told.again} came again,"
            f" {fake.gateway.resumed} sessions resumed, {fake.gateway.identified} begun"
        )


async def test_the_equipment_finds_interactions_that_count_twice(tmp_path: Path) -> None:
    async with fake_discord(seed=4) as fake:
        Again(fake, random.Random(5), often=1.0)
        await storm(fake, tmp_path / "coplan.db", 40, Forgetful)
        assert max(threads(fake).values()) > 1


class Forgetful(Handler):
    """A house that takes every delivery for a new one."""

    def __init__(self, house: Handler) -> None:
        self._house = house

    async def handle(self, inbound: Inbound) -> Reply:
        return await self._house.handle(replace(inbound, key=""))


@dataclass(slots=True)
class Again:
    """Lets events come again, a moment later or long after they were answered."""

    fake: FakeDiscord
    rng: random.Random
    often: float = TWICE
    again: int = 0

    def __post_init__(self) -> None:
        self.fake.world.emit = self.emit

    def emit(self, event: str, data: Json, guild: str) -> None:
        self.fake.gateway.emit(event, data, guild)
        if event == "INTERACTION_CREATE" and self.rng.random() < self.often:
            self.again += 1
            later = self.rng.choice((0.0, 0.005, 0.05, 1.0))
            loop = asyncio.get_running_loop()
            loop.call_later(later, self.fake.gateway.emit, event, data, guild)


async def storm(
    fake: FakeDiscord, path: Path, many: int, house: Callable[[Handler], Handler] = lambda it: it
) -> list[str]:
    """Let people start plans while connections break; return which were answered in time."""
    rng = random.Random(4)
    people = [who for number in range(GUILDS) for who in server(fake, number)]
    async with listening(fake, path, house) as service:
        answered = asyncio.Semaphore(0)
        breaking = asyncio.create_task(breaks(fake, rng, answered))
        acknowledged = await all_act(people, rng, many, answered)
        breaking.cancel()
        await fake.breaks.connected(CONNECTIONS, within=PATIENCE)
        await asyncio.sleep(1.5)  # until what comes again has come
        await service.settle()
        async with asyncio.timeout(PATIENCE):
            while set(acknowledged) - set(threads(fake)) or not whole(fake):
                await asyncio.sleep(0.1)
                await service.settle()
    return acknowledged


def server(fake: FakeDiscord, number: int) -> list[DiscordUser]:
    """Return the people of a server, the first one's or a new one's."""
    here = fake
    if number:
        here = fake.within(fake.world.guild(f"school {number}"))
        fake.world.channel(here.guild, "planning")
    return [here.user(f"{name} {number}") for name in PEOPLE]


async def breaks(fake: FakeDiscord, rng: random.Random, answered: asyncio.Semaphore) -> None:
    """Break a connection after every few answers; now and then, in CI, lose the sessions, too."""
    ways = (fake.breaks.cut, fake.breaks.reconnect, lambda: fake.breaks.invalidate(resumable=True))
    count = 0
    while True:
        for _ in range(rng.randint(2, 8)):
            await answered.acquire()
        count += 1
        if IN_CI and count % 40 == 8:
            fake.breaks.lose_sessions()
            await fake.breaks.connected(CONNECTIONS, within=PATIENCE)
        else:
            rng.choice(ways)()


async def all_act(
    people: Sequence[DiscordUser], rng: random.Random, many: int, told: asyncio.Semaphore
) -> list[str]:
    """Let people start plans, many at once; return the titles that were answered in time.

    Whoever sees no connection waits for it, as they would for a sign of life; what they did when
    it broke may be lost, and then they are told that it failed. ``told``: released at each answer.
    """
    limit = asyncio.Semaphore(AT_ONCE)
    answered: list[str] = []

    async def act(number: int) -> None:
        async with limit:
            await asyncio.sleep(rng.uniform(0, 0.2))
            who = people[number % len(people)]
            await who.fake.breaks.connected(within=PATIENCE)
            answer = await who.command(f'/coplan start "{title(number)}" short-form')
            if answer.acknowledged:
                answered.append(title(number))
                told.release()

    await asyncio.gather(*(act(number) for number in range(many)))
    return answered


def title(number: int) -> str:
    return f"Event {number:04d}"


def threads(fake: FakeDiscord) -> Counter[str]:
    """Return the threads of plans by their titles."""
    return Counter(each.name for each in fake.world.channels.values() if each.is_thread)


def whole(fake: FakeDiscord) -> bool:
    """Tell whether every card that stands in a channel has its thread."""
    inside = {each.id for each in fake.world.channels.values() if each.kind is Kind.TEXT}
    return sum(message.channel in inside for message in fake.written()) == threads(fake).total()


@asynccontextmanager
async def listening(
    fake: FakeDiscord, path: Path, wrapped: Callable[[Handler], Handler]
) -> AsyncIterator[Service]:
    """Run Coplan with connections that know nothing of each other, as processes would."""
    wanted = settings(fake)
    async with AsyncExitStack() as stack:
        held = stack.enter_context(hold(f"sqlite:///{path}"))
        clock = SystemClock()
        opened = discord_house(held, wanted, clock=clock)
        house, first = await stack.enter_async_context(opened)
        others = [
            await stack.enter_async_context(
                open_discord(wanted, house.door, users_on("discord", house.door), clock)
            )
            for _ in range(CONNECTIONS - 1)
        ]
        tasks = []
        for each in (first, *others):
            app = each.app(wrapped(house.router), house.tally)
            tasks.append(asyncio.create_task(each.listen(app, lambda _: None)))
            await fake.breaks.connected(len(tasks))
            await known(fake)
        yield house.service
        for each in (first, *others):
            await each.in_flight.idle()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
