"""What a server tells of Coplan to whoever looks after it: health and numbers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from aiohttp import web

from adapters.web.health import Check, Health
from adapters.web.metrics import Metrics, Numbers
from bot.domain.clock import Clock
from bot.domain.ids import EVERYWHERE
from bot.runtime.service import Service
from bot.runtime.tally import Tally
from bot.usecases.ports import Door
from bot.usecases.upkeep import Backlog, Chore

WRITING: Final = timedelta(seconds=10)
"""How often it is tried whether anything can be written, however often somebody asks."""

Links = Mapping[str, Callable[[], Awaitable[bool]]]
"""Tells of each platform by name whether it is connected now."""


def watching(
    door: Door,
    service: Service,
    clock: Clock,
    tally: Tally,
    links: Links,
    token: str = "",
    keys: Check | None = None,
) -> Sequence[web.RouteDef]:
    """Return ``/healthz`` and ``/metrics``; with ``token`` these are told to other machines.

    ``keys`` tells whether what is stored can be opened, where that is asked.
    """

    async def backlog() -> Backlog:
        return await door.read(EVERYWHERE, lambda work: work.everywhere.backlog(clock.now()))

    async def database() -> bool:
        # One that is full or read-only can be read as ever.
        await door.write(EVERYWHERE, lambda work: work.upkeep.claim(Chore.HEALTH, WRITING))
        await backlog()
        return True

    async def timer() -> bool:
        return service.ticking()

    # Not the links: a restart mends no platform that is away. /metrics tells of them.
    sealed = {} if keys is None else {"keys": keys}
    health = Health({"database": database, "timer": timer, **sealed})
    numbers = Numbers(
        tally=tally,
        clock=clock,
        backlog=backlog,
        last_pass=lambda: service.last_pass,
        links=links,
    )
    return (
        web.get("/healthz", health.answer),
        web.get("/metrics", Metrics(numbers, token).answer),
    )
