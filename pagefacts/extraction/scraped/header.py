"""The head of a scraped page: headline, standfirst, byline and date line, which stand above the article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Final

from pagefacts.extraction.metadata.dating import Candidate, Kind
from pagefacts.extraction.metadata.names import authors, unique
from pagefacts.extraction.metadata.published import from_words, is_date_line, is_update
from pagefacts.extraction.scraped.lines import Line, is_name_line
from pagefacts.extraction.scraped.phrases import UNSPACED
from pagefacts.locales import Locale

_BY = re.compile(
    r"(?:(?:story|words?|text|written|reported|report|analysis|posted)\s)?by:?\s+(?=[A-Z])|(?:authors?|words|reporter):\s",
    re.IGNORECASE,
)
_BY_ALONE = re.compile(
    r"(?:(?:story|words?|text|article|written|reported|report|posted)\s)?by:?|authors?:?", re.IGNORECASE
)
_WRITTEN = re.compile(r"(?:story|text|article|written|reported|posted) by\b", re.IGNORECASE)
_BY_WITHIN = re.compile(r"\bby:?\s+(?=[A-Z])", re.IGNORECASE)
_BESIDE = re.compile(
    r"\s*[•·|—–/]\s*|\s+-\s+|\s+(?=\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b\.?\s\d)"
    r"|(?<=\d{4})\s+|\s+(?=(?:[Pp]ublished|[Pp]osted|[Uu]pdated)\b)"
)
"""What parts a name from the date beside it."""
_DATED = re.compile(
    r"\W*(?:first |last |originally )?(?:published|posted|updated|modified|created|date)\b", re.IGNORECASE
)
_TRAIL = re.compile(r"\w\s?[»›>→]\s?\w|[»›]$")
"""What stands in the trail to a page: Home » News » Dam bursts."""
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
_HEADLINE_LETTERS: Final = range(8, 91)
"""The same in scripts that part no words."""
_ADDRESS_STEMS: Final = 3
"""Words of a page's address, common ones apart, from which it may be its headline."""
_ALIKE: Final = 0.6
"""Share of the words of the address that its headline has."""
_OWN: Final = 3
"""Of so many words of a headline the address has one."""
_NEARLY: Final = 0.05


@dataclass(frozen=True, slots=True)
class Header:
    """What the head of a page says, and the line at which the rest begins."""

    title: str | None = None
    lead: str | None = None
    authors: tuple[str, ...] = ()
    date: Candidate | None = None
    end: int = 0


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of an article before its header is read."""

    start: int
    """The line at which running text begins."""
    topic: Set[str]
    """The stems of the words that it is about."""
    address: Set[str] = frozenset()
    """The stems of the words in the page's address."""


def read_header(lines: Sequence[Line], kept: Sequence[bool], hints: Hints, locale: Locale) -> Header:
    """Return the header of a page.

    ``kept`` says which of its ``lines`` are no boilerplate. The headline is the line that says what the page's address
    says. Where none does, byline and date line, the last before the body, are the anchor: the headline stands
    above them, and the standfirst between; where nothing stands above, the headline follows. Without an anchor the
    lines above the running text are taken.
    """
    start, topic = hints.start, hints.topic
    addressed = _addressed(lines, hints)
    if addressed is not None:
        return _around(lines, kept, addressed, locale)
    block = _block(lines, kept, start)
    if not block:
        title, lead, end = _headline(lines, kept, range(max(0, start - _ABOVE), start), topic)
        return Header(title, lead, _authors_elsewhere(lines), _date_elsewhere(lines, locale), end)
    end = block[-1] + 1
    title, lead, _ = _headline(lines, kept, range(max(0, block[0] - _ABOVE), end), topic, block)
    if title is None:
        title, lead, end = _headline(lines, kept, range(end, _first_sentence(lines, kept, end)), topic)
    dated = _date((lines[n].text for n in block), locale)
    return Header(title, lead, _names(lines, block), dated or _date_elsewhere(lines, locale), max(end, block[-1] + 1))


def _addressed(lines: Sequence[Line], hints: Hints) -> int | None:
    """Return the line that says what the page's address says; of several the first."""
    if len(hints.address) < _ADDRESS_STEMS:
        return None
    alike = {
        n: len(line.stems & hints.address) / len(hints.address)
        for n, line in enumerate(lines)
        if _is_long_enough(line)
        and not line.text.endswith(".")
        and not _TRAIL.search(line.text)
        and _OWN * len(line.stems & hints.address) >= len(line.stems)
    }
    best = max(alike.values(), default=0)
    if best < _ALIKE:
        return None
    return next(n for n, share in alike.items() if share > best - _NEARLY)


