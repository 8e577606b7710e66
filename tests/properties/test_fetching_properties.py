"""What a stranger sends is answered with a value or with a failure of its type, whatever it is."""

from __future__ import annotations

import gzip
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address

import brotli
import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pagefacts.errors import FetchBadEncoding, FetchRefused, FetchTooLarge
from worker.fetching.addresses import AddressPolicy
from worker.fetching.answers import media_type, retry_after, validators
from worker.fetching.encodings import decoded, zstd
from worker.fetching.robots import Rules, read_robots
from worker.fetching.urls import check_url, origin_of

LIMIT = 20_000
PACKERS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}
NOW = datetime(2026, 1, 2, tzinfo=UTC)
names = st.sampled_from(sorted(PACKERS))
header_values = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=60)


@given(st.binary(max_size=3_000), names, st.integers(1, 50))
def test_what_is_packed_comes_out_again(content: bytes, name: str, size: int) -> None:
    packed = PACKERS[name](content)
    pieces = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert b"".join(decoded(pieces, name, LIMIT)) == content


@given(st.lists(st.binary(max_size=200), max_size=5), st.lists(names, max_size=3), names, st.integers(0, 40))
def test_any_bytes_in_any_encoding_are_bytes_within_the_limit_or_a_failure(
    pieces: list[bytes], encodings: list[str], start: str, cut: int
) -> None:
    pieces = [PACKERS[start](b"a" * 100_000)[:cut], *pieces]
    with suppress(FetchBadEncoding, FetchTooLarge):
        assert len(b"".join(decoded(pieces, ", ".join(encodings), LIMIT))) <= LIMIT


@given(st.text(max_size=60) | st.text("htps:/.@[]%0x12:#?\\", max_size=40).map("http://".__add__))
@example("http://[::ffff:1.2.3.4%lo]/")
@example("http://\u2488\u3002example/")
def test_any_text_is_a_url_of_a_plain_host_or_refused(text: str) -> None:
    try:
        url = check_url(text, {80, 443})
    except FetchRefused:
        return
    assert url.scheme in {"http", "https"}
    assert (url.port or 80) in {80, 443}
    assert not url.userinfo
    assert origin_of(url)


@given(st.integers(0, 2**32 - 1).map(IPv4Address) | st.integers(0, 2**128 - 1).map(IPv6Address))
def test_no_address_is_connected_to_that_python_calls_local(address: IPv4Address | IPv6Address) -> None:
    local = (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )
    if local and address not in {ip_address("192.0.0.9"), ip_address("192.0.0.10")}:
        with pytest.raises(FetchRefused):
            AddressPolicy().check("h", [address])


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_inside_an_ipv6_one_is_no_way_round(number: int) -> None:
    inner = IPv4Address(number)
    try:
        AddressPolicy().check("h", [inner])
    except FetchRefused:
        for prefix in ("::ffff:0:0", "64:ff9b::", "::"):
            with pytest.raises(FetchRefused):
                AddressPolicy().check("h", [IPv6Address(int(IPv6Address(prefix)) + number)])


lines = st.sampled_from(["User-agent: *", "User-agent: pagefacts", "Disallow: /*a$", "Allow: /", "Crawl-delay: 1e400"])


@given(st.binary(max_size=300) | st.lists(lines | st.text(max_size=30)).map(lambda each: "\n".join(each).encode()))
def test_any_file_is_a_robots_txt(content: bytes) -> None:
    rules = read_robots(content, "pagefacts")
    assert rules.allow("/a?b=%zz*$") in {True, False}
    assert Rules.from_json(rules.to_json()) == rules


@given(st.text("ab*", max_size=8), st.booleans(), st.text("ab", max_size=10))
def test_patterns_match_as_the_regular_expressions_that_they_stand_for(pattern: str, ends: bool, path: str) -> None:
    import re  # noqa: PLC0415 - the slow way, which is only compared with

    rules = Rules(disallowed=("/" + pattern + "$" * ends,))
    slow = re.match("/" + pattern.replace("*", ".*") + "$" * ends, "/" + path)
    assert rules.allow("/" + path) is (slow is None)


@given(header_values)
@example("²")
@example("Fri, 99999999999999999 Jan 2026 00:00:00 GMT")
def test_any_header_can_be_read(value: str) -> None:
    headers = httpx.Headers(
        [(name, value.encode("latin-1")) for name in (b"content-type", b"retry-after", b"etag", b"cache-control")]
    )
    assert media_type(headers)[0] == media_type(headers)[0].lower()
    seconds = retry_after(headers, NOW)
    assert seconds is None or seconds >= 0
    httpx.Request("GET", "http://h/", headers=validators(headers))
