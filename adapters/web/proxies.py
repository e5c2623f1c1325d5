"""Through which proxy an address is reached, as the environment says.

slack_sdk takes any proxy there is for everything, ``NO_PROXY`` and this machine's own addresses
included; discord.py takes none unless it is told; aiohttp knows none for ``wss``.
"""

from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from adapters.web.hosts import is_here

_LIKE: Final = {"ws": "http", "wss": "https"}


def proxy_for(url: str) -> str | None:
    """Return the proxy's address; None where it is reached without one."""
    at, proxies = urlsplit(url), getproxies()
    host, scheme = at.hostname or "", _LIKE.get(at.scheme, at.scheme)
    if not host or is_here(host) or proxy_bypass(host):
        return None
    return proxies.get(scheme) or None
