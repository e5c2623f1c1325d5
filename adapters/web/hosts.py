"""Which names are this machine's own: it goes by several, and they are one place."""

import ipaddress


def is_here(host: str) -> bool:
    """Tell whether the name or address reaches this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def same(one: str | None, other: str | None) -> bool:
    """Tell whether both hosts are the same; None is none."""
    if not one or not other:
        return False
    return one == other or (is_here(one) and is_here(other))
