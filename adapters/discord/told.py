"""What people were told of a form's answers lately.

Whoever hears nothing of them sends them off once more. They have taken effect, and the answer to
that is the answer to this.
"""

from typing import Final

from bot.ui.replies import CardReply, Reply

MOST: Final = 1_000
"""Answers that are remembered."""


class Told:
    """The newest answers, by the keys of what was answered."""

    def __init__(self) -> None:
        self._replies: dict[str, CardReply] = {}

    def remember(self, key: str, reply: Reply) -> None:
        """Remember the answer; not where nothing was done, and it may be done yet."""
        if isinstance(reply, CardReply) and not reply.failed and not reply.card.files:
            self._replies[key] = reply
            while len(self._replies) > MOST:
                del self._replies[next(iter(self._replies))]

    def before(self, key: str) -> CardReply | None:
        """Return what the answer was, None where it is not known."""
        return self._replies.get(key)
