"""Which network addresses a calendar may be fetched from: those of the public internet alone."""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp.abc import AbstractResolver, ResolveResult

Address = IPv4Address | IPv6Address
_TRANSLATED = ip_network("64:ff9b::/96")
"""NAT64 (RFC 6052): the last four bytes are an IPv4 address."""


class NotPublicError(OSError):
    """The name belongs to an address of a private network, or of this very machine."""


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the public internet, also one that wraps another."""
    if isinstance(address, IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _TRANSLATED:
            inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
        if not all(is_public(one) for one in inner if one is not None):
            return False
        if address.ipv4_mapped is not None:
            return True
    return address.is_global and not address.is_multicast


class PublicResolver(AbstractResolver):
    """Resolves names, and gives back public addresses only.

    The connection goes to the very addresses that were looked at: nothing is resolved twice.
    """

    def __init__(
        self, inner: AbstractResolver, allowed: Callable[[Address], bool] = is_public
    ) -> None:
        self._inner = inner
        self._allowed = allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of ``host``; NotPublicError when one of them is not public."""
        found = await self._inner.resolve(host, port, family)
        # One address of several that is not public is no accident: none of them is used.
        if not all(self._allowed(ip_address(one["host"].partition("%")[0])) for one in found):
            raise NotPublicError(host)
        return found

    async def close(self) -> None:
        """Close what was opened for it."""
        await self._inner.close()
