"""Somebody at a client of SimCord's Discord: sees and acts as in ours, through SimCord's people."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from simcord import InteractionResult

from tests.support.discord import commanding
from tests.support.discord.api_commands import known
from tests.support.discord.commanding import FILE, PERSON
from tests.support.discord.components import SELECTS, Part, usable
from tests.support.discord.user import SILENT, Answer, DiscordUser
from tests.support.discord.world import Channel, Json, Message, Modal
from tests.support.simcord_world import SimCord

MESSAGE, NOTHING, MODAL = 4, 6, 9


@dataclass(slots=True, kw_only=True)
class SimCordUser(DiscordUser):
    """One person. ``shown`` is how SimCord answered with the modal that is open."""

    cord: SimCord
    shown: InteractionResult | None = None

    def goes_to_app(self) -> None:
        """Open the direct conversation with the app."""
        self.goes(self.world.channels[self.cord.direct[self.me.id]])

    async def command(
        self,
        text: str,
        channel: Channel | str | None = None,
        files: Sequence[tuple[str, bytes]] = (),
        *,
        thread: str = "",
    ) -> Answer:
        """Use a slash command, maybe in a thread."""
        if channel is not None:
            self.goes(channel)
        name, _, rest = text.removeprefix("/").partition(" ")
        found = known(self.world, self.cord.guild.id, name)
        assert found, f"there is no command /{name}"
        uploads = [self.file(*each) for each in files]
        data = commanding.command(self.world, self.cord.guild.id, found, rest, uploads)
        assert data is not None, f"there is no “{text[:80]}”"
        verb = data["options"][0]
        options = {each["name"]: self._option(each) for each in verb["options"]}
        where = self._place(thread)
        called = f"{name} {verb['name']}"
        member = self.cord.members[self.me.id]
        if where.is_dm:
            return await self._does(lambda: member.user.slash(called, **options))
        handle = self.cord.handle(where.id)
        return await self._does(lambda: member.slash(handle, called, **options))

    def _option(self, given: Json) -> Any:  # noqa: ANN401 - as SimCord takes it
        if given["type"] == PERSON:
            return self.cord.members[given["value"]]
        if given["type"] == FILE:
            file = self.world.uploads[given["value"]]
            return file.filename, file.content
        return given["value"]

    async def says(
        self, text: str, files: Sequence[tuple[str, bytes]] = (), *, thread: str = ""
    ) -> Message:
        """Write a message, maybe in a thread."""
        where, member = self._place(thread), self.cord.members[self.me.id]
        async with self.cord.one_by_one:
            if where.is_dm:
                sent = await member.send_dm(self.typed(text), attachments=list(files))
            else:
                handle = self.cord.handle(where.id)
                sent = await member.send(handle, self.typed(text), attachments=list(files))
            await self.cord.sim.settle()
        return Message(id=str(sent.id), channel=where.id, author=self.me.id, at=0.0)

    async def uses(self, message: Message, component: Json, option: str = "") -> Answer:
        """Use something in a message; what is not there any more nobody can use."""
        actor, on = self.cord.acting(self, message.channel), self.cord.message(message)
        called = component["custom_id"]
        if component["type"] in SELECTS:
            values = self._chosen(component, option)["values"]
            return await self._does(lambda: actor.select(on, values, custom_id=called))

        async def click() -> InteractionResult | None:
            there = any(each["custom_id"] == called for each in usable(on.components))
            return await actor.click(on, custom_id=called) if there else None

        return await self._does(click)

    async def menu(self, name: str, target: Message | str) -> Answer:
        """Use a command of the app from the menu of a message."""
        assert isinstance(target, Message), "people's menus are SimCord's own tests'"
        actor, where = self.cord.members[self.me.id], self.cord.handle(target.channel)
        on = self.cord.message(target)
        return await self._does(lambda: actor.context_menu(where, name, on))

    async def submits(self) -> Answer | None:
        """Send the open modal; None where Discord's client refused to send it."""
        filling = self.filling
        filling.errors = filling.missing(self.fake.required)
        if filling.errors:
            return None
        shown = self.shown
        assert shown is not None
        given = {each["custom_id"]: self._given(each) for _, each in filling.inputs()}
        values = {key: value for key, value in given.items() if value not in (None, [])}
        actor = self.cord.acting(self, filling.modal.channel)
        del self.world.modals[self.me.id]
        return await self._does(lambda: actor.submit_modal(shown, values))

    def _given(self, each: Json) -> Any:  # noqa: ANN401 - as SimCord takes it
        value = self.filling.values[each["custom_id"]]
        if each["type"] == Part.TEXT_INPUT:
            return value or ""
        if each["type"] == Part.USERS:
            return [self.cord.members[number] for number in value]
        if each["type"] == Part.UPLOAD:
            files = [self.world.uploads[number] for number in value]
            return [(file.filename, file.content) for file in files]
        return value

    async def _does(self, act: Callable[[], Awaitable[InteractionResult | None]]) -> Answer:
        """Do it when nobody else acts, and take what SimCord shows."""
        async with self.cord.one_by_one:
            result = await act()
            await self.cord.sim.settle()
        if result is None:
            return Answer(kind=NOTHING, data={}, took=0.0)
        if not result.acknowledged:
            self.troubles.append(SILENT)
            return Answer(kind=0, data={}, took=0.0)
        if result.modal is None:
            return Answer(kind=MESSAGE, data={}, took=0.0)
        self.shown, where = result, str(self._channel_of(result))
        opened = Modal(user=self.me.id, content=result.modal, channel=where)
        self.world.modals[self.me.id] = opened
        return Answer(kind=MODAL, data=result.modal, took=0.0)

    def _channel_of(self, result: InteractionResult) -> int:
        return int(result._interaction.channel_id)  # noqa: SLF001 - nothing public tells where
