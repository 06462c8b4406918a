"""Addresses: which may be asked for, and which machines may be connected to, so that no document reaches inside.

A server that fetches what others name can be led to the machines behind it (server-side request forgery, OWASP). So a
name counts for nothing here: the numbers that it stands for are checked, and they are what is connected to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from yarl import URL

from index.errors import FootnoteError

IPAddress = IPv4Address | IPv6Address

_LONGEST = 2000
# What is public by its number and still is not: where clouds tell a machine its secrets, and retired relays.
_NEVER = tuple(map(ip_network, ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24")))
# All that the Internet routes in version 6 lies in it (IANA's IPv6 global unicast assignments) ...
_ROUTED = IPv6Network("2000::/3")
# ... or carries an address of version 4 within: NAT64 (RFC 6052), whose last 32 bits it is.
_NAT64 = IPv6Network("64:ff9b::/96")
_NUMERIC = re.compile(r"[0-9a-fx.:]*[0-9.:][0-9a-fx.:]*", re.IGNORECASE)


class AddressRefused(FootnoteError):
    """An address that is never asked for; the message is the reason."""


@dataclass(frozen=True, slots=True)
class PrivateHosts:
    """The hosts that may be asked though they are not public: names or numbers, with a port or for every port."""

    hosts: frozenset[str] = frozenset()

    def allow(self, host: str, port: int) -> bool:
        """Whether an operator has named this host."""
        shown = f"[{host}]" if ":" in host else host
        return not self.hosts.isdisjoint({host, shown, f"{shown}:{port}"})


def parse(address: str) -> URL:
    """Return an http or https address in its normal form, without a fragment. Raises AddressRefused."""
    if len(address) > _LONGEST or re.search(r"[\x00-\x20\x7f]", address):
        raise AddressRefused("no address: it is too long, or has spaces in it")
    try:
        url = URL(address).with_fragment(None)
        host, port = url.host, url.port
    except ValueError as error:
        raise AddressRefused("no address: write it as https://example.org/page") from error
    if url.scheme not in ("http", "https") or not host or not port:
        raise AddressRefused("only addresses that begin with http:// or https:// are fetched")
    if url.user is not None or url.password is not None:
        raise AddressRefused("an address with a name or password in it is not fetched: leave that out")
    if _NUMERIC.fullmatch(host) and number(host) is None:
        raise AddressRefused("a number that is written in an unusual way is not fetched: write its host's name")
    return url


def number(host: str) -> IPAddress | None:
    """Return the number that a host is written as in the usual form, None where it is a name or anything else."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_public(ip: IPAddress) -> bool:
    """Whether an IP address belongs to the public Internet, in whatever form a private one may be wrapped."""
    if isinstance(ip, IPv6Address):
        if ip.scope_id is not None:
            return False
        inner = ip.ipv4_mapped or ip.sixtofour or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if inner is not None:
            return is_public(inner)
        if ip not in _ROUTED or ip.teredo is not None:
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _NEVER)
