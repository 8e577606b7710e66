"""From a page's bytes to its characters.

The rules are those of browsers (WHATWG Encoding Standard and HTML Standard, "Determining the character encoding"), with
three exceptions, all for pages that state another encoding than they have. Bytes that are valid UTF-8 are UTF-8,
whatever is stated: hardly any text in another encoding is, and HTTP libraries give ISO-8859-1 for want of a statement.
A stated encoding in which much of the page cannot be read is not believed. And UTF-16 and UTF-32 are told by their zero
bytes, stated or not.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import webencodings
from chardetng_py import EncodingDetector
from webencodings.labels import LABELS

from pagefacts.errors import UnreadablePage

_BOMS: Final = (  # that of UTF-32 begins as that of UTF-16 does
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The beginning of a tag, in characters of two and four bytes (after XML 1.0, appendix F).
_WIDE: Final = tuple(
    (name, re.compile(rb"(?:.{%d})*?%b%b" % (width, "<".encode(name), letter), re.DOTALL))
    for name, width, letter in (
        ("utf-32-le", 4, rb"[!/?a-zA-Z]\0\0\0"),
        ("utf-32-be", 4, rb"\0\0\0[!/?a-zA-Z]"),
        ("utf-16-le", 2, rb"[!/?a-zA-Z]\0"),
        ("utf-16-be", 2, rb"\0[!/?a-zA-Z]"),
    )
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,500}?\b(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_LANG = re.compile(rb"""<html\b[^>]{0,500}?\blang\s*=\s*["']?([a-z]{2}(?:-[a-z]{2,4})?)\b""", re.IGNORECASE)
_HEAD: Final = 4_096
"""Bytes at the start in which a declaration counts; the HTML standard looks at 1,024, pages are less careful."""
_SAMPLE: Final = 1_000_000
"""Bytes that the detection looks at: many pages begin with 100 KB of scripts in ASCII."""
_FEW: Final = 10
"""A stated encoding is believed where fewer than one in so many of the characters beyond ASCII cannot be read."""
_CODECS: Final = {
    codec: "gb18030" if codec == "gbk" else codec  # as the standard decodes it
    for label in LABELS.values()
    if (codec := webencodings.lookup(label).codec_info.name) not in {"x-user-defined", "replacement"}
    and not codec.startswith("utf")
}
"""Python's names of the standard's legacy encodings, and those as which they are read."""
_ASCII: Final = bytes(range(128))
_STRAY: Final = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(128, 256)}
"""Bytes amid UTF-8 that are not: they were pasted from pages in windows-1252."""
# The country whose pages are read as those in a language, where its top-level domain is not the language's code.
_COUNTRIES: Final = {
    "ar": "eg", "cs": "cz", "da": "dk", "el": "gr", "en": "uk", "et": "ee", "fa": "ir", "he": "il", "ja": "jp",
    "ko": "kr", "nb": "no", "sl": "si", "sr": "rs", "sv": "se", "uk": "ua", "vi": "vn", "zh": "cn", "zh-hant": "tw",
    "zh-hk": "hk", "zh-tw": "tw",
}  # fmt: skip


def decode_base64(content: str) -> bytes:
    """Return the bytes that ``content`` encodes (RFC 4648, section 4); line breaks are allowed.

    Raises `UnreadablePage` where it is no base64.
    """
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadablePage(f"html_base64 is not base64: {error}.", field="html_base64") from None


def decode(raw: bytes, charset: str | None = None, url: str | None = None) -> str:
    """Return the characters of a page's bytes; those that cannot be read become U+FFFD, nothing is refused.

    The encoding is, in this order: that of the byte order mark; UTF-16 or UTF-32 where tags are written so; UTF-8 where
    at least half of what is not ASCII is valid as such; ``charset`` (of the HTTP header), then the one that the page
    declares, each under the names that browsers know and where it fits the bytes; the one that the bytes look like, to
    which ``url``'s top-level domain and the page's ``lang`` give a hint.
    """
    for mark, name in _BOMS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(name, "replace")
    head = raw[:_HEAD]
    for name, tag in _WIDE:
        if tag.match(head):
            return raw.decode(name, "replace")
    if raw.isascii() and b"\x1b" not in raw:  # the escape begins Japanese in ISO-2022-JP
        return raw.decode("ascii")
    if _is_utf8(raw):
        return _mended(raw)
    stated = (_read_as(raw, codec) for codec in _stated(charset, head))
    return next((text for text in stated if text is not None), None) or _detected(raw, _country(url, head))


def _mended(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:  # to look at every character takes as long as to parse the page
        return raw.decode("utf-8", "surrogateescape").translate(_STRAY)


def _is_utf8(raw: bytes) -> bool:
    """Return whether at least half of what is not ASCII is UTF-8."""
    text = raw.decode("utf-8", "ignore")
    broken = len(raw) - len(text.encode())
    ascii_bytes = len(raw) - len(raw.translate(None, _ASCII))
    return len(text) - ascii_bytes >= max(broken, 1)


def _stated(charset: str | None, head: bytes) -> Iterator[str]:
    """Yield the legacy encodings that the HTTP header and the page state."""
    declared = _DECLARED.search(_COMMENT.sub(b"", head))
    for label in (charset, declared and declared[1].decode("ascii")):
        if label and (codec := _codec(label)):
            yield codec


def _codec(label: str) -> str | None:
    """Return Python's name of the legacy encoding that browsers read under ``label``, which may be Python's own."""
    try:
        name = label if webencodings.lookup(label) else codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return None
    known = webencodings.lookup(name)
    return _CODECS.get(known.codec_info.name if known else name)


def _read_as(raw: bytes, codec: str) -> str | None:
    """Return the characters of ``raw``; None where too many of them cannot be read in this encoding."""
    text = raw.decode(codec, "replace")
    return text if _FEW * text.count("\ufffd") <= len(text) - len(text.encode("ascii", "ignore")) else None


def _detected(raw: bytes, country: str | None) -> str:
    detector = EncodingDetector()
    detector.feed(raw[:_SAMPLE], last=True)
    label = detector.guess(tld=country.encode() if country else None, allow_utf8=False)
    # DOS pages of Russia are gone from the web; a lone accent or quotation mark looks like one.
    codec = "cp1252" if label == "IBM866" else _codec(label) or "cp1252"
    return raw.decode(codec, "replace")


def _country(url: str | None, head: bytes) -> str | None:
    """Return the top-level domain of the country whose encodings are likely."""
    try:
        domain = (urlsplit(url or "").hostname or "").rpartition(".")[2]
    except ValueError:
        domain = ""
    if re.fullmatch("[a-z]{2}", domain):
        return domain
    if (language := _LANG.search(head)) is None:
        return None
    tag = language[1].decode("ascii").lower()
    return _COUNTRIES.get(tag) or _COUNTRIES.get(tag[:2], tag[:2])
