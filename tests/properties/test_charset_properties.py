"""What holds of decoding for all bytes."""

from __future__ import annotations

import webencodings.labels
from hypothesis import given
from hypothesis import strategies as st

from pagefacts.extraction.charset import decode

PIECES = st.sampled_from(
    [
        b"<p>", b"<\0p\0", b"\0<\0p", b"<\0\0\0p\0\0\0", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\0\0\xfe\xff",
        b"\x1b$B",
        b"\x1b(B", b"\xc3\xa9", b"\xe9", b"\x81", b"\x8e\xa2", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b'<meta charset="',
        b"<?xml encoding=", b'<html lang="', b"koi8-r", b"utf-16", b"<!--", b"-->",
    ]
)  # fmt: skip
BYTES = st.binary(max_size=400) | st.lists(PIECES | st.binary(max_size=5), max_size=40).map(b"".join)
LABELS = st.none() | st.sampled_from(sorted(webencodings.labels.LABELS)) | st.text(max_size=20)
URLS = st.none() | st.sampled_from(["https://a.ru/x", "https://a.com", "http://[", "//", "https://xn--j1aim.xn--p1ai/"])


@given(raw=BYTES, charset=LABELS, url=URLS)
def test_all_bytes_are_decoded_whatever_is_said_of_them(raw: bytes, charset: str | None, url: str | None) -> None:
    text = decode(raw, charset, url)
    assert text.encode() or not text  # UTF-8 can hold it: no half of a surrogate pair is left
    assert len(text) <= len(raw)


@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=300), charset=LABELS)
def test_utf_8_survives_whatever_is_said_of_it(text: str, charset: str | None) -> None:
    if "\x1b" not in text:  # ISO-2022-JP is written in ASCII
        assert decode(b"<p>" + text.encode(), charset) == "<p>" + text


@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=300), wide=st.sampled_from(["16", "32"]))
def test_wide_characters_survive_without_a_mark(text: str, wide: str) -> None:
    assert decode(f"<p>{text}".encode(f"utf-{wide}-le"), "utf-8") == f"<p>{text}"


# Letters: with the signs of this encoding, no-break spaces and such, made-up text may by chance be valid UTF-8.
@given(text=st.text(alphabet=[*map(chr, range(0x410, 0x450)), *" .,:?!0123456789"], min_size=1, max_size=300))
def test_a_stated_encoding_is_read(text: str) -> None:
    raw = "<p>Да. ".encode("cp1251") + text.encode("cp1251")
    assert decode(raw, "windows-1251") == "<p>Да. " + text
