"""The bot and its courier on the playground's real messenger, which a test tells to fail.

What was delivered is counted in the playground's own messages, never in the bot's tables.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from adapters.playground.deliveries import Outcome
from adapters.playground.faults import Fault, FaultKind
from adapters.playground.messenger import PlaygroundMessenger
from adapters.playground.store import PlaygroundStore
from bot.domain.ids import RandomIds
from bot.main import COMPOSERS
from bot.runtime.manner import Manner
from bot.runtime.service import Service
from bot.usecases.ports import Work
from bot.usecases.reminders.undelivered import Told, tell
from tests.support.clicking import Bot, Hand, opened

STAFF = "staff"
"""The channel in which everybody of ``clicking`` is."""


@dataclass(slots=True, kw_only=True)
class PostOffice:
    bot: Bot
    play: PlaygroundStore
    service: Service
    hands: dict[str, Hand] = field(default_factory=dict)

    async def person(self, name: str) -> Hand:
        """Return somebody who takes direct messages: they have clicked before."""
        if name not in self.hands:
            if await self.play.person(name.casefold()) is None:
                await self.play.add_person(name, "Europe/Berlin")
            self.hands[name] = self.bot.person(name)
            await self.hands[name].clicks("next")
        return self.hands[name]

    async def goes_wrong(
        self, kind: FaultKind, where: str = "", *, seconds: int = 30, left: int | None = 1
    ) -> None:
        await self.play.deliveries.add(Fault(kind=kind, where=where, seconds=seconds, left=left))

    async def goes_well(self) -> None:
        await self.play.deliveries.end(None)

    async def settles(self, within: timedelta = timedelta(hours=1)) -> None:
        """Do all that is due, and what becomes due meanwhile, stopping at each instant."""
        until = self.bot.clock.now() + within
        for _ in range(500):
            await self.service.settle()
            due = await self.service.next_due()
            if due is None or due > until:
                return
            self.bot.clock.set(max(due, self.bot.clock.now() + timedelta(microseconds=1)))
        raise AssertionError("something is due without end")

    async def goes_to(self, at: datetime) -> None:
        """Move the clock there, and do what is due on the way."""
        await self.settles(at - self.bot.clock.now())
        self.bot.clock.set(at)
        await self.service.settle()

    def copies(self, key: str = "") -> list[str]:
        """Return the bodies of the messages that stand under a notice's key (its beginning)."""
        found = text(
            "SELECT body FROM playground_messages WHERE author = 'coplan'"
            " AND key LIKE :key ORDER BY number"
        )
        with self.bot.writer.connect() as connection:
            return list(connection.scalars(found, {"key": f"outbox:%:{key}%"}))

    def notices(self, key: str = "") -> dict[str, tuple[str, str]]:
        """Return state and reason of the notices under that key, from the outbox."""
        found = text("SELECT key, state, reason FROM outbox WHERE key LIKE :key")
        with self.bot.writer.connect() as connection:
            rows = connection.execute(found, {"key": f"{key}%"})
            return {row.key: (row.state, row.reason) for row in rows}

    async def outcomes(self) -> list[Outcome]:
        """Return what became of the last tries, the oldest first."""
        return [one.outcome for one in reversed(await self.play.deliveries.last())]

    def untold(self, hand: Hand) -> tuple[Told, ...]:
        """Return what the person would be told now, and leave it untold."""
        found: list[tuple[Told, ...]] = []

        def unit(work: Work) -> None:
            found.append(tell(work, hand.member))
            raise LookedOnly

        with suppress(LookedOnly):
            self.bot.write(unit)
        return found[-1]


class LookedOnly(Exception):  # noqa: N818 - nothing that was done is kept
    """Rolls a unit back."""


@asynccontextmanager
async def post_office(
    folder: Path, manner: Manner | None = None, *, lookable: bool = True
) -> AsyncIterator[PostOffice]:
    async with opened(folder, ids=RandomIds()) as bot:
        ids = RandomIds()
        play = PlaygroundStore(folder / "coplan.db", ids=ids)
        await play.open()
        await play.add_channel(STAFF)
        await play.deliveries.let_look(lookable=lookable)
        messenger = PlaygroundMessenger(play, clock=bot.clock, ids=ids)
        service = Service(bot.door, bot.clock, {"playground": messenger}, COMPOSERS, manner)
        try:
            yield PostOffice(bot=bot, play=play, service=service)
        finally:
            await play.close()
