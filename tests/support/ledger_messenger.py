"""The messenger of a process under test: speaks to the ledger of ``tests.support.ledger``."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.members import Identity
from bot.domain.places import MessageRef, Place, PlaceKind
from bot.runtime.ports import Messenger, NotDelivered, NotLookable, OutcomeUnknown
from bot.ui.cards import Card
from tests.support.ledger import Platform


@dataclass(slots=True, kw_only=True)
class LedgerMessenger(Messenger):
    """Sends to ``platform`` at the port, in the name of the process ``life``.

    ``hasty`` is a mistake on purpose: it says "sent" first and sends afterwards.
    """

    platform: str
    port: int
    life: int
    hasty: bool = False
    _later: set[asyncio.Task[str | None]] = field(default_factory=set)

    async def open_thread(self, channel: Place, title: str, card: Card, key: str) -> MessageRef:  # noqa: ARG002 - whoever counts messages reads none
        return await self._shown(channel, channel.channel, key)

    async def post(self, place: Place, card: Card, key: str) -> MessageRef:  # noqa: ARG002
        return await self._shown(place, place.channel, key)

    async def edit(self, message: MessageRef, card: Card, key: str) -> None:  # noqa: ARG002
        await self._ask(how="show", to=message.message, key=key)

    async def direct(self, to: Identity, card: Card, key: str) -> MessageRef:  # noqa: ARG002
        return await self._shown(_alone(to), to.user, key)

    async def find(self, where: Place | Identity, key: str, since: datetime) -> MessageRef | None:  # noqa: ARG002
        if self.platform != Platform.FINDS:
            raise NotLookable
        found = await self._ask(how="find", key=key)
        place = where if isinstance(where, Place) else _alone(where)
        return MessageRef(place=place, message=found) if found else None

    async def _shown(self, place: Place, to: str, key: str) -> MessageRef:
        if self.hasty:
            task = asyncio.create_task(self._slowly(how="show", to=to, key=key))
            self._later.add(task)
            return MessageRef(place=place, message="soon")
        return MessageRef(place=place, message=str(await self._ask(how="show", to=to, key=key)))

    async def _slowly(self, **facts: str) -> str | None:
        await asyncio.sleep(0.3)
        return await self._ask(**facts)

    async def _ask(self, **facts: str) -> str | None:
        """Give the platform one message, or look for one; return its name there."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except ConnectionError as error:
            raise NotDelivered("platform unreachable") from error
        try:
            request = {"platform": self.platform, "life": self.life, **facts}
            writer.write(json.dumps(request).encode() + b"\n")
            answer = await _answer(reader)
        finally:
            writer.close()
        if refusal := answer.get("refused"):
            raise NotDelivered(refusal, retry_after=answer["retry_after"])
        found: str | None = answer["message"]
        return found


def _alone(to: Identity) -> Place:
    return Place(platform=to.platform, kind=PlaceKind.DIRECT, channel=to.user)


async def _answer(reader: asyncio.StreamReader) -> dict[str, Any]:
    try:
        line = await reader.readline()
    except ConnectionError as error:
        raise OutcomeUnknown from error
    if not line.endswith(b"\n"):
        raise OutcomeUnknown
    found: dict[str, Any] = json.loads(line)
    return found
