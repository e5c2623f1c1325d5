"""What somebody sees at Slack's client: a channel, beside it maybe a thread, on top a modal."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.support.looking import shows
from tests.support.slack.filling import Filling, findable
from tests.support.slack.seen import Reader
from tests.support.slack.world import Channel, Json, Message, Team, User, View, World

if TYPE_CHECKING:
    from tests.support.slack.fake import FakeSlack


@dataclass(slots=True, kw_only=True)
class Looking:
    """One person with a channel open, and maybe a thread beside it.

    ``troubles`` are what Slack told them went wrong.
    """

    fake: "FakeSlack"
    me: User
    channel: Channel
    thread: str = ""
    troubles: list[str] = field(default_factory=list)
    _filling: Filling | None = None

    @property
    def world(self) -> World:
        return self.fake.world

    @property
    def team(self) -> Team:
        return self.fake.team

    @property
    def reader(self) -> Reader:
        """Return who reads what is shown."""
        return Reader(team=self.team, zone=self.me.zone, times=self.fake.times)

    def goes(self, channel: Channel | str, thread: str = "") -> None:
        """Open a channel (by name), and maybe a thread in it."""
        self.channel = self.fake.channel(channel) if isinstance(channel, str) else channel
        self.thread = thread

    def goes_to_app(self) -> None:
        """Open the direct conversation with the app."""
        self.goes(self.world.open_im(self.team, self.me.id))

    def visible(self, channel: Channel | None = None, thread: str | None = None) -> list[Message]:
        """Return the messages of a channel and of the thread beside it, the oldest first."""
        where = channel or self.channel
        beside = self.thread if thread is None else thread
        mine = [m for m in where.messages if m.only_for in {"", self.me.id}]
        return [m for m in mine if not m.thread or m.thread == beside]

    def lines(self, message: Message) -> list[str]:
        """Return what a message shows."""
        private = ["Only visible to you"] if message.only_for and not self.channel.is_im else []
        return [*self.reader.message(message), *private]

    def newest(self, within: str | None = None) -> list[Message]:
        """Return what is visible, the newest first; with ``within`` the newest that shows it."""
        found = self.visible()[::-1]
        if within is None:
            return found
        return [message for message in found if shows(self.lines(message), within)][:1]

    def sees(self, text: str, within: str | None = None) -> bool:
        """Tell whether the text is visible in the open place or modal."""
        modal = within is None and shows(self.modal_lines(), text)
        return modal or any(shows(self.lines(message), text) for message in self.newest(within))

    def direct(self) -> list[Message]:
        """Return the messages of the direct conversation with the app."""
        im = self.team.im(self.me.id)
        return self.visible(im, "") if im else []

    @property
    def modal(self) -> View | None:
        """Return the modal that is on top, if one is open."""
        stack = self.team.modals.get(self.me.id)
        return stack[-1] if stack else None

    @property
    def filling(self) -> Filling:
        """Return what stands in the open modal."""
        view = self.modal
        assert view is not None, f"{self.me.name} has no modal open:\n{self}"
        if self._filling is None or self._filling.view is not view:
            self._filling = Filling(world=self.world, team=self.team, view=view)
        self._filling.refresh()
        return self._filling

    def modal_lines(self) -> list[str]:
        """Return what the open modal shows, with the errors below its inputs."""
        view = self.modal
        return [*self.reader.view(view), *self.filling.errors.values()] if view else []

    def home_lines(self) -> list[str]:
        """Return what the Home tab shows."""
        home = self.team.homes.get(self.me.id)
        return self.reader.blocks(home.content["blocks"]) if home else []

    def find(self, label: str, within: str | None) -> tuple[Message, Json, Json]:
        """Return the newest button or menu of that label, with its message and block."""
        for message in self.newest(within):
            for block, element in findable(message.blocks):
                if called(self.reader, element) == label:
                    return message, block, element
        raise AssertionError(f"{self.me.name} sees no “{label}”:\n{self}")

    def __str__(self) -> str:
        told = "\n".join(" / ".join(self.lines(message)) for message in self.visible()[-8:])
        return f"{told}\n{self.modal_lines() if self.modal else ''}\n{self.troubles or ''}"


def called(reader: Reader, element: Json) -> str:
    """Return what a button or menu is called."""
    return reader.text(element.get("text") or element.get("placeholder"))
