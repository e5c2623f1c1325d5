"""Stories on the neutral core: the real router, service and SQLite; no platform between."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bot.chat.inbound import Clicked, Inbound, Said, Shared, Submitted, Upload, What
from bot.domain.ids import WorkspaceId
from bot.domain.members import Identity, Person
from bot.main import House, open_house
from bot.ui.cards import Button
from bot.ui.replies import CardReply, FormErrorsReply, FormReply, Reply
from bot.usecases.ports import Work
from storage.holding import hold
from tests.support.empty_file import url_of
from tests.support.fake_clock import FakeClock
from tests.support.talk.chat import PLATFORM, Chat, Message, direct, fold, form_lines
from tests.support.talk.clock import HouseClock, next_free_of
from tests.support.talk.filling import Sheet
from tests.support.talk.looking import Window, buttons
from tests.support.talk.recorder import Recorder
from tests.support.talk.speaking import addressed, parts
from tests.support.talk.stage import START, ZONE, Actor, Stage, StageClock
from tests.support.talk.times import wall

T = TypeVar("T")

HERE = WorkspaceId("stories")
MOMENT = timedelta(milliseconds=50)
"""How long one act takes: ten of them are within the same second."""


@dataclass(slots=True, kw_only=True)
class CoreStage(Stage):
    """A running house without a platform. ``house`` is for the tests of this driver alone.

    ``opening`` opens it on the same store; ``running`` closes it.
    """

    house: House
    opening: Callable[[], AbstractAsyncContextManager[House]]
    running: AsyncExitStack
    chat: Chat
    time: FakeClock
    name: str = "core"
    clock: StageClock = field(init=False)
    people: dict[str, "CoreActor"] = field(default_factory=dict)
    acts: int = 0

    def __post_init__(self) -> None:
        self.clock = HouseClock(
            time=self.time,
            service=lambda: self.house.service,
            free=lambda name: self.read(self.people[name].free),
        )

    async def person(self, name: str, zone: str = ZONE) -> "CoreActor":
        """Return the person of that name."""
        if name not in self.people:
            self.people[name] = CoreActor(stage=self, name=name, zone=zone)
            self.chat.users.add(self.people[name].user)
        return self.people[name]

    async def closes_messages(self, name: str) -> None:
        """Let that person take no direct messages from now on."""
        self.chat.closed.add(self.people[name].user)

    async def opens_messages(self) -> None:
        """Let everybody take them again."""
        self.chat.closed.clear()

    async def is_down_until(self, when: str) -> None:
        """Stop the house, and open it at that time."""
        await self.running.aclose()
        self.time.set(wall(when, self.time.now(), ZONE))
        self.house = await self.running.enter_async_context(self.opening())
        await self.house.service.settle()

    async def handle(self, inbound: Inbound) -> Reply:
        """Let the house answer, and let everything happen that follows from it."""
        self.time.set(self.time.now() + MOMENT)
        reply = await self.house.router.handle(inbound)
        self.chat.recorder.reply(reply)
        await self.house.service.settle()
        return reply

    async def read(self, look: Callable[[Work], T]) -> T:
        """Look into the store."""
        return await self.house.door.read(HERE, look)

    def key(self) -> str:
        """Return the id of the next delivery of the platform."""
        self.acts += 1
        return f"k{self.acts}"


@dataclass(slots=True, kw_only=True)
class CoreActor(Actor):
    """Somebody who acts by visible labels; ``sheet`` is the form that is open."""

    stage: CoreStage
    name: str
    zone: str
    window: Window = field(init=False)
    sheet: Sheet | None = None
    opened_from: Message | None = None
    opened_in: str = ""

    def __post_init__(self) -> None:
        self.window = Window(chat=self.stage.chat, user=self.user, zone=self.zone)

    @property
    def user(self) -> str:
        return self.name.casefold()

    @property
    def person(self) -> Person:
        return Person(
            identity=Identity(platform=PLATFORM, user=self.user), name=self.name, zone=self.zone
        )

    def free(self, work: Work) -> datetime | None:
        """Return when the next free period of this person begins."""
        return next_free_of(work, self.person.identity)

    async def opens(self, place: str) -> None:
        assert self.sheet is None, f"a form is open: {self.sheet}"
        self.window.opens(place)

    async def says(self, text: str, *files: tuple[str, bytes], thread: bool = False) -> None:
        within = self.window.thread if thread else ""
        alone = direct(self.window.channel)
        made = self.stage.chat.add(
            Message(
                id=self.stage.chat.new_id(),
                channel=self.window.channel,
                thread=within,
                only_for=self.user if text.startswith("/") and not alone else "",
                author=self.user,
                said=text.strip(),
                files=tuple(name for name, _ in files),
            )
        )
        words = addressed(text)
        if words is None and not alone:
            return
        people = {name.casefold(): each.person for name, each in self.stage.people.items()}
        uploads = tuple(Upload(name=name, content=content) for name, content in files)
        await self._ask(
            made, within, Said(parts=parts(text if words is None else words, people), files=uploads)
        )

    async def clicks(self, label: str, in_: str | None = None) -> None:
        message, button = self._button(label, in_)
        await self._use(message, button)

    async def clicks_twice(self, label: str, in_: str | None = None) -> None:
        message, button = self._button(label, in_)
        await self._use(message, button)
        await self._use(message, button)

    async def _use(self, message: Message, button: Button) -> None:
        await self._ask(message, self.window.pane(message), Clicked(action=button.action.encode()))

    async def chooses(self, placeholder: str, option: str, in_: str | None = None) -> None:
        message, menu = self.window.menu(placeholder, in_)
        value = next(o.value for o in menu.options if o.label == option)
        what = Clicked(action=menu.action.encode(), choice=value)
        await self._ask(message, self.window.pane(message), what)

    async def picks(self, text: str) -> None:
        message = self.window.newest(text)[0]
        author = next((a for a in self.stage.people.values() if a.user == message.author), None)
        picked = Shared(
            action="message.form",
            text=message.said,
            author=author.person if author else None,
            link=f"https://chat.example.org/{message.id}",
            files=message.files,
        )
        await self._ask(message, self.window.pane(message), picked)

    async def fills(self, **answers: str) -> None:
        sheet = self._sheet()
        people = {name: actor.user for name, actor in self.stage.people.items()}
        for label, answer in answers.items():
            sheet.fill(label, answer, people)

    async def uploads(self, label: str, name: str, content: bytes) -> None:
        self._sheet().attach(label, Upload(name=name, content=content))

    async def submits(self) -> None:
        sheet, message = self._sheet(), self.opened_from
        assert message is not None
        sheet.errors = sheet.missing()
        if sheet.errors:
            return
        people = {actor.user: actor.person for actor in self.stage.people.values()}
        chosen = {k: tuple(people[v] for v in values) for k, values in sheet.people().items()}
        what = Submitted(
            action=sheet.form.action.encode(),
            values=sheet.values(),
            people=chosen,
            files=sheet.files,
        )
        await self._ask(message, self.opened_in, what)

    async def sees_form(self, title: str) -> None:
        assert self._sheet().form.title == title, f"another form is open: {self.sheet}"

    async def form_closes(self) -> None:
        assert self.sheet is None, f"still open: {self.sheet}"

    async def answer_in_form(self, label: str) -> str:
        return self._sheet().answer(label)

    async def dismisses_form(self) -> None:
        assert self.sheet is not None
        self.sheet = None

    async def sees(self, text: str, in_: str | None = None) -> None:
        assert self._shows(text, in_), f"{self.name} does not see “{text}”:\n{self._all()}"

    async def sees_not(self, text: str) -> None:
        assert not self._shows(text), f"{self.name} sees “{text}”:\n{self._all()}"

    async def sees_direct(self, text: str) -> None:
        told = [line for m in self._direct() for line in m.lines(self.zone)]
        assert await self.counts_direct(text), f"no “{text}” for {self.name} alone:\n{told}"

    async def counts_direct(self, text: str = "") -> int:
        return sum(message.shows(text, self.zone) for message in self._direct())

    def _direct(self) -> list[Message]:
        return self.stage.chat.visible(self.user, self.window.own, "")

    async def counts(self, text: str) -> int:
        found = {message.id: message for message in self.window.visible()}
        return sum(message.shows(text, self.zone) for message in found.values())

    async def downloads(self, ending: str) -> bytes:
        return self.window.file(ending).content

    def offers(self) -> Mapping[str, str]:
        """Return the buttons of the newest card by label, with their actions (this driver's)."""
        newest = next(m for m in self.window.newest() if m.card is not None)
        return {b.label: b.action.encode() for b in buttons(newest)}

    async def _ask(self, message: Message, pane: str, what: What) -> None:
        """Give it to the bot, and show its reply where the person is looking."""
        reply = await self.stage.handle(
            Inbound(
                workspace=HERE,
                person=self.person,
                place=message.place,
                what=what,
                key=self.stage.key(),
                message=message.id,
            )
        )
        match reply:
            case FormReply(form=form):
                self.sheet, self.opened_from, self.opened_in = Sheet(form=form), message, pane
            case FormErrorsReply(errors=errors):
                assert self.sheet is not None, f"errors without a form: {errors}"
                self.sheet.errors = dict(errors)
            case CardReply():
                self.sheet = None if isinstance(what, Submitted) else self.sheet
                self._show(message, pane, reply)

    def _show(self, message: Message, pane: str, reply: CardReply) -> None:
        own = bool(message.only_for) or direct(message.channel)
        if reply.replaces and own and message.card is not None:
            message.card = reply.card
            return
        alone = not (reply.public or direct(message.channel))
        self.stage.chat.add(
            Message(
                id=self.stage.chat.new_id(),
                channel=message.channel,
                thread=pane if pane == message.id else message.thread,
                only_for=self.user if alone else "",
                card=reply.card,
            )
        )

    def _sheet(self) -> Sheet:
        assert self.sheet is not None, f"{self.name} has no form open:\n{self._all()}"
        return self.sheet

    def _button(self, label: str, in_: str | None) -> tuple[Message, Button]:
        assert self.sheet is None, f"a form is open: {self.sheet}"
        return self.window.button(label, in_)

    def _shows(self, text: str, in_: str | None = None) -> bool:
        lines = form_lines(self.sheet.form, self.sheet.errors) if self.sheet else []
        told = in_ is None and any(fold(text) in fold(line) for line in lines)
        return told or any(message.shows(text, self.zone) for message in self.window.newest(in_))

    def _all(self) -> str:
        return f"{self.window}\n{self.sheet or ''}"


@asynccontextmanager
async def core_stage(
    where: Path | str, recorder: Recorder, start: datetime = START
) -> AsyncIterator[CoreStage]:
    """Open a house whose clock stands at ``start``: in a folder, or the database of an address."""
    url = url_of(where if isinstance(where, str) else where / "core.db")
    clock = FakeClock(start)
    chat = Chat(recorder, clock)

    @asynccontextmanager
    async def opening() -> AsyncIterator[House]:
        trusted = frozenset({PLATFORM})
        with hold(url) as held:
            async with open_house(
                held, {PLATFORM: chat}, clock=clock, deduplicates=trusted
            ) as house:
                yield house

    async with AsyncExitStack() as running:
        house = await running.enter_async_context(opening())
        stage = CoreStage(house=house, opening=opening, running=running, chat=chat, time=clock)
        yield stage
        async with asyncio.timeout(30):
            await stage.house.service.settle()
