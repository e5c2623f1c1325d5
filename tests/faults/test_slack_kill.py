"""SIGKILL between an event, its commit, its acknowledgement and what is sent: judged in Slack.

A life is a process that is killed when an envelope was delivered to it or acknowledged by it, or a
post of its has come or was shown, or at any time. The next one goes on.
"""

import asyncio
import random  # noqa: TID251 - the type of what the seed made
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.support import kill
from tests.support.examples import IN_CI
from tests.support.nursery import nursery
from tests.support.reminding import Flow
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.world import World
from tests.support.slack_life import SlackLife, live
from tests.support.talk.stage import START

INSTANTS = (
    "delivered",
    "acknowledged",
    "chat.postMessage received",
    "chat.postMessage applied",
    "chat.postEphemeral received",
    "at any time",
)
SPEED = 20.0
"""How fast the clock runs: a lease lasts three seconds."""
LEASE = 60.0
LONGEST = 1.0
PATIENCE = 20.0
AT_ONCE = 6
PAUSE = 0.05
"""Seconds between what one person says and what they say next."""
PEOPLE = ("Ana", "Ben", "Cy", "Dee", "Eve")


@dataclass(slots=True, kw_only=True)
class Hunt:
    """The life that is lived, and at which instant it is to end."""

    fake: FakeSlack
    life: SlackLife
    chance: random.Random
    killed: Counter[str] = field(default_factory=Counter)
    instant: str = ""
    left: int = 0
    process: ForkServerProcess | None = None

    def watch(self, instant: str) -> None:
        """Kill the process if this is the instant that was waited for."""
        if instant == self.instant and self.process is not None:
            self.left -= 1
            if self.left == 0:
                self.process.kill()

    def begins(self, instant: str = "") -> None:
        """Start a life that is to end at the instant, when it has come a few times."""
        self.instant, self.left = instant, self.chance.randint(1, 4)
        self.process = nursery.Process(target=live, args=(self.life,))
        self.process.start()

    async def ends(self) -> None:
        """Return when the life is over: at its instant, or else after a while."""
        assert self.process is not None
        await self.fake.sockets.connected(within=PATIENCE)
        longest = self.chance.uniform(0, LONGEST) if self.instant == "at any time" else PATIENCE
        await asyncio.to_thread(self.process.join, longest)
        self.killed[self.instant] += 1
        self.gone()

    def gone(self) -> None:
        """Let nothing of the process be left."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None


@asynccontextmanager
async def hunting(path: Path, *, hasty: bool = False) -> AsyncIterator[Hunt]:
    """Open a workspace whose history Coplan may read, and in the end kill whatever lives."""
    flow = Flow(base=START, origin=time.monotonic(), speed=SPEED)
    async with fake_slack(World(now=lambda: flow.now().timestamp())) as fake:
        fake.team.scopes |= {"channels:history", "groups:history"}
        fake.sockets.retries = (0.1,) * 600
        life = SlackLife(
            url=f"sqlite:///{path}",
            token=fake.team.token,
            app_token=fake.world.app.token,
            base_url=fake.base_url,
            flow=flow,
            hasty=hasty,
        )
        hunt = Hunt(fake=fake, life=life, chance=kill.chance())
        fake.api.watch = fake.sockets.watch = hunt.watch
        try:
            yield hunt
        finally:
            hunt.gone()


async def talk_for_ever(fake: FakeSlack, said: list[str]) -> None:
    """Let people start plans, a few at once; what was acknowledged is kept in ``said``."""
    people = [fake.user(name) for name in PEOPLE]

    async def talk(number: int) -> None:
        count = 0
        while True:
            count += 1
            title = f"Plan {number}-{count}"
            who = people[count % len(people)]
            answer = await who.mentions(f'start "{title}" short-form')
            if answer is not None and answer.acknowledged:
                said.append(title)
            await asyncio.sleep(PAUSE)

    async with asyncio.TaskGroup() as group:
        for number in range(AT_ONCE):
            group.create_task(talk(number))


async def hunted(hunt: Hunt, kills: int) -> list[str]:
    """Kill so many lives while people talk; return which plans were acknowledged."""
    said: list[str] = []
    talking = asyncio.create_task(talk_for_ever(hunt.fake, said))
    for number in range(kills):
        hunt.begins(INSTANTS[number % len(INSTANTS)])
        await hunt.ends()
    hunt.begins()
    await hunt.fake.sockets.connected(within=PATIENCE)
    await asyncio.sleep(LONGEST)
    talking.cancel()
    await asyncio.gather(talking, return_exceptions=True)
    await asyncio.sleep(2 * LEASE / SPEED)  # whatever was leased by the dead is taken up again
    return said


def cards(fake: FakeSlack) -> Counter[str]:
    """Return the plans' cards in the channel by title."""
    roots = [m for m in fake.channel("planning").messages if m.blocks and not m.only_for]
    return Counter(m.blocks[0]["text"]["text"] for m in roots if not m.thread)


async def test_what_was_acknowledged_is_there_and_shown_once(tmp_path: Path) -> None:
    kills = kill.rounds(default=(5 if IN_CI else 1) * len(INSTANTS))
    async with hunting(tmp_path / "coplan.db") as hunt:
        said = await hunted(hunt, kills)
        shown = cards(hunt.fake)
        lost = [title for title in said if title not in shown]
        twice = {title: count for title, count in shown.items() if count > 1}
    assert len(said) > 5 * kills, "hardly anything was acknowledged"
    assert (lost, twice) == ([], {})
    print(f"{kills} kills {dict(hunt.killed)}, {len(said)} events acknowledged")


async def test_the_equipment_finds_events_that_are_acknowledged_too_early(tmp_path: Path) -> None:
    async with hunting(tmp_path / "coplan.db", hasty=True) as hunt:
        said = await hunted(hunt, 2)
        assert [title for title in said if title not in cards(hunt.fake)]
