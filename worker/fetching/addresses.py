"""Which addresses may be connected to."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from pagefacts.errors import FetchRefused

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_IPV6_UNICAST: Final = IPv6Network("2000::/3")
"""Global unicast, the only IPv6 space that is given out (IANA IPv6 Address Space)."""
_NAT64: Final = IPv6Network("64:ff9b::/96")
"""An IPv4 address as hosts that have only IPv6 reach it (RFC 6052)."""

# Python's `is_global` changes between its patch releases; this table does not. IANA IPv4 and IPv6 Special-Purpose
# Address Registries: every block that is not globally reachable, and those that carry an IPv4 address inside.
_REFUSED: Final[tuple[tuple[str, str], ...]] = (
    ("0.0.0.0/8", "this host"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared by a carrier's customers"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "protocol assignments"),
    ("192.0.2.0/24", "documentation"),
    ("192.88.99.0/24", "6to4 relay"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved or broadcast"),
    ("::/128", "unspecified"),
    ("::1/128", "loopback"),
    ("::ffff:0:0/96", "IPv4-mapped"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
    ("2001::/23", "protocol assignments, Teredo among them"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("3fff::/20", "documentation"),
)
_BLOCKS: Final[tuple[tuple[Network, str], ...]] = tuple((ip_network(block), name) for block, name in _REFUSED)

_METADATA: Final = frozenset(
    ip_address(text)
    for text in (
        "169.254.169.254",  # AWS, Azure, Google Cloud, OpenStack and others
        "169.254.170.2",  # AWS ECS: credentials of a task
        "169.254.170.23",  # AWS EKS: credentials of a pod
        "fd00:ec2::23",
        "fd00:ec2::254",  # AWS over IPv6
        "fd20:ce::254",  # Google Cloud over IPv6
        "100.100.100.200",  # Alibaba Cloud
        "168.63.129.16",  # Azure's host agent: a public address, and yet the machine's own
        "192.0.0.192",  # Oracle Cloud
    )
)
"""Services that tell whoever asks from the machine its credentials."""


def read_networks(text: str) -> tuple[Network, ...]:
    """Return the networks of a comma-separated list of CIDRs or addresses. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


class AddressPolicy:
    """Refuses every address that is not globally routable, unless it is of an ``allowed`` network.

    An address of a cloud's metadata service is refused even in an allowed network, unless it is listed by itself.
    """

    def __init__(self, allowed: Iterable[Network] = ()) -> None:
        self._allowed = tuple(allowed)

    def check(self, host: str, addresses: Iterable[Address]) -> tuple[Address, ...]:
        """Return the ``addresses`` of ``host``. Raise `FetchRefused` where one of them is refused.

        One is enough: whoever mixes public and private addresses under one name means no good.
        """
        checked = tuple(addresses)
        for address in checked:
            if (reason := self._refusal(address)) is not None:
                raise FetchRefused(f"{host} has the address {address} ({reason}).", field="url")
        return checked

    def _refusal(self, address: Address) -> str | None:
        if address in _METADATA:
            return None if self._listed(address, alone=True) else "metadata service"
        if self._listed(address):
            return None
        if isinstance(address, IPv6Address) and address in _NAT64:
            inner = self._refusal(IPv4Address(int(address) & 0xFFFF_FFFF))
            return inner and f"NAT64, {inner}"
        for block, name in _BLOCKS:
            if address in block:
                return name
        if isinstance(address, IPv6Address) and address not in _IPV6_UNICAST:
            return "not given out"
        return None

    def _listed(self, address: Address, *, alone: bool = False) -> bool:
        networks = (network for network in self._allowed if not alone or network.num_addresses == 1)
        return any(address in network for network in networks)
