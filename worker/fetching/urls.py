"""Which URLs may be fetched."""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import AddressValueError, IPv4Address
from typing import Final

import httpx

from pagefacts.errors import FetchRefused

PORTS: Final = {"http": 80, "https": 443}
"""The schemes that are fetched, and their own ports."""
MAX_URL: Final = 4_096
"""Characters of a URL, as of a job's."""
# What the WHATWG URL Standard calls "ends in a number": browsers and resolvers read such a host as an IPv4 address.
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)


def check_url(text: str, ports: Collection[int]) -> httpx.URL:
    """Return the URL to be fetched, without its fragment.

    Raises `FetchRefused` for another scheme than http and https, a port that is not among ``ports``, a user name or
    password, and a host that spells an IPv4 address in any other way than as four decimal numbers.
    """
    try:
        url = httpx.URL(text)
        host, port = url.host, PORTS.get(url.scheme) if url.port is None else url.port
    except (httpx.InvalidURL, ValueError):  # its message would repeat the URL
        raise FetchRefused("It is not a URL that can be fetched.", field="url") from None
    if url.scheme not in PORTS or not host:
        raise FetchRefused("Only http and https URLs are fetched.", field="url")
    if len(text) > MAX_URL:
        raise FetchRefused(f"The URL has more than {MAX_URL:,} characters.", field="url")
    if url.userinfo:
        raise FetchRefused(f"{host}: a user name or password in a URL is not sent.", field="url")
    if port not in ports:
        listed = ", ".join(str(each) for each in sorted(ports))
        raise FetchRefused(f"{host}: port {port} is not among those allowed ({listed}).", field="url")
    if "%" in host or _is_odd(url.raw_host.decode("ascii")):
        raise FetchRefused(f"{host} is an address in a spelling that is not taken.", field="url")
    return url.copy_with(fragment=None)


def _is_odd(host: str) -> bool:
    """Return whether ``host`` would be read as an IPv4 address and is not written as four decimal numbers."""
    last = host.rstrip(".").rpartition(".")[2]
    if not _NUMBER.fullmatch(last):
        return False
    try:
        IPv4Address(host)  # it refuses leading zeros, which some read as octal
    except AddressValueError:
        return True
    return False


def origin_of(url: httpx.URL) -> str:
    """Return scheme, host and port: where a robots.txt holds."""
    host = url.raw_host.decode("ascii")
    return f"{url.scheme}://{f'[{host}]' if ':' in host else host}:{url.port or PORTS[url.scheme]}"
