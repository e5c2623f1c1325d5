"""A bot that knows nothing: it answers with every kind of card and form, and repeats its input."""

import asyncio
import struct
import sys
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from aiohttp import web

from adapters.playground.app import make_app
from adapters.playground.clock import MovableClock
from adapters.playground.messenger import PlaygroundMessenger
from adapters.playground.ports import Hooks, Settling
from adapters.playground.records import PLATFORM
from adapters.playground.server import reserve, run
from adapters.playground.store import PlaygroundStore
from bot.chat.inbound import Clicked, Inbound, Said, Shared, Submitted, What
from bot.chat.router import Handler
from bot.domain.clock import Clock
from bot.domain.ids import MemberId, RandomIds
from bot.domain.members import Identity, Person
from bot.domain.places import MessageRef
from bot.runtime.ports import Messenger
from bot.ui.actions import Action, action
from bot.ui.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Divider,
    File,
    Note,
    Option,
    Picture,
    Quote,
    Select,
    Style,
    Table,
    Text,
)
from bot.ui.forms import (
    ChecksInput,
    DateInput,
    FileInput,
    Form,
    MembersInput,
    SelectInput,
    TextInput,
)
from bot.ui.pages import help as help_pages
from bot.ui.replies import CardReply, FormErrorsReply, FormReply, Reply
from bot.ui.spans import Link, LocalTime, Mention, Strong

HOSTILE = "<img src=x onerror=alert(1)> <b>bold</b> &amp; *stars*"
AT = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
_SUBJECTS = (Option("bio", "Biology"), Option("geo", "Geography"), Option("lang", "Languages"))


class EchoHandler(Handler):
    """Answers ``show``, ``public``, ``form``, ``upload``, ``start``, ``crash``; repeats the rest.

    ``heard`` keeps every inbound. ``messenger`` is set after the making.
    """

    def __init__(self) -> None:
        self.heard: list[Inbound] = []
        self.messenger: Messenger | None = None
        self.plans: dict[str, tuple[MessageRef, int]] = {}

    def changes(self, what: What) -> bool:
        """Tell that clicks on ``replace`` change something."""
        return isinstance(what, Clicked) and Action.decode(what.action).name == "replace"

    async def handle(self, inbound: Inbound) -> Reply:
        self.heard.append(inbound)
        what = inbound.what
        if isinstance(what, Said):
            return await self._said(inbound, what)
        if isinstance(what, Clicked):
            return await self._clicked(inbound, what)
        return FormReply(form=questions()) if isinstance(what, Shared) else _submitted(what)

    async def _said(self, inbound: Inbound, said: Said) -> Reply:
        text = " ".join(part if isinstance(part, str) else part.name for part in said.parts)
        verb = text.split()[0] if text.split() else ""
        if verb == "crash":
            raise RuntimeError("secret trouble inside")
        if verb == "start":
            return await self._start(inbound, text.removeprefix("start").strip())
        replies: Mapping[str, Callable[[], Reply]] = {
            "show": lambda: CardReply(card=everything()),
            "public": lambda: CardReply(card=everything(), public=True),
            "form": lambda: FormReply(form=questions()),
            "upload": lambda: FormReply(form=uploading()),
        }
        return replies[verb]() if verb in replies else CardReply(card=_repeat(said, text))

    async def _start(self, inbound: Inbound, title: str) -> Reply:
        assert self.messenger is not None
        title = title.split('"')[1] if '"' in title else title or "Untitled"
        ref = await self.messenger.open_thread(
            inbound.place, title, plan_card(title, 0), f"plan:{inbound.key}"
        )
        self.plans[ref.message] = (ref, 0)
        await self.messenger.post(
            ref.place, _said_card("Your turn", "Ben, the first step waits on you."), ref.message
        )
        return CardReply(card=_said_card("Started", f"“{title}” stands in its thread."))

    async def _clicked(self, inbound: Inbound, clicked: Clicked) -> Reply:
        name = Action.decode(clicked.action).name
        if name == "form":
            return FormReply(form=questions())
        if name == "done" and inbound.message in self.plans:
            ref, count = self.plans[inbound.message]
            self.plans[inbound.message] = (ref, count + 1)
            assert self.messenger is not None
            await self.messenger.edit(ref, plan_card("The plan", count + 1), inbound.key)
            return CardReply(card=_said_card("Saved", "Seen by you and Ana."))
        if name == "replace":
            return CardReply(card=_said_card("Replaced", "In the place of the old."), replaces=True)
        return CardReply(card=_said_card("Clicked", f"{name} {clicked.choice}".strip()))


