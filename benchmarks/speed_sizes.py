"""Pages of sizes from 1 kB to 10 MB, and what each step and the queue spend on them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import trafilatura
from speed_queue import through
from speed_rig import rig
from speed_stages import Clock, by_pagefacts

from pagefacts.contracts import Job
from worker import runtime

SIZES: Final = (1_000, 4_000, 16_000, 64_000, 256_000, 1_000_000, 4_000_000, 9_990_000)
"""Bytes of a page; pages of more than 10,000,000 characters are refused."""
_ARTICLE_MOST: Final = 60_000
"""Characters of markup that an article takes at most: what is larger in a large page is not its article."""
QUEUED: Final = 10
"""Pages of each size that go through the queue."""
_LINKS_MOST: Final = 500_000
_ARTICLE: Final = Path(__file__).parents[1] / "examples" / "independent-2015-09-29.txt"


def page(size: int, number: int) -> str:
    """Return a page of ``size`` bytes, unlike that of any other ``number``.

    It is what large pages are: an article, up to a length that articles have, and around it data for scripts and links.
    """
    chance = random.Random(number)  # noqa: S311 - no secret
    words = _ARTICLE.read_text(encoding="utf-8").split()
    head = f"<html><head><title>Page {number}</title></head><body><article><h1>Page {number}</h1>\n"
    article = _filled(min(size - len(head), _ARTICLE_MOST), lambda: f"<p>{_sentence(words, chance)}</p>\n")
    rest = size - len(head) - len(article)
    links = _filled(
        min(rest, _LINKS_MOST), lambda: f'<a class="teaser" href="/{chance.random()}">{chance.choice(words)}</a>\n'
    )
    data = _filled(rest - len(links) - 20, lambda: f'"{chance.random()}": "{chance.choice(words)}",')
    return f"{head}{article}</article>{links}<script>{data}</script>"


def _filled(size: int, part: Callable[[], str]) -> str:
    """Return parts that come to about ``size`` characters, and no more."""
    parts: list[str] = []
    left = size
    while (left := left - len(each := part())) >= 0:
        parts.append(each)
    return "".join(parts)


def _sentence(words: Sequence[str], chance: random.Random) -> str:
    first = chance.randrange(len(words) - 60)
    return " ".join((*words[first : first + 50], str(chance.randrange(10**6)), *chance.sample(words, 10))) + "."


def steps(repeats: int) -> Iterator[tuple[int, dict[str, float]]]:
    """Yield each size with the milliseconds of each step, and of trafilatura, on a page of it."""
    models = runtime.models()
    by_pagefacts(Job(html=page(SIZES[3], 0)), models, Clock())  # loads the rest
    for repeat in range(repeats):
        for size in SIZES:
            clock, html = Clock(), page(size, repeat)
            by_pagefacts(Job(html=html), models, clock)
            clock.time("trafilatura", partial(trafilatura.extract, html))
            yield size, {part: 1000 * seconds for part, seconds in clock.spent.items()}


def queue(repeats: int) -> Iterator[tuple[int, dict[str, float]]]:
    """Yield each size with the milliseconds that a page of it takes the server, the main process and the child."""
    with rig(1) as worker:
        for repeat in range(repeats):
            for size in SIZES:
                pages = [Job(html=page(size, QUEUED * repeat + number)) for number in range(QUEUED)]
                used = through(worker, pages).used
                yield size, {part: 1000 * seconds / QUEUED for part, seconds in used.items()}
