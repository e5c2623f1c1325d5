"""What the use cases need from the edges. Storage implements these, tests use the real thing.

All repositories of one ``Work`` share a transaction and a workspace; the workspace is added to
every query by the repository and never given by the caller. The ports of the alarm and the courier
are in ``bot/usecases/reminders/ports.py``.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from bot.domain.contributions.acts import Entry
from bot.domain.ids import ChangeId, Ids, MemberId, PartnershipId, PlanId, WorkspaceId
from bot.domain.members import Identity, Member
from bot.domain.places import MessageRef, Place
from bot.domain.planning.partnership import Partnership
from bot.domain.planning.plan import Plan
from bot.domain.planning.template import Template
from bot.domain.timetable.changes import CalendarChange
from bot.domain.timetable.feeds import Source
from bot.domain.timetable.school import SchoolCalendar
from bot.domain.timetable.timetable import Timetable
from bot.domain.timetable.weekly import WeeklyHours
from bot.usecases.installations import Installations
from bot.usecases.linking import LinkCodes
from bot.usecases.publishing import Feeds
from bot.usecases.reminders.ports import (
    Absent,
    Everywhere,
    Inbox,
    Outbox,
    RecurringReminders,
    Reminders,
    Snoozes,
    Undeliverable,
)
from bot.usecases.upkeep import Upkeep

T = TypeVar("T")


class Members(Protocol):
    """The members of the workspace."""

    def by_identity(self, identity: Identity) -> Member | None:
        """Return who that is here, on whichever platform, or None."""
        ...

    def get(self, ids: Iterable[MemberId]) -> dict[MemberId, Member]:
        """Return the members of those ids; unknown ids are left out. One query."""
        ...

    def users(self, platform: str, ids: Iterable[MemberId]) -> dict[MemberId, str]:
        """Return who those members are on the platform; who is nobody there is left out."""
        ...

    def join(self, member: MemberId, identity: Identity) -> None:
        """Let that person be the member, too; ``Conflict`` when they are a member already."""
        ...

    def joined(self, member: MemberId) -> list[Identity]:
        """Return who the member is beside their own identity, in order."""
        ...

    def part(self, member: MemberId, platform: str) -> bool:
        """Let nobody of that platform be the member by having joined; False: nobody was."""
        ...

    def all(self) -> list[Member]:
        """Return every member, by name."""
        ...

    def save(self, member: Member) -> None:
        """Insert or replace the member; ``Conflict`` when their person is another member."""
        ...


class Plans(Protocol):
    """The plans of the workspace, whole."""

    def get(self, plan: PlanId) -> Plan | None:
        """Return the plan, locked for this transaction where the database has row locks."""
        ...

    def add(self, plan: Plan) -> None:
        """Insert a new plan (its revision and template snapshot with it)."""
        ...

    def save(self, plan: Plan, *, logged: int = 0) -> Plan:
        """Store the plan if its revision still stands, and return it as it is stored.

        That is with the next revision, and with ``logged`` entries more in its log. Raises
        ``errors.Conflict`` when another save came first.
        """
        ...

    def of_member(self, member: MemberId, *, archived: bool = False) -> list[Plan]:
        """Return the member's plans that are active or finished, oldest first.

        With ``archived`` also those that are archived.
        """
        ...

    def of_partnership(self, partnership: PartnershipId) -> list[Plan]:
        """Return the partnership's plans of any state, oldest first."""
        ...

    def at(self, place: Place) -> PlanId | None:
        """Return the plan whose thread ``place`` is, or None."""
        ...

    def card(self, plan: PlanId, on: str = "") -> MessageRef | None:
        """Return where the plan's card stands, or None while it has no thread.

        ``on``: on the platform of that name, beside its home.
        """
        ...

    def set_card(self, plan: PlanId, card: MessageRef, on: str = "") -> None:
        """Remember where the plan's card stands; ``on`` as in ``card``."""
        ...

    def forget_card(self, plan: PlanId) -> None:
        """Forget where the plan's card stands at home: it gets another one."""
        ...

    def place_on(self, plan: PlanId, platform: str) -> Place | None:
        """Return where on that platform the plan stands, or is to stand, beside its home."""
        ...

    def link(self, plan: PlanId, place: Place) -> None:
        """Let the plan stand in that place, too, in a thread that is still to be opened."""
        ...

    def unlink(self, plan: PlanId, platform: str) -> None:
        """Forget where on that platform the plan stands beside its home."""
        ...


class Log(Protocol):
    """The append-only contribution log."""

    def append(self, entries: Sequence[Entry]) -> None:
        """Add entries; a number that is taken is a Conflict."""
        ...

    def of_plan(
        self, plan: PlanId, *, step: str = "", field: str = "", newest: int = 0
    ) -> list[Entry]:
        """Return the entries, oldest first: all, of a step, of a field, or the newest few."""
        ...

    def entry(self, plan: PlanId, number: int) -> Entry | None:
        """Return one entry, or None."""
        ...

    def since(self, plans: Iterable[PlanId], at: datetime) -> list[Entry]:
        """Return the entries of those plans from ``at`` (UTC) on, oldest first."""
        ...


