"""The head of a scraped page: headline, standfirst, byline and date line, which stand above the article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Final

from pagefacts.extraction.dating import Candidate, Kind
from pagefacts.extraction.lines import Line, is_name_line
from pagefacts.extraction.names import authors, unique
from pagefacts.extraction.published import from_words, is_date_line, is_update
from pagefacts.locales import Locale

_BY = re.compile(
    r"(?:(?:story|words?|text|written|reported|report|analysis|posted)\s)?by:?\s+(?=[A-Z])|(?:authors?|words|reporter):\s",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\W*(?:first |last |originally )?(?:published|posted|updated|modified|created|date)\b", re.IGNORECASE
)
_IN_PLACE = re.compile(r"\s+in\s+(?=[A-Z])|\s*[,|]\s*")
_SENTENCES_ABOVE: Final = 3
"""Sentences that may stand above the date line: a standfirst, a summary."""
_ABOVE: Final = 30
"""Lines above the running text in which its header is looked for."""
_INTO: Final = 12
"""Lines into the running text in which a byline or date may still stand, below a standfirst."""
_APART: Final = 3
"""Lines between headline and standfirst."""
_BLOCK: Final = 6
"""Lines over which byline, date and counters may spread."""
_STANDFIRST_WORDS: Final = 10
"""Words of a standfirst without a full stop; shorter lines are headlines themselves."""
_HEADLINE_WORDS: Final = range(3, 31)


@dataclass(frozen=True, slots=True)
class Header:
    """What the head of a page says, and the line at which the rest begins."""

    title: str | None = None
    lead: str | None = None
    authors: tuple[str, ...] = ()
    date: Candidate | None = None
    end: int = 0


def read_header(lines: Sequence[Line], kept: Sequence[bool], start: int, topic: Set[str], locale: Locale) -> Header:
    """Return the header of a page.

    ``kept`` says which of its ``lines`` are no boilerplate, ``start`` where running text begins, and ``topic`` the
    stems of what it is about. Byline and date line, the last before the body, are the anchor: the headline stands
    above them, and the standfirst between; where nothing stands above, the headline follows. Without an anchor the
    lines above the running text are taken.
    """
    block = _block(lines, kept, start)
    if not block:
        title, lead, end = _headline(lines, kept, range(max(0, start - _ABOVE), start), topic)
        return Header(title=title, lead=lead, date=_date_elsewhere(lines, locale), end=end)
    end = block[-1] + 1
    title, lead, _ = _headline(lines, kept, range(max(0, block[0] - _ABOVE), end), topic, block)
    if title is None:
        title, lead, end = _headline(lines, kept, range(end, _first_sentence(lines, kept, end)), topic)
    dated = _date((lines[n].text for n in block), locale)
    spoken = [n for n in block if _BY.match(lines[n].text)]
    bylines = [name for n in spoken or block for name in _authors(lines, n)]
    return Header(title, lead, unique(bylines), dated or _date_elsewhere(lines, locale), max(end, block[-1] + 1))


def _block(lines: Sequence[Line], kept: Sequence[bool], start: int) -> list[int]:
    """Return the bylines and date lines that stand together, the last such before the body; empty for none."""
    sentences = 0
    stop = start
    while stop < len(lines) and sentences <= _SENTENCES_ABOVE and stop < start + _INTO:
        sentences += kept[stop] and lines[stop].is_sentence
        stop += 1
    block: list[int] = []
    for n in range(stop - 1, max(-1, start - _ABOVE), -1):
        if block and block[0] - n > _BLOCK:
            break
        if is_date_line(lines[n].text) or _is_byline(lines, n):
            block.insert(0, n)
    return block


def _is_byline(lines: Sequence[Line], n: int) -> bool:
    text = lines[n].text
    if len(lines[n].words) > 16 or lines[n].is_sentence:
        return False
    if _BY.match(text):
        return bool(_authors(lines, n))
    near = lines[max(0, n - 3) : n + 4]
    return is_name_line(_IN_PLACE.split(text)[0]) and any(is_date_line(other.text) for other in near)


def _authors(lines: Sequence[Line], n: int) -> tuple[str, ...]:
    text = lines[n].text
    if _BY.match(text) or (is_name_line(_IN_PLACE.split(text)[0]) and not is_date_line(text)):
        return authors(text)
    return ()


def _first_sentence(lines: Sequence[Line], kept: Sequence[bool], start: int) -> int:
    return next((n for n in range(start, len(lines)) if kept[n] and lines[n].is_sentence), len(lines))


def _headline(
    lines: Sequence[Line], kept: Sequence[bool], where: range, topic: Set[str], block: Sequence[int] = ()
) -> tuple[str | None, str | None, int]:
    """Return headline and standfirst from the lines ``where`` but for the ``block``, and the line after them.

    The headline is the line that shares most words with the text; of equals, the last.
    """
    candidates = [n for n in where if kept[n] and n not in block and len(lines[n].words) in _HEADLINE_WORDS]
    if not candidates:
        return None, None, where.start
    best = max(candidates, key=lambda n: (max(0, _relevance(lines[n], topic)), n))
    near = [n for n in candidates if 0 < abs(n - best) <= _APART]
    above = next((n for n in reversed(near) if n < best and _is_standfirst(lines[best], lines[n])), None)
    if above is not None and _relevance(lines[above], topic) > 0:
        return lines[above].text, lines[best].text, best + 1
    below = next((n for n in near if n > best and _is_standfirst(lines[n], lines[best])), None)
    if below is not None:
        return lines[best].text, lines[below].text, below + 1
    return lines[best].text, None, best + 1


def _relevance(line: Line, topic: Set[str]) -> int:
    """Return how much more of the line's words the text has than it has not."""
    found = len(line.stems & topic)
    return 2 * found - (len(line.stems) - found)


def _is_standfirst(line: Line, above: Line) -> bool:
    """Return whether ``line`` sums up the headline ``above``: a sentence, or a good deal longer than it."""
    if line.is_sentence and line.ends_like_sentence:
        return not above.ends_like_sentence or len(line.words) > len(above.words)
    return len(line.words) >= _STANDFIRST_WORDS and 5 * len(line.words) > 6 * len(above.words)


def _date_elsewhere(lines: Sequence[Line], locale: Locale) -> Candidate | None:
    """Return the date of a line that says of itself when the page was published, wherever it stands."""
    return _date((line.text for line in lines if _DATED.match(line.text)), locale)


def _date(texts: Iterable[str], locale: Locale) -> Candidate | None:
    """Return the first date of publication in the date lines among ``texts``; else that of the first update."""
    dated = sorted(filter(is_date_line, texts), key=is_update)
    found = next(((text, date) for text in dated if (date := from_words(text, locale)) is not None), None)
    if found is None:
        return None
    if is_update(found[0]):
        return Candidate("byline:updated", found[1], Kind.CHANGE)
    return Candidate("byline", found[1])
