"""The language of an article."""

from __future__ import annotations

import re
from typing import Final

_SUBTAG = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_].*)?\s*", re.ASCII | re.DOTALL)
_SAMPLE: Final = 5_000
"""Characters that the detection reads."""
_ENOUGH: Final = 200
"""Characters below which the detection is less sure than the page's own statement."""
_LEAST: Final = 40
"""Characters below which it is a guess."""


def language_of(text: str, given: str | None = None, declared: str | None = None) -> str | None:
    """Return the primary subtag of the article's language (ISO 639), or None where nothing tells it.

    ``given`` by the job wins. What the page has ``declared`` counts where the text is too short to tell or has no
    letters: many pages carry the ``lang="en"`` of their template whatever they are written in.
    """
    if (subtag := primary(given)) is not None:
        return subtag
    subtag = primary(declared)
    if subtag is not None and len(text) < _ENOUGH:
        return subtag
    return _detected(text[:_SAMPLE]) or subtag


def primary(tag: str | None) -> str | None:
    """Return the primary language subtag of a BCP 47 tag, lower-cased: "en-GB" is "en"; None where it is no tag."""
    match = _SUBTAG.fullmatch(tag or "")
    return match[1].lower() if match else None


def _detected(text: str) -> str | None:
    if sum(map(str.isalpha, text)) < _LEAST:
        return None
    import py3langid  # noqa: PLC0415 - loading its model takes most of a second; a job with a language needs none

    return str(py3langid.classify(text)[0])
