"""Acts: what members do, as the append-only contribution log keeps it."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import ItemId, MemberId, PlanId


class ActKind(StrEnum):
    """Every kind of act; the values are stored, so they never change their meaning."""

    PLAN_STARTED = "plan_started"
    PLAN_RENAMED = "plan_renamed"
    PLAN_FINISHED = "plan_finished"
    PLAN_ARCHIVED = "plan_archived"
    PLAN_REOPENED = "plan_reopened"
    PLAN_REPLICATED = "plan_replicated"
    PLAN_IMPORTED = "plan_imported"
    PLAN_MOVED = "plan_moved"
    """It goes on in another channel, or in another thread."""
    PLAN_LINKED = "plan_linked"
    """The plan stands on another platform, too."""
    PLAN_UNLINKED = "plan_unlinked"
    PARTNER_LINKED = "partner_linked"
    """A partner is the same person on another platform, too."""
    PARTNER_ADDED = "partner_added"
    PARTNER_REMOVED = "partner_removed"
    PARTNER_LEFT = "partner_left"
    ROLE_TAKEN = "role_taken"
    ANSWER_SAVED = "answer_saved"
    ANSWER_ASIDE = "answer_aside"
    """A text saved from a stale view: kept whole in the log while its author chooses."""
    HANDED_OFF = "handed_off"
    SIGNED_OFF = "signed_off"
    STEP_REOPENED = "step_reopened"
    STEP_CLOSED = "step_closed"
    DUE_MOVED = "due_moved"
    COMMENTED = "commented"
    DECIDED = "decided"
    CHALLENGE_RAISED = "challenge_raised"
    REMEDY_TRIED = "remedy_tried"
    CHALLENGE_CLOSED = "challenge_closed"
    RESPONSIBILITY_ADDED = "responsibility_added"
    RESPONSIBILITY_DONE = "responsibility_done"
    RESOURCE_ADDED = "resource_added"
    MINUTES_ADDED = "minutes_added"
    SESSION_PROPOSED = "session_proposed"
    SESSION_ACCEPTED = "session_accepted"
    SESSION_DECLINED = "session_declined"
    OUTSIDE_LOGGED = "outside_logged"
    OUTSIDE_CONFIRMED = "outside_confirmed"
    REMINDER_ADDED = "reminder_added"
    """The partners set up a recurring reminder of their own; it is kept beside the plan."""
    REMINDER_CHANGED = "reminder_changed"
    REMINDER_STOPPED = "reminder_stopped"
    AWAY = "away"
    """A partner is away for some days; nothing in the plan changes."""
    BACK = "back"
    """A partner is back before the last of those days, or will not go."""
    UNDONE = "undone"
    CREDITED = "credited"
    ANNOTATED = "annotated"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act, not yet in the log.

    ``before`` and ``after`` are whole texts. ``member_about`` is whom it concerns (the partner
    added, handed to, credited, or whose own answer it is), ``item`` the thing added or changed,
    ``entry`` the sequence number of the log entry it speaks about.
    """

    kind: ActKind
    by: MemberId
    at: datetime
    step: str = ""
    field: str = ""
    before: str = ""
    after: str = ""
    member_about: MemberId | None = None
    item: ItemId | None = None
    entry: int | None = None
    detail: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an act was done: the platform's own ids; ``zone`` is the member's IANA zone then."""

    platform: str = ""
    place: str = ""
    message: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An act in a plan's log; ``number`` counts from 1 within the plan, without gaps."""

    plan: PlanId
    number: int
    act: Act
    source: Source = Source()


OF_ABSENCES = frozenset({ActKind.AWAY, ActKind.BACK})
"""Acts that tell of a partner's days, and contribute nothing to the plan."""


def concerns(act: Act) -> ActKind:
    """Return the kind of the act; of one that takes another back, the other's kind."""
    kind = act.detail.get("kind", "") if act.kind is ActKind.UNDONE else ""
    return ActKind(kind) if kind in set(ActKind) else act.kind
