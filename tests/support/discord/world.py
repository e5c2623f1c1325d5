"""What there is in the fake Discord: people, guilds, channels, threads, messages, interactions."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from tests.support.discord.permissions import LEAST, Permission

Json = dict[str, Any]

EPOCH: Final = 1_420_070_400_000
"""The Unix milliseconds at which Discord's ids begin."""
ANSWER_WITHIN: Final = 3.0
"""Seconds for the first answer to an interaction."""
NONCE_LASTS: Final = 180.0
"""For how many seconds a nonce is remembered: "the past few minutes"."""
TOKEN_LASTS: Final = 900.0
"""Seconds for which an interaction that was answered in time can be followed up."""


class Kind(IntEnum):
    """Types of channels."""

    TEXT = 0
    DM = 1
    THREAD = 11
    FORUM = 15


@dataclass(slots=True, kw_only=True)
class User:
    """Somebody; ``takes_messages`` is false for one whom no bot may write to.

    ``zone`` is where their computer stands: Discord shows times in it, and tells no app.
    """

    id: str
    name: str
    bot: bool = False
    zone: str = "Europe/Berlin"
    locale: str = "en-US"
    takes_messages: bool = True


@dataclass(slots=True, kw_only=True)
class Attachment:
    """A file of a message, or one that somebody chose in a modal."""

    id: str
    filename: str
    content: bytes
    media_type: str = "application/octet-stream"
    description: str = ""


@dataclass(slots=True, kw_only=True)
class Message:
    """One message; ``only_for`` is the one user who sees an ephemeral one.

    ``content`` and ``components`` are as sent. ``pings`` are the ids of those it calls, and
    "everyone". ``type`` is 0 for what somebody wrote.
    """

    id: str
    channel: str
    author: str
    at: float
    content: str = ""
    components: list[Json] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    type: int = 0
    nonce: str | int | None = None
    reference: Json | None = None
    interaction: str = ""
    only_for: str = ""
    thinking: bool = False
    """Whether it says that the app is thinking: a deferred answer."""
    pings: tuple[str, ...] = ()
    silent: bool = False
    pinned: bool = False
    edited: int = 0
    edited_at: float = 0.0

    @property
    def v2(self) -> bool:
        """Tell whether it is made of components alone."""
        return bool(self.flags & V2)


