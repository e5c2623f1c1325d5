"""Stories under SimCord: the real discord.py beside another's Discord, in this process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.support.fake_clock import FakeClock
from tests.support.simcord_house import Simulated, simulated
from tests.support.simcord_user import SimCordUser
from tests.support.simcord_world import SimCord
from tests.support.talk.chatting import ChatStage
from tests.support.talk.discord import ALONE, DiscordActor, in_words
from tests.support.talk.stage import CHANNEL, REQUIRED, START, ZONE
from tests.support.talk.times import wall

CLOSED = 50007


@dataclass(slots=True, kw_only=True)
class SimCordActor(DiscordActor):
    """Somebody at SimCord's client."""

    async def tells_zone(self, zone: str) -> None:
        """Set one's time zone, which Discord tells nobody, and dismiss the answer."""
        await self.says(f"/coplan settings {zone}")
        await self.sees(zone)
        mine = [m.id for m in self.user.visible() if m.only_for == self.user.me.id]
        self.stage.cord.hidden.update(mine)  # type: ignore[attr-defined]


@dataclass(slots=True, kw_only=True)
class SimCordStage(ChatStage[Simulated, SimCordActor]):
    """A house in a server of SimCord's."""

    cord: SimCord
    closed: set[str] = field(default_factory=set)

    async def comes(self, name: str, zone: str) -> SimCordActor:
        me = await self.cord.comes(name, zone)
        user = SimCordUser(
            fake=self.cord, me=me, channel=self.cord.channel(CHANNEL), cord=self.cord
        )
        actor = SimCordActor(stage=self, name=name, user=user)
        await actor.tells_zone(zone)
        return actor

    async def closes_messages(self, name: str) -> None:
        """Let no app write to that person from now on: SimCord has no such wish of people's."""
        path = f"/channels/{self.cord.direct[self.people[name].user.me.id]}/messages"
        words = "Cannot send messages to this user"
        self.running.env.inject_error(
            "POST", path, status=403, code=CLOSED, message=words, times=None
        )

    async def opens_messages(self) -> None:
        """Let apps write to everybody again."""
        self.running.env.backend.faults.clear()

    async def is_down_until(self, when: str) -> None:
        """Stop the house, and open it at that time."""
        await self.quiet()
        at = wall(when, self.time.now(), ZONE)
        await self.running.restart(lambda: self.time.set(at))
        await self.quiet()


@asynccontextmanager
async def simcord_stage(path: Path, start: datetime = START) -> AsyncIterator[SimCordStage]:
    """Open a house in a server of SimCord's, where it is ``start``."""
    time = FakeClock(start)
    async with simulated(path / "simcord.db", time) as sim:
        cord = SimCord(sim=sim, times=in_words, required=REQUIRED, alone=ALONE)
        stage = SimCordStage(
            name="simcord",
            cord=cord,
            running=sim,
            opening=lambda: simulated(path / "simcord.db", time),
            stack=sim.opened,
            time=time,
        )
        try:
            yield stage
        finally:
            async with cord.one_by_one:  # whoever still acts comes to an end
                await stage.quiet()
        troubles = [trouble for each in stage.people.values() for trouble in each.user.troubles]
        assert troubles == []
