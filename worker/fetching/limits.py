"""What an operator allows a fetch, in the form in which it is used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Self

from config.settings import Settings
from pagefacts import __version__
from worker.fetching.addresses import AddressPolicy, read_networks

MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Turn:
    """How requests to a host follow each other."""

    interval: float
    """Seconds from one to the next, on average."""
    burst: int
    """How many may come at once after a pause."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a fetch."""

    policy: AddressPolicy = field(default_factory=AddressPolicy)
    """Which addresses may be connected to."""
    ports: frozenset[int] = frozenset({80, 443})
    """Which ports."""
    seconds: float = 10.0
    """From the first look-up to the last byte, redirects and robots.txt included; waits for a turn are not."""
    size: int = 10 * MEBIBYTE
    """Bytes of a page: as it comes, and at every stage of decoding."""
    tries: int = 3
    """How often a page is tried where another try may help."""
    turn: Turn = field(default_factory=lambda: Turn(1.0, 2))
    """How requests to one host follow each other."""
    naps: float = 3.0
    """Seconds for which a page waits for its turns inside a step; a longer wait is spent in the queue."""
    user_agent: str = f"pagefacts/{__version__}"
    """The name that servers are told."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the limits that the settings name."""
        return cls(
            policy=AddressPolicy(read_networks(settings.fetch_allow_networks)),
            ports=frozenset(int(port) for port in settings.fetch_ports.split(",")),
            seconds=settings.fetch_timeout,
            size=settings.fetch_max_mb * MEBIBYTE,
            tries=settings.fetch_tries,
            turn=Turn(1 / settings.fetch_rate, settings.fetch_burst),
            naps=min(3.0, (settings.soft_time_limit - settings.fetch_timeout) / 2),
            user_agent=settings.fetch_user_agent or f"pagefacts/{__version__}",
        )
