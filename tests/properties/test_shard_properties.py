"""Which shard a job goes to: fixed for ever, and even."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.crc import key_slot

from pagefacts.client.keys import WireKeys, shard_namespaces, shard_of


@pytest.mark.parametrize(
    ("job_id", "crc32"),
    [
        ("123456789", 0xCBF43926),  # the check value in Greg Cook's catalogue of CRCs; the others as gzip has them
        ("", 0),
        ("a", 0xE8B7BE43),
        ("é", 0x0E048D3E),
    ],
)
@pytest.mark.parametrize("shards", [1, 2, 3, 4, 64])
def test_the_shard_of_an_id_never_changes(job_id: str, crc32: int, shards: int) -> None:
    assert shard_of(job_id, shards) == crc32 % shards


@pytest.mark.parametrize("shards", [2, 3, 4, 7, 64])
@pytest.mark.parametrize("name", ["{}", "https://example.org/news/{}.html", "2026-11-28:{:08}"])
def test_ids_are_spread_evenly(name: str, shards: int) -> None:
    each = 1000
    counts = Counter(shard_of(name.format(n), shards) for n in range(each * shards))
    assert set(counts) == set(range(shards))
    assert max(counts.values()) < each * 1.15
    assert min(counts.values()) > each * 0.85


@given(st.text(), st.integers(1, 64))
def test_every_text_has_a_shard(job_id: str, shards: int) -> None:
    assert 0 <= shard_of(job_id, shards) < shards


names = st.text("abcdefghijklmnopqrstuvwxyz0123456789._-", min_size=1, max_size=60)


@given(names, st.sampled_from([4, 8]))
def test_four_shards_lie_in_the_four_quarters_of_the_slots(namespace: str, shards: int) -> None:
    slots = [key_slot(WireKeys(each).jobs.encode()) for each in shard_namespaces(namespace, shards)]
    assert all({slot // 4096 for slot in slots[first : first + 4]} == {0, 1, 2, 3} for first in range(0, shards, 4))