def _around(lines: Sequence[Line], kept: Sequence[bool], headline: int, locale: Locale) -> Header:
    """Return the header of a known headline: the standfirst below it, byline and date beside it."""
    stop, sentences = headline + 1, 0
    while stop < len(lines) and sentences <= _SENTENCES_ABOVE and stop <= headline + _INTO:
        sentences += kept[stop] and lines[stop].is_sentence
        stop += 1
    above = range(headline - 1, max(-1, headline - _BLOCK), -1)
    block = [*_below(lines, kept, headline, stop), *(n for n in above if lines[n].is_dated or _is_byline(lines, n))]
    last = max((n for n in block if n > headline), default=headline)
    standfirst = next(
        (
            n
            for n in range(headline + 1, min(headline + _APART + 1, max(stop, last)))
            if kept[n] and n not in block and _is_standfirst(lines[n], lines[headline])
        ),
        None,
    )
    dated = _date((lines[n].text for n in block), locale) or _date_elsewhere(lines, locale)
    lead = lines[standfirst].text if standfirst is not None and standfirst < last else None
    return Header(lines[headline].text, lead, _names(lines, block), dated, last + 1)


def _below(lines: Sequence[Line], kept: Sequence[bool], headline: int, stop: int) -> Iterator[int]:
    """Yield the lines of byline and date below a headline, with a standfirst between them at most.

    Others farther down are of the beginnings of other articles.
    """
    has_name = has_date = False
    sentences = 0
    for n in range(headline + 1, stop):
        is_named = _is_byline(lines, n) or _is_name_below(lines, n, headline)
        if not (is_named or lines[n].is_dated):
            sentences += kept[n] and lines[n].is_sentence
            continue
        between = 0 if has_name and has_date else 1
        if (has_name or has_date) and sentences > between:
            return
        has_name, has_date, sentences = has_name or is_named, has_date or lines[n].is_dated, 0
        yield n


def _is_name_below(lines: Sequence[Line], n: int, headline: int) -> bool:
    """Return whether only a name stands on a line just below the headline."""
    return n <= headline + 2 and is_name_line(lines[n].text)


def _names(lines: Sequence[Line], block: Sequence[int]) -> tuple[str, ...]:
    """Return the authors named in the block; where lines say "By", only those count."""
    spoken = [n for n in block if _BY.match(lines[n].text)]
    named = unique(name for n in spoken or block for name in _authors(lines, n))
    return named or _authors_elsewhere(lines)


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
        if lines[n].is_dated or _is_byline(lines, n):
            block.insert(0, n)
    return block


def _is_byline(lines: Sequence[Line], n: int) -> bool:
    text = lines[n].text
    if len(lines[n].words) > 16 or lines[n].is_sentence:
        return False
    if _BY.match(text) or _BY_ALONE.fullmatch(text):
        return bool(_authors(lines, n))
    near = lines[max(0, n - 3) : n + 4]
    return is_name_line(_IN_PLACE.split(text)[0]) and any(other.is_dated for other in near)


def _authors(lines: Sequence[Line], n: int) -> tuple[str, ...]:
    """Return the names on line ``n``, or on the next where it says only "By"; those beside a date if they say so."""
    text = lines[n].text
    if _BY_ALONE.fullmatch(text) and n + 1 < len(lines) and is_name_line(_IN_PLACE.split(lines[n + 1].text)[0]):
        return authors(lines[n + 1].text)
    if _BY.match(text):
        return authors(text)
    if not lines[n].is_dated:
        return authors(text) if is_name_line(_IN_PLACE.split(text)[0]) else ()
    after = _BY_WITHIN.search(text)
    if after:
        return authors(_BESIDE.split(text[after.end() :])[0])
    return next((authors(part) for part in _BESIDE.split(text) if is_name_line(part)), ())


def _authors_elsewhere(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return the names of a line that says who wrote the article, wherever it stands."""
    said = (n for n, line in enumerate(lines) if len(line.words) <= 12 and _WRITTEN.match(line.text))
    return next(filter(None, (_authors(lines, n) for n in said)), ())


def _first_sentence(lines: Sequence[Line], kept: Sequence[bool], start: int) -> int:
    return next((n for n in range(start, len(lines)) if kept[n] and lines[n].is_sentence), len(lines))


def _headline(
    lines: Sequence[Line], kept: Sequence[bool], where: range, topic: Set[str], block: Sequence[int] = ()
) -> tuple[str | None, str | None, int]:
    """Return headline and standfirst from the lines ``where`` but for the ``block``, and the line after them.

    The headline is the line that shares most words with the text; of equals, the last.
    """
    candidates = [n for n in where if kept[n] and n not in block and _is_long_enough(lines[n])]
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


def _is_long_enough(line: Line) -> bool:
    """Return whether a line is as long as headlines are."""
    if UNSPACED.match(line.text):
        return len(line.text) in _HEADLINE_LETTERS
    return len(line.words) in _HEADLINE_WORDS


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
