"""Stories in Slack: the real Bolt app over a real socket, in a Slack of the tests' own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from adapters.slack.manifest import manifest
from bot.domain.members import Identity
from bot.ui.spans import LocalStyle, LocalTime, plain
from tests.support.fake_clock import FakeClock
from tests.support.looking import shows
from tests.support.slack.fake import FakeSlack, fake_slack
from tests.support.slack.filling import used
from tests.support.slack.user import SlackUser
from tests.support.slack.world import File, Message, World
from tests.support.slack_house import Running, running
from tests.support.talk.clock import HouseClock, next_free_of
from tests.support.talk.stage import BOT, CHANNEL, REQUIRED, START, ZONE, Actor, Stage, StageClock
from tests.support.talk.times import wall

MOMENT: Final = timedelta(milliseconds=50)
"""How long one act takes: ten of them are within the same second."""
PATIENCE: Final = 30.0
"""Seconds until something that was begun is taken to hang."""
CLOSED: Final = "messages_tab_disabled"


@dataclass(slots=True, kw_only=True)
class SlackStage(Stage):
    """A house in a workspace. ``opening`` opens it on the same store; ``stack``
    closes it."""

    fake: FakeSlack
    running: Running
    opening: Callable[[], AbstractAsyncContextManager[Running]]
    stack: AsyncExitStack
    time: FakeClock
    name: str = "slack"
    clock: StageClock = field(init=False)
    people: dict[str, "SlackActor"] = field(default_factory=dict)
    closed: bool = False

    def __post_init__(self) -> None:
        self.clock = HouseClock(
            time=self.time, service=lambda: self.running.house.service, free=self._free
        )

    async def person(self, name: str, zone: str = ZONE) -> "SlackActor":
        """Return the person of that name."""
        if name not in self.people:
            self.people[name] = SlackActor(stage=self, name=name, user=self.fake.user(name, zone))
        return self.people[name]

    async def closes_messages(self, name: str) -> None:
        """Let no app write to that person from now on."""
        self.closed = True
        self.people[name].user.me.takes_messages = False

    async def opens_messages(self) -> None:
        """Let apps write to everybody again."""
        for actor in self.people.values():
            actor.user.me.takes_messages = True

    async def is_down_until(self, when: str) -> None:
        """Stop the house, and open it at that time."""
        await self.quiet()
        await self.stack.aclose()
        self.time.set(wall(when, self.time.now(), ZONE))
        self.running = await self.stack.enter_async_context(self.opening())
        await self.quiet()

    async def quiet(self) -> None:
        """Wait until everything that is due now has been done and sent."""
        async with asyncio.timeout(PATIENCE):
            await self.running.settle()

    def moment(self) -> None:
        """Let the time pass that an act takes."""
        self.time.set(self.time.now() + MOMENT)

    def problems(self) -> list[str]:
        """Return what Slack found fault with; that somebody takes no messages is no fault."""
        allowed = CLOSED if self.closed else " "
        return [each for each in self.fake.problems() if not each.endswith(allowed)]

    async def _free(self, name: str) -> datetime | None:
        who = Identity(platform="slack", user=self.people[name].user.me.id)
        here = self.running.workspace
        return await self.running.house.door.read(here, lambda work: next_free_of(work, who))


@dataclass(slots=True, kw_only=True)
class SlackActor(Actor):
    """Somebody at Slack's client."""

    stage: SlackStage
    name: str
    user: SlackUser

    async def opens(self, place: str) -> None:
        assert self.user.modal is None, f"a form is open: {self.user}"
        if place == BOT:
            self.user.goes_to_app()
        elif place == CHANNEL:
            self.user.goes(CHANNEL)
        else:
            roots = [m for m in self.stage.fake.channel(CHANNEL).messages if _root(m, place)]
            assert roots, f"{self.name} sees no thread “{place}”:\n{self.user}"
            self.user.goes(CHANNEL, roots[-1].ts)

    async def says(self, text: str, *files: tuple[str, bytes], thread: bool = False) -> None:
        self.stage.moment()
        if text.startswith("/"):
            await self.user.command(text)
        else:
            await self.user.says(text, files, thread=self.user.thread if thread else "")
        await self.stage.quiet()

    async def clicks(self, label: str, in_: str | None = None) -> None:
        self.stage.moment()
        await self.user.clicks(label, in_)
        await self.stage.quiet()

    async def clicks_twice(self, label: str, in_: str | None = None) -> None:
        self.stage.moment()
        message, block, element = self.user.find(label, in_)
        once, again = (self.user.uses(message, used(block, element)) for _ in range(2))
        await asyncio.gather(once, again)
        await self.stage.quiet()

    async def chooses(self, placeholder: str, option: str, in_: str | None = None) -> None:
        self.stage.moment()
        await self.user.chooses(placeholder, option, in_)
        await self.stage.quiet()

    async def picks(self, text: str) -> None:
        self.stage.moment()
        shortcuts = manifest()["features"]["shortcuts"]
        callback = next(each["callback_id"] for each in shortcuts if each["name"] == "Add to plan")
        await self.user.shortcut(callback, self.user.newest(text)[0])
        await self.stage.quiet()

    async def fills(self, **answers: str) -> None:
        for label, answer in answers.items():
            self.user.filling.fill(label, answer)

    async def uploads(self, label: str, name: str, content: bytes) -> None:
        self.user.filling.attach(label, self.user.file(name, content))

    async def submits(self) -> None:
        self.stage.moment()
        await self.user.submits()
        await self.stage.quiet()

    async def sees_form(self, title: str) -> None:
        assert self.user.filling.view.title == title, f"another form is open: {self.user}"

    async def form_closes(self) -> None:
        assert self.user.modal is None, f"still open: {self.user}"

    async def answer_in_form(self, label: str) -> str:
        return self.user.filling.answer(label)

    async def dismisses_form(self) -> None:
        await self.user.closes()
        await self.stage.quiet()

    async def sees(self, text: str, in_: str | None = None) -> None:
        assert self.user.sees(text, in_), f"{self.name} does not see “{text}”:\n{self.user}"

    async def sees_not(self, text: str) -> None:
        assert not self.user.sees(text), f"{self.name} sees “{text}”:\n{self.user}"

    async def sees_direct(self, text: str) -> None:
        told = [line for message in self.user.direct() for line in self.user.lines(message)]
        assert await self.counts_direct(text), f"no “{text}” for {self.name} alone:\n{told}"

    async def counts_direct(self, text: str = "") -> int:
        return sum(shows(self.user.lines(message), text) for message in self.user.direct())

    async def counts(self, text: str) -> int:
        return sum(shows(self.user.lines(message), text) for message in self.user.visible())

    async def downloads(self, ending: str) -> bytes:
        """Return a file from the open place, or from one's conversation with the bot."""
        for message in [*self.user.newest(), *self.user.direct()[::-1]]:
            for file in message.files:
                if file.name.endswith(ending):
                    return _content(file)
        raise AssertionError(f"{self.name} sees no file *{ending}:\n{self.user}")


def _root(message: Message, title: str) -> bool:
    """Tell whether it is a card of that title that everybody sees, not in a thread."""
    if message.thread or message.only_for or not message.blocks:
        return False
    header = message.blocks[0]
    return bool(header["type"] == "header" and header["text"]["text"] == title)


def _content(file: File) -> bytes:
    assert file.content is not None, f"{file.name} was never uploaded"
    return file.content


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
            stage = SlackStage(fake=fake, running=first, opening=opening, stack=stack, time=time)
            yield stage
            await stage.quiet()
        assert stage.problems() == []
