"""What an export is made of: a plan, its log, and the names its readers know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.contributions.acts import Entry
from bot.domain.ids import MemberId
from bot.domain.planning.plan import Plan
from bot.domain.planning.texts import clean
from bot.usecases.planning.attached import AttachedFile

_NAME = 100

FORMER = "a former member"
"""Who has no name any more: erased, or unknown to the workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A plan to export; ``zone`` (IANA) is the reader's, ``exported_at`` aware.

    ``files`` are what is attached to it, by id: files of any name, read before.
    """

    plan: Plan
    entries: tuple[Entry, ...]
    names: Mapping[MemberId, str]
    exported_at: datetime
    zone: str
    files: Mapping[str, AttachedFile] = field(default_factory=dict)

    def name(self, member: str) -> str:
        """Return the member's name: one line, at most 100 characters."""
        known = clean(self.names.get(MemberId(member), ""))
        return " ".join(known.split())[:_NAME].strip() or FORMER

    def people(self, members: tuple[MemberId, ...]) -> str:
        """Return the members' names, or a dash."""
        return ", ".join(self.name(member) for member in members) or "–"

    def when(self, at: datetime, zone: str = "") -> str:
        """Return an instant with its zone: "Tue 3 Nov 2026, 07:30 CET"."""
        local = at.astimezone(ZoneInfo(zone or self.zone))
        return f"{day(local)}, {local:%H:%M %Z}"


def day(on: date | None) -> str:
    """Return a date in words, or a dash: "Tue 3 Nov 2026"."""
    return f"{on:%a} {on.day} {on:%b %Y}" if on else "–"  # Windows knows no "%-d"