def _said_card(title: str, text: str) -> Card:
    return Card(title=title, summary=f"{title}: {text}", blocks=(Text((text,)),))


def _repeat(said: Said, text: str) -> Card:
    people = ", ".join(part.name for part in said.parts if isinstance(part, Person))
    files = ", ".join(f"{each.name}: {len(each.content)} bytes" for each in said.files)
    lines = [f"Heard: {text}", f"People: {people or 'none'}", f"Files: {files or 'none'}"]
    return Card(title="Echo", summary=text, blocks=(Bullets(tuple((line,) for line in lines)),))


def _submitted(submitted: Submitted) -> Reply:
    given = submitted.values
    if given.get("name") == ("wrong",):
        return FormErrorsReply(errors={"name": "That is not a title.", "day": "Too late."})
    lines = [f"{key}: {', '.join(values) or 'none'}" for key, values in given.items()]
    for key, people in submitted.people.items():
        lines.append(f"{key} by name: {', '.join(person.name for person in people)}")
    for key, files in submitted.files.items():
        lines += [f"{key}: {each.name} has {len(each.content)} bytes" for each in files]
    card = Card(
        title="Thank you",
        summary="; ".join(lines),
        blocks=(Bullets(tuple((line,) for line in lines)),),
    )
    return CardReply(card=card)


def plan_card(title: str, count: int) -> Card:
    """A plan's card, as it is edited in place."""
    return Card(
        title=title,
        summary=f"{title}: {count} of 9 steps",
        blocks=(
            Text((Strong(f"{count} of 9 steps"), " are done. Next: ", Strong("Objectives"), ".")),
            Bullets(
                (
                    (Mention(MemberId("m1"), "Ana"), " · Develop the form · due ", _when("date")),
                    (Mention(MemberId("m2"), "Ben"), " · Identify partners · waits on Ana"),
                )
            ),
            Buttons(
                (
                    Button("Step done", action("done"), Style.PRIMARY),
                    Button("Write", action("form")),
                    Button("Find a time", action("when")),
                )
            ),
            Note(("Due dates follow the school week. Any partner can change them.",)),
        ),
    )


def _when(style: str = "datetime") -> LocalTime:
    return LocalTime(AT, "Europe/Berlin", style)  # type: ignore[arg-type]


def everything() -> Card:
    """A card with a block of every kind, a span of every kind, and a file."""
    return Card(
        title="Every kind of block",
        summary="A card with every kind of block",
        blocks=(
            Text(
                (
                    "Plain, ",
                    Strong("strong"),
                    ", ",
                    Mention(MemberId("m1"), "Ana", ping=True),
                    ", a ",
                    Link("link", "https://example.org/unit?a=1&b=2"),
                    ", no ",
                    Link("script", "javascript:alert(1)"),
                    " and a time: ",
                    _when(),
                    ".",
                )
            ),
            Text((HOSTILE,)),
            Note(("A small line of context.",)),
            Quote("We each wrote our half,\nand then we read them together."),
            Bullets((("First ", Strong("item")), ("Second item",))),
            Divider(),
            Table(
                ("Period", "Mon", "Tue", "Wed", "Thu", "Fri"),
                (
                    ("1", "7b Biology", "free", "7a Biology", "free", "meeting"),
                    ("2", "free", "8c Biology", "7b Biology", "library", "free"),
                ),
            ),
            Picture(png(240, 90), "A bar of progress: two of nine steps"),
            Select(action("pick"), "Choose a subject", _SUBJECTS),
            Buttons(
                (
                    Button("Agree", action("agree"), Style.PRIMARY),
                    Button("Replace me", action("replace")),
                    Button("Leave the plan", action("leave"), Style.DANGER),
                )
            ),
        ),
        files=(File("unit plan.html", "text/html", b"<script>alert(1)</script>"),),
    )


