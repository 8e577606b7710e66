"""HTML and SVG whose text cannot become markup: whatever is not `Markup` is escaped."""

from __future__ import annotations

from html import escape
from typing import Final
from urllib.parse import urlsplit

_VOID: Final = frozenset({"br", "input", "meta"})


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(name: str, *children: str | None, **attributes: object) -> Markup:
    """Return an element. A child or an attribute that is None is left out; ``_`` in a name stands for ``-``."""
    written = "".join(
        f' {key.strip("_").replace("_", "-")}="{_escaped(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    end = "" if name in _VOID else f"{join(*children)}</{name}>"
    return Markup(f"<{name}{written}>{end}")


def join(*children: str | None) -> Markup:
    """Return ``children`` one after the other."""
    return Markup("".join(child if isinstance(child, Markup) else _escaped(child) for child in children if child))


def _escaped(text: str) -> str:
    """Return ``text`` as markup that a browser reads as the same text.

    It would read a bare carriage return as a line feed, and has no way to write NUL (HTML, 13.2.3.5 and 13.1.4).
    """
    return escape(text).replace("\r", "&#13;").replace("\0", "\ufffd")


def web_address(url: str | None) -> str | None:
    """Return ``url`` if a browser may be sent there: http and https, never ``javascript:``."""
    try:
        return url if url and urlsplit(url).scheme in {"http", "https"} and urlsplit(url).netloc else None
    except ValueError:  # not a URL at all
        return None
