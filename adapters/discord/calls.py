"""Calls of Discord's REST API, and what may come of one in the words of the runtime.

They go through discord.py's HTTP client, which knows Discord's limits. It waits for a short one by
itself; a longer one is the outbox's to wait for, so that nothing else is held up.
"""

import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import aiohttp
import discord
from discord.http import HTTPClient, Route

from adapters.discord.messages import Message, Sending
from adapters.discord.pacing import LONGEST, TOO_MANY, Shut, refuses_address, wait_of
from bot.chat.payloads import Json
from bot.domain.reminders.undelivered import Cause
from bot.runtime.ports import NotDelivered, OutcomeUnknown

SHUT: Final = 300.0
"""Seconds after which a token that was refused is tried again: somebody must mend it."""
WAIT: Final = 30.0
"""Seconds to wait where Discord says "too many" and not for how long."""
UNAUTHORIZED: Final = 401
FAULT: Final = 500

UNKNOWN_CHANNEL: Final = 10003
UNKNOWN_MESSAGE: Final = 10008
UNKNOWN_EVENT: Final = 10070
ANSWERED: Final = 40060
TAG_NEEDED: Final = 40067
MISSING_ACCESS: Final = 50001
CLOSED_MESSAGES: Final = 50007
NO_TEXT: Final = 50008
MISSING_PERMISSIONS: Final = 50013
ARCHIVED: Final = 50083
HAS_THREAD: Final = 160004
LOCKED: Final = 160005

_CAUSES: Final = {
    UNKNOWN_CHANNEL: Cause.GONE,
    UNKNOWN_MESSAGE: Cause.GONE,
    10004: Cause.REMOVED,  # unknown guild
    10013: Cause.LEFT,  # unknown user
    MISSING_ACCESS: Cause.REMOVED,
    CLOSED_MESSAGES: Cause.CLOSED,
    TAG_NEEDED: Cause.UNFIT,
    NO_TEXT: Cause.UNFIT,
    50024: Cause.UNFIT,  # not in a channel of this type
    50278: Cause.LEFT,  # no server in common any more
    MISSING_PERMISSIONS: Cause.REMOVED,
    ARCHIVED: Cause.GONE,
    LOCKED: Cause.REMOVED,
}
"""Why something is refused for good. Source: Discord, "Opcodes and status codes"."""
_LATER: Final = {
    20016: 10.0,  # slow mode
    20028: 10.0,  # too much in this channel
    30046: 60.0,  # too many edits of an old message
    40003: 60.0,  # direct messages opened too fast
    40062: 10.0,  # a resource is limited
    40333: 60.0,  # turned away on the way to the API
    160006: 600.0,  # too many active threads
    110001: 60.0,  # an index is not ready
    130000: 60.0,  # overloaded
}
"""What passes by itself, and the seconds to wait where Discord does not say how long."""
_NOTHING: Final = frozenset({404, 405})
"""What is answered, without any code of Discord's, where there is nothing to ask."""
_GARBLED: Final = (ValueError, KeyError, TypeError, RuntimeError)
"""What discord.py raises when it reads an answer of another shape than Discord describes, and what
comes of a request when the session is closed around it."""


class Api:
    """The bot's calls. ``http`` returns the HTTP client of the connection that there is now."""

    def __init__(self, http: Callable[[], HTTPClient]) -> None:
        self._http = http

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,  # noqa: ANN401 - any JSON
        *,
        files: Sequence[Sending] = (),
        query: Json | None = None,
        once: bool = False,
        **ids: str,
    ) -> Any:  # noqa: ANN401 - any JSON
        """Return what Discord answers; raises what ``outcomes`` makes of its refusals.

        ``path`` has the names of ``ids`` in braces: ``/channels/{channel_id}/messages``. ``once``:
        what would be there twice when it is asked for twice. discord.py asks again by itself after
        a server's error; of that it is kept, and whoever asked looks what became of it.
        """
        route = Route(method, path, **ids)
        given: dict[str, Any] = {} if query is None else {"params": query}
        with outcomes():
            if files:
                sent, form = multipart(body, files)
                given |= {"files": sent, "form": form}
            elif body is not None:
                given["json"] = body
            if once:
                given["files"] = [*given.get("files", ()), _Once()]
            return read(await self._http().request(route, **given))

    async def one(self, path: str, *, query: Json | None = None, **ids: str) -> Json:
        """Return the object there; raises what ``call`` raises, and for anything else, too."""
        told = await self.call("GET", path, files=(), query=query, once=False, **ids)
        if not isinstance(told, dict):
            raise OutcomeUnknown("no object")
        return told

    async def every(self, path: str, *, query: Json | None = None, **ids: str) -> list[Json]:
        """Return the objects of the list there; raises as ``one`` does."""
        told = await self.call("GET", path, files=(), query=query, once=False, **ids)
        if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
            raise OutcomeUnknown("no list")
        return told

    async def told(self, path: str, *, query: Json | None = None, **ids: str) -> Any:  # noqa: ANN401
        """Return what Discord tells there; None where whoever speaks for it tells nothing."""
        try:
            return await self.call("GET", path, files=(), query=query, once=False, **ids)
        except OutcomeUnknown as problem:
            error = problem.__cause__
            if isinstance(error, discord.HTTPException) and error.status in _NOTHING:
                return None
            raise