def questions() -> Form:
    """A form with an input of every kind but the file."""
    return Form(
        title="Objectives",
        action=action("answer", "1"),
        note="Seen by you and Ana.",
        inputs=(
            TextInput(
                key="name",
                label="What is the unit called?",
                hint="A few words; say “wrong” to see an error.",
                max_length=80,
            ),
            SelectInput(key="subject", label="Subject", options=_SUBJECTS, required=False),
            ChecksInput(key="kinds", label="What will you assess?", options=_SUBJECTS),
            MembersInput(key="partners", label="Partners", many=True, required=False, initial=()),
            DateInput(key="day", label="Due", initial=date(2026, 12, 1), required=False),
        ),
    )


def uploading() -> Form:
    """A form with a file and a long text."""
    return Form(
        title="Timetable",
        action=action("upload"),
        submit="Read it",
        inputs=(
            FileInput(key="file", label="Your timetable"),
            TextInput(key="paste", label="Or paste it", multiline=True, required=False),
        ),
    )


def png(width: int, height: int) -> bytes:
    """A PNG: a bar, a part of it darker."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    done = width * 2 // 9
    row = b"\0" + b"\x0f\x6b\x63" * done + b"\xdc\xe9\xe6" * (width - done)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


class FakeSettling(Settling):
    """Things due at given instants; ``done`` keeps when each was carried out, by the clock."""

    def __init__(self, clock: Clock, *due: datetime) -> None:
        self.clock = clock
        self.due = sorted(due)
        self.done: list[tuple[datetime, datetime]] = []
        self.stuck = False
        self.going = asyncio.Event()
        self.going.set()

    async def settle(self) -> None:
        await self.going.wait()
        now = self.clock.now()
        while not self.stuck and self.due and self.due[0] <= now:
            self.done.append((self.due.pop(0), now))

    async def next_due(self) -> datetime | None:
        return self.due[0] if self.due else None


class SteadyClock(Clock):
    """A clock that stands still until it is told otherwise."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@dataclass(slots=True, kw_only=True)
class Playing:
    """A playground with the echo bot."""

    app: web.Application
    store: PlaygroundStore
    clock: MovableClock
    real: SteadyClock
    settling: FakeSettling
    handler: EchoHandler
    messenger: PlaygroundMessenger


@asynccontextmanager
async def playing(
    path: Path, *due: datetime, handler: EchoHandler | None = None
) -> AsyncIterator[Playing]:
    """Make a playground in ``path`` on Monday, 23 November 2026, 09:00 in Berlin."""
    real = SteadyClock(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    ids = RandomIds()
    store = PlaygroundStore(path, ids=ids)
    await store.open()
    clock = MovableClock(real, await store.offset())
    settling = FakeSettling(clock, *due)
    handler = handler or EchoHandler()
    handler.messenger = PlaygroundMessenger(store, clock=clock, ids=ids)

    async def next_free(of: Identity) -> datetime | None:
        return AT if of.user == "ana" else None

    async def identity_of(member: MemberId) -> Identity | None:
        return Identity(platform=PLATFORM, user=member)

    app = make_app(
        handler=handler,
        store=store,
        clock=clock,
        settling=settling,
        ids=ids,
        hooks=Hooks(next_free=next_free, identity_of=identity_of),
        verbs=tuple(help_pages.VERBS.items()),
    )
    try:
        yield Playing(
            app=app,
            store=store,
            clock=clock,
            real=real,
            settling=settling,
            handler=handler,
            messenger=handler.messenger,
        )
    finally:
        await store.close()


async def main(path: Path) -> None:
    """Serve it: ``python -m tests.support.echo FILE``, for a look at the page."""
    async with playing(path, AT) as play:
        await run(play.app, reserve(8765), print)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
