"""Stories in Slack: the real Bolt app over a real socket, in a Slack of the tests' own."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from adapters.slack.manifest import manifest
from bot.ui.spans import LocalStyle, LocalTime, plain
from tests.support.fake_clock import FakeClock
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.filling import used
from tests.support.slack.user import SlackUser
from tests.support.slack.world import Json, Message, World
from tests.support.slack_house import Running, running
from tests.support.talk.chatting import ChatActor, ChatStage
from tests.support.talk.stage import CHANNEL, REQUIRED, START

CLOSED: Final = "messages_tab_disabled"


@dataclass(slots=True, kw_only=True)
class SlackStage(ChatStage[Running, "SlackActor"]):
    """A house in a workspace."""

    fake: FakeSlack
    closed: bool = False

    async def comes(self, name: str, zone: str) -> "SlackActor":
        return SlackActor(stage=self, name=name, user=self.fake.user(name, zone))

    async def closes_messages(self, name: str) -> None:
        """Let no app write to that person from now on."""
        self.closed = True
        await ChatStage.closes_messages(self, name)

    def problems(self) -> list[str]:
        """Return what Slack found fault with; that somebody takes no messages is no fault."""
        allowed = CLOSED if self.closed else " "
        return [each for each in self.fake.problems() if not each.endswith(allowed)]


@dataclass(slots=True, kw_only=True)
class SlackActor(ChatActor[SlackUser]):
    """Somebody at Slack's client.

    An answer that took Coplan longer than Slack waits stands in the form's window.
    """

    async def opens(self, place: str) -> None:
        if self._told_late:
            await self.user.closes()
        await ChatActor.opens(self, place)  # "super()" finds nothing in a class with slots

    async def form_closes(self) -> None:
        if not self._told_late:
            await ChatActor.form_closes(self)

    @property
    def _told_late(self) -> bool:
        return self.user.modal is not None and not self.user.filling.inputs()

    def threads(self, title: str) -> list[str]:
        channel = self.user.fake.channel(CHANNEL)
        return [message.ts for message in channel.messages if _root(message, title)]

    async def says(self, text: str, *files: tuple[str, bytes], thread: bool = False) -> None:
        if text.startswith("/"):
            await self.stage.after(self.user.command(text))
        else:
            where = self.user.thread if thread else ""
            await self.stage.after(self.user.says(text, files, thread=where))

    async def uses(self, message: Message, block: Json, element: Json) -> None:
        await self.user.uses(message, used(block, element))

    async def picks(self, text: str) -> None:
        shortcuts = manifest()["features"]["shortcuts"]
        callback = next(each["callback_id"] for each in shortcuts if each["name"] == "Add to plan")
        await self.stage.after(self.user.shortcut(callback, self.user.newest(text)[0]))

    def files(self, message: Message) -> list[tuple[str, bytes | None]]:
        return [(file.name, file.content) for file in message.files]


def _root(message: Message, title: str) -> bool:
    """Tell whether it is a card of that title that everybody sees, not in a thread."""
    if message.thread or message.only_for or not message.blocks:
        return False
    header = message.blocks[0]
    return bool(header["type"] == "header" and header["text"]["text"] == title)


def in_words(at: datetime, form: str, zone: str) -> str:
    """Return an instant in the product's words, so that one story reads the same everywhere.

    What Slack itself makes of the form is shown in the tests of the fake.
    """
    styles: dict[tuple[bool, bool], LocalStyle] = {
        (True, False): "date",
        (False, True): "time",
        (True, True): "datetime",
    }
    return plain((LocalTime(at, zone, styles["{date" in form, "{time" in form]),))


@asynccontextmanager
async def slack_stage(
    path: Path, start: datetime = START, *, http: bool = False
) -> AsyncIterator[SlackStage]:
    """Open a house in a workspace of Slack, where it is ``start``; ``http``: Slack posts to it."""
    time = FakeClock(start)
    world = World(now=lambda: time.now().timestamp())
    async with fake_slack(world, channel=CHANNEL) as fake:
        fake.times, fake.required = in_words, REQUIRED

        def opening() -> AbstractAsyncContextManager[Running]:
            return running(fake, path / "slack.db", clock=time, http=http)

        async with AsyncExitStack() as stack:
            first = await stack.enter_async_context(opening())
            stage = SlackStage(
                name="slack", fake=fake, running=first, opening=opening, stack=stack, time=time
            )
            yield stage
            await stage.quiet()
        problems = stage.problems()
        assert not problems, "\n".join(problems)
