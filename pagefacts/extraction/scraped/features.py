"""What a line of a scraped page is like, in numbers: by itself, beside its neighbours, and on its page.

Most of the numbers know no language: lengths, capitals, marks, repetition, where the line stands, how much it has of
the page's own commonest words. The others count words and forms of ``resources/en/boilerplate.json``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pagefacts.extraction.scraped import alike
from pagefacts.extraction.scraped.alike import FAR, SENTENCE
from pagefacts.extraction.scraped.lines import CLASSES, Line, is_name_line, tables
from pagefacts.extraction.scraped.phrases import common_words, words_of
from pagefacts.extraction.scraped.rules import SHORT_COST, densest, gains, links
from pagefacts.extraction.trees import Matrix

_SHAPE: Final = tuple(
    "words word_length capitals shouting numbers commas stops ends_sentence ends_open ends_colon ends_mark "
    "starts_small starts_marked starts_quoted starts_number quotes bars address_sign".split()
)
_LANGUAGE: Final = (
    *(f"{name}_words" for name in CLASSES),
    *"stop_words appeal furniture imperative pointer closing notice caption credit dateline teaser personal".split(),
)
_ON_PAGE: Final = tuple(
    "own_common topic topic_share copies seen twin_above twin_below linked link_share gain running marked ruled".split()
)
OWN: Final = (*_SHAPE, *_LANGUAGE, *_ON_PAGE)
"""What a line has of itself; the columns in English are those of `_LANGUAGE`."""
_BESIDE: Final = tuple(
    "words ends_sentence capitals running own_common topic_share stop_words caption dateline teaser pointer closing "
    "notice appeal imperative copies link_share gain marked ruled "
    "numbers commas word_length shouting starts_marked starts_number personal furniture".split()
)
_STEPS: Final = (-2, -1, 1, 2)
_REACHES: Final = (4, 12, 30)
_KINDS: Final = tuple("running short dateline closing notice topical caption teaser in_link no_link ruled".split())
_PLACES: Final = tuple(
    "line lines_below place lines share_above running_above running_below page_running stretch stretch_share density "
    "from_start to_end from_open_start to_open_end core_share".split()
)
_TOPIC: Final = tuple("lead_share said_share turn lead_ahead said_ahead".split())
NAMES: Final = (
    *OWN,
    *(f"{name}{step:+}" for step in _STEPS for name in _BESIDE),
    *(f"{name}{way}{reach}" for reach in _REACHES for way in ("above", "below") for name in _BESIDE),
    *(f"{kind}_{way}" for kind in _KINDS for way in ("above", "below")),
    *_PLACES,
    *_TOPIC,
    *alike.NAMES,
    *("addressed", "from_first_head", "from_last_head", "signed"),
)
"""The columns of `features`."""
_UNTRANSLATED: Final = frozenset((*(f"{name}_words" for name in CLASSES), *"appeal imperative credit personal".split()))


def _columns(own: Set[str]) -> tuple[int, ...]:
    """Return the columns that come from some of a line's own numbers, be it of other lines."""
    return tuple(
        n for n, name in enumerate(NAMES) if re.split(r"[-+]\d|above|below|_above|_below", name)[0].rstrip("_") in own
    )


ENGLISH: Final = _columns(frozenset(_LANGUAGE))
"""The columns that say nothing of text in a language that is not known."""
UNTRANSLATED: Final = _columns(_UNTRANSLATED)
"""The columns that say nothing of text in another language than English."""

_COMMON: Final = 25
"""The commonest words of the page's sentences: its function words, whatever its language."""
_UNKNOWN: Final = -1.0
_LEAD: Final = 4
"""Lines of running text, from the beginning of the densest stretch, that say what the article is about."""
_AROUND: Final = 3
"""Lines of running text on each side of a turn to another topic."""
_LABEL: Final = 6
"""Words of a line that says little beside an author's name."""
_LIKELY: Final = 0.4
"""Share of the words of a page's address from which a line may be its headline."""


@dataclass(frozen=True)
class View:
    """A page's lines, and what the rules say of them."""

    lines: Sequence[Line]
    boilerplate: Sequence[bool]
    """Of each line whether it is boilerplate by the rules."""
    marked: Sequence[bool]
    """Of each line whether it is boilerplate, or says again what an earlier one said."""
    ruled: Sequence[bool]
    """Of each line whether it is of the body by the rules."""
    address: Set[str] = frozenset()
    """The stems of the words in the page's address."""
    authors: Sequence[str] = ()
    """The people who wrote it, as the rules read the head of the page."""


def features(view: View) -> Matrix:
    """Return a row of numbers for each line; `NAMES` says what the columns are."""
    lines = view.lines
    common = common_words(chain.from_iterable(line.words for line in lines if line.is_sentence), tables().words["stop"])
    own = np.hstack([np.array([_own(line, common) for line in lines], np.float32), _on_page(view)])
    parts = (
        _beside(own),
        _nearest(own),
        _places(own, lines),
        _topic(own, lines),
        alike.alike(lines, view.ruled),
        _headed(lines, view.address),
        _signed(lines, view.authors),
    )
    return np.hstack([own, *parts])


