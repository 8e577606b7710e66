"""Which faults are injected, and in what order: a plan that follows from a seed alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from random import Random
from typing import Final


class Lane(StrEnum):
    """Faults of one lane follow each other; those of different lanes may meet."""

    WORKERS = "workers"
    SERVER = "server"
    NETWORK = "network"


class Kind(StrEnum):
    """What is done."""

    KILL_CHILD = "SIGKILL of a child of the pool"
    KILL_MAIN = "SIGKILL of a worker's main process alone"
    KILL_GROUP = "SIGKILL of a worker's whole process group"
    FREEZE_GROUP = "SIGSTOP of a worker's group for longer than the claim time, then SIGCONT"
    FREEZE_BRIEFLY = "SIGSTOP of a worker's group for longer than the soft time limit, then SIGCONT"
    TERMINATE = "SIGTERM of a worker under load, and a new one"
    POISON_ABORT = "a page that aborts its process"
    POISON_LOOP = "a page in an endless loop"
    POISON_DEAF = "a page in an endless loop that no soft limit ends"
    POISON_HOG = "a page that takes all memory it may have"
    POISON_OOM = "a page that the kernel kills for its memory"
    SAME_ID = "one id from ten producers at once"
    SERVER_KILL = "SIGKILL of the server, and a restart over its AOF"
    SERVER_FREEZE = "SIGSTOP of the server for a moment, then SIGCONT"
    SERVER_HANG = "SIGSTOP of the server for longer than the hard time limit, then SIGCONT"
    SERVER_PAUSE = "CLIENT PAUSE"
    MEMORY_FULL = "a full server: maxmemory below what is used"
    DISK_FULL = "a full disk: the AOF cannot be written"
    CLOCK_FORWARD = "the server's clock steps forwards"
    CLOCK_BACK = "the server's clock steps backwards"
    NET_RESET = "all connections reset"
    NET_CUT = "connections cut in the middle of a message"
    NET_HALF_CLOSE = "connections half closed"
    NET_DELAY = "connections slow"
    NET_STALL = "connections that carry nothing for a while"
    NET_REFUSE = "connections refused"


POISON: Final = {
    Kind.POISON_ABORT: "abort",
    Kind.POISON_LOOP: "loop",
    Kind.POISON_DEAF: "deaf",
    Kind.POISON_HOG: "hog",
    Kind.POISON_OOM: "oom",
}
"""The effect of each kind of poison, by its name in `chaos.effects`."""

# Poison goes with the workers: it is they who must be there to take it.
_LANES: Final = {**dict.fromkeys(("SERVER", "MEMORY", "DISK", "CLOCK"), Lane.SERVER), "NET": Lane.NETWORK}
_OFTEN: Final = (Kind.KILL_CHILD, Kind.KILL_MAIN, Kind.KILL_GROUP)
"""Twice in each round: these are what lost jobs before."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault."""

    number: int
    kind: Kind
    after: float
    """Seconds to wait before it, from the end of the one before in its lane."""
    seconds: float
    """How long it lasts, where it lasts."""
    pick: int
    """Chooses the worker, the child, or the half."""

    @property
    def lane(self) -> Lane:
        """Where it stands in line."""
        return _LANES.get(self.kind.name.partition("_")[0], Lane.WORKERS)


def plan(seed: int, count: int) -> list[Fault]:
    """Return ``count`` faults: round after round of every kind, each round in an order of its own."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    kinds = islice(_rounds(random), count)
    return [
        Fault(number, kind, random.uniform(0.3, 2.5), random.uniform(1.0, 3.0), random.randrange(1 << 16))
        for number, kind in enumerate(kinds)
    ]


def _rounds(random: Random) -> Iterator[Kind]:
    every = list(Kind)
    random.shuffle(every)
    yield from every  # the first round is one of each, so that a short run has seen them all
    while True:
        every = [*Kind, *_OFTEN]
        random.shuffle(every)
        yield from every
