"""What the runtime needs from a platform: a messenger, and what may go wrong with one."""

from typing import Protocol

from bot.domain.members import Identity
from bot.domain.places import MessageRef, Place
from bot.ui.cards import Card


class NotDelivered(Exception):  # noqa: N818 - an outcome, not a fault in the program
    """The platform did not take the message: certainly not shown to anybody.

    ``permanent``: trying again cannot help. ``retry_after``: seconds to wait, where it said so.
    """

    def __init__(
        self, reason: str, *, permanent: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after


class OutcomeUnknown(Exception):  # noqa: N818 - as above
    """Nobody can tell whether the message was shown (time-out, connection lost, crash)."""


class Messenger(Protocol):
    """Renders cards on one platform. Every method may raise the two exceptions above.

    ``key`` is the notice's: a platform that can, refuses to show the same key twice.
    """

    async def open_thread(self, channel: Place, title: str, card: Card, key: str) -> MessageRef:
        """Start a thread in a channel with the card as its first message."""
        ...

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:
        """Post the card in a channel or thread."""
        ...

    async def edit(self, message: MessageRef, card: Card, key: str) -> None:
        """Replace the card of a message in place."""
        ...

    async def direct(self, to: Identity, card: Card, key: str) -> MessageRef:
        """Send the card to one person alone."""
        ...
