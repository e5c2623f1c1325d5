"""The same people in two servers of Discord, at random: nothing of one is seen in the other."""

import random  # noqa: TID251 - seeded
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tests.support.discord.components import usable
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.looking import called
from tests.support.discord.user import DiscordUser
from tests.support.discord.world import World
from tests.support.discord_house import Running, running
from tests.support.examples import IN_CI
from tests.support.fake_clock import FakeClock
from tests.support.talk.stage import START

PEOPLE = ("Ana", "Ben")
WORDS = {"school": "River", "club": "Mountain"}
"""What plans in each server are about, and those in the other never."""
SAID = ("Open Ri", "Open Mo", "Later: tomorrow", "Everything", "What waits on me")
"""How buttons in direct messages begin that lead on."""
SAFE = {"My next steps", "History", "More…", "When are we free?"}


@dataclass(slots=True, kw_only=True)
class Town:
    """People who act in one server or the other, or with the bot alone."""

    run: Running
    rng: random.Random
    servers: dict[str, FakeDiscord]
    plans: int = 0
    clicked: int = 0
    last: dict[str, str] = field(default_factory=dict)
    """In which server each person acted last."""

    def somewhere(self) -> tuple[str, DiscordUser]:
        name = self.rng.choice(list(self.servers))
        who = self.servers[name].people[self.rng.choice(PEOPLE)]
        who.goes("planning")
        return name, who

    async def starts(self) -> None:
        name, who = self.somewhere()
        self.plans += 1
        partner = next(each for each in PEOPLE if each != who.me.name)
        title = f"{WORDS[name]} {self.plans}"
        self.last[who.me.name] = name
        answer = await who.command(f'/coplan start "{title}" @{partner} short-form')
        assert answer.acknowledged

    async def asks(self) -> None:
        name, who = self.somewhere()
        self.last[who.me.name] = name
        assert (await who.command("/coplan next")).acknowledged

    async def is_suggested(self) -> None:
        name, who = self.somewhere()
        found = await who.suggested("/coplan plan", "plan", "")
        assert all(WORDS[name] in each for each in found)

    async def clicks(self) -> None:
        name, who = self.somewhere()
        threads = who.world.threads(who.channel.id)
        if threads:
            self.last[who.me.name] = name
            who.goes("planning", self.rng.choice(threads).id)
            message, button = who.find(self.rng.choice(sorted(SAFE)), "Every act is on record")
            assert (await who.uses(message, button)).acknowledged

    async def asks_directly(self) -> None:
        """With the bot alone the server is meant in which somebody acted last."""
        name = self.rng.choice(PEOPLE)
        if name not in self.last:
            return
        who = self.servers[self.last[name]].people[name]
        who.goes_to_app()
        before = len(who.visible())
        await who.says("next")
        await self.run.settle()
        told = [" ".join(who.lines(message)) for message in who.visible()[before:]]
        assert not any(self.other(self.last[name]) in text for text in told)

    async def clicks_directly(self) -> None:
        """A button in a message to one alone leads to the server that it is about."""
        name = self.rng.choice(PEOPLE)
        who = self.servers["school"].people[name]
        for message in who.direct()[-6:]:
            text = " ".join(who.lines(message))
            about = [server for server, word in WORDS.items() if word in text]
            buttons = [each for each in usable(message.components) if called(each).startswith(SAID)]
            if len(about) == 1 and buttons:
                self.clicked += 1
                self.last[name] = about[0]
                assert (await who.uses(message, self.rng.choice(buttons))).acknowledged
                await self.run.settle()
                shown = [message, *who.direct()[-1:]]
                told = " ".join(line for each in shown for line in who.lines(each))
                assert self.other(about[0]) not in told

    def other(self, name: str) -> str:
        return next(word for server, word in WORDS.items() if server != name)

    def check(self) -> None:
        """Nothing that anybody sees in a server is about the other one's plans."""
        for name, fake in self.servers.items():
            who = fake.people[PEOPLE[0]]
            for channel in who.world.channels.values():
                if channel.guild != fake.guild.id:
                    continue
                for message in channel.messages:
                    told = " ".join(who.lines(message))
                    assert self.other(name) not in told, told


async def test_nothing_is_seen_of_the_other_server(tmp_path: Path) -> None:
    clock, rng = FakeClock(START), random.Random(17)
    world = World(now=lambda: clock.now().timestamp())
    async with (
        fake_discord(world) as school,
        running(school, tmp_path / "coplan.db", clock=clock) as run,
    ):
        club = school.within(world.guild("club"))
        world.channel(club.guild, "planning")
        for name in PEOPLE:
            me = school.user(name).me
            club.people[name] = DiscordUser(fake=club, me=me, channel=club.channel("planning"))
            club.guild.members.add(me.id)
        town = Town(run=run, rng=rng, servers={"school": school, "club": club})
        acts: list[Callable[[], Awaitable[None]]] = [
            town.starts,
            town.asks,
            town.is_suggested,
            town.clicks,
            town.asks_directly,
            town.clicks_directly,
        ]
        for _ in range(400 if IN_CI else 80):
            await rng.choice(acts)()
            await run.settle()
            if rng.random() < 0.1:
                clock.set(clock.now() + timedelta(hours=rng.randint(1, 30)))
                await run.settle()
        town.check()
        assert school.problems() == []
        direct = sum(len(who.direct()) for who in school.people.values())
        assert direct > len(PEOPLE), "hardly anything was said directly"
        assert town.clicked, "nothing was clicked directly"
        print(
            f"{town.plans} plans, {len(school.written())} messages, {direct} directly, "
            f"{town.clicked} clicks there"
        )
