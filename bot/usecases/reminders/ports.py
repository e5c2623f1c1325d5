"""What is due, what is to be sent and what has arrived: the ports of the alarm and the courier.

As with all ports, storage implements them, and the repositories of one ``Work`` share a
transaction and a workspace.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.ids import (
    MemberId,
    PartnershipId,
    PlanId,
    RecurringId,
    ReminderId,
    WorkspaceId,
)
from bot.domain.members import Identity
from bot.domain.places import MessageRef, Place
from bot.domain.reminders.notices import Filed, Leased, Notice, Shown
from bot.domain.reminders.recurring import RecurringReminder
from bot.domain.reminders.schedule import Reminder, ReminderKind
from bot.domain.reminders.snoozing import Hold, Snooze
from bot.domain.reminders.undelivered import Cause, Undelivered
from bot.domain.timetable.absences import Absences
from bot.usecases.upkeep import Backlog, Bygone, Key, Looked


class SomeTakenOver(Exception):  # noqa: N818 - an outcome, not a fault in the program
    """Some of several notices are somebody else's by now: each is to be asked about alone.

    It undoes the unit of work, so that nothing was written.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How deliveries stand: the limits in force by workspace and bucket, with their ends (UTC).

    ``failing``: there is something undelivered somewhere, which a success may mend.
    """

    limits: Mapping[tuple[WorkspaceId, str], datetime]
    failing: bool


class Reminders(Protocol):
    """The calendar of what is due: one row per kind and subject."""

    def of(self, kind: ReminderKind, subject: str) -> Reminder | None:
        """Return the row, or None."""
        ...

    def get(self, reminder: ReminderId) -> Reminder | None:
        """Return the row of that id, or None."""
        ...

    def hold(self, reminders: Iterable[ReminderId]) -> list[Reminder]:
        """Return the rows of those ids, by id, held for this transaction.

        Rows that another transaction holds or is changing are left out, where the database can
        tell: whoever has them sees to them.
        """
        ...

    def plan(self, kind: ReminderKind, subject: str, due_at: datetime | None) -> None:
        """Insert or move the subject's next occurrence."""
        ...

    def advance(self, seen: Reminder, due_at: datetime | None) -> bool:
        """Move it on if it still stands as ``seen``: the claim. False: somebody else has."""
        ...

    def advance_all(self, moves: Sequence[tuple[Reminder, datetime | None]]) -> None:
        """Move each on, all at once; ``errors.Conflict`` when one no longer stands as seen."""
        ...

    def planned(self) -> list[Reminder]:
        """Return every row with something planned, by id."""
        ...

    def zone_rules(self) -> str:
        """Return by which rules of time zones all of it was planned; empty: nobody knows."""
        ...

    def follow_zone_rules(self, rules: str) -> None:
        """Remember that all of it is planned by these rules."""
        ...

    def nudged(self, member: MemberId) -> Mapping[str, int]:
        """Return how often the member was reminded of each thing, by the thing's key."""
        ...

    def count_nudges(self, things: Mapping[MemberId, Iterable[str]], at: datetime) -> None:
        """Count for each of the members one more reminder of each of their things."""
        ...


class RecurringReminders(Protocol):
    """The reminders that partnerships set up for themselves."""

    def get(self, reminder: RecurringId) -> RecurringReminder | None:
        """Return it, or None; locked for this transaction where the database has row locks."""
        ...

    def of_partnership(self, partnership: PartnershipId) -> list[RecurringReminder]:
        """Return those of the partnership that were not stopped, oldest first."""
        ...

    def add(self, reminder: RecurringReminder) -> None:
        """Insert a new one."""
        ...

    def save(self, reminder: RecurringReminder) -> None:
        """Replace the one whose revision is one less; ``Conflict`` when there is none such."""
        ...

    def move(self, reminder: RecurringId, partnership: PartnershipId, plan: PlanId) -> None:
        """Let it belong to another partnership, and another plan's log; nothing else changes."""
        ...


