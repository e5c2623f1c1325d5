"""What is to be sent, and by whom it is composed: the outbox's facts become cards when they go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.ids import PlanId
from bot.domain.members import Identity
from bot.domain.places import MessageRef, Place
from bot.domain.reminders.notices import Leased
from bot.ui.cards import Card
from bot.usecases.ports import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenThread:
    """Start the thread of ``plan`` in a channel; its first message becomes the plan's card."""

    plan: PlanId
    channel: Place
    title: str
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Post a card in a channel or thread; with ``card_of`` it becomes that plan's card."""

    place: Place
    card: Card
    card_of: PlanId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace a message's card in place."""

    message: MessageRef
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Direct:
    """Send a card to one person alone."""

    identity: Identity
    card: Card


Delivery = OpenThread | Post | Edit | Direct


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Not now (a lesson has begun, the thread is not there yet): ask again at ``at`` (UTC)."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Needless:
    """There is nothing to send any more, for a reason that is kept."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """All that must be read has been read; ``finish`` does the slow rest (a picture).

    It is called outside of any transaction, in a thread.
    """

    finish: Callable[[], Delivery]


Composed = Delivery | Unfinished | Later | Needless | None
"""None: there is nothing left to say, and the notice is cancelled."""


class Composer(Protocol):
    """Words one kind of notice."""

    def __call__(self, work: Work, leased: Leased) -> Composed:
        """Return what to send for the notice, from the state as it is now. Only reads."""
        ...
