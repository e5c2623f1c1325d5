"""``/healthz``: whether Coplan does its work. It tells which part does not, and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import structlog
from aiohttp import web

from bot.domain.errors import Problem

PATIENCE: Final = 3.0
"""Seconds that a part may take to answer."""

Check = Callable[[], Awaitable[bool]]
"""Tells whether a part works; raises whatever it likes when it does not."""

_log = structlog.get_logger(__name__)


class Health:
    """Asks every part, all at once."""

    def __init__(self, checks: Mapping[str, Check], patience: float = PATIENCE) -> None:
        self._checks = checks
        self._patience = patience

    async def failing(self) -> list[str]:
        """Return the names of the parts that do not work."""
        works = await asyncio.gather(*(self._works(check) for check in self._checks.values()))
        return [name for name, well in zip(self._checks, works, strict=True) if not well]

    async def answer(self, _: web.Request) -> web.Response:
        """Answer 200 while every part works, else 503."""
        failing = await self.failing()
        if failing:
            _log.warning("unhealthy", reason=" ".join(failing))
        body = {"status": "failing" if failing else "ok", "failing": failing}
        return web.json_response(body, status=503 if failing else 200)

    async def _works(self, check: Check) -> bool:
        try:
            async with asyncio.timeout(self._patience):
                return await check()
        except Exception as error:  # noqa: BLE001 - whatever it is, the part does not work
            reason = error.message if isinstance(error, Problem) else type(error).__name__
            _log.info("check_failed", reason=reason)
            return False
