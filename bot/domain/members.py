"""Members of a workspace and what they chose for themselves."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from bot.domain.ids import MemberId, WorkspaceId


class Nudges(StrEnum):
    """How often a member wants to be reminded."""

    OFF = "off"
    LIGHT = "light"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From ``start`` to ``end`` in the member's wall time; may run over midnight."""

    start: time = time(20)
    end: time = time(7)


class Where(StrEnum):
    """Where a member hears of what concerns them alone."""

    DIRECT = "direct"
    """In direct messages, from their first click on."""
    THREAD = "thread"
    """In the plan's thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Minutes before the first and after the last bell in which a member would plan; 0: never."""

    before: int = 0
    after: int = 0

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self.before or self.after)


class LibraryMode(StrEnum):
    """How classes come to somebody's library."""

    NONE = "none"
    """There is none: no librarian."""
    FIXED = "fixed"
    """At fixed periods, always."""
    MIXED = "mixed"
    """At fixed periods, but for some weekdays or months."""
    FLEXIBLE = "flexible"
    """When it was planned together: what stands in the timetable as lessons holds nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A library's schedule; in a mixed one ``weekdays`` (ISO) and ``months`` (1-12) are flexible.

    Source of the modes: the school libraries' association's statement on flexible scheduling.
    """

    mode: LibraryMode = LibraryMode.NONE
    weekdays: tuple[int, ...] = ()
    months: tuple[int, ...] = ()

    @property
    def fixed(self) -> bool:
        """Tell whether there are fixed classes."""
        return self.mode in {LibraryMode.FIXED, LibraryMode.MIXED}

    def flexible_on(self, day: date) -> bool:
        """Tell whether the fixed classes of ``day`` do not take place."""
        if self.mode is not LibraryMode.MIXED:
            return self.mode is LibraryMode.FLEXIBLE
        return day.isoweekday() in self.weekdays or day.month in self.months


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a member set in ``settings``; ``days`` are ISO weekdays, 1 = Monday … 7 = Sunday.

    ``platform`` is where direct messages go to somebody who is known on several; "": to their own
    identity's. ``groups`` are the classes, grades or levels they teach: where school is closed for
    all of them, it is for the member. ``school`` is the name of theirs where the workspace has
    several, "" that of its first one. ``own_zone``: they set their zone by hand, and it stays
    whatever the platform tells.
    """

    nudges: Nudges = Nudges.NORMAL
    days: tuple[int, ...] = (1, 2, 3, 4, 5)
    quiet: QuietHours = QuietHours()
    where: Where = Where.DIRECT
    platform: str = ""
    around: Around = Around()
    library: Library = Library()
    groups: tuple[str, ...] = ()
    school: str = ""
    own_zone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody is on a platform: ``platform`` is "playground", "slack" or "discord"."""

    platform: str
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody as a platform shows them now; ``zone`` is their IANA zone where it is known."""

    identity: Identity
    name: str
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person in a workspace.

    ``zone`` is an IANA name. ``reachable`` becomes true with the member's first click: only then
    may direct messages begin (product rule: the first contact is in the thread).
    """

    workspace: WorkspaceId
    id: MemberId
    identity: Identity
    name: str
    zone: str
    zone_assumed: bool = False
    reachable: bool = False
    preferences: Preferences = Preferences()
