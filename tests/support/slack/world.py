"""What there is in a workspace of the fake Slack: people, channels, messages, files, views."""

import itertools
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

SCOPES = (
    "app_mentions:read",
    "bookmarks:read",
    "bookmarks:write",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:read",
    "im:history",
    "im:write",
    "users:read",
)
"""What a workspace grants unless a test says otherwise: no history of channels."""


@dataclass(slots=True, kw_only=True)
class User:
    """Somebody; ``takes_messages`` is false for one whom no app may write to."""

    id: str
    name: str
    zone: str = "Europe/Berlin"
    locale: str = "en-US"
    is_bot: bool = False
    deleted: bool = False
    restricted: bool = False
    takes_messages: bool = True


@dataclass(slots=True, kw_only=True)
class File:
    """A file; ``content`` is None until its bytes have come, ``shared`` once it is completed."""

    id: str
    name: str
    title: str
    owner: str
    length: int
    alt: str = ""
    content: bytes | None = None
    shared: bool = False
    ready_at: float = 0.0


@dataclass(slots=True, kw_only=True)
class Message:
    """One message; ``only_for`` is the one user who sees an ephemeral one."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread: str = ""
    only_for: str = ""
    files: list[File] = field(default_factory=list)
    metadata: Json | None = None
    pings: tuple[str, ...] = ()
    edited: int = 0


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel, or a direct conversation (``is_im``) of one user with the bot."""

    id: str
    name: str
    private: bool = False
    is_im: bool = False
    archived: bool = False
    members: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)

    def find(self, ts: str) -> Message | None:
        """Return the message that everybody sees, of that time stamp."""
        return next((m for m in self.messages if m.ts == ts and not m.only_for), None)


@dataclass(slots=True, kw_only=True)
class View:
    """An open modal or somebody's Home tab, as Slack keeps it; ``state`` is what is filled in."""

    id: str
    user: str
    content: Json
    hash: str
    root: str
    previous: str | None = None
    external_id: str = ""

    @property
    def title(self) -> str:
        """Return the title of a modal."""
        return str(self.content.get("title", {}).get("text", ""))


@dataclass(slots=True, kw_only=True)
class Trigger:
    """Leave to open one view, for three seconds."""

    user: str
    until: float
    used: bool = False


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    """Leave to answer an interaction up to five times within half an hour."""

    user: str
    channel: str
    thread: str
    until: float
    original: Message | None = None
    left: int = 5


@dataclass(slots=True, kw_only=True)
class App:
    """The app under test."""

    id: str = "A0COPLAN001"
    token: str = "xapp-1-A0COPLAN001-fake"  # noqa: S105 - opens nothing
    signing_secret: str = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105 - opens nothing
    verification: str = "verification-fake"
    command: str = "/coplan"
    home_tab: bool = True


@dataclass(slots=True, kw_only=True)
class Enterprise:
    """An organisation of workspaces, in which the app may be installed once for all of them.

    Its admins have let the app into the workspaces of ``granted``.
    """

    id: str
    name: str
    bot: User
    token: str = ""
    revoked: bool = False
    scopes: set[str] = field(default_factory=set)
    granted: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Team:
    """One workspace with the app installed; ``scopes`` may be taken away."""

    id: str
    domain: str
    token: str
    bot: User
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    revoked: bool = False
    enterprise: Enterprise | None = None
    """The organisation whose installation reaches in here."""
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    modals: dict[str, list[View]] = field(default_factory=dict)
    """The stack of open views of each user, the visible one last."""
    homes: dict[str, View] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    answers: dict[str, ResponseUrl] = field(default_factory=dict)

    def im(self, user: str) -> Channel | None:
        """Return somebody's direct conversation with the bot, if it was opened."""
        wanted = {user, self.bot.id}
        return next((c for c in self.channels.values() if c.is_im and c.members == wanted), None)

    def named(self, name: str) -> User:
        """Return the person of that name."""
        return next(user for user in self.users.values() if user.name == name)


@dataclass(slots=True, kw_only=True)
class World:
    """All workspaces. ``now`` is Unix time by the clock of the story; limits of a few seconds are
    measured by ``monotonic``. ``address`` is where the fake is served.
    """

    now: Callable[[], float] = time.time  # noqa: TID251 - a real fake lives by the real clock
    monotonic: Callable[[], float] = time.monotonic
    app: App = field(default_factory=App)
    address: str = ""
    teams: dict[str, Team] = field(default_factory=dict)
    enterprises: dict[str, Enterprise] = field(default_factory=dict)
    tells_metadata: bool = True
    """Whether the history of a channel holds the metadata of messages."""
    processing: float = 0.0
    """For how many seconds an uploaded file cannot be shown in a block yet."""
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _last_ts: int = 0

    def id(self, prefix: str) -> str:
        """Return a new id."""
        return f"{prefix}{next(self._numbers):09d}"

    def ts(self) -> str:
        """Return a time stamp that no other message has."""
        self._last_ts = max(int(self.now() * 1_000_000), self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def team(self, domain: str, enterprise: Enterprise | None = None) -> Team:
        """Make a workspace in which the app is installed, or an organisation's."""
        bot = enterprise.bot if enterprise else self._bot()
        number = self.id("T0")
        token = f"xoxb-{number}-fake"
        made = Team(id=number, domain=domain, token=token, bot=bot, users={bot.id: bot})
        made.enterprise = enterprise
        if enterprise is not None:
            enterprise.granted.add(number)
        self.teams[made.id] = made
        return made

    def enterprise(self, name: str) -> Enterprise:
        """Make an organisation in which the app is not installed yet."""
        made = Enterprise(id=self.id("E0"), name=name, bot=self._bot())
        self.enterprises[made.id] = made
        return made

    def _bot(self) -> User:
        return User(id=self.id("U0BOT"), name="Coplan", is_bot=True)

    def user(self, team: Team, name: str, zone: str = "Europe/Berlin") -> User:
        """Let somebody come into the workspace, and into every public channel."""
        made = User(id=self.id("U0"), name=name, zone=zone)
        team.users[made.id] = made
        for channel in team.channels.values():
            if not channel.is_im and not channel.private:
                channel.members.add(made.id)
        return made

    def channel(self, team: Team, name: str, *, private: bool = False) -> Channel:
        """Make a channel with everybody in it, and the bot."""
        made = Channel(id=self.id("C0"), name=name, private=private, members=set(team.users))
        team.channels[made.id] = made
        return made

    def open_im(self, team: Team, user: str) -> Channel:
        """Return somebody's direct conversation with the bot."""
        found = team.im(user)
        if found is None:
            members = {user, team.bot.id}
            found = Channel(id=self.id("D0"), name="directmessage", is_im=True, members=members)
            team.channels[found.id] = found
        return found

    def trigger(self, team: Team, user: str) -> str:
        """Return leave to open a view."""
        made = self.id("13345224609.738474920.")
        team.triggers[made] = Trigger(user=user, until=self.monotonic() + 3.0)
        return made

    def answer_url(
        self, team: Team, user: str, channel: str, thread: str = "", original: Message | None = None
    ) -> str:
        """Return the address that an interaction may be answered at."""
        number = self.id("hook")
        team.answers[number] = ResponseUrl(
            user=user, channel=channel, thread=thread, original=original, until=self.now() + 1800
        )
        return f"{self.address}/respond/{team.id}/{number}"

    def by_token(self, token: str) -> Team | Enterprise | None:
        """Return the workspace, or the organisation, that gave the token."""
        every = (*self.teams.values(), *self.enterprises.values())
        return next((each for each in every if each.token == token), None)
