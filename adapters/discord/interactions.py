"""Answers to interactions: the first within three seconds, or room for it; then edits of it.

They go by the interaction's token, through discord.py's adapter for webhooks, and count towards no
limit of the bot's.
"""

import asyncio
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import aiohttp
from discord.http import Route
from discord.webhook.async_ import async_context

from adapters.discord.calls import ANSWERED, code_of, multipart, outcomes, read
from adapters.discord.messages import Sending
from adapters.web.proxies import proxy_for
from bot.chat import payloads
from bot.chat.payloads import Json, ident
from bot.runtime.ports import NotDelivered, OutcomeUnknown

_TOKEN: Final = re.compile(r"[\w.=+-]{1,2000}", re.ASCII)
_PRIVATE_CHANNEL: Final = 2
"""The context of conversations that the bot itself is not in."""
_GROUP: Final = 3
"""The type of a channel of several people."""
AGAIN: Final = (0.1, 0.2)
"""Seconds after which an answer is given again of which nobody knows whether it was taken."""
TRY: Final = 0.9
"""Seconds that it may take until then: a connection may be dead, and nothing tells of it."""
SOON: Final = 2.4
"""Seconds after which it is too late for that."""
EPHEMERAL: Final = 1 << 6
"""The flag of a message that only the one who acted sees."""
LOADING: Final = 1 << 7
"""The flag of one that was promised for later."""


class Kind(IntEnum):
    """What somebody did, by Discord's numbers."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Answer(IntEnum):
    """How an interaction is answered, by Discord's numbers."""

    MESSAGE = 4
    LATER = 5
    NOTHING = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What entitles to answer one interaction, for fifteen minutes.

    ``private``: it was done on a message that only this person sees. ``direct``: in a direct
    conversation, which belongs to no server; ``alone``: in one that nobody else reads.
    ``on_message``: it was done on a message (or in a modal opened from one). ``may``: what the bot
    may do there, as Discord's number of permissions; None: it is not told.
    """

    id: str
    token: str
    application: str
    kind: Kind
    private: bool
    direct: bool
    alone: bool
    on_message: bool
    may: int | None

    @property
    def opens_modals(self) -> bool:
        """Tell whether a modal may answer it: another modal's answers cannot be."""
        return self.kind is not Kind.MODAL

    def flags(self, *, public: bool) -> int:
        """Return the flags of an answer that everybody there sees, or this person alone."""
        return 0 if self.alone or (public and not self.direct) else EPHEMERAL


def ticket(payload: Json) -> Ticket:
    """Return the ticket of an interaction; ``Unreadable`` for what is none that Coplan knows."""
    told = payload.get("type")
    if not isinstance(told, int) or told not in {kind.value for kind in Kind}:
        raise payloads.Unreadable("another kind of interaction")
    message = payloads.inner(payload, "message")
    flags, direct = message.get("flags"), not ident(payload, "guild_id", missing="")
    return Ticket(
        id=ident(payload, "id"),
        token=_token(payload),
        application=ident(payload, "application_id"),
        kind=Kind(told),
        private=isinstance(flags, int) and bool(flags & EPHEMERAL),
        direct=direct,
        alone=direct and not _among_others(payload),
        on_message=bool(message),
        may=_number(payload.get("app_permissions")),
    )


def _lost(problem: NotDelivered | OutcomeUnknown) -> bool:
    """Tell whether an answer may have been lost on the way, and was refused by nobody."""
    unknown = isinstance(problem, OutcomeUnknown)
    return unknown or isinstance(problem.__cause__, aiohttp.ClientConnectionError | OSError)


def _wait_of(problem: NotDelivered | OutcomeUnknown) -> float:
    """Return the seconds after which the answer is taken; endless where waiting does not help."""
    told = problem.retry_after if isinstance(problem, NotDelivered) else None
    return math.inf if told is None else told


def _among_others(payload: Json) -> bool:
    """Tell whether a direct conversation is one of several people, to which the app was brought."""
    channel = payloads.inner(payload, "channel")
    return payload.get("context") == _PRIVATE_CHANNEL or channel.get("type") == _GROUP


def _token(payload: Json) -> str:
    """Return the token, which becomes a part of an address."""
    token = payloads.text(payload, "token")
    if not _TOKEN.fullmatch(token):
        raise payloads.Unreadable("token")
    return token


def _number(told: Any) -> int | None:  # noqa: ANN401 - any JSON
    return int(told) if isinstance(told, str) and told.isascii() and told.isdigit() else None


def _original(method: str, to: Ticket) -> Route:
    """Return the way to the first answer."""
    return Route(
        method,
        "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
        webhook_id=to.application,
        webhook_token=to.token,
    )


class Interactions:
    """Answers interactions over a session of its own."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._proxy = proxy_for(Route.BASE)  # all of the environment is read for it

    async def respond(
        self, to: Ticket, answer: Answer, data: Json | None = None, files: Sequence[Sending] = ()
    ) -> None:
        """Give the first answer; raises what ``outcomes`` makes of a refusal.

        One that was given already is no refusal: Discord has it, and its word of that was lost. So
        what may have been lost is given again: somebody waits, and not for long.
        """
        route = Route(
            "POST",
            "/interactions/{webhook_id}/{webhook_token}/callback",
            webhook_id=to.id,
            webhook_token=to.token,
        )
        body: Json = {"type": int(answer), **({} if data is None else {"data": data})}
        try:
            await self._given(route, body, files)
        except NotDelivered as refusal:
            if code_of(refusal) != ANSWERED:
                raise

    async def stands(self, to: Ticket) -> bool:
        """Tell whether the first answer is a message that is there; raises as ``edit`` does."""
        try:
            await self._call(_original("GET", to), None, ())
        except NotDelivered as refusal:
            if refusal.permanent:
                return False
            raise
        return True

    async def awaited(self, to: Ticket) -> bool:
        """Tell whether the first answer is a promise that was not kept yet; raises as ``edit``."""
        told = await self._call(_original("GET", to), None, ())
        flags = told.get("flags") if isinstance(told, dict) else None
        return isinstance(flags, int) and bool(flags & LOADING)

    async def edit(self, to: Ticket, data: Json, files: Sequence[Sending] = ()) -> None:
        """Replace the first answer."""
        await self._given(_original("PATCH", to), data, files)

    async def _given(self, route: Route, body: Json, files: Sequence[Sending]) -> None:
        """Call, and do so again when it may be lost on the way, or may come in a moment."""
        began = asyncio.get_running_loop().time()
        for wait in AGAIN:
            try:
                await self._call(route, body, files, None if files else TRY)
            except (NotDelivered, OutcomeUnknown) as problem:
                seconds = wait if _lost(problem) else _wait_of(problem)
                if asyncio.get_running_loop().time() + seconds - began > SOON:
                    raise
                await asyncio.sleep(seconds)
            else:
                return
        await self._call(route, body, files)

    async def _call(
        self,
        route: Route,
        body: Json | None,
        files: Sequence[Sending],
        within: float | None = None,
    ) -> Any:  # noqa: ANN401 - any JSON
        given: dict[str, Any] = {"proxy": self._proxy}
        if files and body is not None:
            sent, form = multipart(body, files)
            given |= {"multipart": form, "files": sent}
        elif body is not None:
            given["payload"] = body
        with outcomes():
            async with asyncio.timeout(within):
                return read(await async_context.get().request(route, self._session, **given))
