"""What could not be delivered: noted for each person it concerns, and told to them once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import MemberId
from bot.domain.reminders.notices import NoticeKind


class Cause(StrEnum):
    """Why something was given up; the values are stored."""

    CLOSED = "closed"
    """The person takes no direct messages from Coplan."""
    GONE = "gone"
    """The channel, thread or message is no longer there."""
    DELETED = "deleted"
    """The channel was deleted: the platform said so."""
    REMOVED = "removed"
    """Coplan may not write there any more."""
    ARCHIVED = "archived"
    """The channel is in the archive: nobody may write there, until it is taken out."""
    LEFT = "left"
    """The person is no longer on the platform's workspace; of a plan: one of its partners."""
    UNFIT = "unfit"
    """The place takes nothing of the kind."""
    REFUSED = "refused"
    """The platform refuses it for good, for another reason."""
    TRIED = "tried"
    """It was refused for the time being, as often as makes sense to try."""
    UNKNOWN = "unknown"
    """Nobody can tell whether it was shown, and it may not be sent twice."""
    FAULT = "fault"
    """A fault of Coplan's own."""


MADE_UP_FOR = frozenset({NoticeKind.PLAN_THREAD, NoticeKind.PLAN_CARD, NoticeKind.ITEM})
"""Kinds that show how things stand: the next one that arrives makes up for those that did not."""

IN_THEIR_HANDS = frozenset({Cause.ARCHIVED, Cause.DELETED, Cause.GONE, Cause.REMOVED, Cause.UNFIT})
"""Causes that lie in the place: partners can mend it, or choose another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """What did not reach ``member``: one row for their own messages and one for each plan.

    ``about`` is a plan's or a partnership's id, empty for what went to the member alone. ``kind``
    is what failed first, ``at`` when it was given up (UTC), ``count`` how many did since then.
    ``mended``: deliveries work again, or go elsewhere now, and yet this was never told.
    """

    member: MemberId
    about: str
    kind: NoticeKind
    cause: Cause
    at: datetime
    count: int = 1
    mended: bool = False
