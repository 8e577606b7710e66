"""The memory that a child may take, and what it gives back: a page that needs more must not take the machine's."""

from __future__ import annotations

import ctypes
import itertools
import resource
from collections.abc import Callable
from typing import Any, Final

_MEBIBYTE: Final = 1 << 20
_RESERVE: Final = 512 * _MEBIBYTE
"""Beyond the limit, to answer a job with whose page has used up all below it: a job of 64 MiB, some times over."""

_TRIM_EVERY: Final = 100
"""Tasks after which free memory is given back, which takes some 10 ms."""


def limit(mebibytes: int) -> None:
    """Let this process take ``mebibytes`` of memory of its own at most; 0: any. What is beyond is a MemoryError.

    What it shares with its parent counts: it may become its own by being written to.
    """
    if not mebibytes:
        return
    soft, hard = mebibytes * _MEBIBYTE, mebibytes * _MEBIBYTE + _RESERVE
    given = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if given != resource.RLIM_INFINITY:  # the system's own limit cannot be raised
        soft, hard = min(soft, given), min(hard, given)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def open_reserve() -> None:
    """Let this process take what was held back, so that it can say that its memory was used up."""
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def trimmer() -> Callable[..., None]:
    """Return what gives this process' free memory back to the system, at every hundredth call.

    What a long page took lies free, but scattered over glibc's heap, which keeps it: a child would grow by some 30 MiB
    until it has seen its longest page. Other C libraries have no such function, and nothing is done there.
    """
    trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    calls = itertools.count(1)

    def count(**_: Any) -> None:
        if trim is not None and next(calls) % _TRIM_EVERY == 0:
            trim(0)

    return count
