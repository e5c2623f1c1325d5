"""The composition root: the only module that knows everybody."""

import asyncio
import random  # noqa: TID251 - randomness comes in from here
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from adapters.files.table import read_table
from adapters.playground import server
from adapters.playground.app import WORKSPACE, make_app
from adapters.playground.clock import MovableClock
from adapters.playground.messenger import PlaygroundMessenger
from adapters.playground.ports import Hooks
from adapters.playground.sample import load_sample
from adapters.playground.store import PlaygroundStore, forget
from bot.chat.router import Router
from bot.chat.routes import routes
from bot.config import Guarantee
from bot.domain.clock import Clock
from bot.domain.ids import Ids, MemberId, RandomIds
from bot.domain.members import Identity
from bot.domain.reminders.notices import NoticeKind
from bot.runtime.courier import Manner
from bot.runtime.ports import Messenger
from bot.runtime.service import Service
from bot.runtime.workshop import ProcessWorkshop
from bot.ui.deliveries import Composer
from bot.ui.pages import help as help_pages
from bot.ui.pages.planning.news import (
    compose_card,
    compose_item,
    compose_news,
    compose_thread,
)
from bot.ui.pages.reminders.compose import compose_digest, compose_reminder
from bot.usecases.timetable.free import next_free
from storage.door import Door
from storage.engine import make_reader, make_writer
from storage.migrate import upgrade
from storage.work import StorageWork, make_work

COMPOSERS: Mapping[NoticeKind, Composer] = {
    NoticeKind.PLAN_THREAD: compose_thread,
    NoticeKind.PLAN_CARD: compose_card,
    NoticeKind.NEWS: compose_news,
    NoticeKind.ITEM: compose_item,
    NoticeKind.REMINDER: compose_reminder,
    NoticeKind.DIGEST: compose_digest,
}
"""Who words which kind of notice."""


class SystemClock(Clock):
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - this is where time comes in


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything that runs, put together: what adapters are given."""

    door: Door[StorageWork]
    router: Router
    service: Service


@contextmanager
def open_store(url: str) -> Iterator[Door[StorageWork]]:
    """Open the store for the command line: nothing runs, nothing is sent."""
    upgrade(url)
    writer, reader = make_writer(url), make_reader(url)
    try:
        yield Door(writer, reader, make_work(SystemClock(), RandomIds()))
    finally:
        writer.dispose()
        reader.dispose()


@asynccontextmanager
async def open_house(
    url: str,
    messengers: Mapping[str, Messenger],
    *,
    clock: Clock,
    ids: Ids | None = None,
    guarantee: Guarantee = Guarantee.AT_MOST_ONCE,
    deduplicates: frozenset[str] = frozenset(),
    workshop: ProcessWorkshop | None = None,
) -> AsyncIterator[House]:
    """Open the store at ``url`` (migrated first), and run until the block ends.

    ``messengers`` are by platform; those in ``deduplicates`` refuse to show a key twice.
    ``workshop`` parses foreign bytes, in a process of its own where none is given to share.
    Raises ``NewerDatabase`` or ``Unavailable`` when the store cannot be used; it is left as it is.
    """
    await asyncio.to_thread(upgrade, url)
    writer, reader = make_writer(url), make_reader(url)

    def wake() -> None:
        service.wake()

    door = Door(writer, reader, make_work(clock, ids or RandomIds()), after_commit=wake)
    manner = Manner(delivery=guarantee, deduplicates=deduplicates, jitter=random.random)
    service = Service(door, clock, messengers, COMPOSERS, manner)
    shop = workshop or ProcessWorkshop()
    door.start()
    try:
        await service.start()
        router = Router(door, routes(read_table), shop)
        yield House(door=door, router=router, service=service)
    finally:
        if workshop is None:
            shop.close()
        await service.stop()
        await door.close()
        writer.dispose()
        reader.dispose()


async def serve_playground(
    data: Path,
    *,
    port: int,
    fresh: bool,
    sample: bool,
    on_ready: Callable[[str], None],
    workshop: ProcessWorkshop | None = None,
) -> None:
    """Serve the playground on loopback until cancelled; ``on_ready`` gets the page's address.

    Everything is kept in the file ``data``; ``fresh`` empties it first, ``sample`` adds a school.
    Raises ``Problem`` for a port in use and a file that cannot be used.
    """
    if fresh:
        await asyncio.to_thread(forget, data)
    url, ids = f"sqlite:///{data}", RandomIds()
    await asyncio.to_thread(upgrade, url)
    store = PlaygroundStore(data, ids=ids)
    await store.open(defaults=not sample)
    try:
        clock = MovableClock(SystemClock(), await store.offset())
        messenger = PlaygroundMessenger(store, clock=clock, ids=ids)
        messengers = {"playground": messenger}
        platforms = frozenset(messengers)
        async with open_house(
            url, messengers, clock=clock, ids=ids, deduplicates=platforms, workshop=workshop
        ) as house:
            if sample:
                await load_sample(store, house.router, clock=clock)
            app = make_app(
                handler=house.router,
                store=store,
                clock=clock,
                settling=house.service,
                ids=ids,
                hooks=_hooks(house),
                verbs=tuple(help_pages.VERBS.items()),
            )
            await server.run(app, port, on_ready)
    finally:
        await store.close()


def _hooks(house: House) -> Hooks:
    """Return what the playground's page asks the core beside its replies."""

    async def free(identity: Identity) -> datetime | None:
        def look(work: StorageWork) -> datetime | None:
            member = work.members.by_identity(identity)
            found = next_free(work, member.id) if member else None
            return found.start if found else None

        return await house.door.read(WORKSPACE, look)

    async def identity_of(member: MemberId) -> Identity | None:
        def look(work: StorageWork) -> Identity | None:
            found = work.members.get((member,)).get(member)
            return found.identity if found else None

        return await house.door.read(WORKSPACE, look)

    return Hooks(next_free=free, identity_of=identity_of)
