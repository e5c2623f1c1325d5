"""Files that people send, fetched from where Discord keeps them. No token goes there."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import structlog

from adapters.web.fetching import fetched, require_small
from adapters.web.hosts import same
from bot.chat.arrivals import SentFile
from bot.chat.inbound import Upload
from bot.domain.errors import InvalidInput

_HOSTS: Final = frozenset({"cdn.discordapp.com", "media.discordapp.net"})

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Fetches files. ``api_url`` is where the REST API is: a proxy may hand out files, too.

    It may do so at any port of its machine.
    """

    session: aiohttp.ClientSession
    api_url: str

    async def fetch(self, sent: SentFile) -> Upload:
        """Return a file that somebody sent; ``InvalidInput`` when it cannot be had."""
        require_small(sent)
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
        return await fetched(self.session, url)

    def _trusted(self, url: str) -> bool:
        at, api = urlsplit(url), urlsplit(self.api_url)
        near = at.scheme == api.scheme and same(at.hostname, api.hostname) and "@" not in at.netloc
        return near or (at.scheme == "https" and at.netloc in _HOSTS)
