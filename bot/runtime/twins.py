"""What may have been shown twice: the copy that nobody keeps is taken back.

A process that stood still for longer than its lease, in the middle of a send, shows what somebody
else has taken over meanwhile. It knows its own message; which one counts stands in the outbox.
"""

import asyncio
from collections.abc import Mapping

import structlog

from bot.domain.places import MessageRef
from bot.domain.reminders.notices import Leased
from bot.runtime.manner import Manner
from bot.runtime.marks import facts
from bot.runtime.ports import Messengers, NotDelivered, OutcomeUnknown
from bot.runtime.tally import Outcome
from bot.usecases.ports import Door

_log = structlog.get_logger(__name__)


class Twins:
    """Looks after messages whose lease was lost while they were sent."""

    def __init__(self, door: Door, messengers: Mapping[str, Messengers], manner: Manner) -> None:
        self._door = door
        self._messengers = messengers
        self._manner = manner
        self._tasks: set[asyncio.Task[None]] = set()

    def suspect(self, leased: Leased, message: MessageRef | None) -> None:
        """Look, when the other one's send is surely over, which message counts (None: an edit)."""
        if message is not None:
            work = self._settled(leased, message)
            task = asyncio.create_task(work, name="coplan-twin")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Look after nothing any more."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _settled(self, leased: Leased, own: MessageRef) -> None:
        await asyncio.sleep(self._manner.twin_seconds)
        key, platform = leased.notice.key, own.place.platform
        try:
            kept = await self._door.read(leased.workspace, lambda work: work.outbox.message(key))
            if kept is None or kept == own or platform not in self._messengers:
                return
            messenger = await self._messengers[platform].within(leased.workspace)
            await messenger.withdraw(own)
        except (NotDelivered, OutcomeUnknown) as problem:
            _log.warning("twin_not_withdrawn", reason=str(problem), **facts(leased))
        except Exception:  # noqa: BLE001 - logged: somebody sees it twice, and that is all
            _log.exception("twin_not_withdrawn", **facts(leased))
        else:
            self._manner.tally.went(platform, Outcome.WITHDRAWN)
            _log.info("twin_withdrawn", **facts(leased))