class _Once(discord.File):
    """No file: discord.py winds files back before it repeats a request, and this one refuses."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), filename="once")

    def reset(self, *, seek: int | bool = True) -> None:
        """Refuse to go with a second request."""
        if seek:
            raise OutcomeUnknown("server error")


def whole(shown: Message) -> Json:
    """Return the body of a message with its files named: an edit takes all others away."""
    named = [
        {
            "id": str(number),
            "filename": file.name,
            **({"description": file.description} if file.description else {}),
        }
        for number, file in enumerate(shown.files)
    ]
    return {**shown.body, "attachments": named}


def multipart(body: Json, files: Sequence[Sending]) -> tuple[list[discord.File], list[Json]]:
    """Return the files and the form that carries them beside the body."""
    sent = [discord.File(io.BytesIO(each.content), filename=each.name) for each in files]
    form: list[Json] = [{"name": "payload_json", "value": json.dumps(body)}]
    form += [
        {
            "name": f"files[{number}]",
            "value": file.fp,
            "filename": each.name,
            "content_type": each.media_type,
        }
        for number, (file, each) in enumerate(zip(sent, files, strict=True))
    ]
    return sent, form


@contextmanager
def outcomes() -> Iterator[None]:
    """Turn what a call of the block raises into ``NotDelivered`` or ``OutcomeUnknown``."""
    try:
        yield
    except Shut as error:
        wait = min(error.retry_after, LONGEST)
        raise NotDelivered("ratelimited", retry_after=wait, throughout=True) from error
    except discord.RateLimited as error:
        wait = min(error.retry_after, LONGEST)
        raise NotDelivered("ratelimited", retry_after=wait) from error
    except discord.HTTPException as error:
        raise _outcome(error) from error
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise NotDelivered(type(error).__name__, away=True) from error  # nothing was sent
    except (TimeoutError, aiohttp.ClientError, OSError, *_GARBLED) as error:
        raise OutcomeUnknown(type(error).__name__) from error


def read(answer: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return an answer; ``ValueError`` for a page of somebody who stands before Discord's API."""
    if isinstance(answer, str) and answer:
        raise ValueError("no JSON")
    return answer


def made(answer: Any) -> str:  # noqa: ANN401 - any JSON
    """Return the id of what was made; ``OutcomeUnknown`` where the answer does not tell it."""
    found = answer.get("id") if isinstance(answer, dict) else None
    if not found:
        raise OutcomeUnknown("no id")
    return str(found)


def code_of(refusal: NotDelivered) -> int:
    """Return Discord's code of a refusal; 0 where it has none."""
    error = refusal.__cause__
    return error.code if isinstance(error, discord.HTTPException) else 0


def _outcome(error: discord.HTTPException) -> Exception:
    status, code = error.status, error.code
    if status == TOO_MANY:
        told = error.response.headers
        banned, wait = refuses_address(told), max(wait_of(told, WAIT), 1.0)
        return NotDelivered(
            "banned" if banned else "ratelimited", retry_after=wait, throughout=banned
        )
    if status == UNAUTHORIZED:
        return NotDelivered("unauthorized", retry_after=SHUT, throughout=True)
    if status >= FAULT or not code:  # no code: what answered was not Discord's API
        return OutcomeUnknown(f"status {status}")
    if code in _LATER:
        return NotDelivered(f"code {code}", retry_after=_LATER[code])
    return NotDelivered(f"code {code}", permanent=True, cause=_CAUSES.get(code, Cause.REFUSED))
