"""Notices: facts somebody should hear about. They are worded when they are sent, not before."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.ids import MemberId, PartnershipId, PlanId, WorkspaceId
from bot.domain.places import MessageRef


class NoticeKind(StrEnum):
    """What a notice is about; the values are stored."""

    PLAN_THREAD = "plan_thread"
    """A new plan wants its thread, with its card in it."""
    PLAN_CARD = "plan_card"
    """The plan has changed: edit its card in place."""
    NEWS = "news"
    """Entry ``entry`` of the plan's log is announced in the plan's thread."""
    ITEM = "item"
    """What entry ``entry`` added (a session, outside work) has a message of its own in the thread,
    edited in place whenever the item changes."""
    REMINDER = "reminder"
    """Everything due to ``member``, in one message."""
    CATCH_UP = "catch_up"
    """``member`` was away and is back: what happened meanwhile, and everything due, in one message.
    """
    DIGEST = "digest"
    """The weekly digest of ``partnership``."""
    SCHOOL = "school"
    """Somebody changed the school's calendar, told to ``partnership``; the key ends with the
    change's id. Edited in place when the change is taken back."""
    RECURRING = "recurring"
    """One of the reminders that ``partnership`` set up for itself."""
    UNDELIVERED = "undelivered"
    """Tells ``member`` what of their plans could not be delivered, and that they can mend."""


TOO_LATE = "too late"
"""Why a notice was cancelled whose time had passed; stored, and told in the next digest."""
PLATFORM_AWAY = "away"
"""Why a notice waits whose platform could not be reached; stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A fact for the outbox. ``key`` is unique in the workspace: the same fact is told once.

    ``due_at`` is UTC. The ids say whom and what it is about, as its kind needs. ``on`` names the
    platform where what concerns a plan's thread is told in a thread beside its home's.
    """

    key: str
    kind: NoticeKind
    due_at: datetime
    plan: PlanId | None = None
    member: MemberId | None = None
    partnership: PartnershipId | None = None
    entry: int | None = None
    on: str = ""


def digest_key(partnership: PartnershipId, day: date, member: MemberId | None = None) -> str:
    """Return the key of a day's digest, for one partner or (None) for the thread."""
    return ":".join(filter(None, (NoticeKind.DIGEST, partnership, day.isoformat(), member)))


class NoticeState(StrEnum):
    """What has become of a notice; the values are stored."""

    PENDING = "pending"
    LEASED = "leased"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A notice as it stands in the outbox; ``reason`` says why it was not (yet) sent."""

    notice: Notice
    state: NoticeState
    attempts: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """A notice the courier holds until ``until`` (UTC). ``epoch`` names this lease.

    ``attempts`` counts this one; ``wanted`` is how often the fact was put so far (a card that
    changed again while it was being sent is sent once more). ``first_due_at`` (UTC) is when it was
    first to be sent: no message of it can be older. ``doubtful``: nobody knows whether it was
    shown, for no answer came to a send, or whoever had begun one marked nothing. ``orphaned``:
    how many in a row who held it last marked nothing at all, begun or not.
    """

    workspace: WorkspaceId
    notice: Notice
    attempts: int
    epoch: int
    wanted: int
    until: datetime
    first_due_at: datetime
    doubtful: bool = False
    orphaned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A notice that was shown, as ``message``; None: an edit."""

    leased: Leased
    message: MessageRef | None
