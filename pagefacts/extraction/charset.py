"""From a page's bytes to its characters."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

from pagefacts.errors import UnreadablePage

_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,500}?\b(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_HEAD: Final = 4_096
"""Bytes at the start in which a declaration counts; the HTML standard looks at 1,024, pages are less careful."""
_SAMPLE: Final = 20_000
"""Bytes that the detection looks at."""
# What browsers read under these names (WHATWG Encoding Standard, "Names and labels").
_AS_BROWSERS_DO: Final = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}

_NEVER_OF_PAGES: Final = frozenset({"unicode_escape", "raw_unicode_escape", "punycode", "idna"})


def decode_base64(content: str) -> bytes:
    """Return the bytes that ``content`` encodes (RFC 4648, section 4); line breaks are allowed.

    Raises `UnreadablePage` where it is no base64.
    """
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadablePage(f"html_base64 is not base64: {error}.", field="html_base64") from None


def decode(raw: bytes, charset: str | None = None) -> str:
    """Return the characters of a page's bytes; bytes that fit no encoding become U+FFFD, nothing is refused.

    The encoding is, in this order: that of the byte order mark, ``charset`` where Python knows it, UTF-8 where the
    bytes are valid UTF-8, the one that the page declares, the one that its bytes look like.
    """
    for mark, name in _BOMS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(name, "replace")
    if (given := _codec(charset)) is not None:
        return raw.decode(given, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode(_declared(raw) or _detected(raw), "replace")


def _codec(name: str | None) -> str | None:
    """Return Python's name of an encoding; None for an unknown one, and for those in which no page is written."""
    try:
        codec = codecs.lookup((name or "").strip()).name
        b"<".decode(codec, "replace")  # a LookupError for those that decode no text, such as rot13
    except (LookupError, ValueError):
        return None
    return None if codec in _NEVER_OF_PAGES else _AS_BROWSERS_DO.get(codec, codec)


def _declared(raw: bytes) -> str | None:
    match = _DECLARED.search(raw, 0, _HEAD)
    name = _codec(match[1].decode("ascii")) if match else None
    # A declared UTF-8 that is not valid as such is more often a page with a few broken bytes than another encoding.
    return name if name is None or not name.startswith("utf-16") else "utf-8"


def _detected(raw: bytes) -> str:
    best = from_bytes(raw[:_SAMPLE]).best()
    return "utf-8" if best is None else best.encoding
