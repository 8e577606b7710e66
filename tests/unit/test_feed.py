"""What is read ahead: in its order, within its bounds, and without holding anybody up."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.feed import Feed


def drain(feed: Feed[bytes], most: int = 7) -> Iterator[list[bytes]]:
    while feed.open:
        if batch := feed.take(most, wait=0.05):
            yield batch


@settings(deadline=None, max_examples=50)
@given(st.lists(st.binary(max_size=3), max_size=300), st.integers(1, 120))
def test_all_items_come_in_their_order(items: list[bytes], most: int) -> None:
    batches = list(drain(Feed(items, len), most))
    assert [item for batch in batches for item in batch] == items
    assert all(len(batch) <= most for batch in batches)


def test_what_ends_it_early_comes_behind_what_was_read() -> None:
    def items() -> Iterator[bytes]:
        yield b"a"
        raise OSError("torn")

    feed = Feed(items(), len)
    assert list(drain(feed)) == [[b"a"]]
    assert str(feed.error) == "torn"


@pytest.mark.parametrize(("size", "most"), [(1, 100), (1 << 20, 16), (40 << 20, 1)])
def test_no_more_is_read_ahead_than_memory_is_meant_for(size: int, most: int) -> None:
    read = 0
    stopped = threading.Event()

    def items() -> Iterator[int]:
        nonlocal read
        for number in range(200):
            read = number + 1
            stopped.set() if read == most + 1 else None
            yield number

    feed = Feed(items(), lambda _: size)
    assert stopped.wait(30)  # one more is in the reader's hand
    assert read == most + 1
    assert feed.take(200) == list(range(most))


def test_a_slow_producer_is_not_waited_for() -> None:
    gate = threading.Event()

    def items() -> Iterator[bytes]:
        yield b"a"
        assert gate.wait(30)
        yield b"b"

    feed = Feed(items(), len)
    assert feed.take(10, wait=30) == [b"a"]
    assert feed.take(10) == []
    assert feed.open
    gate.set()
    assert feed.take(10, wait=30) == [b"b"]
