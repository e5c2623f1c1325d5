"""What is due when: a row for each member, digest and recurring reminder."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import ReminderId, WorkspaceId


class ReminderKind(StrEnum):
    """Whose alarm it is: ``subject`` is a member, a partnership, or a recurring reminder."""

    MEMBER = "member"
    DIGEST = "digest"
    RECURRING = "recurring"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """The next occurrence of something to remind of.

    ``due_at`` (UTC) None: nothing is planned. ``occurrence`` names the instant for the outbox's
    unique key, so an occurrence becomes at most one notice, whoever claims it how often.
    """

    workspace: WorkspaceId
    id: ReminderId
    kind: ReminderKind
    subject: str
    due_at: datetime | None
    occurrence: str
