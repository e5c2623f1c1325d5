"""Somebody at Discord's client: types, clicks, chooses, fills in, sends, uploads."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.support.discord import payloads
from tests.support.discord.api_commands import known
from tests.support.discord.api_interactions import AUTOCOMPLETE, COMMAND, COMPONENT, SUBMIT
from tests.support.discord.api_messages import post
from tests.support.discord.commanding import command
from tests.support.discord.components import SELECTS, Part
from tests.support.discord.filling import named, people
from tests.support.discord.looking import Looking
from tests.support.discord.world import (
    Attachment,
    Channel,
    Interaction,
    Json,
    Message,
)

FAILED: Final = "This interaction failed"
SILENT: Final = "The application did not respond"
MESSAGE_MENU, USER_MENU = 3, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of an interaction: the type of the first answer (0: none in time), what it said.

    ``took`` is in seconds.
    """

    kind: int
    data: Json
    took: float

    @property
    def acknowledged(self) -> bool:
        return self.kind != 0


class DiscordUser(Looking):
    """One person who acts; every act returns how the app answered."""

    __slots__ = ()

    async def command(
        self,
        text: str,
        channel: Channel | str | None = None,
        files: Sequence[tuple[str, bytes]] = (),
        *,
        thread: str = "",
    ) -> Answer:
        """Use a slash command, maybe in a thread; one that there is not, cannot be used."""
        if channel is not None:
            self.goes(channel)
        name, _, rest = text.removeprefix("/").partition(" ")
        found = known(self.world, self.fake.guild.id, name)
        assert found, f"there is no command /{name}"
        uploads = [self.file(*each) for each in files]
        data = command(self.world, self._place(thread).guild, found, rest, uploads)
        assert data is not None, f"there is no “{text[:80]}”"
        return await self.interacts(COMMAND, data, thread=thread, silent=SILENT)

    def knows(self, text: str) -> bool:
        """Tell whether there is such a command."""
        name, _, rest = text.removeprefix("/").partition(" ")
        found = known(self.world, self.fake.guild.id, name)
        verbs = [each["name"] for each in (found or {}).get("options") or ()]
        return rest.split(" ", 1)[0] in verbs

    async def suggested(self, text: str, option: str, typed: str) -> list[str]:
        """Return what the app suggests for an option of a verb while somebody types."""
        name, verb = text.removeprefix("/").split(" ")
        found = known(self.world, self.fake.guild.id, name)
        assert found, f"there is no command /{name}"
        asked = {"name": option, "type": 3, "value": typed, "focused": True}
        data = {
            "id": found["id"],
            "name": name,
            "type": 1,
            "options": [{"name": verb, "type": 1, "options": [asked]}],
        }
        answer = await self.interacts(AUTOCOMPLETE, data)
        return [str(each["name"]) for each in answer.data.get("choices") or ()]

    async def says(
        self, text: str, files: Sequence[tuple[str, bytes]] = (), *, thread: str = ""
    ) -> Message:
        """Write a message, maybe in a thread."""
        where = self._place(thread)
        typed = self.typed(text)
        called = tuple(dict.fromkeys(re.findall(r"<@(\d+)>", typed)))
        message = Message(
            id=self.world.id(),
            channel=where.id,
            author=self.me.id,
            at=self.world.now(),
            content=typed,
            attachments=[self.file(*file) for file in files],
            pings=called,
        )
        where.archived = False
        post(self.world, where, message)
        return message

    async def mentions(self, text: str, thread: str = "") -> Message:
        """Write to the app by its name, maybe in a thread."""
        return await self.says(f"@{self.world.app.bot.name} {text}", thread=thread)

    async def clicks(self, label: str, within: str | None = None) -> Answer:
        """Use the newest button of that label."""
        return await self.uses(*self.find(label, within))

    async def chooses(self, placeholder: str, option: str, within: str | None = None) -> Answer:
        """Choose from the newest menu of that placeholder."""
        message, menu = self.find(placeholder, within)
        return await self.uses(message, menu, option)

    async def uses(self, message: Message, component: Json, option: str = "") -> Answer:
        """Use something in a message."""
        assert not component.get("disabled"), f"disabled: {component}"
        data: Json = {
            "component_type": component["type"],
            "custom_id": component["custom_id"],
            "id": component.get("id", 0),
        }
        if component["type"] in SELECTS:
            data |= self._chosen(component, option)
        return await self.interacts(COMPONENT, data, source=message)

    def _chosen(self, menu: Json, option: str) -> Json:
        if menu["type"] == Part.SELECT:
            found = [o["value"] for o in menu["options"] if o["label"] == option]
            assert found, f"no option “{option}” in {[o['label'] for o in menu['options']]}"
            return {"values": found[:1]}
        number, resolved = named(self.world, option), {}
        people(self.world, self.channel.guild, number, resolved)
        return {"values": [number], "resolved": resolved}

    async def menu(self, name: str, target: Message | str) -> Answer:
        """Use a command of the app from the menu of a message, or of a person (by name)."""
        kind = MESSAGE_MENU if isinstance(target, Message) else USER_MENU
        found = known(self.world, self.fake.guild.id, name, kind)
        assert found, f"there is no “{name}”"
        resolved: Json = {}
        if isinstance(target, Message):
            number, thread = target.id, target.channel
            resolved["messages"] = {number: payloads.message(self.world, target)}
        else:
            number, thread = named(self.world, target), ""
            people(self.world, self.fake.guild.id, number, resolved)
        data = {
            "id": found["id"],
            "name": name,
            "type": kind,
            "target_id": number,
            "resolved": resolved,
        }
        return await self.interacts(COMMAND, data, thread=thread, silent=SILENT)

    async def submits(self) -> Answer | None:
        """Send the open modal; None where Discord's client refused to send it."""
        filling = self.filling
        filling.errors = filling.missing(self.fake.required)
        if filling.errors:
            return None
        modal = filling.modal
        words = "Something went wrong. Try again."
        answer = await self.interacts(
            SUBMIT, filling.data(), source=modal.source, thread=modal.channel, silent=words
        )
        if answer.acknowledged and self.modal is modal:
            del self.world.modals[self.me.id]
        return answer

    async def closes(self) -> None:
        """Close the open modal without sending it; the app hears nothing of it."""
        del self.world.modals[self.filling.modal.user]

    async def interacts(
        self,
        kind: int,
        data: Json,
        *,
        source: Message | None = None,
        thread: str = "",
        silent: str = FAILED,
    ) -> Answer:
        """Send an interaction, and wait for its first answer."""
        where = source.channel if source else self._place(thread).id
        begun = Interaction(
            id=self.world.id(),
            token=f"aW50ZXJhY3Rpb246{self.world.id()}",
            type=kind,
            user=self.me.id,
            channel=where,
            source=source,
            begun=self.world.monotonic(),
        )
        answer = await self.sends(begun, data)
        if not answer.acknowledged and kind != AUTOCOMPLETE:
            self.troubles.append(silent)
        return answer

    async def sends(self, begun: Interaction, data: Json) -> Answer:
        """Send an interaction that was made; maybe one that was sent before."""
        world = self.world
        world.interactions[begun.token] = begun
        payload = payloads.interaction(world, begun, data)
        return await self.delivers(begun, payload)

    async def delivers(self, begun: Interaction, payload: Json) -> Answer:
        """Deliver a payload for an interaction, and wait for the first answer to it."""
        started = time.monotonic()
        guild = self.world.channels[begun.channel].guild
        self.world.emit("INTERACTION_CREATE", payload, guild)
        try:
            async with asyncio.timeout(self.world.answer_within):
                await begun.first.wait()
        except TimeoutError:
            begun.begun -= self.world.answer_within  # from now on it is too late, whatever happens
        return Answer(kind=begun.answered, data=begun.data, took=time.monotonic() - started)

    def file(self, name: str, content: bytes) -> Attachment:
        """Return a file that this person uploaded."""
        made = Attachment(id=self.world.id(), filename=name, content=content)
        self.world.uploads[made.id] = made
        return made

    def typed(self, text: str) -> str:
        """Return what Discord makes of typed text: people become what calls them."""
        users = {user.name: user.id for user in self.world.users.values()}
        names = "|".join(sorted(map(re.escape, users), key=len, reverse=True))
        pattern = rf"(?<![\w@<])@({names})(?!\w)"
        return re.sub(pattern, lambda found: f"<@{users[found[1]]}>", text)

    def _place(self, thread: str = "") -> Channel:
        return self.world.channels.get(thread, self.channel)
