"""Characters that are not seen, and break the words they stand in for every reader but an eye."""

from __future__ import annotations

import re
from typing import Final

_SOFT: Final = "\u00ad\u2060\ufeff\u200b"
"""Soft hyphen, word joiner, byte order mark, zero-width space."""
_WORDS_APART: Final = "\u0e00-\u109f\u1780-\u17ff"
"""Thai, Lao, Tibetan, Burmese and Khmer, where the zero-width space is what parts words (Unicode, chapter 16)."""
_INVISIBLE = re.compile(rf"[\u00ad\u2060\ufeff]|(?<![{_WORDS_APART}])\u200b")
_REFERENCE = re.compile(
    r"&(?:shy|ZeroWidthSpace|NoBreak|#0*(?:173|8203|8288|65279)|#[xX]0*(?:[aA][dD]|200[bB]|2060|[fF][eE][fF]{2}));"
)
"""The same as HTML writes them. Other zero-width characters join letters, as in Persian and Hindi, and stay."""


def without_invisible(text: str) -> str:
    """Return ``text`` without soft hyphens, zero-width spaces and the like: "kil\u00adled" is "killed"."""
    return _INVISIBLE.sub("", text) if any(each in text for each in _SOFT) else text


def without_references(markup: str) -> str:
    """Return HTML without such characters, written or as character references."""
    return without_invisible(_REFERENCE.sub("", markup) if "&" in markup else markup)