def _own(line: Line, common: Set[str]) -> tuple[float, ...]:
    return (*_shape(line), *_language(line, common))


def _shape(line: Line) -> tuple[float, ...]:
    text, forms = line.text, line.forms
    size = max(1, len(forms))
    first, last = text[0], text[-1]
    return (
        line.size,
        sum(map(len, forms)) / size,
        sum(form[0].isupper() for form in forms) / size,
        sum(len(form) > 1 and form.isupper() for form in forms) / size,
        sum(form[0].isdecimal() for form in forms) / size,
        text.count(",") / size,
        text.count(". ") + text.count("? ") + text.count("! "),
        line.ends_like_sentence,
        text.endswith(("..", "…")),
        last in ":：",
        not last.isalnum(),
        first.islower(),
        not first.isalnum() and first not in "\"'“‘«([#$€£¿¡@「",
        first in "\"'“‘«「",
        first.isdecimal(),
        (text.count('"') + text.count("“") + text.count("”")) / size,
        text.count("|") + text.count("•") + text.count("»") + text.count(" / "),
        "@" in text or "://" in text or "www." in text or "©" in text,
    )


def _language(line: Line, common: Set[str]) -> tuple[float, ...]:
    address, outlet, ask, media, device, *_ = line.counts
    size = max(1, len(line.words))
    return (
        *line.counts,
        sum(word in common for word in line.unquoted) / size,
        (address + outlet + 2 * (ask + media + device)) / size,
        line.is_furniture,
        line.is_imperative,
        line.is_pointer,
        line.is_closing,
        line.is_notice,
        line.is_caption,
        line.is_credit_line,
        line.is_dateline,
        line.is_teaser,
        size <= 6 and is_name_line(line.text),
    )


def _on_page(view: View) -> Matrix:
    lines = view.lines
    running = [line.size * line.is_sentence for line in lines]
    telling = [line for line, words in zip(lines, running, strict=True) if words >= SENTENCE]
    common = Counter(chain.from_iterable(line.words for line in telling))
    most = {word for word, _ in common.most_common(_COMMON)}
    topic = Counter(chain.from_iterable(line.stems for line in telling))
    copies = Counter(line.key for line in lines)
    seen: Counter[str] = Counter()
    keys = ["", *(line.key for line in lines), ""]
    worth = gains(lines, view.marked)
    linked = set(links(lines))
    rows = []
    for n, line in enumerate(lines):
        key, size = line.key, max(1, len(line.words))
        about = sum(topic[stem] > (running[n] >= SENTENCE) for stem in line.stems)
        rows.append(
            (
                sum(word in most for word in line.words) / size,
                about,
                about / max(1, len(line.stems)),
                copies[key],
                seen[key],
                _are_twins(keys[n], key),
                _are_twins(key, keys[n + 2]),
                n in linked,
                _UNKNOWN if line.linked is None else line.linked,
                worth[n],
                running[n],
                view.marked[n],
                view.ruled[n],
            )
        )
        seen[key] += 1
    return np.array(rows, np.float32)


def _are_twins(one: str, other: str) -> bool:
    return bool(one) and bool(other) and (one.startswith(other) or other.startswith(one))


def _column(own: Matrix, name: str) -> Matrix:
    column: Matrix = own[:, OWN.index(name)]
    return column


def _beside(own: Matrix) -> Matrix:
    """Return the neighbours' numbers, and the mean of those farther above and below."""
    n = len(own)
    columns = np.stack([_column(own, name) for name in _BESIDE], axis=1)
    edge = np.full((2, len(_BESIDE)), -1)
    padded = np.vstack([edge, columns, edge])
    sums = np.vstack([np.zeros((1, len(_BESIDE))), np.cumsum(columns, axis=0, dtype=np.float64)])
    at = np.arange(n)
    found = [padded[2 + step : 2 + step + n] for step in _STEPS]
    for reach in _REACHES:
        found.append((sums[at] - sums[np.maximum(at - reach, 0)]) / reach)
        found.append((sums[np.minimum(at + 1 + reach, n)] - sums[at + 1]) / reach)
    return np.hstack(found).astype(np.float32)


def _nearest(own: Matrix) -> Matrix:
    """Return how many lines away the nearest line of each kind is, above and below."""
    at = np.arange(len(own))
    kinds = {
        "running": _column(own, "running") >= SENTENCE,
        "short": _column(own, "words") > 3,  # the next that is not: how far a run of short lines goes
        "in_link": _column(own, "link_share") >= 0.5,
        "no_link": (_column(own, "link_share") >= 0) & (_column(own, "link_share") < 0.5),
        "topical": (_column(own, "topic") >= 2) & (_column(own, "topic_share") >= 0.5),
    }
    found = []
    for kind in _KINDS:
        places = np.flatnonzero(kinds[kind] if kind in kinds else _column(own, kind) > 0)
        edged = np.concatenate([[-np.inf], places, [np.inf]])
        found.append(np.minimum(at - edged[np.searchsorted(places, at)], FAR))
        found.append(np.minimum(edged[np.searchsorted(places, at, side="right") + 1] - at, FAR))
    return np.stack(found, axis=1).astype(np.float32)


