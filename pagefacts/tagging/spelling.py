"""Names without what differs between two spellings of the same one."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_ARTICLE = re.compile(r"\s*the\s+(?=\S)", re.IGNORECASE)
_POSSESSIVE_INSIDE = re.compile(r"['’]s (?=\S)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$", re.IGNORECASE)
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("'’‘`ʼʻ"))
_STOPS: Final = str.maketrans({".": None})
# Letters that Unicode does not take apart into a letter and its accent.
_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_SEPARATORS = re.compile(r"[\W_]+")


def bare(name: str) -> str:
    """Return ``name`` without a leading "the" and a trailing possessive."""
    start = match.end() if (match := _ARTICLE.match(name)) else 0
    return _POSSESSIVE.sub("", name[start:].strip())


def plain(text: str) -> str:
    """Return ``text`` in small letters, without accents and apostrophes."""
    small = text.casefold().translate(_APOSTROPHES)
    if small.isascii():
        return small
    apart = unicodedata.normalize("NFKD", small)
    return "".join(char for char in apart if not unicodedata.combining(char)).translate(_LETTERS)


def folded(name: str) -> str:
    """Return the bare ``name`` in plain letters, its words parted by one blank: "The U.N.'s envoy" is "un envoy"."""
    return " ".join(_SEPARATORS.sub(" ", plain(_POSSESSIVE_INSIDE.sub(" ", bare(name))).translate(_STOPS)).split())
