"""The body of a scraped page as rules find it: what the model of lines starts from.

First every line that is boilerplate by itself or by its neighbours is marked. The body is, of the lines below the
header, the stretch with the most running text: the maximum subsequence after Pasternack and Roth, "Extracting Article
Text from the Web with Maximum Subsequence Segmentation" (WWW 2009), with a line's words as gain and a short line as
cost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise
from typing import Final

from pagefacts.extraction.scraped import phrases
from pagefacts.extraction.scraped.header import Header
from pagefacts.extraction.scraped.lines import Line

SHORT_COST: Final = 5
"""Words of running text that one short line outweighs."""
_TEASER_COST: Final = 12
"""The same for what stands in lists of other articles: bylines, dates, beginnings of their texts."""
_CLOSING_COST: Final = 40
"""The same for the heading of what stands after an article; at most half of the words above it, as it may be inside."""
_NEAR: Final = 12
"""Lines below the header within which its article begins."""
_ALONE: Final = 2
"""A paragraph between two short lines counts one in so many of its words: so stand the teasers in lists of articles."""
_CHATTY: Final = 0.3
"""Share of the sentences that speak to the reader from which the article itself does."""
_TWIN_WORDS: Final = 60
_CAPTION_WORDS: Final = 5
_POINTER_WORDS: Final = 3
_BOX_GAP: Final = 3
"""Lines between two appeals that belong to the same box if they speak in its voice."""
_CAPTION_BELOW = re.compile(
    r"(?:image|media|photo|picture|file)?\s?(?:caption|source|copyright|credit)s?:?", re.IGNORECASE
)
_CAPTION_ABOVE = re.compile(
    r"(?:hide|toggle|close|show) captions?|\(?(?:photo |image )?\d+ (?:of|/) \d+\)?|\d+/\d+", re.IGNORECASE
)
_CREDIT_AFTER = re.compile(
    r"\W*[(\[]([^()\[\]]{2,80})[)\]]\W*|\W*(?:(?:photo|image|picture|credit)\w*\b.{0,80})", re.IGNORECASE
)


_REPLY = re.compile(r"\W*(?:reply|respond|(?:reply|respond) to this(?: comment)?)\W*", re.IGNORECASE)
"""The button below a comment."""
_PROMPT = re.compile(
    r"(?:please )?(?:(?:log|sign) ?in|register|you must be (?:logged|signed) in)\b.{0,20}"
    r"\bto (?:comment|reply|(?:leave|post|add|write|join)\b.{0,20}\b(?:comment|reply|discussion|conversation))\b.{0,20}"
    r"|(?:leave|post|add|write) (?:a|your) (?:comment|reply)(?: cancel reply)?\W*"
    r"|(?:join|start) the (?:discussion|conversation)\W*|(?:\d+ )?comments?(?: \(\d+\))?:?",
    re.IGNORECASE,
)
"""What stands above comments."""
_COMMENTS: Final = 2
"""Comments that tell."""
_PARAGRAPHS: Final = 2
"""Paragraphs that a comment has at most."""


def boilerplate(lines: Sequence[Line]) -> list[bool]:
    """Return for each line whether it is boilerplate, by itself or by its neighbours."""
    appeals = _appeals(lines)
    marked = [line.is_boilerplate or appeal for line, appeal in zip(lines, appeals, strict=True)]
    for n in (*captions(lines), *_boxes(lines, appeals)):
        marked[n] = True
    return marked


def _appeals(lines: Sequence[Line]) -> list[bool]:
    """Return for each line whether it is an appeal to readers.

    An article that itself speaks to its readers (advice, a review) does so all through: there only the plainest count.
    """
    others = [line for line in lines if line.is_sentence and not line.is_appeal]
    chatty = sum(line.voice > 0 for line in others) > _CHATTY * len(others)
    return [line.is_plain_appeal if chatty else line.is_appeal for line in lines]


def captions(lines: Sequence[Line]) -> list[int]:
    """Return the captions that two lines together tell."""
    return [*_twins(lines), *_labelled(lines)]


def _twins(lines: Sequence[Line]) -> list[int]:
    """Return the captions that stand twice in a row: as a picture's description, and below it with its credit."""
    twins: list[int] = []
    for n in range(1, len(lines)):
        first, second = lines[n - 1], lines[n]
        if (
            3 <= len(first.words) <= _TWIN_WORDS
            and second.key.startswith(first.key)
            and _is_twin(first.text, second.text)
        ):
            twins += [n - 1, n]
    return twins