def _places(own: Matrix, lines: Sequence[Line]) -> Matrix:
    """Return where each line stands on the page and beside the densest stretches of running text."""
    n = len(own)
    running, worth = _column(own, "running"), _column(own, "gain")
    start, end = densest(worth.tolist())
    open_start, open_end = densest(np.where(running > 0, running, -SHORT_COST).tolist())
    at, rest = np.arange(n), np.ones(n)
    above = np.cumsum(running) - running
    total = max(1.0, float(running.sum()))
    core = Counter(chain.from_iterable(line.stems for line in lines[start:end] if line.is_sentence))
    inside = (at >= start) & (at < end) & (running > 0)
    core_share = [
        sum(core[stem] > mine for stem in line.stems) / max(1, len(line.stems))
        for line, mine in zip(lines, inside, strict=True)
    ]
    return np.stack(
        [
            *(at, n - at, at / n, rest * n, above / total, above, total - above - running, rest * total),
            *(rest * (end - start), rest * float(running[start:end].sum()) / total, rest * total / n),
            *(_clipped(at - start), _clipped(end - at), _clipped(at - open_start), _clipped(open_end - at)),
            np.array(core_share),
        ],
        axis=1,
    ).astype(np.float32)


def _topic(own: Matrix, lines: Sequence[Line]) -> Matrix:
    """Return how much each line, and the running text from it on, has of what the article is about.

    That is of its lead, and of all that was said before; and how alike what is said before and after it is, since where
    another article begins the words change (Hearst, "TextTiling", Computational Linguistics 23, 1997).
    """
    begin, _ = densest(_column(own, "gain").tolist())
    telling = np.flatnonzero(_column(own, "running") >= SENTENCE).tolist()
    lead = frozenset[str]().union(*(lines[n].stems for n in [n for n in telling if n >= begin][:_LEAD]))
    said: set[str] = set()

    def around(passed: int) -> tuple[float, float, float]:
        """Return what is said behind and ahead where ``passed`` lines of running text stand above."""
        behind = [lines[at].stems for at in telling[max(0, passed - _AROUND) : passed]]
        ahead = [lines[at].stems for at in telling[passed : passed + _AROUND]]
        return (
            _likeness(frozenset().union(*behind), frozenset().union(*ahead)),
            sum(_share(stems, lead) for stems in ahead) / _AROUND,
            sum(_share(stems, said) for stems in ahead) / _AROUND,
        )

    found = np.zeros((len(lines), len(_TOPIC)), np.float32)
    passed, here = 0, around(0)
    for n, line in enumerate(lines):
        found[n] = (_share(line.stems, lead), _share(line.stems, said), *here)
        if passed < len(telling) and telling[passed] == n:
            passed += 1
            if n >= begin:
                said |= line.stems
            here = around(passed)
    return found


def _share(stems: Set[str], of: Set[str]) -> float:
    return len(stems & of) / max(1, len(stems))


def _likeness(one: Set[str], other: Set[str]) -> float:
    """Return the overlap coefficient of two sets."""
    return len(one & other) / max(1, min(len(one), len(other)))


def _headed(lines: Sequence[Line], address: Set[str]) -> Matrix:
    """Return how much of the page's address each line has, and how far it stands from the likest lines."""
    found = np.full((len(lines), 3), -2 * FAR, np.float32)  # for: it is not known
    if len(address) < 2:
        return found
    found[:, 0] = [len(line.stems & address) / len(address) if line.size <= 40 else 0 for line in lines]
    best = found[:, 0].max()
    if best >= _LIKELY:
        likest, at = np.flatnonzero(found[:, 0] >= best), np.arange(len(lines))
        found[:, 1], found[:, 2] = _clipped(at - likest[0]), _clipped(at - likest[-1])
    return found


def _signed(lines: Sequence[Line], authors: Sequence[str]) -> Matrix:
    """Return whether each line begins with an author's name, or says little else; `_UNKNOWN` where none is known.

    So do lines that say who the author is ("Ann Lee is a reporter"), and what stands above them ("About Ann Lee").
    """
    names = tuple(f"{' '.join(words_of(name))} " for name in authors)
    if not names:
        return np.full((len(lines), 1), _UNKNOWN, np.float32)
    keys = [f"{line.key} " for line in lines]
    found = [
        key.startswith(names) or (line.size <= _LABEL and any(f" {name}" in key for name in names))
        for key, line in zip(keys, lines, strict=True)
    ]
    return np.array(found, np.float32)[:, None]


def _clipped(distances: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.clip(distances, -FAR, FAR).astype(np.float64)
