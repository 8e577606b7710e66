"""What the headers of an HTTP answer say."""

from __future__ import annotations

import email.message
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PAGES = frozenset({200, 203})
"""Statuses that bring a page: 203 is one that a proxy has changed."""

_HTML = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
_TEXT = frozenset({"text/plain"})
_CHARSET_MAX = 64


def media_type(headers: httpx.Headers) -> tuple[str, str | None]:
    """Return the media type, in small letters and '' where none is named, and the charset of Content-Type."""
    message = email.message.Message()
    message["content-type"] = headers.get("content-type", "").partition(",")[0]
    if not message["content-type"].strip():
        return "", None
    charset = message.get_param("charset")
    usable = isinstance(charset, str) and 0 < len(charset.strip()) <= _CHARSET_MAX
    return message.get_content_type(), str(charset).strip() if usable else None


def is_html(kind: str) -> bool:
    """Return whether a media type is that of HTML."""
    return kind in _HTML


def is_text(kind: str) -> bool:
    """Return whether a media type is that of plain text."""
    return kind in _TEXT


def retry_after(headers: httpx.Headers, now: datetime) -> float | None:
    """Return the seconds that Retry-After asks for (RFC 9110, 10.2.3); None where it is absent or unreadable."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def validators(headers: httpx.Headers) -> dict[str, str]:
    """Return the headers with which this state of a page is asked for later; none where it must not be stored."""
    if "no-store" in headers.get("cache-control", "").lower():
        return {}
    pairs = (("If-None-Match", headers.get("etag")), ("If-Modified-Since", headers.get("last-modified")))
    return {name: value for name, value in pairs if value and value.isascii()}