class Absent(Protocol):
    """When members are away."""

    def of(self, members: Iterable[MemberId]) -> dict[MemberId, Absences]:
        """Return the absences of those members, past ones too; who has none is left out."""
        ...

    def covered_by(self, stand_in: MemberId) -> dict[MemberId, Absences]:
        """Return the absences, by whose they are, in which things pass to this stand-in."""
        ...

    def replace(self, member: MemberId, seen: Absences, absences: Absences) -> None:
        """Let ``absences`` take the place of those ``seen``.

        Raises ``errors.Conflict`` when one of those seen has been changed since.
        """
        ...


class Snoozes(Protocol):
    """What members put off until later, and has not come again yet."""

    def of(self, member: MemberId) -> dict[str, Snooze]:
        """Return what the member put off, by the key of the thing."""
        ...

    def held(self, plans: Iterable[PlanId]) -> list[Hold]:
        """Return what waits, in those plans, for another partner to act."""
        ...

    def put(self, member: MemberId, snoozes: Iterable[Snooze]) -> None:
        """Put things off, those put off already anew."""
        ...

    def drop(self, member: MemberId, keys: Iterable[str]) -> None:
        """Forget that the things of these keys were put off."""
        ...


class Outbox(Protocol):
    """What is to be told to others: written with the act, sent after the commit."""

    def put(self, notice: Notice) -> bool:
        """Add the notice. The same key again does nothing (False), but for some kinds.

        A plan's card, an item's message and what is said of the school are sent again then, and a
        plan's thread is tried again.
        """
        ...

    def put_all(self, notices: Sequence[Notice]) -> frozenset[str]:
        """Add notices of what is not edited in place; return the keys of those that are new.

        Raises ``errors.Conflict`` when another unit puts one of them at this moment.
        """
        ...

    def messages(self, member: MemberId) -> list[Filed]:
        """Return what became of the member's reminders and catch-ups, the latest first."""
        ...

    def message(self, key: str) -> MessageRef | None:
        """Return the message that the notice of that key became, or None."""
        ...

    def follow(self, platform: str, before: str, channel: str) -> None:
        """Let messages that stand in that channel be known by the id that it has from now on."""
        ...

    def known(self, key: str) -> bool:
        """Tell whether there is, or was, a notice of that key."""
        ...

    def suspect(self, leased: Leased) -> bool:
        """Count how often it was left behind, if the lease still stands; False: it does not.

        Should it end the whole process again, before anything is marked, the next one knows.
        """
        ...

    def unsent(self, keys: Iterable[str]) -> frozenset[str]:
        """Return which of those notices wait to be sent, or came too late to be."""
        ...

    def sent(self, leased: Leased, message: MessageRef | None) -> bool:
        """Mark it sent if the lease still stands; False: somebody took it over."""
        ...

    def cancel(self, leased: Leased, why: str) -> bool:
        """Mark it as needless, if the lease still stands."""
        ...

    def retry(
        self,
        leased: Leased,
        due_at: datetime,
        why: str,
        *,
        counted: bool = True,
        doubtful: bool = False,
    ) -> bool:
        """Give it back, to be sent from ``due_at`` (UTC) on, if the lease still stands.

        Not ``counted``: nothing was tried. ``doubtful``: it may have been shown.
        """
        ...

    def give_up(self, leased: Leased, why: str, *, doubtful: bool = False) -> bool:
        """Mark it as undeliverable (or maybe shown: ``doubtful``), if the lease still stands."""
        ...

    def limit(self, bucket: str, until: datetime, now: datetime) -> None:
        """Remember that the bucket takes nothing until then (UTC), and forget limits that ended."""
        ...


class Undeliverable(Protocol):
    """What was given up, until the people it concerns were told."""

    def note(self, undelivered: Undelivered) -> None:
        """Add it. While the same cause persists it is only counted: it is told once."""
        ...

    def waits(self, member: MemberId) -> bool:
        """Tell whether the member is to be told anything."""
        ...

    def left(self, member: MemberId, *, somewhere: bool = False) -> bool:
        """Tell whether the member is no longer in the chat, as far as the last message showed.

        ``somewhere``: or was not on one of their platforms, which they were not told yet.
        """
        ...

    def causes(self, about: str) -> frozenset[Cause]:
        """Return why it cannot be shown to all whom it concerns, as far as is known."""
        ...

    def untold(self, member: MemberId) -> list[Undelivered]:
        """Return what the member was not told yet, the oldest first."""
        ...

    def tell(self, member: MemberId, about: str | None = None) -> list[Undelivered]:
        """Return what the member was not told yet, the oldest first; from now on it is told.

        Or only what is ``about`` that.
        """
        ...

    def mended(self, about: str, member: MemberId | None) -> None:
        """Deliveries about it work again (to the member, where ``about`` is empty).

        What was told is forgotten. What was not is told still, if the message is lost.
        """
        ...


