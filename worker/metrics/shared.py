"""Metrics of prometheus_client whose values lie in memory that all processes of a worker share.

prometheus_client's own multiprocess mode keeps them in files, some for each process that ever was. A child of the pool
may write no files, and children come and go: here each place in the pool has a row of one anonymous mapping, made
before the pool forks, and the process that takes a place over goes on with its row. Nothing lies on the disk, nothing
is left behind, and what a killed child had counted stays counted.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final

from prometheus_client import values

_DOUBLE: Final = 8
"""Bytes of a value. One is written in one piece: a reader in another process sees the old or the new."""


class Table:
    """The values of all metrics, a column each, with a row for each process that adds to them."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._columns = 0
        self._first = 0
        self._cells = memoryview(b"").cast("d")
        self._lock = Lock()

    @contextmanager
    def holding_new_metrics(self) -> Iterator[None]:
        """Keep the values of the metrics that are made in the block, with all their labels. To be used once."""
        usual, values.ValueClass = values.ValueClass, self._new_value
        try:
            yield
        finally:
            values.ValueClass = usual
        self._cells = memoryview(mmap.mmap(-1, self._rows * self._columns * _DOUBLE)).cast("d")

    def _new_value(self, *_: Any, **__: Any) -> _Value:
        self._columns += 1
        return _Value(self, self._columns - 1)

    def use_row(self, row: int) -> None:
        """Let this process, which has just been forked, add to ``row``, which no other running process adds to."""
        self._first = row % self._rows * self._columns
        self._lock = Lock()  # another thread may have held it when the process was forked

    def add(self, column: int, amount: float) -> None:
        """Add to this process' value of ``column``."""
        with self._lock:
            self._cells[self._first + column] += amount

    def total(self, column: int) -> float:
        """Return the sum of ``column`` over all processes."""
        return sum(self._cells[column :: self._columns])


class _Value:
    """One value, as the metrics of prometheus_client use it (`prometheus_client.values`)."""

    def __init__(self, table: Table, column: int) -> None:
        self._table = table
        self._column = column

    def inc(self, amount: float) -> None:
        self._table.add(self._column, amount)

    def get(self) -> float:
        return self._table.total(self._column)

    def get_exemplar(self) -> None:
        return None
