"""What is read ahead in a thread: a producer that is slow holds nobody back."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final, Generic, TypeVar

T = TypeVar("T")
_AHEAD: Final = 100
_AHEAD_BYTES: Final = 16 << 20


class Feed(Generic[T]):
    """Items that a thread reads ahead: a hundred at most, and 16 MiB of them, but for one that is larger alone."""

    def __init__(self, items: Iterable[T], size: Callable[[T], int]) -> None:
        """``size``: bytes of an item."""
        self.error: Exception | None = None
        """What ended it early."""
        self._size = size
        self._ahead: deque[T] = deque()
        self._bytes = 0
        self._ended = False
        self._changed = threading.Condition()
        threading.Thread(target=self._read, args=(items,), name="feed", daemon=True).start()

    @property
    def open(self) -> bool:
        """Whether more may come."""
        with self._changed:
            return bool(self._ahead) or not self._ended

    def take(self, most: int, wait: float = 0) -> list[T]:
        """Return up to ``most`` items that are there already; wait up to ``wait`` seconds for the first."""
        with self._changed:
            self._changed.wait_for(lambda: self._ahead or self._ended, timeout=wait)
            batch = [self._ahead.popleft() for _ in range(min(most, len(self._ahead)))]
            self._bytes -= sum(map(self._size, batch))
            self._changed.notify_all()
        return batch

    def _read(self, items: Iterable[T]) -> None:
        try:
            for item in items:
                self._put(item)
        except Exception as error:  # raised at the end, by who takes
            self.error = error
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _put(self, item: T) -> None:
        size = self._size(item)
        with self._changed:
            self._changed.wait_for(lambda: self._has_room(size))
            self._ahead.append(item)
            self._bytes += size
            self._changed.notify_all()

    def _has_room(self, size: int) -> bool:
        return not self._ahead or (len(self._ahead) < _AHEAD and self._bytes + size <= _AHEAD_BYTES)
