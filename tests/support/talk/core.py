"""Stories on the neutral core: the real router, service and SQLite; no platform between."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bot.chat.inbound import Clicked, Inbound, Said, Submitted, Upload
from bot.domain.ids import WorkspaceId
from bot.domain.members import Identity, Person
from bot.main import House, open_house
from bot.ui.cards import Button, Buttons, Select
from bot.ui.replies import CardReply, FormErrorsReply, FormReply, Reply
from bot.usecases.ports import Work
from bot.usecases.timetable.free import next_free
from tests.support.fake_clock import FakeClock
from tests.support.talk.chat import PLATFORM, Chat, Message, direct, fold, form_lines
from tests.support.talk.filling import Sheet
from tests.support.talk.recorder import Recorder
from tests.support.talk.stage import BOT, CHANNEL, START, ZONE, Actor, Stage, StageClock
from tests.support.talk.times import wall

T = TypeVar("T")

HERE = WorkspaceId("stories")
MOMENT = timedelta(milliseconds=50)
"""How long one act takes: ten of them are within the same second."""
STOPS = 5000


@dataclass(slots=True, kw_only=True)
class CoreStage(Stage):
    """A running house without a platform. ``house`` is for the tests of this driver alone."""

    house: House
    chat: Chat
    time: FakeClock
    name: str = "core"
    clock: StageClock = field(init=False)
    people: dict[str, "CoreActor"] = field(default_factory=dict)
    acts: int = 0

    def __post_init__(self) -> None:
        self.clock = CoreClock(self)

    async def person(self, name: str, zone: str = ZONE) -> "CoreActor":
        """Return the person of that name."""
        if name not in self.people:
            self.people[name] = CoreActor(stage=self, name=name, zone=zone)
            self.chat.users.add(self.people[name].user)
        return self.people[name]

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


@dataclass(slots=True)
class CoreClock(StageClock):
    stage: CoreStage

    async def now(self) -> datetime:
        return self.stage.time.now()

    async def to(self, when: datetime | str) -> None:
        """Move through every instant at which something is due."""
        target = await self._target(when)
        assert target >= self.stage.time.now(), f"the clock moves forward only: {when}"
        service = self.stage.house.service
        for _ in range(STOPS):
            due = await service.next_due()
            if due is None or due > target:
                break
            self.stage.time.set(max(due, self.stage.time.now()))
            await service.settle()
        else:
            raise AssertionError(f"never arrived at {when}")
        self.stage.time.set(target)
        await service.settle()

    async def _target(self, when: datetime | str) -> datetime:
        if isinstance(when, datetime):
            return when.astimezone(UTC)
        name = when.removeprefix("next free period of ")
        if name == when:
            return wall(when, self.stage.time.now(), ZONE)
        found = await self.stage.read(self.stage.people[name].free)
        assert found is not None, f"{name} has no free period"
        return found


@dataclass(slots=True, kw_only=True)
class CoreActor(Actor):
    """Somebody who acts by visible labels; ``sheet`` is the form that is open."""

    stage: CoreStage
    name: str
    zone: str
    channel: str = CHANNEL
    thread: str = ""
    sheet: Sheet | None = None
    opened_from: Message | None = None
    opened_in: str = ""

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
        member = work.members.by_identity(self.person.identity)
        found = next_free(work, member.id) if member else None
        return found.start if found else None

    async def opens(self, place: str) -> None:
        assert self.sheet is None, f"a form is open: {self.sheet}"
        if place in {BOT, CHANNEL}:
            self.channel, self.thread = (f"dm.{self.user}" if place == BOT else CHANNEL), ""
            return
        roots = [m for m in self.stage.chat.messages if m.title == place]
        assert roots, f"{self.name} sees no thread “{place}”:\n{self._all()}"
        self.channel, self.thread = roots[-1].channel, roots[-1].id

    async def says(self, text: str, *files: tuple[str, bytes], thread: bool = False) -> None:
        within = self.thread if thread else ""
        command = re.match(r"\s*/coplan(?!\w)\s*", text, re.IGNORECASE)
        call = command or re.match(r"\s*@Coplan(?!\w)[:,]?\s*", text, re.IGNORECASE)
        made = self.stage.chat.add(
            Message(
                id=self.stage.chat.new_id(),
                channel=self.channel,
                thread=within,
                only_for=self.user if command and not direct(self.channel) else "",
                said=text.strip(),
            )
        )
        if call is None and not direct(self.channel):
            return
        words = text[call.end() :] if call else text
        uploads = tuple(Upload(name=name, content=content) for name, content in files)
        await self._ask(made, within, Said(parts=self._parts(words.strip()), files=uploads))

    def _parts(self, words: str) -> tuple[str | Person, ...]:
        known = {name.casefold(): actor.person for name, actor in self.stage.people.items()}
        names = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
        pieces = re.split(rf"(?<![\w@])@({names})(?!\w)", words, flags=re.IGNORECASE)
        parts = (
            known[piece.casefold()] if at % 2 else piece.strip() for at, piece in enumerate(pieces)
        )
        return tuple(part for part in parts if part)

    async def clicks(self, label: str, in_: str | None = None) -> None:
        message, button = self._button(label, in_)
        await self._use(message, button)

    async def clicks_twice(self, label: str, in_: str | None = None) -> None:
        message, button = self._button(label, in_)
        await self._use(message, button)
        await self._use(message, button)

    async def _use(self, message: Message, button: Button) -> None:
        await self._ask(message, self._pane(message), Clicked(action=button.action.encode()))

    async def chooses(self, placeholder: str, option: str, in_: str | None = None) -> None:
        for message in self._newest(in_):
            for block in reversed(message.card.blocks if message.card else ()):
                if isinstance(block, Select) and block.placeholder == placeholder:
                    value = next(o.value for o in block.options if o.label == option)
                    what = Clicked(action=block.action.encode(), choice=value)
                    await self._ask(message, self._pane(message), what)
                    return
        raise AssertionError(f"{self.name} sees no menu “{placeholder}”:\n{self._all()}")

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
        assert self._sheet()
        self.sheet = None

    async def sees(self, text: str, in_: str | None = None) -> None:
        assert self._shows(text, in_), f"{self.name} does not see “{text}”:\n{self._all()}"

    async def sees_not(self, text: str) -> None:
        assert not self._shows(text), f"{self.name} sees “{text}”:\n{self._all()}"

    async def sees_direct(self, text: str) -> None:
        assert await self.counts_direct(text), f"no “{text}” for {self.name} alone:\n" + "\n".join(
            line for m in self._visible(f"dm.{self.user}") for line in m.lines(self.zone)
        )

    async def counts_direct(self, text: str = "") -> int:
        found = self._visible(f"dm.{self.user}")
        return sum(message.shows(text, self.zone) for message in found)

    async def counts(self, text: str) -> int:
        found = {m.id: m for m in self._visible(self.channel, self.thread)}
        return sum(message.shows(text, self.zone) for message in found.values())

    async def downloads(self, ending: str) -> bytes:
        for message in self._newest(None):
            for file in message.card.files if message.card else ():
                if file.name.endswith(ending):
                    return file.content
        raise AssertionError(f"{self.name} sees no file *{ending}:\n{self._all()}")

    def offers(self) -> Mapping[str, str]:
        """Return the buttons of the newest card by label, with their actions (this driver's)."""
        newest = next(m for m in self._newest(None) if m.card is not None)
        return {b.label: b.action.encode() for b in _buttons(newest)}

    async def _ask(self, message: Message, pane: str, what: Said | Clicked | Submitted) -> None:
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

    def _pane(self, message: Message) -> str:
        """Return the thread in whose pane the message is used."""
        return self.thread if self.thread in {message.id, message.thread} else ""

    def _sheet(self) -> Sheet:
        assert self.sheet is not None, f"{self.name} has no form open:\n{self._all()}"
        return self.sheet

    def _visible(self, channel: str, thread: str = "") -> list[Message]:
        return self.stage.chat.visible(self.user, channel, thread)

    def _newest(self, in_: str | None) -> list[Message]:
        found = self._visible(self.channel, self.thread)[::-1]
        if in_ is None:
            return found
        return [message for message in found if message.shows(in_, self.zone)][:1]

    def _button(self, label: str, in_: str | None) -> tuple[Message, Button]:
        assert self.sheet is None, f"a form is open: {self.sheet}"
        for message in self._newest(in_):
            for button in reversed(_buttons(message)):
                if button.label == label:
                    return message, button
        raise AssertionError(f"{self.name} sees no button “{label}”:\n{self._all()}")

    def _shows(self, text: str, in_: str | None = None) -> bool:
        lines = form_lines(self.sheet.form, self.sheet.errors) if self.sheet else []
        told = in_ is None and any(fold(text) in fold(line) for line in lines)
        return told or any(message.shows(text, self.zone) for message in self._newest(in_))

    def _all(self) -> str:
        shown = self._visible(self.channel, self.thread)
        texts = [" / ".join(message.lines(self.zone)) for message in shown[-8:]]
        return "\n".join([*texts, *([repr(self.sheet)] if self.sheet else [])])


def _buttons(message: Message) -> list[Button]:
    blocks = message.card.blocks if message.card else ()
    return [button for row in blocks if isinstance(row, Buttons) for button in row.buttons]


@asynccontextmanager
async def core_stage(
    path: Path, recorder: Recorder, start: datetime = START
) -> AsyncIterator[CoreStage]:
    """Open a house in ``path`` whose clock stands at ``start``."""
    clock, chat = FakeClock(start), Chat(recorder)
    async with open_house(
        f"sqlite:///{path / 'core.db'}",
        {PLATFORM: chat},
        clock=clock,
        deduplicates=frozenset({PLATFORM}),
    ) as house:
        yield CoreStage(house=house, chat=chat, time=clock)
        await asyncio.wait_for(house.service.settle(), 10)
