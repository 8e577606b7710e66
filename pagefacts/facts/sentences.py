"""Sentences, by rule."""

from __future__ import annotations

import re
from typing import Final

# Words whose full stop does not end a sentence when more follows. Titles, ranks, months, states and units that
# news English abbreviates (AP Stylebook, "abbreviations and acronyms").
_ABBREVIATED: Final = """
mr mrs ms dr prof rev hon st sen rep gov gen col lt capt cpl sgt maj cmdr adm pvt supt insp det jr sr mt ft jan feb mar
apr jun jul aug sept sep oct nov dec ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo
mont neb nev okla ore pa tenn tex vt va wash wis wyo vs v no nos approx est dept univ u.s u.n u.k e.u a.m p.m i.e e.g
d.c n.y b.c
"""
_ABBREVIATIONS: Final = frozenset(_ABBREVIATED.split())
_END = re.compile(r"""([.!?…]["'”’)\]]*)(\s+)(?=["'“‘(\[]?[A-Z0-9])|(\n\s*)""")
_LAST_WORD = re.compile(r"[\w.]+$")


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of ``text`` as ``(start, end)`` in code points, in order and without blanks around them.

    A newline always ends a sentence (paragraphs, headlines); a full stop does so where a capital or digit follows
    and the word before it is no abbreviation or initial.
    """
    spans, start = [], 0
    for match in _END.finditer(text):
        if match[3] is None and _abbreviated(text, match.start(1)):
            continue
        end = match.start(3) if match[3] is not None else match.end(1)
        spans.append((start, end))
        start = match.end()
    spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trim(text, *span)) is not None]


def _abbreviated(text: str, stop: int) -> bool:
    if text[stop] != ".":
        return False
    word = _LAST_WORD.search(text, max(0, stop - 20), stop)
    return word is not None and (word[0].lower() in _ABBREVIATIONS or (len(word[0]) == 1 and word[0].isupper()))


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    part = text[start:end]
    left = len(part) - len(part.lstrip())
    return (start + left, start + len(part.rstrip())) if part.strip() else None