class Inbox(Protocol):
    """Deliveries that have taken effect."""

    def first(self, key: str) -> bool:
        """Remember the delivery; False when it has been here before. Empty keys are always new."""
        ...

    def seen(self, key: str) -> bool:
        """Tell whether the delivery has been here, without remembering it."""
        ...


class Everywhere(Protocol):
    """What the runtime asks of all workspaces at once; nobody else may."""

    def workspaces(self) -> list[WorkspaceId]:
        """Return the workspaces that have reminders, in order."""
        ...

    def installed(self) -> list[WorkspaceId]:
        """Return the workspaces and organisations with an installation, in order."""
        ...

    def with_addresses(self) -> list[WorkspaceId]:
        """Return the workspaces in which addresses of calendars are kept, in order."""
        ...

    def homes(self, identity: Identity) -> list[WorkspaceId]:
        """Return the workspaces in which that person is a member, in order."""
        ...

    def users(self, platform: str, ids: Iterable[MemberId]) -> dict[MemberId, str]:
        """Return who those members are on the platform, wherever they are members."""
        ...

    def around(self, place: Place) -> WorkspaceId | None:
        """Return the workspace of the plan that has a thread there beside its home's, or None."""
        ...

    def threads(self, platform: str, limit: int) -> list[tuple[WorkspaceId, Place]]:
        """Return where on the platform open plans have their threads, the newest first."""
        ...

    def drafts(self, kind: str, limit: int) -> list[bytes]:
        """Return what is kept for members under that kind, the newest first."""
        ...

    def links(self, platform: str) -> list[tuple[WorkspaceId, PlanId, Place]]:
        """Return which plans stand on the platform beside their home, and where."""
        ...

    def of_code(self, hashed: str) -> WorkspaceId | None:
        """Return the workspace in which a one-time code of that hash was made, or None."""
        ...

    def due(self, now: datetime, limit: int) -> list[tuple[WorkspaceId, ReminderId]]:
        """Return reminders due at ``now`` (UTC), the oldest first."""
        ...

    def lease(self, now: datetime, until: datetime, limit: int) -> list[Leased]:
        """Take due notices, and those whose lease has run out, until ``until``."""
        ...

    def renew(self, leased: Sequence[Leased], until: datetime) -> None:
        """Let those of the leases that still stand last until then (UTC)."""
        ...

    def begin(self, leased: Sequence[Leased]) -> Sequence[bool]:
        """Write down that the notices are being sent; tell of each whether its lease still stands.

        Should nothing be marked any more, they may have been shown; before this they certainly
        were not. Raises ``SomeTakenOver``.
        """
        ...

    def sent(self, shown: Sequence[Shown]) -> Sequence[bool]:
        """Mark the notices sent; tell of each whether its lease still stood.

        Raises ``SomeTakenOver``.
        """
        ...

    def standing(self, now: datetime) -> Standing:
        """Return what the courier must know beside the notices themselves."""
        ...

    def look_through(self, what: Bygone, before: datetime, after: Key | None, limit: int) -> Looked:
        """Return which of the next ``limit`` rows after that key lost their use before ``before``.

        ``before`` is UTC; ``after`` None begins with the first row. Every row is met once.
        """
        ...

    def forget(self, what: Bygone, before: datetime, keys: Sequence[Key]) -> int:
        """Delete those of the rows that are still of no use; return how many."""
        ...

    def backlog(self, now: datetime) -> Backlog:
        """Return how the outbox stands at ``now`` (UTC), of what nobody is sending."""
        ...

    def next_due(self) -> datetime | None:
        """Return the earliest instant at which a reminder or a notice is due, or None."""
        ...

    def clock(self) -> datetime | None:
        """Return what the clock of the store's server shows (UTC); None where there is none."""
        ...
