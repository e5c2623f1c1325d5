"""A partnership's own recurring reminders: set up, changed, stopped, and all of it taken back."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain import errors
from bot.domain.contributions.acts import Act, ActKind
from bot.domain.ids import ItemId, MemberId, PartnershipId, PlanId, RecurringId, WorkspaceId
from bot.domain.planning.texts import require_text
from bot.domain.reminders.recurrence import Recurrence
from bot.domain.reminders.recurrence_code import coded, decoded
from bot.domain.reminders.recurrence_words import in_words

TEXT = "text"
LONGEST = 500
"""Characters of what is said."""


class RecurringState(StrEnum):
    """The values are stored."""

    ACTIVE = "active"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringReminder:
    """What the partners are to be told, ever again.

    ``plan`` is the one it was set up from: its log holds what becomes of the reminder. ``by`` set
    it up, at ``created_at`` (UTC).
    """

    workspace: WorkspaceId
    id: RecurringId
    partnership: PartnershipId
    plan: PlanId
    by: MemberId
    text: str
    rule: Recurrence
    created_at: datetime
    state: RecurringState = RecurringState.ACTIVE
    revision: int = 1

    @property
    def active(self) -> bool:
        """Tell whether it still comes."""
        return self.state is RecurringState.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """A reminder after an act on it; ``act`` None: nothing changed."""

    reminder: RecurringReminder
    act: Act | None


def checked_text(text: str) -> str:
    """Return the cleaned text; ``FieldErrors`` when it is empty or too long."""
    return require_text(text, key=TEXT, name="The text", limit=LONGEST)


def added(reminder: RecurringReminder) -> Act:
    """Return the act of setting it up."""
    return _act(
        ActKind.REMINDER_ADDED,
        reminder,
        by=reminder.by,
        at=reminder.created_at,
        after=_told(reminder, reminder.created_at),
    )


def changed(
    reminder: RecurringReminder, rule: Recurrence, text: str, *, by: MemberId, at: datetime
) -> Reset:
    """Give it another rule or text; ``NotAllowed`` once it was stopped."""
    _require_active(reminder)
    after = replace(reminder, rule=rule, text=checked_text(text), revision=reminder.revision + 1)
    if (after.rule, after.text) == (reminder.rule, reminder.text):
        return Reset(reminder=reminder, act=None)
    act = _act(
        ActKind.REMINDER_CHANGED,
        after,
        by=by,
        at=at,
        before=_told(reminder, at),
        after=_told(after, at),
        earlier={"rule": coded(reminder.rule), "text": reminder.text},
    )
    return Reset(reminder=after, act=act)


def stopped(reminder: RecurringReminder, *, by: MemberId, at: datetime) -> Reset:
    """Let it come no more; ``NotAllowed`` when it does not."""
    _require_active(reminder)
    after = replace(reminder, state=RecurringState.STOPPED, revision=reminder.revision + 1)
    act = _act(ActKind.REMINDER_STOPPED, after, by=by, at=at, before=_told(reminder, at))
    return Reset(reminder=after, act=act)


def taken_back(reminder: RecurringReminder, act: Act) -> RecurringReminder | None:
    """Return the reminder as it was before the act; None when it has changed since."""
    if act.detail.get("revision") != str(reminder.revision):
        return None
    before = replace(reminder, revision=reminder.revision + 1)
    match act.kind:
        case ActKind.REMINDER_ADDED:
            return replace(before, state=RecurringState.STOPPED)
        case ActKind.REMINDER_STOPPED:
            return replace(before, state=RecurringState.ACTIVE)
        case ActKind.REMINDER_CHANGED:
            return replace(before, rule=decoded(act.detail["rule"]), text=act.detail["text"])
        case _:
            return None


def _require_active(reminder: RecurringReminder) -> None:
    if not reminder.active:
        raise errors.NotAllowed(
            what="That reminder was stopped already.",
            remedy="Say “remind” to see those that come, or to set one up.",
        )


def _told(reminder: RecurringReminder, now: datetime) -> str:
    """Return the reminder as the history shows it, its zone named."""
    return f"{in_words(reminder.rule, '', now)}: {reminder.text}"


def _act(
    kind: ActKind,
    reminder: RecurringReminder,
    *,
    by: MemberId,
    at: datetime,
    before: str = "",
    after: str = "",
    earlier: dict[str, str] | None = None,
) -> Act:
    return Act(
        kind=kind,
        by=by,
        at=at,
        before=before,
        after=after,
        item=ItemId(reminder.id),
        detail={"revision": str(reminder.revision), **(earlier or {})},
    )
