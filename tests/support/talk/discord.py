"""Stories in Discord: the real discord.py over real sockets, in a Discord of the tests' own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.ui.actions import Action
from bot.ui.spans import LocalStyle, LocalTime, plain
from tests.support.discord.commanding import LONGEST
from tests.support.discord.components import media, usable
from tests.support.discord.fake import FakeDiscord, fake_discord
from tests.support.discord.user import DiscordUser
from tests.support.discord.world import Json, Message, World
from tests.support.discord_house import Running, running
from tests.support.fake_clock import FakeClock
from tests.support.looking import shows
from tests.support.talk.chatting import ChatActor, ChatStage
from tests.support.talk.stage import CHANNEL, REQUIRED, START

CLOSED: Final = "50007"
ALONE: Final = "Only visible to you"
NAME: Final = 100
"""Characters of a thread's name."""
CORRECT: Final = "form.again"
"""The action of the button below what was wrong with a form's answers."""
COMMAND: Final = "/coplan"
MENTION: Final = "@Coplan"


@dataclass(slots=True, kw_only=True)
class DiscordStage(ChatStage[Running, "DiscordActor"]):
    """A house in a guild."""

    fake: FakeDiscord

    async def comes(self, name: str, zone: str) -> "DiscordActor":
        actor = DiscordActor(stage=self, name=name, user=self.fake.user(name, zone))
        await actor.tells_zone(zone)
        return actor

    def problems(self) -> list[str]:
        """Return what Discord found fault with; that somebody takes no messages is no fault."""
        return [each for each in self.fake.problems() if f" {CLOSED} " not in each]


@dataclass(slots=True, kw_only=True)
class DiscordActor(ChatActor[DiscordUser]):
    """Somebody at Discord's client; ``called`` is the message in which they last called the bot."""

    called: str = ""

    def threads(self, title: str) -> list[str]:
        here = self.user.world.threads(self.user.fake.channel(CHANNEL).id)
        return [thread.id for thread in here if thread.name == title[:NAME]]

    async def says(self, text: str, *files: tuple[str, bytes], thread: bool = False) -> None:
        """Say it: by command, in a thread, too; what is no command, by calling the bot."""
        where = self.user.thread if thread else ""
        called, _, words = text.partition(" ")
        if called not in {COMMAND, MENTION}:
            await self.stage.after(self.user.says(text, files, thread=where))
        elif self.user.knows(f"{COMMAND} {words}") and len(words) < LONGEST and "\n" not in words:
            command = self.user.command(f"{COMMAND} {words}", files=files, thread=where)
            await self.stage.after(command)
        else:
            await self.stage.after(self._calls(words, files, where))

    async def _calls(self, words: str, files: Sequence[tuple[str, bytes]], where: str) -> None:
        self.called = (await self.user.says(f"{MENTION} {words}", files, thread=where)).id

    async def sees(self, text: str, in_: str | None = None) -> None:
        """Expect the text in the open place, or in what the bot answered directly to a call."""
        answers = [m for m in self.user.direct() if self.called and int(m.id) > int(self.called)]
        if not any(shows(self.user.lines(message), text) for message in answers):
            await ChatActor.sees(self, text, in_)

    async def uses(self, message: Message, component: Json) -> None:
        await self.user.uses(message, component)

    async def picks(self, text: str) -> None:
        await self.stage.after(self.user.menu("Add to plan", self.user.newest(text)[0]))

    async def fills(self, **answers: str) -> None:
        await self._corrects()
        await ChatActor.fills(self, **answers)

    async def uploads(self, label: str, name: str, content: bytes) -> None:
        await self._corrects()
        await ChatActor.uploads(self, label, name, content)

    async def answer_in_form(self, label: str) -> str:
        await self._corrects()
        return await ChatActor.answer_in_form(self, label)

    async def sees_form(self, title: str) -> None:
        await self._corrects()
        await ChatActor.sees_form(self, title)

    async def form_closes(self) -> None:
        await ChatActor.form_closes(self)
        assert self._refused() is None, f"the answers were refused: {self.user}"

    async def dismisses_form(self) -> None:
        """Close the open form; one that was sent and refused is closed already."""
        if self.user.modal is not None or self._refused() is None:
            await ChatActor.dismisses_form(self)

    def _refused(self) -> tuple[Message, Json] | None:
        """Return the newest message and its way back, if it says what is wrong with answers."""
        for message in self.user.newest()[:1]:
            for each in usable(message.components):
                if Action.decode(each["custom_id"].partition("~")[0]).name == CORRECT:
                    return message, each
        return None

    async def _corrects(self) -> None:
        """Open the form again that was refused: Discord's modals cannot stay open."""
        refused = self._refused()
        if self.user.modal is None and refused is not None:
            await self.stage.after(self.user.uses(*refused))

    async def tells_zone(self, zone: str) -> None:
        """Set one's time zone, which Discord tells nobody, and dismiss the answer."""
        await self.says(f"/coplan settings {zone}")
        await self.sees(zone)
        here = self.user.channel.messages
        here[:] = [message for message in here if message.only_for != self.user.me.id]

    def files(self, message: Message) -> list[tuple[str, bytes | None]]:
        named = {address.rsplit("/", 1)[-1] for address, _ in media(message.components)}
        seen = [f for f in message.attachments if not message.v2 or f.filename in named]
        return [(file.filename, file.content) for file in seen]


def in_words(at: datetime, style: str, zone: str) -> str:
    """Return an instant in the product's words, so that one story reads the same everywhere.

    What Discord itself makes of the style is shown in the tests of the fake.
    """
    styles: dict[str, LocalStyle] = {"D": "date", "t": "time", "f": "datetime"}
    return plain((LocalTime(at, zone, styles[style]),))


@asynccontextmanager
async def discord_stage(path: Path, start: datetime = START) -> AsyncIterator[DiscordStage]:
    """Open a house in a guild of Discord, where it is ``start``."""
    time = FakeClock(start)
    world = World(now=lambda: time.now().timestamp())
    async with fake_discord(world, channel=CHANNEL) as fake:
        fake.times, fake.required, fake.alone = in_words, REQUIRED, ALONE

        def opening() -> AbstractAsyncContextManager[Running]:
            return running(fake, path / "discord.db", clock=time)

        async with AsyncExitStack() as stack:
            first = await stack.enter_async_context(opening())
            stage = DiscordStage(
                name="discord", fake=fake, running=first, opening=opening, stack=stack, time=time
            )
            yield stage
            await stage.quiet()
        problems = stage.problems()
        assert not problems, "\n".join(problems)
