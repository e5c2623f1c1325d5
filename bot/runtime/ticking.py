"""The tick: everything that is due is claimed, each in a unit of work of its own."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.domain.clock import Clock
from bot.domain.ids import ReminderId, WorkspaceId
from bot.log import reference
from bot.usecases.ports import Door, Work
from bot.usecases.reminders.claiming import claim

EVERYWHERE = WorkspaceId("")
"""The workspace named in units that ask about all of them."""
BATCH = 200
PUSHED_FORWARD = timedelta(minutes=15)
"""When a reminder that cannot be claimed is tried again."""

_log = structlog.get_logger(__name__)


async def tick(door: Door, clock: Clock) -> int:
    """Claim until nothing is due; return how many reminders were moved on.

    One that fails is logged with a reference and pushed forward: it never blocks the others.
    """
    tried: set[tuple[WorkspaceId, ReminderId]] = set()
    moved = 0
    while fresh := await _due(door, clock, tried):
        for workspace, reminder in fresh:
            moved += await _claim(door, clock, workspace, reminder)
        tried.update(fresh)
    return moved


async def _due(
    door: Door, clock: Clock, tried: set[tuple[WorkspaceId, ReminderId]]
) -> list[tuple[WorkspaceId, ReminderId]]:
    now = clock.now()
    due = await door.read(EVERYWHERE, lambda work: work.everywhere.due(now, BATCH))
    return [one for one in due if one not in tried]


async def _claim(door: Door, clock: Clock, workspace: WorkspaceId, reminder: ReminderId) -> bool:
    try:
        return await door.write(workspace, lambda work: claim(work, reminder))
    except Exception:  # noqa: BLE001 - logged, and pushed forward
        _log.exception(
            "claim_failed", workspace=workspace, reminder=reminder, reference=reference()
        )
    try:
        return await door.write(workspace, _push_forward(clock, reminder))
    except Exception:  # noqa: BLE001 - logged; it is due again at the next tick
        _log.exception("push_forward_failed", workspace=workspace, reminder=reminder)
        return False


def _push_forward(clock: Clock, reminder: ReminderId) -> Callable[[Work], bool]:
    due_at = clock.now() + PUSHED_FORWARD

    def unit(work: Work) -> bool:
        row = work.reminders.get(reminder)
        return row is not None and work.reminders.advance(row, due_at)

    return unit
