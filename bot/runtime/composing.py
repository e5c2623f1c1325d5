"""Composing: what a notice says is worded from the state as it is now, just before it is sent.

Notices that wait for it at the same time share a unit of work, in which what they need of their
members is read at once; nobody waits for company.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import structlog

from bot.domain.ids import WorkspaceId
from bot.domain.reminders.notices import Leased, NoticeKind
from bot.ui.deliveries import Composed, Composer, Later
from bot.usecases.ports import Door, Work

NEED_A_THREAD: Final = frozenset({NoticeKind.PLAN_CARD, NoticeKind.NEWS, NoticeKind.ITEM})
NO_THREAD: Final = Later(at=datetime.min.replace(tzinfo=UTC), why="no thread yet")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A notice that waits to be composed."""

    leased: Leased
    composer: Composer
    answer: asyncio.Future[Composed]


class Composing:
    """Composes notices through the door."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._waiting: dict[WorkspaceId, list[_Asked]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def compose(self, leased: Leased, composer: Composer) -> Composed:
        """Return what is to be sent for the notice; raises what its composer raises."""
        asked = _Asked(leased, composer, asyncio.get_running_loop().create_future())
        queue = self._waiting.get(leased.workspace)
        if queue is not None:
            queue.append(asked)
        else:
            self._waiting[leased.workspace] = [asked]
            task = asyncio.create_task(self._work_off(leased.workspace), name="coplan-composing")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await asked.answer

    async def _work_off(self, workspace: WorkspaceId) -> None:
        """Compose what waits in the workspace, again and again until nothing does."""
        queue = self._waiting[workspace]
        while queue:
            asked, queue[:] = queue[:], []
            try:
                await self._together(workspace, asked)
            except Exception as error:  # noqa: BLE001 - each meets its own error when alone
                if len(asked) > 1:
                    _log.warning("composing_repeated", workspace=workspace, count=len(asked))
                    await asyncio.gather(*(self._alone(workspace, one) for one in asked))
                else:
                    _fail(asked[0], error)
        del self._waiting[workspace]

    async def _together(self, workspace: WorkspaceId, asked: Sequence[_Asked]) -> None:
        def unit(work: Work) -> list[Composed]:
            if len(asked) > 1:
                work.read_ahead(m for one in asked if (m := one.leased.notice.member) is not None)
            return [_composed(work, one) for one in asked]

        for one, composed in zip(asked, await self._door.read(workspace, unit), strict=True):
            if not one.answer.done():  # whoever asked was cancelled
                one.answer.set_result(composed)

    async def _alone(self, workspace: WorkspaceId, asked: _Asked) -> None:
        try:
            await self._together(workspace, [asked])
        except Exception as error:  # noqa: BLE001 - whoever asked gets it
            _fail(asked, error)


def _fail(asked: _Asked, error: Exception) -> None:
    if not asked.answer.done():
        asked.answer.set_exception(error)


def _composed(work: Work, asked: _Asked) -> Composed:
    """Word the notice; what is said in a plan's thread waits until there is one."""
    notice = asked.leased.notice
    plan = notice.plan if notice.kind in NEED_A_THREAD else None
    if plan is not None and work.plans.card(plan) is None:
        return NO_THREAD
    return asked.composer(work, asked.leased)
