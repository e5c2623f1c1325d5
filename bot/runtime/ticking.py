"""The tick: everything that is due is claimed, some at a time in one unit of work."""

import asyncio
import math
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import structlog

from bot.domain.clock import Clock
from bot.domain.errors import Unavailable
from bot.domain.ids import EVERYWHERE, ReminderId, WorkspaceId
from bot.log import reference
from bot.usecases.ports import Door, Work
from bot.usecases.reminders.claiming import claim, claim_all

BATCH = 200
TOGETHER = 25
"""Claims that share a unit of work: what they need is read at once. It takes some milliseconds,
and a member who clicks meanwhile waits for no more than that."""
AT_ONCE = 4
"""Such units that are under way at the same time."""
PUSHED_FORWARD = timedelta(minutes=15)
"""When a reminder that cannot be claimed is tried again."""

_log = structlog.get_logger(__name__)


async def tick(
    door: Door, clock: Clock, going: Callable[[], bool] = lambda: True, most: float = math.inf
) -> int:
    """Claim while it is ``going`` and something is due; return how many reminders were moved on.

    It ends when ``most`` were tried, or some more. One that fails is logged with a reference and
    pushed forward: it never blocks the others. What the store cannot take stays due.
    """
    tried: set[tuple[WorkspaceId, ReminderId]] = set()
    room = asyncio.Semaphore(AT_ONCE)
    moved = 0

    async def claims(workspace: WorkspaceId, reminders: Sequence[ReminderId]) -> int:
        async with room:
            return await _claim_all(door, clock, workspace, reminders) if going() else 0

    while going() and len(tried) < most and (fresh := await _due(door, clock, tried)):
        moved += sum(await asyncio.gather(*(claims(*some) for some in _together(fresh))))
        tried.update(fresh)
    return moved


async def _due(
    door: Door, clock: Clock, tried: set[tuple[WorkspaceId, ReminderId]]
) -> list[tuple[WorkspaceId, ReminderId]]:
    now = clock.now()
    due = await door.read(EVERYWHERE, lambda work: work.everywhere.due(now, BATCH))
    return [one for one in due if one not in tried]


def _together(
    due: Sequence[tuple[WorkspaceId, ReminderId]],
) -> Iterator[tuple[WorkspaceId, Sequence[ReminderId]]]:
    """Yield what may share a unit of work: some reminders of one workspace, the oldest first."""
    spaces: dict[WorkspaceId, list[ReminderId]] = {}
    for workspace, reminder in due:
        spaces.setdefault(workspace, []).append(reminder)
    for workspace, reminders in spaces.items():
        for start in range(0, len(reminders), TOGETHER):
            yield workspace, reminders[start : start + TOGETHER]


async def _claim_all(
    door: Door, clock: Clock, workspace: WorkspaceId, reminders: Sequence[ReminderId]
) -> int:
    """Claim the reminders in one unit of work; each alone, if that fails for any of them."""
    try:
        return await door.write(workspace, lambda work: claim_all(work, reminders))
    except Exception as error:  # noqa: BLE001 - each meets its own error when alone
        _log.warning("claims_repeated", workspace=workspace, cause=type(error).__name__)
    alone = (_claim(door, clock, workspace, reminder) for reminder in reminders)
    return sum(await asyncio.gather(*alone))


async def _claim(door: Door, clock: Clock, workspace: WorkspaceId, reminder: ReminderId) -> bool:
    try:
        return await door.write(workspace, lambda work: claim(work, reminder))
    except Unavailable as problem:
        _log.warning("claim_waits", workspace=workspace, reminder=reminder, reason=problem.message)
        return False
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
