"""Content encodings undone as a stream, a small step at a time: no bomb unfolds further than the limit."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import brotli

from pagefacts.errors import FetchBadEncoding, FetchTooLarge

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED: Final = "gzip, deflate, br, zstd"
"""What the header Accept-Encoding names."""

_MAX_NESTED: Final = 2
_STEP: Final = 65_536
"""Bytes that a decoder may give at once; brotli gives half as many again."""
_MAX_PARTS: Final = 100
"""Gzip members or zstd frames of one body; a million empty ones would take long and give nothing."""
_ZSTD_WINDOW_LOG: Final = 23
"""8 MB, the largest window that a body in HTTP may ask for (RFC 9659)."""

Decoder = Callable[[Iterable[bytes]], Iterator[bytes]]


def decoded(chunks: Iterable[bytes], encodings: str, limit: int) -> Iterator[bytes]:
    """Yield a body without its ``encodings``, the value of a Content-Encoding header.

    Raises `FetchTooLarge` where the body, as it came or at any stage of decoding, has more than ``limit`` bytes;
    `FetchBadEncoding` for an unknown encoding, more than two of them, and a body that is not in them or not whole.
    """
    names = [name for part in encodings.lower().split(",") if (name := part.strip()) not in {"", "identity"}]
    if len(names) > _MAX_NESTED or not all(name in _DECODERS for name in names):
        raise FetchBadEncoding(f"({encodings[:80]})")
    stream = _bounded(chunks, limit)
    for name in reversed(names):  # listed in the order in which they were applied
        stream = _bounded(_in_good_order(_DECODERS[name](stream), name), limit)
    return stream


def _bounded(chunks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise FetchTooLarge(f"The limit is {limit:,} bytes.")
        yield chunk


def _in_good_order(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    try:
        yield from chunks
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
        raise FetchBadEncoding(f"({name})") from error


class _Truncated(EOFError):
    """The stream ends before its end."""


def _inflate(chunks: Iterable[bytes], window: int) -> Iterator[bytes]:
    decoder, parts, begun = zlib.decompressobj(window), 1, False
    for chunk in chunks:
        begun = begun or bool(chunk)
        rest = chunk
        while rest and not decoder.eof:
            yield decoder.decompress(rest, _STEP)
            rest = decoder.unconsumed_tail
            if decoder.eof and parts < _MAX_PARTS and decoder.unused_data.startswith(b"\x1f\x8b"):
                rest, decoder, parts = decoder.unused_data, zlib.decompressobj(window), parts + 1
    yield decoder.flush()
    if begun and not decoder.eof:
        raise _Truncated


def _gzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    return _inflate(chunks, 16 + zlib.MAX_WBITS)


def _deflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Undo "deflate", which is zlib's format (RFC 9110, 8.4.1.2), and from some servers the bare one."""
    source = iter(chunks)
    head = b""
    for chunk in source:
        head += chunk
        if len(head) >= 2:
            break
    has_header = len(head) >= 2 and head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:2], "big") % 31 == 0
    return _inflate(_chained(head, source), zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


def _chained(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest


def _brotli(chunks: Iterable[bytes]) -> Iterator[bytes]:
    decoder, begun = brotli.Decompressor(), False
    for chunk in chunks:
        begun = begun or bool(chunk)
        part = decoder.process(chunk, output_buffer_limit=_STEP)
        # That it can accept more data does not mean that it has given all that it has.
        while part or not decoder.can_accept_more_data():
            yield part
            part = decoder.process(b"", output_buffer_limit=_STEP)
    if begun and not decoder.is_finished():
        raise _Truncated


def _zstd(chunks: Iterable[bytes]) -> Iterator[bytes]:
    decoder, parts, begun = _zstd_frame(), 1, False
    for chunk in chunks:
        begun = begun or bool(chunk)
        rest = chunk
        while rest or not (decoder.eof or decoder.needs_input):
            if decoder.eof:
                parts += 1
                if parts > _MAX_PARTS:
                    raise FetchBadEncoding("(zstd, of too many frames)")
                decoder = _zstd_frame()
            yield decoder.decompress(rest, _STEP)
            rest = decoder.unused_data if decoder.eof else b""
    if begun and not decoder.eof:
        raise _Truncated


def _zstd_frame() -> zstd.ZstdDecompressor:
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG})


_DECODERS: Final[dict[str, Decoder]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
