"""Slack at its worst: what was said takes effect once, what is told is shown once."""

import asyncio
import random  # noqa: TID251 - seeded
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from adapters.slack.socket import Pace, Supervisor
from bot.chat.inbound import Inbound
from bot.chat.router import Handler
from bot.main import SystemClock
from bot.platforms import slack_house
from bot.runtime.service import Service
from bot.ui.replies import Reply
from storage.holding import hold
from tests.support.examples import examples
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack_house import settings

PEOPLE = ("Ana", "Ben", "Cy", "Dee", "Eve", "Fay", "Gus", "Hal", "Ida", "Jo")
AT_ONCE = 40
QUICK = Pace(ping=0.4, pause=0.05, longest=0.1)
"""Broken connections are noticed in moments, so that many can break in a short test."""
CONNECTIONS = 3


async def test_events_again_out_of_order_and_over_connections_that_break(tmp_path: Path) -> None:
    many = examples(1_000)
    async with fake_slack(seed=4) as fake:
        await storm(fake, tmp_path / "coplan.db", many)
        sockets = fake.sockets
        assert Counter(cards(fake)) == {title(n): 1 for n in range(many)}, "0 lost, 0 twice"
        assert sockets.delivered > many * 1.1
        assert sockets.opened > CONNECTIONS, "connections broke"
        again, broke = sockets.delivered - many, sockets.opened - CONNECTIONS
        print(f"{many} events, {again} of them again, {broke} connections broke")


async def test_the_equipment_finds_events_that_count_twice(tmp_path: Path) -> None:
    async with fake_slack(seed=4) as fake:
        await storm(fake, tmp_path / "coplan.db", 50, Forgetful)
        assert max(Counter(cards(fake)).values()) > 1


class Forgetful(Handler):
    """A house that takes every delivery for a new one."""

    def __init__(self, house: Handler) -> None:
        self._house = house

    async def handle(self, inbound: Inbound) -> Reply:
        return await self._house.handle(replace(inbound, key=""))


async def storm(
    fake: FakeSlack, path: Path, many: int, house: Callable[[Handler], Handler] = lambda it: it
) -> None:
    """Let people start plans while everything goes wrong that may go wrong with an event."""
    rng = random.Random(4)
    sockets = fake.sockets
    sockets.retries = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6)
    sockets.doubled, sockets.overlooked, sockets.again = 0.1, 0.1, 0.1
    async with connections(fake, path, house) as service:
        breaking = asyncio.create_task(breaks(fake, rng))
        lost = await all_say(fake, rng, many)
        breaking.cancel()
        assert lost == 0, "every event was acknowledged in the end"
        await service.settle()


async def breaks(fake: FakeSlack, rng: random.Random) -> None:
    """Cut or refresh a connection after every few acknowledgements, for ever."""
    acknowledged = asyncio.Semaphore(0)
    fake.sockets.watch = lambda what: acknowledged.release() if what == "acknowledged" else None
    while True:
        for _ in range(rng.randint(4, 16)):
            await acknowledged.acquire()
        if rng.random() < 0.5 and fake.sockets.connections:
            await fake.sockets.refresh()
        else:
            fake.sockets.cut()


async def all_say(fake: FakeSlack, rng: random.Random, many: int) -> int:
    """Let people start plans, many at once; return how many events nobody acknowledged."""
    people = [fake.user(name) for name in PEOPLE]
    limit = asyncio.Semaphore(AT_ONCE)

    async def say(number: int) -> bool:
        async with limit:
            await asyncio.sleep(rng.uniform(0, 0.05))
            who = people[number % len(people)]
            answer = await who.mentions(f'start "{title(number)}" short-form')
            return answer is not None and answer.acknowledged

    return (await asyncio.gather(*(say(number) for number in range(many)))).count(False)


def title(number: int) -> str:
    return f"Event {number:04d}"


def cards(fake: FakeSlack) -> list[str]:
    """Return the titles of the plans that have a card in the channel, one for each card."""
    return [
        message.blocks[0]["text"]["text"]
        for message in fake.channel("planning").messages
        if message.blocks and not message.only_for and not message.thread
    ]


@asynccontextmanager
async def connections(
    fake: FakeSlack, path: Path, wrapped: Callable[[Handler], Handler]
) -> AsyncIterator[Service]:
    """Run Coplan with connections that know nothing of each other, as processes would."""
    with hold(f"sqlite:///{path}") as held:
        async with slack_house(held, settings(fake), clock=SystemClock()) as (house, slack):
            tasks = []
            for _ in range(CONNECTIONS):
                app = slack.app(wrapped(house.router), house.tally)
                token = fake.world.app.token
                supervisor = Supervisor(app, token, slack.client, QUICK)
                tasks.append(asyncio.create_task(supervisor.run()))
            await fake.sockets.connected(CONNECTIONS)
            yield house.service
            await slack.in_flight.idle()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
