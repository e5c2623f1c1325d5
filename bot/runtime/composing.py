"""Composing: what a notice says is worded from the state as it is now, just before it is sent.

Notices that wait for it at the same time share a unit of work, in which what they need of their
members is read at once.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from bot.domain.ids import WorkspaceId
from bot.domain.reminders.notices import Leased, NoticeKind
from bot.runtime.gathering import Gathering
from bot.ui.deliveries import Composed, Composer, Later
from bot.usecases.ports import Door, Work

NEED_A_THREAD: Final = frozenset({NoticeKind.PLAN_CARD, NoticeKind.NEWS, NoticeKind.ITEM})
NO_THREAD: Final = Later(at=datetime.min.replace(tzinfo=UTC), why="no thread yet")

_Asked = tuple[Leased, Composer]


class Composing:
    """Composes notices through the door."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._gathering = Gathering[_Asked, Composed](self._composed, "composing")

    async def compose(self, leased: Leased, composer: Composer) -> Composed:
        """Return what is to be sent for the notice; raises what its composer raises."""
        return await self._gathering.ask(leased.workspace, (leased, composer))

    async def _composed(
        self, workspace: WorkspaceId, asked: Sequence[_Asked]
    ) -> Sequence[Composed]:
        def unit(work: Work) -> list[Composed]:
            if len(asked) > 1:
                members = (leased.notice.member for leased, _ in asked)
                work.read_ahead(member for member in members if member is not None)
            return [_worded(work, leased, composer) for leased, composer in asked]

        return await self._door.read(workspace, unit)


def _worded(work: Work, leased: Leased, composer: Composer) -> Composed:
    """Word the notice; what is said in a plan's thread waits until there is one.

    What has been said there, and is edited, needs none: the plan may have been taken away since.
    """
    notice = leased.notice
    plan = notice.plan if notice.kind in NEED_A_THREAD else None
    if plan is None or work.plans.card(plan, notice.on) is not None:
        return composer(work, leased)
    return NO_THREAD if work.outbox.message(notice.key) is None else composer(work, leased)