class Partnerships(Protocol):
    """The partnerships of the workspace."""

    def get(self, partnership: PartnershipId) -> Partnership | None:
        """Return it, or None; locked for this transaction where the database has row locks."""
        ...

    def at(self, place: Place) -> list[Partnership]:
        """Return those whose channel that is."""
        ...

    def of_member(self, member: MemberId) -> list[Partnership]:
        """Return those the member belongs to."""
        ...

    def save(self, partnership: Partnership) -> None:
        """Insert or replace it."""
        ...


class Times(Protocol):
    """Timetables, weekly hours and the schools' calendars.

    A school is known by its name; "" is the workspace's first one. What a unit reads twice is what
    it read first. Saving raises ``errors.Conflict`` when another save came in between; the door
    then repeats the unit.
    """

    def hold_calendar(self, school: str = "") -> None:
        """Let nobody else hold or save the school's calendar until this unit has ended.

        To be called before the calendar is read by a unit that changes it, or saves what has to
        fit it. Raises ``errors.Conflict`` when it was read, and saved by another unit since.
        """
        ...

    def calendar(self, school: str = "") -> SchoolCalendar | None:
        """Return the school's calendar, or None when there is none."""
        ...

    def schools(self) -> list[str]:
        """Return the names of the schools that have a calendar, in order."""
        ...

    def save_calendar(self, calendar: SchoolCalendar) -> None:
        """Replace the calendar of its school."""
        ...

    def keep_change(self, change: CalendarChange) -> None:
        """Insert a change of the calendar, or replace it: it was taken back."""
        ...

    def change(self, change: ChangeId) -> CalendarChange | None:
        """Return the change of that id, or None."""
        ...

    def timetables(self, members: Iterable[MemberId]) -> dict[MemberId, Timetable]:
        """Return the timetables of those members; members without one are left out."""
        ...

    def hours(self, members: Iterable[MemberId]) -> dict[MemberId, WeeklyHours]:
        """Return the weekly hours of those members; members without any are left out."""
        ...

    def source(self, member: MemberId) -> Source | None:
        """Return where the member's timetable came from, None where that is not kept."""
        ...

    def sources(self) -> dict[MemberId, Source]:
        """Return where the members' timetables came from, as far as that is kept."""
        ...

    def keep_source(self, member: MemberId, source: Source | None) -> None:
        """Keep where the member's timetable came from, which is stored; None: no longer."""
        ...

    def save_timetable(self, member: MemberId, timetable: Timetable) -> None:
        """Replace the member's timetable (and drop their weekly hours); its source stays."""
        ...

    def save_hours(self, member: MemberId, hours: WeeklyHours) -> None:
        """Replace the member's weekly hours (and drop their timetable, and its source)."""
        ...


class Templates(Protocol):
    """The workspace's own templates, uploaded by its members."""

    def own(self) -> dict[str, Template]:
        """Return them by key."""
        ...

    def save(self, template: Template) -> None:
        """Insert or replace one; running plans keep their snapshots."""
        ...


class Drafts(Protocol):
    """Short-lived things a member is looking at before they confirm: bytes under a key."""

    def put(self, member: MemberId, kind: str, content: bytes) -> None:
        """Keep the member's draft of that kind, replacing an older one.

        Raises ``errors.Conflict`` when this unit found none, and another one has put one since.
        """
        ...

    def get(self, member: MemberId, kind: str) -> bytes | None:
        """Return it, or None."""
        ...

    def drop(self, member: MemberId, kind: str) -> None:
        """Forget it."""
        ...


class Files(Protocol):
    """Files that members added to plans."""

    def put(self, plan: PlanId, file: str, name: str, content: bytes) -> None:
        """Store a new file under that id."""
        ...

    def get(self, plan: PlanId, file: str) -> tuple[str, bytes] | None:
        """Return name and content, or None."""
        ...

    def about(self, plan: PlanId) -> dict[str, tuple[str, int]]:
        """Return name and size in bytes of every file of the plan, by id; loads none of them."""
        ...


class Work(Protocol):
    """One unit of work in one workspace: repositories that share a transaction."""

    workspace: WorkspaceId
    now: datetime
    ids: Ids
    members: Members
    plans: Plans
    log: Log
    partnerships: Partnerships
    times: Times
    templates: Templates
    drafts: Drafts
    feeds: Feeds
    files: Files
    recurring: RecurringReminders
    reminders: Reminders
    absent: Absent
    snoozes: Snoozes
    outbox: Outbox
    undelivered: Undeliverable
    inbox: Inbox
    upkeep: Upkeep
    installations: Installations
    codes: LinkCodes
    everywhere: Everywhere

    def read_ahead(self, members: Iterable[MemberId]) -> None:
        """Read at once what this unit is going to ask about each of the members.

        Changes no answer, only how many questions the database is asked: for units that do the
        same for many.
        """
        ...


class Door(Protocol):
    """The one way from asynchronous callers to the synchronous core."""

    async def write(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        """Run ``unit`` in a transaction and answer after its commit.

        ``unit`` may be run again after a conflict, so it has no outside effects. What it raises
        is raised here, and nothing is stored. Raises ``errors.Unavailable`` when the store cannot
        write.
        """
        ...

    async def read(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        """Run ``unit`` on a snapshot that cannot be written to."""
        ...
