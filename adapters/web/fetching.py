"""Files that people sent, fetched from where a platform keeps them: so many bytes and no more."""

from collections.abc import Mapping
from typing import Final

import aiohttp

from adapters.web.proxies import proxy_for
from bot.chat.arrivals import SentFile
from bot.domain.errors import InvalidInput

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of a file that somebody sends."""
_CHUNK: Final = 64 * 1024
_GOOD: Final = 200


def require_small(sent: SentFile) -> None:
    """Raise ``InvalidInput`` for a file of which the platform says that it is too large."""
    if sent.size > LARGEST:
        raise _too_large()


async def fetched(
    session: aiohttp.ClientSession, url: str, headers: Mapping[str, str] | None = None
) -> bytes:
    """Return what is at the address, and nowhere else it may lead to.

    ``InvalidInput`` when it is too large, ``ConnectionError`` when it is not handed out; else what
    the session raises. Whoever calls it has looked whether the address is to be trusted.
    """
    async with session.get(
        url, headers=headers, allow_redirects=False, proxy=proxy_for(url)
    ) as answer:
        if answer.status != _GOOD:
            raise ConnectionError
        content = await read_up_to(answer, LARGEST)
        if content is None:
            raise _too_large()
        return content


async def read_up_to(answer: aiohttp.ClientResponse, most: int) -> bytes | None:
    """Return the body of an answer; None, and no more of it, where it has more bytes than that.

    Raises what the session does. An answer that is read out leaves its connection to the next.
    """
    content = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > most:
            answer.close()
            return None
    return bytes(content)


def _too_large() -> InvalidInput:
    return InvalidInput(
        what="That file is too large: 10 MB is the most.", remedy="Upload a smaller one."
    )
