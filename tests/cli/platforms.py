"""The fakes that ``coplan run`` is started beside: what a platform calls what all of them have."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from tests.cli.running import CoplanRun
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.user import DiscordUser
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.signing import SignedHttp
from tests.support.slack.sockets import Sockets
from tests.support.slack.user import SlackUser

TITLE = "Canary of the river"
ANSWER = "A secret wish"
PATIENCE = 60.0


class Beside(Protocol):
    """A platform beside which Coplan runs, with Ana and Ben in it."""

    greeting: str
    """What Coplan says when it is there, a line."""
    token: str
    """The setting whose value the platform may not take."""

    @property
    def fake(self) -> FakeSlack | FakeDiscord: ...

    @property
    def ana(self) -> SlackUser | DiscordUser: ...

    @property
    def settings(self) -> Mapping[str, str]:
        """Return what whoever runs Coplan there sets."""
        ...

    @property
    def secrets(self) -> Sequence[str]:
        """Return what no log may hold."""
        ...

    def waits(self) -> None:
        """Let people wait for an answer as long as it takes: a busy machine is no fault."""
        ...

    def answers(self) -> int:
        """Return how often somebody was told that their plan is started."""
        ...

    def cards(self) -> int:
        """Return how many plans everybody sees."""
        ...

    async def disturb(self) -> None:
        """Say what Coplan does not know, and cut the connection."""
        ...


@dataclass(frozen=True, slots=True)
class BesideSlack(Beside):
    fake: FakeSlack
    greeting = "Coplan is in the Slack workspace school.\n"
    token = "COPLAN_SLACK_BOT_TOKEN"  # noqa: S105 - its name

    @property
    def ana(self) -> SlackUser:
        return self.fake.user("Ana")

    @property
    def settings(self) -> Mapping[str, str]:
        return {
            "COPLAN_SLACK_BOT_TOKEN": self.fake.team.token,
            "COPLAN_SLACK_APP_TOKEN": self.fake.world.app.token,
            "COPLAN_SLACK_API_URL": self.fake.base_url,
        }

    @property
    def secrets(self) -> Sequence[str]:
        return (self.fake.team.token, self.fake.world.app.token, "ticket=", "hooks")

    def waits(self) -> None:
        transport = self.fake.transport
        assert isinstance(transport, Sockets | SignedHttp)
        transport.ack_within = PATIENCE

    def answers(self) -> int:
        return sum(bool(m.only_for) and "Started" in m.text for m in self.ana.channel.messages)

    def cards(self) -> int:
        return sum(bool(m.metadata) for m in self.ana.channel.messages)

    async def disturb(self) -> None:
        await self.ana.mentions(ANSWER)
        for kind in ("block_actions", "surprise"):
            await self.fake.transport.deliver("interactive", {"type": kind, "junk": ANSWER})
        await self.fake.transport.deliver("events_api", {"type": "surprise", "text": ANSWER})
        self.fake.sockets.cut()
        await self.fake.sockets.connected(opened=2)


@dataclass(frozen=True, slots=True)
class BesideDiscord(Beside):
    fake: FakeDiscord
    greeting = "Coplan is on Discord.\n"
    token = "COPLAN_DISCORD_TOKEN"  # noqa: S105 - its name

    @property
    def ana(self) -> DiscordUser:
        return self.fake.user("Ana")

    @property
    def settings(self) -> Mapping[str, str]:
        return {
            "COPLAN_DISCORD_TOKEN": self.fake.token,
            "COPLAN_DISCORD_API_URL": self.fake.api_url,
            "COPLAN_DISCORD_GATEWAY_URL": self.fake.gateway_url,
        }

    @property
    def secrets(self) -> Sequence[str]:
        return (self.fake.token, "interactions/")

    def waits(self) -> None:
        self.fake.world.answer_within = PATIENCE

    def answers(self) -> int:
        seen = self.ana.channel.messages
        return sum(bool(m.only_for) and "Started" in str(m.components) for m in seen)

    def cards(self) -> int:
        every = self.fake.world.channels.values()
        return sum(each.is_thread and each.name.startswith(TITLE) for each in every)

    async def disturb(self) -> None:
        await self.ana.mentions(ANSWER)
        self.fake.world.emit("SURPRISE", {"text": ANSWER}, self.fake.guild.id)
        self.fake.breaks.cut()
        await self.fake.breaks.connected(opened=2)


@asynccontextmanager
async def beside(name: str) -> AsyncIterator[Beside]:
    """Serve the platform of that name, with two people in it."""
    if name == "slack":
        async with fake_slack() as slack:
            for person in ("Ana", "Ben"):
                slack.user(person)
            yield BesideSlack(slack)
    else:
        async with fake_discord() as discord:
            for person in ("Ana", "Ben"):
                discord.user(person)
            yield BesideDiscord(discord)


async def stopped_amid_acts(platform: Beside, run: CoplanRun) -> int:
    """Stop it while plans are started; return of how many that was acknowledged, and answered."""
    platform.waits()
    acts = [
        asyncio.create_task(platform.ana.command(f'/coplan start "{TITLE} {n}" @Ben'))
        for n in range(20)
    ]
    await acts[0]
    await run.stopped()
    heard, unheard = await asyncio.wait(acts, timeout=1.0)
    for act in unheard:
        act.cancel()
    taken = sum(act.result().acknowledged for act in heard)
    assert taken >= 1
    assert platform.answers() == taken, "whoever was acknowledged was answered"
    platform.ana.troubles.clear()
    return taken


async def until_shown(platform: Beside, many: int) -> None:
    """Return when everybody sees so many plans."""
    async with asyncio.timeout(PATIENCE):
        while platform.cards() < many:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.05)
