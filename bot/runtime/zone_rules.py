"""The rules of time zones change between two starts: what was planned by the old ones moves."""

import zoneinfo
from collections.abc import Sequence
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import assert_never

import structlog

from bot.domain.ids import EVERYWHERE, MemberId, PartnershipId, RecurringId, WorkspaceId
from bot.domain.reminders.schedule import Reminder, ReminderKind
from bot.log import reference
from bot.usecases.ports import Door, Work
from bot.usecases.reminders.occurring import replan_recurring
from bot.usecases.reminders.planning import replan, replan_digest

CHUNK = 50
"""Reminders planned anew in one unit of work: some tens of milliseconds."""

_log = structlog.get_logger(__name__)


@cache
def rules_in_use() -> str:
    """Return a name of the rules by which this process computes: a hash of all zones' files.

    Of those that zoneinfo really reads: a system's own files come before the package tzdata, so
    neither's version number would tell. Takes some 40 ms.
    """
    seen = sha256()
    for name in sorted(zoneinfo.available_timezones()):
        seen.update(name.encode() + b"\0" + _rules_of(name))
    return seen.hexdigest()[:16]


def _rules_of(name: str) -> bytes:
    """Return the file of a zone as ``ZoneInfo`` finds it."""
    found = (Path(folder, name) for folder in zoneinfo.TZPATH)
    path = next((path for path in found if path.is_file()), None)
    return path.read_bytes() if path else files("tzdata.zoneinfo").joinpath(name).read_bytes()


async def follow_zone_rules(door: Door, rules: str | None = None) -> int:
    """Plan anew whatever was planned by other rules than ``rules`` (None: those in use).

    To be called before anything is claimed. In small units of work: whoever is stopped in the
    middle begins again at the next start, and planning twice changes nothing. Return how many
    reminders moved.
    """
    moved = 0
    for workspace in await door.read(EVERYWHERE, lambda work: work.everywhere.workspaces()):
        now = rules or rules_in_use()
        before = await door.read(workspace, lambda work: work.reminders.zone_rules())
        if before != now:
            moved += await _follow(door, workspace, before, now)
    return moved


async def _follow(door: Door, workspace: WorkspaceId, before: str, rules: str) -> int:
    rows = await door.read(workspace, lambda work: work.reminders.planned())
    chunks = [rows[first : first + CHUNK] for first in range(0, len(rows), CHUNK)]
    done = [await _chunk(door, workspace, chunk) for chunk in chunks]
    moved, failed = sum(one for one, _ in done), sum(two for _, two in done)
    if not failed:
        await door.write(workspace, lambda work: work.reminders.follow_zone_rules(rules))
    facts = {"planned": len(rows), "moved": moved, "failed": failed}
    _log.info(
        "zone_rules_followed", workspace=workspace, before=before or "none", now=rules, **facts
    )
    return moved


async def _chunk(door: Door, workspace: WorkspaceId, rows: Sequence[Reminder]) -> tuple[int, int]:
    """Plan the rows anew; return how many moved, and how many could not be planned.

    One that cannot is logged, keeps its instant and is tried again at the next start; it neither
    keeps the others from moving nor Coplan from starting.
    """
    try:
        return await door.write(workspace, partial(_plan_anew, rows=rows)), 0
    except Exception:  # noqa: BLE001 - tried row by row, then logged
        if len(rows) == 1:
            _log.exception(
                "zone_rules_failed",
                workspace=workspace,
                reminder=rows[0].id,
                reference=reference(),
            )
            return 0, 1
    done = [await _chunk(door, workspace, (row,)) for row in rows]
    return sum(one for one, _ in done), sum(two for _, two in done)


def _plan_anew(work: Work, rows: Sequence[Reminder]) -> int:
    return sum(_anew(work, row) for row in rows)


def _anew(work: Work, row: Reminder) -> int:
    match row.kind:
        case ReminderKind.MEMBER if row.due_at is not None and row.due_at <= work.now:
            return 0  # due in an outage: the claim looks at things as they are now, by these rules
        case ReminderKind.MEMBER:
            return replan(work, (MemberId(row.subject),), digests=False)
        case ReminderKind.DIGEST:
            return replan_digest(work, PartnershipId(row.subject))
        case ReminderKind.RECURRING:
            return replan_recurring(work, RecurringId(row.subject))
        case _:
            assert_never(row.kind)
