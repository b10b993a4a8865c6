"""Which addresses may be read.

A registry row is typed by people and a redirect is chosen by a stranger, so neither may lead
into the institution's own network (server-side request forgery, CWE-918).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from audit.errors import ConfigError, PermanentFetchError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""Source: RFC 6052, 2.1; the last 32 bits are an IPv4 address."""
SPECIAL = tuple(map(ipaddress.ip_network, ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24")))
"""Public in form for some Python versions, yet services of a cloud's host, or reserved.

Source: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16 and
https://www.iana.org/assignments/iana-ipv4-special-registry"""
DEFAULT_PORTS = {"http": 80, "https": 443}


def is_public(address: Address) -> bool:
    """Say whether an address is on the public internet.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, Teredo, NAT64) is as public as
    what it carries.
    """
    if isinstance(address, ipaddress.IPv6Address):
        return all(map(is_public, _carried(address))) and (
            address.ipv4_mapped is not None or _is_global(address)
        )
    return _is_global(address)


def _is_global(address: Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in SPECIAL)
    )


def _carried(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in inner if one is not None]


def shown(url: str) -> str:
    """Return an address as messages may show it: without user, query and fragment."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that cannot be read"
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{port}{parts.path}"


def host_port(url: str) -> tuple[str, int]:
    """Return host and port of an address that may be read at all.

    Raises:
        PermanentFetchError: no http or https, no host, or a user name in it.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise PermanentFetchError("an address cannot be read; correct it in the registry") from None
    if parts.scheme not in DEFAULT_PORTS or not host:
        raise PermanentFetchError(f"{shown(url)}: only http and https addresses are read")
    if parts.username or parts.password:
        raise PermanentFetchError(f"{shown(url)}: an address must not hold a user name or password")
    return host.lower(), port or DEFAULT_PORTS[parts.scheme]


def allowed_pairs(pairs: Collection[str]) -> frozenset[tuple[str, int]]:
    """Read the ``host:port`` pairs of the settings.

    Raises:
        ConfigError: one has no host or no port.
    """
    found = set()
    for pair in pairs:
        try:
            parts = urlsplit(f"//{pair}")
            host, port = parts.hostname, parts.port
        except ValueError:
            host = port = None
        if not host or not port:
            raise ConfigError(f"AUDIT_ALLOW_HOSTS: {pair!r} is not of the form host:port")
        found.add((host.lower(), port))
    return frozenset(found)
