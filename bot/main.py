"""The composition root: the only module that knows everybody."""

import asyncio
import random  # noqa: TID251 - randomness comes in from here
from collections.abc import (
    AsyncIterator,
    Callable,
    Iterator,
    Mapping,
)
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web
from sqlalchemy import URL, Engine, inspect

from adapters.files.country_days import country_days
from adapters.files.sources import read_source
from adapters.files.years import read_year
from adapters.playground import datafile, rows, server
from adapters.playground.app import make_app
from adapters.playground.clock import MovableClock
from adapters.playground.messenger import PlaygroundMessenger
from adapters.playground.ports import WORKSPACE, Hooks
from adapters.playground.sample import load_sample
from adapters.playground.store import PlaygroundStore
from adapters.playground.tables import facts
from adapters.web.feeds import FeedLinks, calendar_route
from bot.chat.router import Router
from bot.chat.routes import routes
from bot.chat.routing import Route
from bot.config import Guarantee
from bot.domain.clock import Clock
from bot.domain.errors import InvalidInput
from bot.domain.ids import Ids, MemberId, RandomIds, WorkspaceId
from bot.domain.members import Identity
from bot.domain.reminders.notices import NoticeKind
from bot.domain.timetable.published import FeedId
from bot.runtime.manner import Manner
from bot.runtime.ports import Messengers
from bot.runtime.service import DRAIN_SECONDS, Service
from bot.runtime.shared_clock import by_the_server
from bot.runtime.tally import Tally
from bot.runtime.workshop import ProcessWorkshop
from bot.runtime.zone_rules import follow_zone_rules
from bot.ui.deliveries import Composer
from bot.ui.pages import help as help_pages
from bot.ui.pages.planning.news import (
    compose_card,
    compose_item,
    compose_news,
    compose_thread,
)
from bot.ui.pages.reminders.compose import (
    compose_digest,
    compose_message,
    compose_recurring,
    compose_undelivered,
)
from bot.ui.pages.timetable.announced import compose_school
from bot.ui.pages.timetable.published import LinkOf, calendar_file
from bot.usecases.timetable.free import next_free
from bot.usecases.timetable.publishing import read_feed
from bot.usecases.vault import Vault
from storage.door import Door
from storage.engine import checkpoint, make_reader, make_writer
from storage.holding import Held, hold
from storage.migrate import upgrade, upgrade_at_last
from storage.work import StorageWork, make_work

