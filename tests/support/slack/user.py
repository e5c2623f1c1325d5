"""Somebody at Slack's client: types, clicks, chooses, fills in, sends, uploads."""

import re
from collections.abc import Sequence
from typing import Final

from tests.support.slack import payloads
from tests.support.slack.api_views import MODAL, checked_view, push, replace
from tests.support.slack.deliveries import Answer
from tests.support.slack.filling import findable, used
from tests.support.slack.looking import Looking, called
from tests.support.slack.methods import Call, Refused
from tests.support.slack.response_urls import answer as show_answer
from tests.support.slack.world import Channel, File, Json, Message, ResponseUrl, View

_LINK: Final = re.compile(r"https?://\S+")


class SlackUser(Looking):
    """One person who acts; every act returns how the app answered."""

    __slots__ = ()

    async def command(self, text: str, channel: Channel | str | None = None) -> Answer:
        """Type a slash command: in a channel, never in a thread."""
        if channel is not None:
            self.goes(channel)
        payload = payloads.command(self.world, self.team, self.me, self.channel, self.typed(text))
        answer = await self.fake.transport.deliver("slash_commands", payload)
        name = text.split(maxsplit=1)[0]
        if not answer.acknowledged:
            self.troubles.append(f"{name} failed with the error “operation_timeout”")
        elif answer.body:
            self._shows(answer.body)
        return answer

    async def says(
        self, text: str, files: Sequence[tuple[str, bytes]] = (), *, thread: str = ""
    ) -> Answer | None:
        """Write a message, maybe in a thread; None where the app is told nothing of it."""
        message = Message(
            ts=self.world.ts(),
            channel=self.channel.id,
            user=self.me.id,
            text=self.typed(text),
            thread=thread,
            files=[self.file(*file) for file in files],
        )
        self.channel.messages.append(message)
        inside = self.team.bot.id in self.channel.members
        if self.channel.is_im:
            return await self._event("message", message)
        if inside and f"<@{self.team.bot.id}" in message.text:
            return await self._event("app_mention", message)
        return None

    async def mentions(self, text: str, thread: str = "") -> Answer | None:
        """Write to the app by its name, maybe in a thread."""
        return await self.says(f"@{self.team.bot.name} {text}", thread=thread)

    async def clicks(self, label: str, within: str | None = None) -> Answer:
        """Use the newest button of that label: in the modal if one is open, else in a message."""
        if self.modal is not None:
            return await self.clicks_in_view(self.modal, label)
        message, block, element = self.find(label, within)
        return await self.uses(message, used(block, element))

    async def chooses(self, placeholder: str, option: str, within: str | None = None) -> Answer:
        """Choose from the newest menu of that placeholder."""
        if self.modal is not None:
            return await self.clicks_in_view(self.modal, placeholder, option)
        message, block, element = self.find(placeholder, within)
        return await self.uses(message, used(block, element, option))

    async def clicks_in_view(self, view: View, label: str, option: str = "") -> Answer:
        """Use a button or menu of a modal or of the Home tab."""
        found = [e for e in findable(view.content["blocks"]) if called(self.reader, e[1]) == label]
        assert found, f"no “{label}” in {self.reader.view(view)}"
        block, element = found[0]
        state = self.filling.state() if view is self.modal else {}
        action = used(block, element, option)
        payload = payloads.action_in_view(self.world, self.team, self.me, view, state, action)
        return await self.interacts(payload)

    async def opens_home(self, tab: str = "home") -> Answer:
        """Look at the app's Home (or "messages") tab."""
        if tab == "messages":
            self.goes_to_app()
        payload = payloads.home_opened(self.world, self.team, self.me, tab)
        return await self.fake.transport.deliver("events_api", payload)

    async def clicks_at_home(self, label: str, option: str = "") -> Answer:
        """Use a button or menu of the Home tab."""
        return await self.clicks_in_view(self.team.homes[self.me.id], label, option)

    async def shortcut(self, callback: str, message: Message | None = None) -> Answer:
        """Use a shortcut of the app: from anywhere, or on a message."""
        if message is None:
            return await self.interacts(
                payloads.global_shortcut(self.world, self.team, self.me, callback)
            )
        return await self.interacts(
            payloads.message_shortcut(
                self.world, self.team, self.me, self.channel, message, callback
            )
        )

    async def submits(self) -> Answer | None:
        """Send the open modal; None where Slack refused to send it."""
        filling = self.filling
        filling.errors = filling.missing(self.fake.required)
        if filling.errors:
            return None
        view = filling.view
        payload = payloads.submission(self.world, self.team, self.me, view, filling.state())
        answer = await self.interacts(payload)
        if answer.acknowledged:
            self._follows(view, answer.body)
        return answer

    async def closes(self) -> Answer | None:
        """Close the open modal without sending it; the app hears of it where it wants to."""
        view = self.filling.view
        state = self.filling.state()
        self.team.modals[self.me.id].pop()
        if not view.content.get("notify_on_close"):
            return None
        payload = payloads.closed(self.world, self.team, self.me, view, state, cleared=False)
        return await self.interacts(payload)

    async def interacts(self, payload: Json) -> Answer:
        """Send an interaction."""
        answer = await self.fake.transport.deliver("interactive", payload)
        if not answer.acknowledged:
            self.troubles.append("We had some trouble connecting. Try again?")
        return answer

    async def uses(self, message: Message, action: Json) -> Answer:
        """Use something in a message."""
        channel = self.team.channels[message.channel]
        return await self.interacts(
            payloads.action_in_message(self.world, self.team, self.me, channel, message, action)
        )

    def file(self, name: str, content: bytes) -> File:
        """Return a file that this person uploaded."""
        number = self.world.id("F0")
        made = File(id=number, name=name, title=name, owner=self.me.id, length=len(content))
        made.content, made.shared = content, True
        self.team.files[number] = made
        return made

    def typed(self, text: str) -> str:
        """Return what Slack makes of typed text: people, channels, links and escapes."""
        for plain, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            text = text.replace(plain, entity)
        text = _LINK.sub(lambda found: f"<{found[0]}>", text)
        for user in sorted(self.team.users.values(), key=lambda each: -len(each.name)):
            name = re.compile(rf"(?<![\w@<])@{re.escape(user.name)}(?!\w)", re.IGNORECASE)
            text = name.sub(f"<@{user.id}>", text)
        return text

    async def _event(self, kind: str, message: Message) -> Answer:
        inner = payloads.said(self.world, self.team, self.channel, message, kind=kind)
        return await self.fake.transport.deliver("events_api", inner)

    def _shows(self, body: Json) -> None:
        """Show what a command was answered with in its acknowledgement."""
        url = ResponseUrl(user=self.me.id, channel=self.channel.id, thread="", until=0.0)
        show_answer(self.world, self.team, url, body)

    def _follows(self, view: View, body: Json) -> None:
        """Do with the modals what the acknowledgement of a submission says."""
        stack = self.team.modals.get(self.me.id, [])
        call = Call(world=self.world, team=self.team, method="view_submission", args={})
        try:
            match body.get("response_action"):
                case None:
                    if view in stack:
                        stack.remove(view)
                case "clear":
                    stack.clear()
                case "errors":
                    self._errors(body["errors"])
                case "update":
                    replace(self.world, view, checked_view(call, body["view"], MODAL))
                case "push":
                    push(call, self.me.id, checked_view(call, body["view"], MODAL))
        except Refused as refused:
            self.troubles.append(f"We had some trouble connecting. {refused}")

    def _errors(self, errors: Json) -> None:
        inputs = {block["block_id"] for block in self.filling.inputs()}
        if not errors or set(errors) - inputs or not all(errors.values()):
            self.troubles.append(f"We had some trouble connecting. {errors}")
            return
        self.filling.errors = dict(errors)
