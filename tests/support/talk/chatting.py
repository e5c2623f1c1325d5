"""People at a platform's own client: what they do and see is the same on every platform."""

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from bot.domain.ids import WorkspaceId
from bot.domain.members import Identity
from bot.main import House
from tests.support.fake_clock import FakeClock
from tests.support.looking import shows
from tests.support.talk.clock import HouseClock, next_free_of
from tests.support.talk.stage import BOT, CHANNEL, ZONE, Actor, Stage, StageClock
from tests.support.talk.times import wall

if TYPE_CHECKING:
    from tests.support.discord.user import DiscordUser
    from tests.support.slack.user import SlackUser

MOMENT: Final = timedelta(milliseconds=50)
"""How long one act takes: ten of them are within the same second."""
PATIENCE: Final = 30.0
"""Seconds until something that was begun is taken to hang."""


class Open(Protocol):
    """A house that listens to a platform."""

    house: House

    @property
    def workspace(self) -> WorkspaceId:
        """Return what the core calls the place where people are."""
        ...

    async def settle(self) -> None:
        """Return when all that follows from what was done has been shown."""
        ...


R = TypeVar("R", bound=Open)
A = TypeVar("A", bound="ChatActor")
U = TypeVar("U", bound="SlackUser | DiscordUser")


@dataclass(slots=True, kw_only=True)
class ChatStage(Stage, Generic[R, A]):
    """A house on a platform. ``opening`` opens it on the same store; ``stack`` closes it."""

    name: str
    running: R
    opening: Callable[[], AbstractAsyncContextManager[R]]
    stack: AsyncExitStack
    time: FakeClock
    clock: StageClock = field(init=False)
    people: dict[str, A] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = HouseClock(
            time=self.time, service=lambda: self.running.house.service, free=self._free
        )

    async def person(self, name: str, zone: str = ZONE) -> A:
        """Return the person of that name."""
        if name not in self.people:
            self.people[name] = await self.comes(name, zone)
        return self.people[name]

    @abstractmethod
    async def comes(self, name: str, zone: str) -> A:
        """Let somebody come in."""

    async def closes_messages(self, name: str) -> None:
        """Let no app write to that person from now on."""
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

    async def after(self, act: Coroutine[Any, Any, object]) -> None:
        """Let somebody do something, and everything that follows from it happen."""
        self.time.set(self.time.now() + MOMENT)
        await act
        await self.quiet()

    async def _free(self, name: str) -> datetime | None:
        platform, _, _ = self.running.workspace.partition(":")
        who = Identity(platform=platform, user=self.people[name].user.me.id)
        here = self.running.workspace
        return await self.running.house.door.read(here, lambda work: next_free_of(work, who))


@dataclass(slots=True, kw_only=True)
class ChatActor(Actor, Generic[U]):
    """Somebody at a platform's client."""

    stage: "ChatStage[Any, Any]"
    name: str
    user: U

    async def opens(self, place: str) -> None:
        assert self.user.modal is None, f"a form is open: {self.user}"
        if place == BOT:
            self.user.goes_to_app()
        elif place == CHANNEL:
            self.user.goes(CHANNEL)
        else:
            threads = self.threads(place)
            assert threads, f"{self.name} sees no thread “{place}”:\n{self.user}"
            self.user.goes(CHANNEL, threads[-1])

    @abstractmethod
    def threads(self, title: str) -> list[str]:
        """Return the ids of the plan's threads of that title, the newest last."""

    async def clicks(self, label: str, in_: str | None = None) -> None:
        await self.stage.after(self.user.clicks(label, in_))

    async def clicks_twice(self, label: str, in_: str | None = None) -> None:
        found = self.user.find(label, in_)
        async with asyncio.timeout(PATIENCE):
            await self.stage.after(self._twice(found))

    async def _twice(self, found: tuple[Any, ...]) -> None:
        await asyncio.gather(self.uses(*found), self.uses(*found))

    @abstractmethod
    async def uses(self, *found: Any) -> None:  # noqa: ANN401 - as the user found it
        """Use a button that was found."""

    async def chooses(self, placeholder: str, option: str, in_: str | None = None) -> None:
        await self.stage.after(self.user.chooses(placeholder, option, in_))

    async def fills(self, **answers: str) -> None:
        for label, answer in answers.items():
            self.user.filling.fill(label, answer)

    async def uploads(self, label: str, name: str, content: bytes) -> None:
        self.user.filling.attach(label, self.user.file(name, content))

    async def submits(self) -> None:
        await self.stage.after(self.user.submits())

    async def sees_form(self, title: str) -> None:
        modal = self.user.modal
        assert modal is not None, f"no form is open: {self.user}"
        assert modal.title == title, f"another form is open: {self.user}"

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
            for name, content in self.files(message):
                if name.endswith(ending):
                    assert content is not None, f"{name} was never uploaded"
                    return content
        raise AssertionError(f"{self.name} sees no file *{ending}:\n{self.user}")

    @abstractmethod
    def files(self, message: Any) -> list[tuple[str, bytes | None]]:  # noqa: ANN401 - either's
        """Return the files that a message shows."""
