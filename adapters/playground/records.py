"""What the playground's store takes and gives."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from bot.domain.members import Identity, Person
from bot.domain.places import Place, PlaceKind

PLATFORM: Final = "playground"
BOT: Final = "coplan"
"""The author of the bot's messages; nobody else may have this id."""
BOT_NAME: Final = "Coplan"

Json = dict[str, Any]
"""What goes to the page: plain JSON objects."""


class Kind(StrEnum):
    """What a message is."""

    TALK = "talk"
    COMMAND = "command"
    CARD = "card"
    GONE = "gone"
    """A private message that its reader dismissed; kept so that every window hears of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """One of the invented people; ``zone`` is an IANA name."""

    id: str
    name: str
    zone: str

    @property
    def identity(self) -> Identity:
        """Who that is for the core."""
        return Identity(platform=PLATFORM, user=self.id)

    @property
    def person(self) -> Person:
        """The person as the core's inbound shows them."""
        return Person(identity=self.identity, name=self.name, zone=self.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel that everybody is in."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a message; ``id`` is random and part of its address."""

    id: str
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message to be stored; ``at`` is aware. ``private_to`` is a person's id."""

    channel: str
    thread: str = ""
    title: str = ""
    author: str
    kind: Kind
    private_to: str = ""
    body: Json
    files: tuple[Attachment, ...] = ()
    at: datetime
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as stored."""

    id: str
    number: int
    changed: int
    channel: str
    thread: str
    title: str
    author: str
    kind: Kind
    audience: str
    private: bool
    body: Json
    at: datetime
    edited: bool

    @property
    def place(self) -> Place:
        """Where the core takes it to be: the root of a plan's thread is in its thread."""
        thread = self.thread or (self.id if self.title else "")
        return place_of(self.channel, thread)

    def seen_by(self, person: str) -> bool:
        """Tell whether the person may see it."""
        return not self.audience or f".{person}." in self.audience


def place_of(channel: str, thread: str = "") -> Place:
    """Return the neutral place of a channel, a thread or a direct conversation."""
    if thread:
        kind = PlaceKind.THREAD
    else:
        kind = PlaceKind.DIRECT if participants(channel) else PlaceKind.CHANNEL
    return Place(platform=PLATFORM, kind=kind, channel=channel, thread=thread)


def direct_channel(*people: str) -> str:
    """Return the channel of a direct conversation: of one person with the bot, or of two."""
    return ".".join(("dm", *sorted(people)))


def participants(channel: str) -> tuple[str, ...]:
    """Return the people of a direct conversation (without the bot); empty for a channel."""
    first, *people = channel.split(".")
    return tuple(people) if first == "dm" else ()


def with_bot(channel: str) -> bool:
    """Tell whether that is somebody's direct conversation with the bot."""
    return len(participants(channel)) == 1


def audience(channel: str, private_to: str) -> str:
    """Return who may see a message there, as the table stores it."""
    people = (private_to,) if private_to else participants(channel)
    return f".{'.'.join(people)}." if people else ""