COMPOSERS: Mapping[NoticeKind, Composer] = {
    NoticeKind.PLAN_THREAD: compose_thread,
    NoticeKind.PLAN_CARD: compose_card,
    NoticeKind.NEWS: compose_news,
    NoticeKind.ITEM: compose_item,
    NoticeKind.REMINDER: compose_message,
    NoticeKind.CATCH_UP: compose_message,
    NoticeKind.DIGEST: compose_digest,
    NoticeKind.SCHOOL: compose_school,
    NoticeKind.RECURRING: compose_recurring,
    NoticeKind.UNDELIVERED: compose_undelivered,
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
    tally: Tally

    def close(self) -> None:
        """Begin to stop, before all that is under way has finished: it goes on, nothing else does.

        From now on the seconds count that a stop may take. Call it in the running loop.
        """
        self.door.hurry(DRAIN_SECONDS)
        self.service.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """What keys are needed for.

    ``link_of`` returns the address of a calendar that somebody subscribes to, ``vault`` seals the
    addresses of members' own calendars.
    """

    link_of: LinkOf | None = None
    vault: Vault | None = None


def vault_of(keys: str) -> Vault | None:
    """Return what seals under the keys, the newest first, with commas between; None for none."""
    if not keys.strip():
        return None
    from adapters.slack.keyring import Keyring  # noqa: PLC0415 - only where there are keys

    try:
        return Keyring(keys)
    except InvalidInput:  # links can be signed with any words, nothing is sealed under them
        return None


def feed_route(house: House, links: FeedLinks) -> web.RouteDef:
    """Return the route of the calendars that people subscribe to."""

    async def load(workspace: WorkspaceId, feed: FeedId) -> bytes | None:
        agenda = await house.door.read(workspace, lambda work: read_feed(work, feed))
        return None if agenda is None else await asyncio.to_thread(calendar_file, agenda)

    return calendar_route(links, load)


@contextmanager
def open_store(url: str | URL) -> Iterator[Door[StorageWork]]:
    """Open the store (migrated first) for the command line: nothing runs, nothing is sent."""
    upgrade(url)
    with store_as_it_is(url) as door:
        yield door


@contextmanager
def store_as_it_is(url: str | URL) -> Iterator[Door[StorageWork]]:
    """Open the store, of whatever schema it is, for the command line."""
    writer, reader = make_writer(url), make_reader(url)
    try:
        yield Door(writer, reader, make_work(_clock_of(reader), RandomIds()))
    finally:
        writer.dispose()
        reader.dispose()


def _clock_of(reader: Engine) -> Clock:
    """Return the clock by which the Coplan of this store lives: a playground's may be moved."""
    with reader.connect() as connection:
        moved = (
            rows.offset(connection) if inspect(connection).has_table(facts.name) else timedelta()
        )
    return MovableClock(SystemClock(), moved)


@asynccontextmanager
async def open_house(
    held: Held,
    messengers: Mapping[str, Messengers],
    *,
    clock: Clock,
    ids: Ids | None = None,
    guarantee: Guarantee = Guarantee.AT_MOST_ONCE,
    deduplicates: frozenset[str] = frozenset(),
    workshop: ProcessWorkshop | None = None,
    keyed: Keyed | None = None,
) -> AsyncIterator[House]:
    """Open the store that is held (its server is waited for, it is migrated), and run till the end.

    ``messengers`` are by platform; those in ``deduplicates`` refuse to show a key twice.
    ``workshop`` parses foreign bytes, in a process of its own where none is given to share.
    ``keyed`` is what keys are needed for: nothing where none is given.
    Raises ``NewerDatabase`` or ``Unavailable`` when the store cannot be used; it is left as it is.
    """
    await upgrade_at_last(held.url)
    writer, reader = make_writer(held.url), make_reader(held.url)

    def wake() -> None:
        service.wake()

    door = Door(writer, reader, make_work(clock, ids or RandomIds()), after_commit=wake)
    manner = Manner(delivery=guarantee, deduplicates=deduplicates, jitter=random.random)
    service = Service(door, clock, messengers, COMPOSERS, manner)
    shop = workshop or ProcessWorkshop()
    door.start()
    try:
        async with by_the_server(clock, door):
            await follow_zone_rules(door)
            await service.start()
            table = _routes(keyed or Keyed(), alone=len(messengers) == 1)
            router = Router(door, table, shop)
            house = House(door=door, router=router, service=service, tally=manner.tally)
            try:
                yield house
            finally:
                house.close()
    finally:
        if workshop is None:
            shop.close()
        await service.stop()
        await door.close()
        await asyncio.to_thread(checkpoint, writer)
        writer.dispose()
        reader.dispose()


def _routes(keyed: Keyed, *, alone: bool) -> Mapping[str, Route]:
    """Return every route; ``alone``: there is one platform only."""
    return routes(read_source, keyed.link_of, country_days, read_year, keyed.vault, alone=alone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What whoever serves a playground chooses; ``clock`` tells the time that its own goes by."""

    guarantee: Guarantee = Guarantee.AT_MOST_ONCE
    vault: Vault | None = None
    clock: Clock = field(default_factory=SystemClock)


async def serve_playground(
    data: Path,
    *,
    port: int,
    fresh: bool,
    sample: bool,
    on_ready: Callable[[str], None],
    on_note: Callable[[str], None] = lambda _: None,
    workshop: ProcessWorkshop | None = None,
    choices: Choices | None = None,
) -> None:
    """Serve the playground on loopback until cancelled; ``on_ready`` gets the page's address.

    Everything is kept in the file ``data``; ``fresh`` puts what is there aside first, ``sample``
    adds a school; ``on_note`` gets a line when the one did, and when the other did not. Raises
    ``Problem``, with nothing changed, for a port in use, a file that another playground uses, and
    one that is none of Coplan's.
    """
    datafile.check(data, fresh=fresh)
    url = URL.create("sqlite", database=str(data))
    with closing(server.reserve(port)) as taken, hold(url) as held:
        if fresh:
            datafile.check(data, fresh=True)  # again, now that nobody else writes it
            kept = await asyncio.to_thread(datafile.put_aside, data)
            if kept is not None:
                on_note(f"What was there is kept in {kept}.")
        host, number = taken.getsockname()
        address = f"http://{host}:{number}"
        opened = _playground(held, data, address, sample, on_note, workshop, choices or Choices())
        async with opened as app:
            await server.run(app, taken, on_ready)


@asynccontextmanager
async def _playground(
    held: Held,
    data: Path,
    address: str,
    sample: bool,  # noqa: FBT001 - handed on
    on_note: Callable[[str], None],
    workshop: ProcessWorkshop | None,
    choices: Choices,
) -> AsyncIterator[web.Application]:
    """Open everything that the playground's page speaks to."""
    ids = RandomIds()
    await asyncio.to_thread(upgrade, held.url)
    store = PlaygroundStore(data, ids=ids)
    try:
        await store.open(defaults=not sample)
        clock = MovableClock(choices.clock, await store.offset())
        links = FeedLinks(address, [await store.link_key()])
        messengers = {"playground": PlaygroundMessenger(store, clock=clock, ids=ids)}
        async with open_house(
            held,
            messengers,
            clock=clock,
            ids=ids,
            guarantee=choices.guarantee,
            workshop=workshop,
            keyed=Keyed(link_of=links.address, vault=choices.vault),
        ) as house:
            wanted = sample or await store.sample_begun()  # which was cut off: it is completed
            if wanted and not await load_sample(store, house.router, clock=clock):
                on_note(f"{data.name} has people already, so no sample was loaded.")
            app = make_app(
                handler=house.router,
                store=store,
                clock=clock,
                settling=house.service,
                ids=ids,
                hooks=_hooks(house),
                verbs=tuple(help_pages.VERBS.items()),
            )
            app.router.add_routes([feed_route(house, links)])
            yield app
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
