"""Files that people send, fetched from where Discord keeps them. No token goes there."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import structlog

from bot.chat.arrivals import SentFile
from bot.chat.inbound import Upload
from bot.domain.errors import InvalidInput

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of a file that somebody sends."""
_CHUNK: Final = 64 * 1024
_HOSTS: Final = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
_GOOD: Final = 200

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Fetches files. ``api_url`` is where the REST API is: a proxy may hand out files, too."""

    session: aiohttp.ClientSession
    api_url: str

    async def fetch(self, sent: SentFile) -> Upload:
        """Return a file that somebody sent; ``InvalidInput`` when it cannot be had."""
        if sent.size > LARGEST:
            raise _too_large()
        try:
            return Upload(name=sent.name or "file", content=await self._read(sent.url))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            _log.warning("discord_file_not_read", reason=type(error).__name__)
            raise InvalidInput(
                what="Discord did not hand out the file.", remedy="Upload it once more."
            ) from error

    async def _read(self, url: str) -> bytes:
        if not self._trusted(url):
            raise InvalidInput(
                what="That file lies outside of Discord.", remedy="Upload the file itself."
            )
        async with self.session.get(url, allow_redirects=False) as answer:
            if answer.status != _GOOD:
                raise ConnectionError
            content = bytearray()
            async for chunk in answer.content.iter_chunked(_CHUNK):
                content += chunk
                if len(content) > LARGEST:
                    raise _too_large()
            return bytes(content)

    def _trusted(self, url: str) -> bool:
        at, api = urlsplit(url), urlsplit(self.api_url)
        own = (at.scheme, at.netloc) == (api.scheme, api.netloc)
        return own or (at.scheme == "https" and at.netloc in _HOSTS)


def _too_large() -> InvalidInput:
    return InvalidInput(
        what="That file is too large: 10 MB is the most.", remedy="Upload a smaller one."
    )
