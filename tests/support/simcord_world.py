"""SimCord's Discord as our own people see it: read anew at every look, written by SimCord alone."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Final

from simcord import ChannelHandle, MemberActor, ResponseMessage, UserHandle

from tests.support.discord.looking import Looking
from tests.support.discord.seen import Times, discord_times
from tests.support.discord.world import Attachment, Channel, Guild, Json, Kind, Message, User, World
from tests.support.simcord_house import Simulated

_THINKING: Final = 1 << 7


@dataclass(slots=True, kw_only=True)
class SimCord:
    """What stands in the place of ``FakeDiscord`` for those who look.

    ``direct`` are people's conversations with the app, ``hidden`` messages that they dismissed.
    """

    sim: Simulated
    guild: Guild = field(init=False)
    times: Times = discord_times
    required: str = "This field is required"
    alone: str = "Only you can see this"
    members: dict[str, MemberActor] = field(default_factory=dict)
    direct: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock)
    """SimCord lets people act one after another."""
    _world: World = field(init=False)

    def __post_init__(self) -> None:
        self.guild = Guild(id=str(self.sim.guild.id), name="school")
        self._world = World()
        self._world.users.clear()
        self._world.guilds[self.guild.id] = self.guild
        bot = self.sim.env.backend.bot_user
        # SimCord's bot is called TestBot; people call it by the name that Coplan has.
        self._world.app.bot.id = self._world.app.id = str(bot.id)
        self._world.users[str(bot.id)] = self._world.app.bot

    @property
    def world(self) -> World:
        """Return what there is now."""
        backend, world = self.sim.env.backend, self._world
        root = backend.find_command("coplan", self.sim.guild.id, type=1)
        world.app.commands = [root] if root else []
        for found in backend.channels.values():
            channel = self._channel(found)
            stored = backend.messages.get(found.id, {})
            every = [self._message(one) for one in stored.values()]
            channel.messages = [one for one in every if one.id not in self.hidden]
        return world

    def channel(self, name: str) -> Channel:
        """Return the channel or thread of that name, the newest."""
        every = reversed(list(self.world.channels.values()))
        return next(c for c in every if c.name == name and c.guild == self.guild.id)

    async def comes(self, name: str, zone: str) -> User:
        """Let somebody come in, and be one who may write to the app."""
        async with self.one_by_one:
            member = self.sim.member(name)
            self.direct[str(member.id)] = str(member.user.dm_channel.id)
        made = User(id=str(member.id), name=name, zone=zone)
        self.members[made.id] = member
        self._world.users[made.id] = made
        self.guild.members.add(made.id)
        return made

    def handle(self, channel: str) -> ChannelHandle:
        """Return SimCord's handle of a channel."""
        found = self.sim.env.backend.get_channel(int(channel))
        return ChannelHandle(self.sim.env, self.sim.guild if found.guild_id else None, found)

    def message(self, message: Message) -> ResponseMessage:
        """Return SimCord's handle of a message."""
        env = self.sim.env
        return ResponseMessage(env, env.backend.get_message(int(message.channel), int(message.id)))

    def acting(self, who: Looking, channel: str) -> MemberActor | UserHandle:
        """Return SimCord's handle of somebody in a channel."""
        member = self.members[who.me.id]
        return member if self._world.channels[channel].guild else member.user

    def _channel(self, found: Any) -> Channel:  # noqa: ANN401 - SimCord's own
        number = str(found.id)
        known = self._world.channels.get(number)
        if known is None:
            kinds = {each.value: each for each in Kind}
            known = self._world.channels[number] = Channel(
                id=number,
                name=found.name or "",
                kind=kinds.get(int(found.type), Kind.TEXT),
                guild=str(found.guild_id or ""),
                parent=str(found.parent_id or ""),
                members={str(each) for each in found.recipient_ids} | {self._world.app.id}
                if found.guild_id is None
                else set(),
            )
        known.name = found.name or ""
        return known

    def _message(self, found: Any) -> Message:  # noqa: ANN401 - as above
        invoker = ((found.interaction_metadata or {}).get("user") or {}).get("id")
        return Message(
            id=str(found.id),
            channel=str(found.channel_id),
            author=str(found.author_id),
            at=0.0,
            content=found.content,
            components=found.components,
            embeds=found.embeds,
            attachments=[self._file(each) for each in found.attachments],
            flags=found.flags,
            type=found.type,
            only_for=str(invoker) if found.is_ephemeral else "",
            thinking=bool(found.flags & _THINKING),
            pings=tuple(str(each) for each in found.ping_user_ids),
            pinned=found.pinned,
        )

    def _file(self, told: Json) -> Attachment:
        return Attachment(
            id=str(told["id"]),
            filename=told["filename"],
            content=self.sim.env.backend.cdn.get(told["url"]) or b"",
            description=told.get("description") or "",
        )
