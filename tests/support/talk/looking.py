"""What one person looks at in the chat: a channel, beside it maybe a thread."""

from dataclasses import dataclass

from bot.ui.cards import Button, Buttons, File, Select
from tests.support.talk.chat import Chat, Message
from tests.support.talk.stage import BOT, CHANNEL


@dataclass(slots=True, kw_only=True)
class Window:
    """Finds things by what is visible, the newest first; ``in_`` as in ``Actor``."""

    chat: Chat
    user: str
    zone: str
    channel: str = CHANNEL
    thread: str = ""

    @property
    def own(self) -> str:
        """Return the direct conversation with the bot."""
        return f"dm.{self.user}"

    def opens(self, place: str) -> None:
        """Go somewhere; AssertionError where there is no such place."""
        if place in {BOT, CHANNEL}:
            self.channel, self.thread = (self.own if place == BOT else CHANNEL), ""
            return
        roots = [message for message in self.chat.messages if message.title == place]
        assert roots, f"{self.user} sees no thread “{place}”:\n{self}"
        self.channel, self.thread = roots[-1].channel, roots[-1].id

    def visible(self) -> list[Message]:
        """Return the messages, top to bottom."""
        return self.chat.visible(self.user, self.channel, self.thread)

    def pane(self, message: Message) -> str:
        """Return the thread in whose pane the message is used."""
        return self.thread if self.thread in {message.id, message.thread} else ""

    def newest(self, in_: str | None = None) -> list[Message]:
        found = self.visible()[::-1]
        if in_ is None:
            return found
        return [message for message in found if message.shows(in_, self.zone)][:1]

    def button(self, label: str, in_: str | None) -> tuple[Message, Button]:
        for message in self.newest(in_):
            for button in reversed(buttons(message)):
                if button.label == label:
                    return message, button
        raise AssertionError(f"{self.user} sees no button “{label}”:\n{self}")

    def menu(self, placeholder: str, in_: str | None) -> tuple[Message, Select]:
        for message in self.newest(in_):
            for block in reversed(message.card.blocks if message.card else ()):
                if isinstance(block, Select) and block.placeholder == placeholder:
                    return message, block
        raise AssertionError(f"{self.user} sees no menu “{placeholder}”:\n{self}")

    def file(self, ending: str) -> File:
        for message in self.newest():
            for file in message.card.files if message.card else ():
                if file.name.endswith(ending):
                    return file
        raise AssertionError(f"{self.user} sees no file *{ending}:\n{self}")

    def __str__(self) -> str:
        return "\n".join(" / ".join(message.lines(self.zone)) for message in self.visible()[-8:])


def buttons(message: Message) -> list[Button]:
    """Return the buttons of a message, in reading order."""
    blocks = message.card.blocks if message.card else ()
    return [button for row in blocks if isinstance(row, Buttons) for button in row.buttons]
