"""A chat without a platform: messages in channels, threads and direct conversations."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.clock import Clock
from bot.domain.members import Identity
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.domain.reminders.undelivered import Cause
from bot.runtime.ports import Messenger, NotDelivered
from bot.ui.cards import Bullets, Buttons, Card, Note, Picture, Quote, Table, Text
from bot.ui.forms import Form, hint_to_type
from bot.ui.spans import Link, LocalTime, Mention, Spans, plain
from tests.support.talk.recorder import Recorder
from tests.support.talk.stage import START

PLATFORM = "playground"


@dataclass(slots=True, kw_only=True)
class Message:
    """One message; ``only_for`` is a user's id where nobody else sees it, ``title`` a thread's.

    ``author`` is a user's id, empty for the bot; ``files`` are the names of what was sent with it.
    """

    id: str
    channel: str
    thread: str = ""
    title: str = ""
    only_for: str = ""
    author: str = ""
    said: str = ""
    files: tuple[str, ...] = ()
    card: Card | None = None
    at: datetime = START

    @property
    def place(self) -> Place:
        """Return where the core takes it to be: the root of a plan's thread is in its thread."""
        return place_of(self.channel, self.thread or (self.id if self.title else ""))

    def lines(self, zone: str) -> list[str]:
        """Return the texts a reader in ``zone`` sees, each as one run of words."""
        if self.card is None:
            return [self.said]
        private = ["Only visible to you"] if self.only_for and not direct(self.channel) else []
        return [*card_lines(self.card, zone), *private]

    def shows(self, text: str, zone: str) -> bool:
        """Tell whether the text stands in it, case and white space apart."""
        wanted = fold(text)
        return any(wanted in fold(line) for line in self.lines(zone)) or (
            wanted in fold(" ".join(self.lines(zone)))
        )


def fold(text: str) -> str:
    """Return the text without what a browser does not show: case and runs of white space."""
    return " ".join(text.split()).casefold()


def direct(channel: str) -> bool:
    """Tell whether it is somebody's conversation with the bot."""
    return channel.startswith("dm.")


def place_of(channel: str, thread: str = "") -> Place:
    """Return the neutral place."""
    kind = PlaceKind.DIRECT if direct(channel) else PlaceKind.CHANNEL
    if thread:
        kind = PlaceKind.THREAD
    return Place(platform=PLATFORM, kind=kind, channel=channel, thread=thread)


def card_lines(card: Card, zone: str) -> list[str]:
    """Return the visible texts of a card: what its menus offer is not visible."""
    lines = [card.title, *(line for block in card.blocks for line in _block_lines(block, zone))]
    return [*lines, *(file.name for file in card.files)]


def _block_lines(block: object, zone: str) -> Iterator[str]:
    match block:
        case Text(spans) | Note(spans):
            yield seen(spans, zone)
        case Quote(text):
            yield text
        case Bullets(items):
            yield from (seen(item, zone) for item in items)
        case Table(head, rows):
            yield from (cell for row in (head, *rows) for cell in row)
        case Picture(alt=alt):
            yield alt
        case Buttons(buttons):
            yield from (button.label for button in buttons)
        case _:
            return


def seen(spans: Spans, zone: str) -> str:
    """Return spans as a reader sees them: times in their zone, calls with an @, links by label."""
    shown = []
    for span in spans:
        match span:
            case LocalTime(at, _, style):
                shown.append(plain((LocalTime(at, zone, style),)))
            case Mention(_, name, ping):
                shown.append(f"@{name}" if ping else name)
            case Link(label):
                shown.append(label)
            case _:
                shown.append(plain((span,)))
    return "".join(shown)


def form_lines(form: Form, errors: dict[str, str]) -> list[str]:
    """Return the visible texts of a form."""
    asked = [line for each in form.inputs for line in (each.label, hint_to_type(each))]
    return [form.title, form.note, *asked, *errors.values()]


@dataclass(slots=True)
class Chat(Messenger):
    """Keeps what was shown. As a messenger it never shows one key twice."""

    recorder: Recorder
    clock: Clock
    messages: list[Message] = field(default_factory=list)
    shown: dict[str, Message] = field(default_factory=dict)
    users: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    """Who takes no direct messages."""

    def add(self, message: Message) -> Message:
        message.at = self.clock.now()
        self.messages.append(message)
        if message.card is not None:
            self.recorder.card(message.card)
        return message

    def new_id(self) -> str:
        return f"m{len(self.messages) + 1}"

    def message(self, which: str) -> Message:
        return next(each for each in self.messages if each.id == which)

    def visible(self, user: str, channel: str, thread: str) -> list[Message]:
        """Return what somebody sees in a channel and the thread beside it, top to bottom."""
        mine = [m for m in self.messages if m.only_for in {"", user} and m.channel == channel]
        room = [m for m in mine if not m.thread]
        beside = [m for m in mine if thread and thread in {m.id, m.thread}]
        return [*room, *beside]

    async def open_thread(self, channel: Place, title: str, card: Card, key: str) -> MessageRef:
        root = self._show(key, channel.channel, "", card, title)
        return MessageRef(place=root.place, message=root.id)

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        return MessageRef(
            place=place, message=self._show(key, place.channel, place.thread, card).id
        )

    async def edit(self, message: MessageRef, card: Card, key: str) -> None:  # noqa: ARG002
        self.message(message.message).card = card
        self.recorder.card(card)

    async def direct(self, to: Identity, card: Card, key: str) -> MessageRef:
        if to.user not in self.users:
            raise NotDelivered("nobody of that name", permanent=True)
        if to.user in self.closed:
            raise NotDelivered("closed", permanent=True, cause=Cause.CLOSED)
        message = self._show(key, f"dm.{to.user}", "", card)
        return MessageRef(place=message.place, message=message.id)

    def _show(self, key: str, channel: str, thread: str, card: Card, title: str = "") -> Message:
        if key not in self.shown:
            made = Message(id=self.new_id(), channel=channel, thread=thread, title=title, card=card)
            self.shown[key] = self.add(made)
        return self.shown[key]
