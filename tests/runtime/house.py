"""A running house for the runtime's tests: real store, fake messenger, fake clock."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select

from bot.domain.ids import PlanId, WorkspaceId
from bot.domain.reminders.notices import Leased, Notice, NoticeKind
from bot.runtime.courier import Courier
from bot.runtime.manner import Manner
from bot.runtime.service import Service
from bot.ui.cards import Card, Text
from bot.ui.deliveries import Composed, Composer, Edit, OpenThread, Post
from bot.ui.pages.reminders.compose import compose_digest, compose_message
from bot.usecases.ports import Door, Work
from storage.tables import outbox
from tests.support import reminder_store
from tests.support.fake_clock import FakeClock
from tests.support.fake_messenger import PLATFORM, FakeMessenger
from tests.support.reminder_store import Store
from tests.support.teaching_team import CHANNEL, HERE, UNIT

T = TypeVar("T")


def card(words: str) -> Card:
    return Card(title=words, summary=words, blocks=(Text((words,)),))


def compose_thread(work: Work, leased: Leased) -> Composed:
    plan = work.plans.get(leased.notice.plan or PlanId(""))
    assert plan is not None
    return OpenThread(plan=plan.id, channel=CHANNEL, title=plan.title, card=card(plan.title))


def compose_card(work: Work, leased: Leased) -> Composed:
    plan = work.plans.get(leased.notice.plan or PlanId(""))
    assert plan is not None
    message = work.plans.card(plan.id)
    assert message is not None, "the courier waits for the thread"
    return Edit(message=message, card=card(f"{plan.title} {plan.revision}"))


def compose_news(work: Work, leased: Leased) -> Composed:
    message = work.plans.card(leased.notice.plan or PlanId(""))
    place = message.place if message else CHANNEL
    return Post(place=place, card=card(leased.notice.key))


COMPOSERS: Mapping[NoticeKind, Composer] = {
    NoticeKind.PLAN_THREAD: compose_thread,
    NoticeKind.PLAN_CARD: compose_card,
    NoticeKind.NEWS: compose_news,
    NoticeKind.REMINDER: compose_message,
    NoticeKind.CATCH_UP: compose_message,
    NoticeKind.DIGEST: compose_digest,
}


def news(key: str, plan: PlanId = UNIT) -> Callable[[Work], None]:
    """Return a unit that puts one piece of news."""
    return lambda w: w.outbox.put(
        Notice(key=key, kind=NoticeKind.NEWS, due_at=w.now, plan=plan, entry=1)
    )


class Patient(Courier):
    """Returns when all that it took is sent: on a busy machine anything may be slow."""

    async def deliver(self) -> int:
        taken = await super().deliver()
        while await self.under_way():
            pass
        return taken


@dataclass(slots=True)
class House:
    store: Store
    clock: FakeClock
    messenger: FakeMessenger = field(default_factory=FakeMessenger)

    @property
    def door(self) -> Door:
        return self.store.door

    def courier(
        self,
        manner: Manner | None = None,
        composers: Mapping[NoticeKind, Composer] | None = None,
        door: Door | None = None,
    ) -> Courier:
        return Patient(
            door or self.door,
            self.clock,
            {PLATFORM: self.messenger},
            composers or COMPOSERS,
            manner or Manner(),
        )

    def service(self, manner: Manner | None = None) -> Service:
        return Service(self.door, self.clock, {PLATFORM: self.messenger}, COMPOSERS, manner)

    def put(self, *units: Callable[[Work], None], workspace: WorkspaceId = HERE) -> None:
        for unit in units:
            self.store.write(unit, workspace)

    def states(self) -> dict[str, tuple[str, str]]:
        """Return state and reason of every notice, straight from the table."""
        with self.store.writer.connect() as connection:
            rows = connection.execute(select(outbox.c.key, outbox.c.state, outbox.c.reason))
            return {row.key: (row.state, row.reason) for row in rows}


class Forgetful(Door):
    """A door behind which every lease looks as if another courier had let it run out."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def write(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        def marked(work: Work) -> T:
            found = unit(work)
            if isinstance(found, tuple):  # the leases, and how deliveries stand
                found[0][:] = [_doubtful(one) for one in found[0]]
            return found

        return await self._door.write(workspace, marked)

    async def read(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        return await self._door.read(workspace, unit)


def _doubtful(one: Leased) -> Leased:
    return replace(one, attempts=one.attempts + 1, doubtful=True)


@asynccontextmanager
async def opened(path: Path, clock: FakeClock, *, fresh: bool = True) -> AsyncIterator[House]:
    with reminder_store.opened(path, clock, fresh=fresh) as store:
        store.door.start()
        try:
            yield House(store, clock)
        finally:
            await store.door.close()
