"""The sandbox of a pool's children: what a page makes one do, it can do to little else than its own jobs.

A child needs its libraries, its connections to the server and, where errors are reported, that to Sentry. Landlock and
seccomp take all else from it, as far as the platform has them: reading other files, writing any, starting programs,
and every other way into the network. There is no way back, also for code that a page may bring to run.
"""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from types import ModuleType
from typing import Final
from urllib.parse import parse_qsl, urlsplit
from urllib.request import getproxies

from config.settings import Settings
from worker import traces
from worker.sandbox import landlock, seccomp

_SYSTEM: Final = (
    # Libraries that others load when they are first used, and data of the C library.
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/local/lib", "/usr/share", "/nix/store"),
    *("/etc/ld.so.cache", "/etc/localtime", "/etc/ssl/openssl.cnf", "/sys/devices/system/cpu"),
    # To find the server again by its name.
    *("/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf", "/etc/services"),
    # resolv.conf is often a link into one of these, where it is replaced by another file.
    *("/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager/resolv.conf"),
    *("/dev/null", "/dev/urandom"),
)
_PORTS: Final = {"redis": 6379, "rediss": 6379, "http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Held:
    """What holds a process."""

    line: str
    """For the log."""
    complete: bool
    """Whether it is all that there is here to hold it with."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a child needs of its surroundings."""

    readable: frozenset[str]
    """Files, and folders with all in them."""
    ports: frozenset[int] = frozenset()
    """TCP ports of the server, of Sentry and of the collector of traces."""
    unix: bool = False
    """Whether the server listens on a unix socket."""
    names: bool = False
    """Whether a host must be looked up, which needs UDP."""
    anywhere: bool = False
    """Whether it makes connections to whatever host a job names."""

    @classmethod
    def of(cls, settings: Settings, fetches: bool, nodes: Collection[tuple[str, int]] = ()) -> Needs:
        """Return the needs of a child that fetches pages, or does not; ``nodes``: of the server's cluster."""
        reported_to = [address for address in (settings.sentry_dsn, traces.endpoint(os.environ)) if address]
        addresses = [settings.redis_url or "", *reported_to, *(getproxies().values() if reported_to else ())]
        remote = [parts for address in addresses if (parts := urlsplit(address)).scheme in _PORTS]
        return cls(
            readable=frozenset(_readable(settings.redis_url or "")).union(traces.files(os.environ).values()),
            ports=frozenset([*(parts.port or _PORTS[parts.scheme] for parts in remote), *(port for _, port in nodes)]),
            unix=(settings.redis_url or "").startswith("unix:"),
            names=any(map(_is_name, [*(parts.hostname or "" for parts in remote), *(host for host, _ in nodes)])),
            anywhere=fetches,
        )


def enter(needs: Needs) -> Held:
    """Take all from this process but its ``needs``; it must have one thread, or the others go free.

    What the platform does not have, or refuses, is left out: a page can then do more, and is processed.
    """
    sockets = None if needs.anywhere else seccomp.Sockets(needs.unix, tcp=bool(needs.ports), udp=needs.names)
    try:
        version = landlock.restrict(needs.readable, None if needs.anywhere else needs.ports)
        held, complete = _by_landlock(needs, version), version >= landlock.COMPLETE
    except OSError as error:
        held, complete = f"no Landlock ({error.strerror})", False
    try:
        seccomp.restrict(sockets)
    except OSError as error:
        return Held(f"{held}; no seccomp ({error.strerror})", complete=False)
    return Held(f"{held}; seccomp: no programs, {_kinds(sockets)}", complete)


def _kinds(sockets: seccomp.Sockets | None) -> str:
    if sockets is None:
        return "any socket"
    return f"sockets of {' and '.join(kind for kind in ('unix', 'tcp', 'udp') if getattr(sockets, kind))} only"


def _by_landlock(needs: Needs, version: int) -> str:
    files = f"Landlock {version}: its libraries are read, nothing is written"
    if needs.anywhere:
        return f"{files}, any host is connected to, as pages are fetched"
    if version < landlock.NETWORK:
        return f"{files}, TCP is not limited"
    ports = ", ".join(map(str, sorted(needs.ports)))
    return f"{files}, TCP to port {ports} only" if ports else f"{files}, no TCP"


def _readable(redis_url: str) -> set[str]:
    """Return what a child reads: the system's libraries, Python's and the project's, and certificates."""
    too_wide = {"/", os.environ.get("HOME", "/")}
    prefixes = {os.path.realpath(prefix) for prefix in (sys.prefix, sys.base_prefix)} - too_wide
    modules = {path for module in list(sys.modules.values()) if (path := _place(module))}
    usual = ssl.get_default_verify_paths()
    named = (os.environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"))
    certificates = {path for path in (usual.cafile, usual.capath, *named) if path}
    certificates |= {value for _, value in parse_qsl(urlsplit(redis_url).query) if value.startswith("/")}
    within = tuple(f"{prefix}/" for prefix in prefixes)
    return {*_SYSTEM, *prefixes, *certificates, *(path for path in modules if not path.startswith(within))}


def _place(module: ModuleType) -> str | None:
    """Return the folder of a package's module, so that more of the package can be loaded, or the file of another."""
    file = getattr(module, "__file__", None)
    if not file:
        return None
    path = Path(file).resolve()
    return str(path.parent if module.__package__ else path)


def _is_name(host: str) -> bool:
    if host == "localhost":  # stands in /etc/hosts
        return False
    try:
        ip_address(host)
    except ValueError:
        return True
    return False
