"""What is read ahead in a thread: a producer that is slow holds nobody back."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from queue import Empty, Queue
from typing import Final, Generic, TypeVar

T = TypeVar("T")
_AHEAD: Final = 100


class Feed(Generic[T]):
    """Items that a thread reads ahead, a hundred at most."""

    def __init__(self, items: Iterable[T]) -> None:
        self.open = True
        """Whether more may come."""
        self.error: Exception | None = None
        """What ended it early."""
        self._ahead: Queue[tuple[T] | Exception | None] = Queue(maxsize=_AHEAD)
        threading.Thread(target=self._read, args=(items,), name="feed", daemon=True).start()

    def _read(self, items: Iterable[T]) -> None:
        try:
            for item in items:
                self._ahead.put((item,))
        except Exception as error:  # raised at the end, by who takes
            self._ahead.put(error)
        else:
            self._ahead.put(None)

    def take(self, most: int, wait: float = 0) -> list[T]:
        """Return up to ``most`` items that are there already; wait up to ``wait`` seconds for the first."""
        batch: list[T] = []
        while self.open and len(batch) < most:
            try:
                item = self._ahead.get(block=not batch and wait > 0, timeout=wait)
            except Empty:
                break
            if isinstance(item, tuple):
                batch.append(item[0])
            else:
                self.open, self.error = False, item
        return batch