def _is_twin(first: str, second: str) -> bool:
    return second.startswith(first) and _CREDIT_AFTER.fullmatch(second, len(first)) is not None


def _labelled(lines: Sequence[Line]) -> list[int]:
    """Return the captions that are told by the line above ("Image caption") or below ("Hide caption", "1 of 14")."""
    below = [n + 1 for n, line in enumerate(lines[:-1]) if _CAPTION_BELOW.fullmatch(line.text)]
    above = [n for n, line in enumerate(lines[1:]) if _CAPTION_ABOVE.fullmatch(line.text)]
    return [n for n in (*below, *above) if len(lines[n].words) <= _TWIN_WORDS]


def _boxes(lines: Sequence[Line], appeals: Sequence[bool]) -> list[int]:
    """Return the lines that belong to an appeal by where they stand: between two, or as its first or last line."""
    found: list[int] = []
    places = [n for n, appeal in enumerate(appeals) if appeal]
    for first, second in pairwise(places):
        between = range(first + 1, second)
        if len(between) <= _BOX_GAP and all(lines[n].voice or not lines[n].is_sentence for n in between):
            found += between
    edges = {n + step for n in places for step in (-1, 1)}
    return found + [n for n in edges if 0 <= n < len(lines) and lines[n].is_weak_appeal]


def repeated(lines: Sequence[Line]) -> list[int]:
    """Return the lines that may be boilerplate because they say again what an earlier line said.

    A line that is repeated at once goes altogether, and so does a short line that stands three times; of a text that
    was scraped twice, one copy stays.
    """
    counts = Counter(line.key for line in lines)
    both = set(doubled(lines))
    seen: set[str] = set()
    found = []
    for n, line in enumerate(lines):
        if n in both or line.key in seen or (counts[line.key] >= 3 and not line.is_sentence):
            found.append(n)
        seen.add(line.key)
    return found


def doubled(lines: Sequence[Line]) -> list[int]:
    """Return the lines that are repeated at once, as description and caption of a picture are."""
    twice = [
        n for n in range(1, len(lines)) if lines[n].key == lines[n - 1].key and len(lines[n].words) >= _CAPTION_WORDS
    ]
    return [n - step for n in twice for step in (0, 1)] if 6 * len(twice) <= len(lines) else []


def said_before(lines: Sequence[Line], kept: Sequence[bool]) -> list[int]:
    """Return those of the lines kept that say again what was said: all of a run of such that has a sentence in it.

    Short lines alone, such as "Pros" or "Key features", are headings of a part each.
    """
    found: list[int] = []
    run: list[int] = []
    seen: set[str] = set()
    for n, line in enumerate(lines):
        if not kept[n]:
            continue
        if line.key in seen:
            run.append(n)
            continue
        found += _with_sentence(lines, run)
        run = []
        seen.add(line.key)
    return found + _with_sentence(lines, run)


def _with_sentence(lines: Sequence[Line], run: list[int]) -> list[int]:
    return run if any(lines[n].is_sentence for n in run) else []


def links(lines: Sequence[Line]) -> list[int]:
    """Return the headlines that stand below a heading such as "Recommended stories", down to the next running text."""
    found: list[int] = []
    linking = False
    for n, line in enumerate(lines):
        linking = (
            (linking and not line.is_sentence)
            or line.is_closing
            or (line.is_pointer and len(line.words) <= _POINTER_WORDS)
        )
        if linking:
            found.append(n)
    return found


