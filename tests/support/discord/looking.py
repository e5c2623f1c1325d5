"""What somebody sees at Discord's client: a channel, beside it maybe a thread, on top a modal."""

from dataclasses import dataclass, field
from typing import Protocol

from tests.support.discord.components import usable
from tests.support.discord.filling import Filling
from tests.support.discord.seen import Reader, Times
from tests.support.discord.world import Channel, Guild, Json, Message, Modal, User, World
from tests.support.looking import shows


class Surroundings(Protocol):
    """The Discord that somebody is in: ours, or another's."""

    guild: Guild
    times: Times
    required: str
    alone: str

    @property
    def world(self) -> World:
        """Return what there is now."""
        ...

    def channel(self, name: str) -> Channel:
        """Return the channel or thread of that name, the newest."""
        ...


@dataclass(slots=True, kw_only=True)
class Looking:
    """One person with a channel open, and maybe a thread (its id) beside it.

    ``troubles`` are what Discord told them went wrong.
    """

    fake: Surroundings
    me: User
    channel: Channel
    thread: str = ""
    troubles: list[str] = field(default_factory=list)
    _filling: Filling | None = None

    @property
    def world(self) -> World:
        return self.fake.world

    @property
    def reader(self) -> Reader:
        """Return who reads what is shown."""
        guild = self.fake.guild.id
        return Reader(world=self.world, guild=guild, zone=self.me.zone, times=self.fake.times)

    def goes(self, channel: Channel | str, thread: str = "") -> None:
        """Open a channel (by name), and maybe a thread in it."""
        self.channel = self.fake.channel(channel) if isinstance(channel, str) else channel
        self.thread = thread

    def goes_to_app(self) -> None:
        """Open the direct conversation with the app."""
        self.goes(self.world.dm(self.me.id))

    def visible(self, channel: Channel | None = None, thread: str | None = None) -> list[Message]:
        """Return the messages of a channel and of the thread beside it, the oldest first."""
        where = channel or self.channel
        beside = self.world.channels.get(self.thread if thread is None else thread)
        every = [*where.messages, *(beside.messages if beside else ())]
        mine = [m for m in every if m.only_for in {"", self.me.id} and m.type in {0, 20, 23}]
        return sorted(mine, key=lambda m: int(m.id))

    def lines(self, message: Message) -> list[str]:
        """Return what a message shows."""
        return [*self.reader.message(message), *([self.fake.alone] if message.only_for else [])]

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
        im = self.world.dm_of(self.me.id)
        return self.visible(im, "") if im else []

    @property
    def modal(self) -> Modal | None:
        """Return the open modal."""
        return self.world.modals.get(self.me.id)

    @property
    def filling(self) -> Filling:
        """Return what stands in the open modal."""
        modal = self.modal
        assert modal is not None, f"{self.me.name} has no modal open:\n{self}"
        if self._filling is None or self._filling.modal is not modal:
            guild = self.world.channels[modal.channel].guild
            self._filling = Filling(world=self.world, guild=guild, modal=modal)
        return self._filling

    def modal_lines(self) -> list[str]:
        """Return what the open modal shows, with what its client found missing."""
        modal = self.modal
        return [*self.reader.modal(modal), *self.filling.errors.values()] if modal else []

    def find(self, label: str, within: str | None = None) -> tuple[Message, Json]:
        """Return the newest button or menu of that label, with its message."""
        for message in self.newest(within):
            for each in usable(message.components):
                if called(each) == label:
                    return message, each
        raise AssertionError(f"{self.me.name} sees no “{label}”:\n{self}")

    def __str__(self) -> str:
        told = "\n".join(" / ".join(self.lines(message)) for message in self.visible()[-8:])
        return f"{told}\n{self.modal_lines() if self.modal else ''}\n{self.troubles or ''}"


def called(component: Json) -> str:
    """Return what a button or menu is called."""
    return str(component.get("label") or component.get("placeholder") or "")
