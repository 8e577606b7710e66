"""Content encodings, undone within bounds."""

from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import brotli
import pytest

from pagefacts.errors import FetchBadEncoding, FetchTooLarge
from worker.fetching.encodings import decoded, zstd

TEXT = bytes(random.Random(3).choices(b"abcdefgh <>\n", k=200_000))  # noqa: S311 - no secret
MEGABYTE = 1_000_000


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=4),
    "zstd": zstd.compress,
}


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


def unpack(data: bytes, encodings: str, size: int = 10_000, limit: int = MEGABYTE) -> bytes:
    return b"".join(decoded(pieces(data, size), encodings, limit))


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("size", [1, 7, 65_536])
def test_each_encoding_in_pieces_of_any_size(name: str, size: int) -> None:
    text = TEXT if size > 1 else TEXT[:5_000]
    assert unpack(PACKERS[name](text), name, size) == text


def test_deflate_without_its_header() -> None:
    assert unpack(raw_deflate(TEXT), "deflate") == TEXT


@pytest.mark.parametrize("encodings", ["", "identity", " Identity ,"])
def test_no_encoding(encodings: str) -> None:
    assert unpack(TEXT, encodings) == TEXT


def test_two_encodings_one_in_the_other() -> None:
    assert unpack(gzip.compress(brotli.compress(TEXT, quality=4)), "br, GZIP") == TEXT


def test_several_members_and_frames() -> None:
    assert unpack(gzip.compress(b"one") + gzip.compress(b"two"), "gzip") == b"onetwo"
    assert unpack(zstd.compress(b"one") + zstd.compress(b"two"), "zstd") == b"onetwo"


@pytest.mark.parametrize("name", ["gzip", "deflate"])
def test_what_follows_the_end_is_ignored(name: str) -> None:
    assert unpack(PACKERS[name](TEXT) + b"\0\0\0junk", name) == TEXT


@pytest.mark.parametrize("name", PACKERS)
def test_an_empty_body(name: str) -> None:
    assert unpack(b"", name) == b""


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("damage", ["truncated", "other"])
def test_a_body_that_is_not_in_its_encoding(name: str, damage: str) -> None:
    data = PACKERS[name](TEXT)[:-20] if damage == "truncated" else b"<html>" * 100
    with pytest.raises(FetchBadEncoding):
        unpack(data, name)


@pytest.mark.parametrize("encodings", ["lzma", "gzip, br, zstd", "gzip, gzip, gzip", "gzip, exi", "none"])
def test_unknown_encodings_and_too_many(encodings: str) -> None:
    with pytest.raises(FetchBadEncoding):
        unpack(b"x", encodings)


def test_the_limit_holds_for_the_body_as_it_comes() -> None:
    with pytest.raises(FetchTooLarge, match="100,000"):
        unpack(TEXT, "", limit=100_000)


def bomb(name: str) -> bytes:
    zeros = bytes(300 * MEGABYTE)
    return brotli.compress(zeros, quality=1) if name == "br" else PACKERS[name](zeros)


@pytest.mark.parametrize("encodings", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "zstd, br", "br, gzip"])
def test_a_bomb_does_not_unfold(encodings: str) -> None:
    """300 MB from a few kilobytes, and twice packed from a few hundred bytes."""
    inner, *outer = encodings.split(", ")
    data = bomb(inner)
    for name in outer:
        data = PACKERS[name](data)
    assert len(data) < 2 * MEGABYTE
    tracemalloc.start()
    try:
        with pytest.raises(FetchTooLarge):
            sum(len(chunk) for chunk in decoded(pieces(data, 65_536), encodings, 2 * MEGABYTE))
        assert tracemalloc.get_traced_memory()[1] < 3 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_the_window_of_zstd_is_bounded() -> None:
    """A frame may ask for gigabytes before it says a word."""
    options = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.enable_long_distance_matching: 1}
    packer = zstd.ZstdCompressor(options=options)
    data = packer.compress(TEXT) + packer.flush()
    with pytest.raises(FetchBadEncoding):
        unpack(data, "zstd")


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_a_million_empty_parts_are_not_gone_through(name: str) -> None:
    data = PACKERS[name](b"") * 50_000
    if name == "gzip":
        assert unpack(data, name, 65_536, 10 * MEGABYTE) == b""
    else:
        with pytest.raises(FetchBadEncoding):
            unpack(data, name, 65_536, 10 * MEGABYTE)