def comments(lines: Sequence[Line], marked: Sequence[bool]) -> int:
    """Return the place of the line from which on there is nothing but readers' comments; that behind the last if none.

    They stand below a line such as "Log in to comment", or have a button to reply each. Where an article goes on behind
    one of those its paragraphs follow each other; each comment has above it who wrote it.
    """
    places = [n for n, line in enumerate(lines) if _PROMPT.fullmatch(line.text) or phrases.says("comments", line.words)]
    replies = [n for n, line in enumerate(lines) if _REPLY.fullmatch(line.text) or phrases.says("reply", line.words)]
    if len(replies) >= _COMMENTS:
        places.append(_top(lines, replies[0]))
    if not places:
        return len(lines)
    told = [line.is_sentence and not mark for line, mark in zip(lines, marked, strict=True)]
    # Behind the last paragraphs that are too many for one comment; of the places there the first has most below it.
    last = next((n for n in range(len(told) - _PARAGRAPHS - 1, -1, -1) if all(told[n : n + _PARAGRAPHS + 1])), -1)
    first = min((n for n in places if n > last), default=len(lines))
    return first if sum(inside for inside, _ in groupby(told[first:])) >= _COMMENTS else len(lines)


def _top(lines: Sequence[Line], below: int) -> int:
    """Return where the comment begins that ends above a line: with its paragraphs come the short lines above them."""
    top = below
    while top and lines[top - 1].is_sentence:
        top -= 1
    while top and not lines[top - 1].is_sentence:
        top -= 1
    return top


def body(lines: Sequence[Line], marked: Sequence[bool], header: Header) -> list[bool]:
    """Return for each line whether it is of the article, below the header and without what is ``marked``."""
    below, marks = lines[header.end :], marked[header.end :]
    start, end = (0, len(below)) if _is_clean(below, marks) else _stretch(gains(below, marks))
    linked = set(links(below))
    return [False] * (len(lines) - len(below)) + [
        start <= n < end and not mark and n not in linked and line.text != header.title
        for n, (line, mark) in enumerate(zip(below, marks, strict=True))
    ]


def is_of_header(line: Line, n: int, header: Header) -> bool:
    """Return whether the header has said what line ``n`` says: the headline anywhere, the rest above the body."""
    return line.text == header.title or (n < header.end and (line.text == header.lead or line.is_dateline))


def _is_clean(lines: Sequence[Line], marked: Sequence[bool]) -> bool:
    """Return whether nothing tells that the text was scraped: then its short lines are subheadings."""
    short = sum(not line.is_sentence for line in lines)
    return 3 * short <= len(lines) and not any(marked) and not any(line.is_teaser for line in lines)


def _stretch(worth: Sequence[int]) -> tuple[int, int]:
    """Return the stretch of the article below its header: from the first paragraph if that is near and worth it."""
    start, end = densest(worth)
    first = next((n for n, gain in enumerate(worth[:_NEAR]) if gain > 0), None)
    if first is None or first >= start:
        return start, end
    sums = list(accumulate(worth[first:]))
    best = max(sums)
    return (first, first + sums.index(best) + 1) if 2 * best >= sum(worth[start:end]) else (start, end)


def gains(lines: Sequence[Line], marked: Sequence[bool]) -> list[int]:
    """Return for each line what it adds to the article: the words of running text; less than nothing for others."""
    plain = [n for n, mark in enumerate(marked) if not mark]
    alone = {
        n
        for before, n, after in zip(plain, plain[1:], plain[2:], strict=False)
        if not (lines[before].is_sentence or lines[after].is_sentence)
    }
    worth: list[int] = []
    words = 0
    for n, line in enumerate(lines):
        gain = _gain(line, n in alone)
        if line.is_closing:
            gain = -min(_CLOSING_COST, words // 2)
        elif marked[n]:
            gain = 0
        worth.append(gain)
        words += max(0, gain)
    return worth


def _gain(line: Line, alone: bool) -> int:
    if line.is_teaser:
        return -_TEASER_COST
    if line.is_sentence:
        return line.size // (_ALONE if alone else 1)
    return -SHORT_COST


def densest(gains: Sequence[float]) -> tuple[int, int]:
    """Return ``(start, end)`` of the stretch with the greatest sum; empty where nothing gains."""
    best = total = 0.0
    start, stretch = 0, (0, 0)
    for n, gain in enumerate(gains):
        if total <= 0:
            total, start = 0, n
        total += gain
        if total > best:
            best, stretch = total, (start, n + 1)
    return stretch
