"""What the runtime needs from a platform: a messenger, and what may go wrong with one."""

from datetime import datetime
from typing import Protocol

from bot.domain.ids import WorkspaceId
from bot.domain.members import Identity
from bot.domain.places import MessageRef, Place
from bot.domain.reminders.undelivered import Cause
from bot.ui.cards import Card


class NotDelivered(Exception):  # noqa: N818 - an outcome, not a fault in the program
    """The platform did not take the message: certainly not shown to anybody.

    ``permanent``: trying again cannot help, because of ``cause``. ``retry_after``: seconds for
    which the platform takes nothing more, in this place or (``throughout``) anywhere in this
    workspace. ``away``: nobody was reached at all, for no fault of the message. ``reason`` is for
    the log: codes and ids, never texts.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        cause: Cause = Cause.REFUSED,
        retry_after: float | None = None,
        throughout: bool = False,
        away: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.cause = cause
        self.retry_after = retry_after
        self.throughout = throughout
        self.away = away


class OutcomeUnknown(Exception):  # noqa: N818 - as above
    """Nobody can tell whether the message was shown (time-out, connection lost, crash)."""


class NotLookable(Exception):  # noqa: N818 - as above
    """The messenger cannot look for its own messages there: it may not read the history."""


class Messengers(Protocol):
    """The messengers of one platform: of each workspace its own, or one for all."""

    async def within(self, workspace: WorkspaceId) -> "Messenger":
        """Return the one of that workspace; ``NotDelivered`` where there is none now."""
        ...


class Messenger(Messengers, Protocol):
    """Renders cards on one platform. Every method may raise ``NotDelivered``, ``OutcomeUnknown``.

    ``key`` is the notice's: a platform that can, refuses to show the same key twice.
    """

    async def within(self, workspace: WorkspaceId) -> "Messenger":  # noqa: ARG002 - for the many
        """Return itself: a messenger that is the only one serves every workspace."""
        return self

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

    async def withdraw(self, message: MessageRef) -> None:
        """Take back a message of its own, which somebody sees twice. Not every messenger can."""
        raise NotDelivered(f"{message.place.platform} takes nothing back", permanent=True)

    async def find(
        self,
        where: Place | Identity,  # noqa: ARG002 - for those who can look
        key: str,  # noqa: ARG002
        since: datetime,  # noqa: ARG002
    ) -> MessageRef | None:
        """Return the message that was shown there, or to that person, under the key; or None.

        It is what ``open_thread``, ``post`` or ``direct`` would have returned. It need not be
        looked for before ``since`` (UTC). Whoever cannot look leaves this as it is.
        """
        raise NotLookable
