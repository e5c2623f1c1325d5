"""The real runtime on a real store, behind a door through which it can be killed at any point."""

import asyncio
import traceback
from collections.abc import Callable, Coroutine, Iterator, MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import structlog
from sqlalchemy import event, func, select

from bot.domain.ids import WorkspaceId
from bot.domain.reminders.notices import NoticeKind
from bot.ui.pages.reminders import digest_card
from bot.usecases.ports import Door, Work
from storage import door as storage_door
from storage.engine import make_reader, make_writer
from storage.tables import metadata, outbox
from storage.work import StorageWork, make_work
from tests.support.fake_clock import FakeClock
from tests.support.teaching_team import CountingIds

T = TypeVar("T")
Store = storage_door.Door[StorageWork]

POINTS = (
    "before claim", "claimed", "leased", "before begin", "before send", "shown", "before mark",
)  # fmt: skip
"""Where the service can be killed."""
JUDGED = frozenset({NoticeKind.REMINDER, NoticeKind.CATCH_UP, NoticeKind.DIGEST})
"""What failures are arranged for, and judged."""


@dataclass(slots=True)
class Fuse:
    """Kills the service at the point it is set to: from then on nothing of it reaches the store."""

    point: str = ""
    burnt: asyncio.Event = field(default_factory=asyncio.Event)

    def reach(self, point: str) -> None:
        if self.burnt.is_set() or (point and self.point == point):
            self.burnt.set()
            raise asyncio.CancelledError

    async def burns(self, work: Coroutine[None, None, None]) -> bool:
        """Do the work; tell whether the service was killed meanwhile, and all it did has ended."""
        burnt, task = asyncio.create_task(self.burnt.wait()), asyncio.create_task(work)
        await asyncio.wait({burnt, task}, return_when=asyncio.FIRST_COMPLETED)
        if not self.burnt.is_set():
            burnt.cancel()
            await task
            return False
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for one in left:
            one.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        return True


class KillableDoor(Door):
    """The way of one service to the store, in the calling thread: faster, and always the same."""

    def __init__(self, store: Store, fuse: Fuse) -> None:
        self._store = store
        self._fuse = fuse

    async def write(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        name = getattr(unit, "__qualname__", "")  # a mark may be no function
        claims = unit.__module__ == "bot.runtime.ticking"
        leases = name.startswith("Courier.deliver")
        begins = name.startswith("Courier._begun")
        if not leases:
            self._fuse.reach(
                "before claim" if claims else "before begin" if begins else "before mark"
            )
        done = self._store.write_now(workspace, unit)
        if claims:
            self._fuse.reach("claimed")
        elif leases and done[0]:  # type: ignore[index]
            self._fuse.reach("leased")
        return done

    async def read(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        self._fuse.reach("")
        return self._store.read_now(workspace, unit)


class Here(ThreadPoolExecutor):
    """Runs what is given to it at once, so that a seed always gives the same year."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **named: Any) -> Future[T]:  # noqa: ANN401
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **named))
        except BaseException as error:  # noqa: BLE001 - it is the caller's
            done.set_exception(error)
        return done


@contextmanager
def quietly() -> Iterator[list[str]]:
    """Let nothing be logged, for thousands of arranged failures are no news; yield the errors."""
    before, errors = structlog.get_config(), list[str]()

    def keep(_: object, method: str, event: MutableMapping[str, Any]) -> NoReturn:
        if method in {"error", "exception", "critical"}:
            errors.append(f"{event} {traceback.format_exc(limit=-3)}")
        raise structlog.DropEvent

    structlog.configure(processors=[keep], cache_logger_on_first_use=False)
    try:
        yield errors
    finally:
        structlog.configure(**before)


@contextmanager
def without_pictures() -> Iterator[None]:
    """Let digests have no picture: drawing them takes longer than all the rest."""
    drawn = digest_card.week_png
    digest_card.week_png = lambda *_: b""  # type: ignore[assignment]
    try:
        yield
    finally:
        digest_card.week_png = drawn


@contextmanager
def opened(path: Path, clock: FakeClock) -> Iterator[Store]:
    """Open a fresh database; a crash of the machine is not simulated, so nothing is synced."""
    url = f"sqlite:///{path}/year.db"
    writer, reader = make_writer(url), make_reader(url)
    event.listen(writer, "connect", lambda driver, _: driver.execute("PRAGMA synchronous=OFF"))
    try:
        metadata.create_all(writer)
        yield storage_door.Door(writer, reader, make_work(clock, CountingIds()))
    finally:
        writer.dispose()
        reader.dispose()


def held_up(work: Work) -> tuple[dict[str, str], dict[str, str]]:
    """Return the reminders and digests that were being sent, and those that wait to be sent.

    By key: the member or partnership. What was on its way when the service was killed is known to
    nobody else.
    """
    assert isinstance(work, StorageWork)
    rows = work.everywhere._connection.execute(_HELD_UP).all()  # noqa: SLF001 - no port tells it
    begun = {r.key: r.about for r in rows if r.state == "leased" and r.doubtful}
    return begun, {r.key: r.about for r in rows if r.key not in begun}


_HELD_UP = select(
    outbox.c.key,
    outbox.c.state,
    outbox.c.doubtful,
    func.coalesce(outbox.c.member, outbox.c.partnership).label("about"),
).where(
    outbox.c.kind.in_([kind.value for kind in JUDGED]), outbox.c.state.in_(["leased", "pending"])
)