EPHEMERAL: Final = 1 << 6
THINKING: Final = 1 << 7
HAS_THREAD: Final = 1 << 5
SILENT: Final = 1 << 12
V2: Final = 1 << 15


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel of a guild, a thread in one (``parent``), or a direct conversation with the bot.

    ``denied`` is what the bot is not allowed here; ``members`` are the people of a conversation.
    ``private``: not everybody in the guild sees it. ``tagged``: every post must have a tag.
    """

    id: str
    name: str
    kind: Kind = Kind.TEXT
    guild: str = ""
    parent: str = ""
    owner: str = ""
    archived: bool = False
    locked: bool = False
    archives_after: int = 1440
    denied: set[Permission] = field(default_factory=set)
    private: bool = False
    members: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    tags: list[Json] = field(default_factory=list)
    tagged: bool = False
    applied: list[str] = field(default_factory=list)

    @property
    def is_thread(self) -> bool:
        return self.kind is Kind.THREAD

    @property
    def is_dm(self) -> bool:
        return self.kind is Kind.DM

    def find(self, number: str) -> Message | None:
        """Return the message of that id that everybody here sees."""
        return next((m for m in self.messages if m.id == number and not m.only_for), None)


@dataclass(slots=True, kw_only=True)
class Guild:
    """A server in which the app is installed; ``members`` are ids, ``nicks`` names by id."""

    id: str
    name: str
    shard: int = 0
    members: set[str] = field(default_factory=set)
    nicks: dict[str, str] = field(default_factory=dict)
    allowed: set[Permission] = field(default_factory=lambda: set(LEAST))
    commands: list[Json] = field(default_factory=list)
    events: dict[str, Json] = field(default_factory=dict)
    gone: bool = False
    """Whether the bot was removed."""


@dataclass(slots=True, kw_only=True)
class Interaction:
    """One use of the app by somebody; ``token`` leads to it.

    ``answered`` is the type of the first answer (0: none yet), ``original`` the message it made or
    was made with.
    """

    id: str
    token: str
    type: int
    user: str
    channel: str
    begun: float
    answered: int = 0
    data: Json = field(default_factory=dict)
    """What the answer said: the choices of an autocompletion, a modal."""
    source: Message | None = None
    original: Message | None = None
    first: asyncio.Event = field(default_factory=asyncio.Event)
    """Is set with the first answer."""


@dataclass(slots=True, kw_only=True)
class Modal:
    """A modal that somebody has open; ``content`` is as the app sent it."""

    user: str
    content: Json
    channel: str
    source: Message | None = None

    @property
    def title(self) -> str:
        return str(self.content["title"])


@dataclass(slots=True, kw_only=True)
class App:
    """The app under test; ``intents`` are the privileged ones it was granted."""

    id: str
    token: str
    bot: User
    intents: int = 0
    commands: list[Json] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class World:
    """Everything. ``now`` is Unix time by the clock of the story; limits of a few seconds are
    measured by ``monotonic``. ``address`` is where the fake is served.
    """

    now: Callable[[], float] = time.time  # noqa: TID251 - a real fake lives by the real clock
    monotonic: Callable[[], float] = time.monotonic
    address: str = ""
    answer_within: float = ANSWER_WITHIN
    nonce_lasts: float = NONCE_LASTS
    shards: int = 1
    """How many Discord recommends."""
    starts_a_day: int = 1000
    starts_left: int = 1000
    starts_come_back: int = 0
    """Milliseconds until there are a thousand again."""
    app: App = field(init=False)
    users: dict[str, User] = field(default_factory=dict)
    guilds: dict[str, Guild] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    interactions: dict[str, Interaction] = field(default_factory=dict)
    modals: dict[str, Modal] = field(default_factory=dict)
    """The open modal of each user."""
    uploads: dict[str, Attachment] = field(default_factory=dict)
    """Files that people sent, and the app's, by id."""
    emit: Callable[[str, Json, str], None] = lambda *_: None
    """Tells the gateway of an event, with its data and the guild's id ("" for direct messages)."""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _last: int = 0

    def __post_init__(self) -> None:
        bot = User(id=self.id(), name="Coplan", bot=True)
        self.users[bot.id] = bot
        self.app = App(id=bot.id, token=f"{bot.id}.fake.{self.id()}", bot=bot)

    def id(self) -> str:
        """Return a new id, larger than all before, that tells the time as Discord's do."""
        at = (int(self.now() * 1000) - EPOCH) << 22
        self._last = max(at, self._last + 1)
        return str(self._last)

    def user(self, name: str, zone: str = "Europe/Berlin") -> User:
        """Let somebody have an account, and be in every guild."""
        made = User(id=self.id(), name=name, zone=zone)
        self.users[made.id] = made
        for guild in self.guilds.values():
            guild.members.add(made.id)
        return made

    def guild(self, name: str) -> Guild:
        """Make a server in which the app is installed, and everybody is."""
        made = Guild(id=self.id(), name=name, members=set(self.users))
        self.guilds[made.id] = made
        return made

    def channel(self, guild: Guild, name: str, kind: Kind = Kind.TEXT) -> Channel:
        """Make a channel."""
        made = Channel(id=self.id(), name=name, kind=kind, guild=guild.id)
        self.channels[made.id] = made
        return made

    def dm(self, user: str) -> Channel:
        """Return somebody's direct conversation with the bot."""
        if (found := self.dm_of(user)) is not None:
            return found
        made = Channel(id=self.id(), name="", kind=Kind.DM, members={user, self.app.bot.id})
        return self.channels.setdefault(made.id, made)

    def dm_of(self, user: str) -> Channel | None:
        """Return somebody's direct conversation with the bot, if it was opened."""
        return next((c for c in self.channels.values() if user in c.members and c.is_dm), None)

    def threads(self, channel: str) -> list[Channel]:
        """Return the threads of a channel."""
        return [c for c in self.channels.values() if c.parent == channel]

    def allowed(self, channel: Channel) -> frozenset[Permission]:
        """Return what the bot may do in a channel; in a thread as in its channel."""
        if channel.is_dm:
            return frozenset(Permission)
        above = self.channels.get(channel.parent, channel)
        return frozenset(self.guilds[channel.guild].allowed - above.denied - channel.denied)

    def fold(self, thread: Channel) -> None:
        """Archive a thread in which nothing was said for as long as it is kept open."""
        last = max([seconds(thread.id), *(each.at for each in thread.messages)])
        if thread.is_thread and not thread.archived:
            thread.archived = self.now() > last + thread.archives_after * 60

    def shares_guild(self, user: str) -> bool:
        """Tell whether the bot and somebody are in one guild."""
        return any(user in g.members and not g.gone for g in self.guilds.values())


def seconds(number: str) -> float:
    """Return the Unix time at which an id was made."""
    return ((int(number) >> 22) + EPOCH) / 1000
