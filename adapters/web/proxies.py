"""Through which proxy an address is reached, as the environment says.

slack_sdk takes any proxy there is for everything, ``NO_PROXY`` and this machine's own addresses
included; discord.py takes none unless it is told; aiohttp knows none for ``wss``.
"""

import ipaddress
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

_LIKE: Final = {"ws": "http", "wss": "https"}


def proxy_for(url: str) -> str | None:
    """Return the proxy's address; None where it is reached without one."""
    at, proxies = urlsplit(url), getproxies()
    host, scheme = at.hostname or "", _LIKE.get(at.scheme, at.scheme)
    if not host or _is_here(host) or proxy_bypass(host):
        return None
    return proxies.get(scheme) or None


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
