"""The chat core on a real SQLite file, without a platform, and the people who click in it.

    async with opened(tmp_path) as bot:
        ana, ben = bot.person("Ana"), bot.person("Ben")
        started = await ana.says('start "Rivers"', ben.person)
        await ana.presses(started, "What shall we plan?")

Nothing is sent: the courier does not run here. What would be is what ``told`` composes.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, delete, func, select

from adapters.files.country_days import country_days
from adapters.files.sources import read_source
from adapters.files.years import read_year
from bot.chat.inbound import Clicked, Inbound, Said, Shared, Submitted, Upload, What
from bot.chat.ports import ThreadWorkshop
from bot.chat.router import Router
from bot.chat.routes import routes
from bot.domain.contributions.acts import Entry
from bot.domain.ids import Ids, PlanId, WorkspaceId
from bot.domain.members import Identity, Member, Person
from bot.domain.places import Place, PlaceKind
from bot.domain.planning.plan import Plan
from bot.domain.timetable.published import FeedId
from bot.ui.actions import Action
from bot.ui.cards import Button, Buttons, Card, Select
from bot.ui.deliveries import Composed
from bot.ui.forms import Form
from bot.ui.replies import CardReply, FormErrorsReply, FormReply, Reply
from bot.usecases.ports import Door as DoorPort
from bot.usecases.ports import Work
from storage import door as doors
from storage.engine import make_reader, make_writer
from storage.tables import metadata
from storage.work import StorageWork, make_work
from tests.support.empty_file import empty_file
from tests.support.fake_clock import FakeClock
from tests.support.teaching_team import CountingIds

T = TypeVar("T")

HERE = WorkspaceId("w1")
PLATFORM = "playground"
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
NINE = "nine-step"


def address(workspace: WorkspaceId, feed: FeedId) -> str:
    """Return where a calendar would be read, as long as any real one."""
    return f"https://coplan.example.org/calendar/{f'{workspace}{feed}'.ljust(80, 'x')}.ics"


TABLE = routes(read_source, address, country_days, read_year)


class AtOnce(DoorPort):
    """A door without threads: each unit runs in the calling thread, one transaction each."""

    def __init__(self, door: doors.Door[StorageWork]) -> None:
        self._door = door

    async def write(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        return self._door.write_now(workspace, unit)

    async def read(self, workspace: WorkspaceId, unit: Callable[[Work], T]) -> T:
        return self._door.read_now(workspace, unit)


@dataclass(kw_only=True, repr=False)
class Bot:
    """The bot, its store and its clock."""

    door: doors.Door[StorageWork]
    router: Router
    writer: Engine
    clock: FakeClock
    keys: Iterator[int] = field(default_factory=lambda: count(1))

    def person(
        self, name: str, workspace: WorkspaceId = HERE, *, zone: str = "Europe/Berlin"
    ) -> "Hand":
        """Return somebody of that name; the same name is the same person."""
        known = Person(
            identity=Identity(platform=PLATFORM, user=name.casefold()), name=name, zone=zone
        )
        place = Place(platform=PLATFORM, kind=PlaceKind.CHANNEL, channel="staff")
        return Hand(bot=self, person=known, workspace=workspace, place=place)

    def read(self, unit: Callable[[Work], T], workspace: WorkspaceId = HERE) -> T:
        return self.door.read_now(workspace, unit)

    def write(self, unit: Callable[[Work], T], workspace: WorkspaceId = HERE) -> T:
        return self.door.write_now(workspace, unit)

    def plan(self, plan: str, workspace: WorkspaceId = HERE) -> Plan:
        found = self.read(lambda work: work.plans.get(PlanId(plan)), workspace)
        assert found is not None
        return found

    def log(self, plan: str, workspace: WorkspaceId = HERE) -> list[Entry]:
        return self.read(lambda work: work.log.of_plan(PlanId(plan)), workspace)

    def told(self, workspace: WorkspaceId = HERE) -> list[Composed]:
        """Return what everything in the outbox would say now; it is sent nowhere."""
        from bot.main import COMPOSERS  # noqa: PLC0415 - as above

        until = self.clock.now() + timedelta(seconds=60)
        leased = self.write(lambda w: w.everywhere.lease(self.clock.now(), until, 10_000))
        return [
            self.read(lambda w, one=one: COMPOSERS[one.notice.kind](w, one), workspace)  # type: ignore[misc]
            for one in leased
            if one.workspace == workspace
        ]

    def rows(self) -> dict[str, int]:
        """Return how many rows each table has."""
        with self.writer.connect() as connection:
            return {
                table.name: connection.scalar(select(func.count()).select_from(table)) or 0
                for table in metadata.sorted_tables
            }

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        """Return every row of every table: two of these are equal if nothing was changed."""
        with self.writer.connect() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table))]
                for table in metadata.sorted_tables
            }

    def clear_inbox(self) -> None:
        with self.writer.connect() as connection:
            connection.execute(delete(metadata.tables["inbox"]))
            connection.commit()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Hand:
    """Somebody who talks to the bot, in one place."""

    bot: Bot
    person: Person
    workspace: WorkspaceId
    place: Place

    def at(self, place: Place) -> "Hand":
        return replace(self, place=place)

    @property
    def member(self) -> Member:
        """Return the member; they must have been seen."""
        found = self.bot.read(
            lambda work: work.members.by_identity(self.person.identity), self.workspace
        )
        assert found is not None
        return found

    async def says(
        self, text: str, *people: Person, files: tuple[Upload, ...] = (), key: str | None = None
    ) -> Reply:
        return await self.does(Said(parts=(text, *people), files=files), key=key)

    async def clicks(
        self, action: str | Action, choice: str = "", *, key: str | None = None
    ) -> Reply:
        return await self.does(Clicked(action=_encoded(action), choice=choice), key=key)

    async def submits(
        self,
        action: str | Action,
        *,
        people: Mapping[str, tuple[Person, ...]] | None = None,
        files: Mapping[str, tuple[Upload, ...]] | None = None,
        key: str | None = None,
        **values: str | tuple[str, ...],
    ) -> Reply:
        given = {k: (v,) if isinstance(v, str) else v for k, v in values.items()}
        submitted = Submitted(
            action=_encoded(action), values=given, people=people or {}, files=files or {}
        )
        return await self.does(submitted, key=key)

    async def presses(self, reply: Reply, label: str) -> Reply:
        """Click the button of a card by what stands on it (its beginning is enough)."""
        return await self.clicks(button(reply, label).action)

    async def chooses(self, reply: Reply, label: str) -> Reply:
        """Choose from a menu of a card by what stands there (its beginning is enough)."""
        for menu in menus(card(reply)):
            for option in menu.options:
                if option.label.startswith(label):
                    return await self.clicks(menu.action, option.value)
        raise AssertionError(f"no menu offers {label!r} in {reply}")

    async def fills(self, reply: Reply, **values: str | tuple[str, ...]) -> Reply:
        """Submit the form that was opened."""
        return await self.submits(form(reply).action, **values)

    async def picks(
        self, text: str, by: "Hand | None" = None, link: str = "", files: tuple[str, ...] = ()
    ) -> Reply:
        """Use “Add to plan” on a message in the chat."""
        author = by.person if by else None
        return await self.does(
            Shared(action="message.form", text=text, author=author, link=link, files=files)
        )

    async def does(self, what: What, *, key: str | None = None) -> Reply:
        number = next(self.bot.keys)
        inbound = Inbound(
            workspace=self.workspace,
            person=self.person,
            place=self.place,
            what=what,
            key=f"k{number}" if key is None else key,
            message=f"m{number}",
        )
        return await self.bot.router.handle(inbound)

    async def starts(self, title: str, *others: "Hand", template: str = NINE) -> PlanId:
        """Start a plan and return its id."""
        reply = await self.says(f'start "{title}" {template}', *(o.person for o in others))
        assert "Started" in summary(reply), reply
        mine = self.bot.read(lambda work: work.plans.of_member(self.member.id), self.workspace)
        return mine[-1].id


def _encoded(action: str | Action) -> str:
    return action if isinstance(action, str) else action.encode()


def card(reply: Reply) -> Card:
    assert isinstance(reply, CardReply), reply
    return reply.card


def form(reply: Reply) -> Form:
    assert isinstance(reply, FormReply), reply
    return reply.form


def wrong(reply: Reply) -> dict[str, str]:
    """Return the errors below the inputs of a form that stayed open."""
    assert isinstance(reply, FormErrorsReply), reply
    return reply.errors


def summary(reply: Reply) -> str:
    """Return what the reply says in plain words; a form that stayed open says what is wrong."""
    if isinstance(reply, FormErrorsReply):
        return " ".join(reply.errors.values())
    return card(reply).summary


def failed(reply: Reply) -> bool:
    """Tell whether nothing was done: so a page says, or a form that stayed open."""
    titles = {"That did not work", "A newer card is there", "Done before"}
    page = isinstance(reply, CardReply) and reply.card.title in titles
    return page or isinstance(reply, FormErrorsReply)


def buttons(shown: Card) -> list[Button]:
    return [b for block in shown.blocks if isinstance(block, Buttons) for b in block.buttons]


def menus(shown: Card) -> list[Select]:
    return [block for block in shown.blocks if isinstance(block, Select)]


def button(reply: Reply, label: str) -> Button:
    found = [b for b in buttons(card(reply)) if b.label.startswith(label)]
    assert found, f"no button {label!r} among {[b.label for b in buttons(card(reply))]}"
    return found[0]


def leads(reply: Reply) -> Iterator[Clicked]:
    """Yield a click on every button, and on every option of every menu, of a reply."""
    if not isinstance(reply, CardReply):
        return
    for block in reply.card.blocks:
        for button in getattr(block, "buttons", ()):
            yield Clicked(action=button.action.encode())
        for option in getattr(block, "options", ()):
            yield Clicked(action=block.action.encode(), choice=option.value)  # type: ignore[union-attr]


async def walk(hand: Hand, *first: Reply) -> AsyncIterator[tuple[Clicked | None, Reply]]:
    """Click everything that can be reached from these replies by clicks that only read.

    Each button and option is clicked once; what would change something is left alone.
    """
    seen: set[tuple[str, str]] = set()
    waiting = list(first)
    for reply in first:
        yield None, reply
    while waiting:
        for clicked in leads(waiting.pop()):
            name = clicked.action.split("|")[0]
            if (clicked.action, clicked.choice) in seen or TABLE[name].changes:
                continue
            seen.add((clicked.action, clicked.choice))
            reply = await hand.does(clicked)
            waiting.append(reply)
            yield clicked, reply


@contextmanager
def store(folder: Path, clock: FakeClock | None = None, ids: Ids | None = None) -> Iterator[Bot]:
    """Open the database in ``folder``, made if it is not there; its door has no threads."""
    file = folder / "coplan.db"
    if not file.exists():
        file.write_bytes(empty_file())
    url = f"sqlite:///{file}"
    clock = clock or FakeClock(MONDAY)
    writer, reader = make_writer(url), make_reader(url)
    try:
        door = doors.Door(writer, reader, make_work(clock, ids or CountingIds()))
        router = Router(AtOnce(door), TABLE, ThreadWorkshop())
        yield Bot(door=door, router=router, writer=writer, clock=clock)
    finally:
        writer.dispose()
        reader.dispose()


@asynccontextmanager
async def opened(
    folder: Path, clock: FakeClock | None = None, ids: Ids | None = None
) -> AsyncIterator[Bot]:
    """Open it as ``store`` does, with the door as it is when Coplan runs."""
    with store(folder, clock, ids) as bot:
        bot.door.start()
        bot.router = Router(bot.door, TABLE, ThreadWorkshop())
        try:
            yield bot
        finally:
            await bot.door.close()
