"""How the cost grows with the size of a page and with the length of the queue; straight lines are wanted.

Pages of each size are made of words of an article, in the markup of a page. The
queue is filled to each length with jobs of one sentence, and a worker takes the first ones off. A slope is fitted where
both axes are logarithmic: 1 is in proportion, 0 is independent of the size; above 1 it grows faster than the size.
"""

from __future__ import annotations

import math
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import trafilatura
from speed_rig import Rig, rig, until
from speed_table import Curve, Options, Row

from pagefacts.contracts import Job
from worker import runtime
from worker.inline import answer_here

_SIZES: Final = (1_000, 4_000, 16_000, 64_000, 256_000, 1_000_000, 4_000_000, 9_990_000)
"""Bytes of a page; pages of more than 10,000,000 characters are refused."""
_ARTICLE_MOST: Final = 60_000
_LINKS_MOST: Final = 500_000
_LENGTHS: Final = (100, 1_000, 10_000, 100_000)
_DRAINED: Final = 500
"""Jobs that are taken off a queue of each length."""
_AT_ONCE: Final = 1_000
_ARTICLE: Final = Path(__file__).parents[1] / "examples" / "independent-2015-09-29.txt"
_JOB: Final = '{"id":"%d-%d-%d","body":"At least two people were killed in Aleppo on Monday."}'


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


def seconds(work: Callable[[], object]) -> float:
    """Return the processor's seconds that the work takes."""
    started = time.process_time()
    work()
    return time.process_time() - started


def by_size(repeats: int) -> tuple[dict[int, list[float]], dict[int, list[float]]]:
    """Return the milliseconds of a page of each size, and those of trafilatura on it."""
    models = runtime.models()
    answer_here(Job(html=page(_SIZES[3], 0)).model_dump_json(exclude_none=True).encode(), models)  # loads the rest
    ours: dict[int, list[float]] = {size: [] for size in _SIZES}
    theirs: dict[int, list[float]] = {size: [] for size in _SIZES}
    for repeat in range(repeats):
        for size in _SIZES:
            html = page(size, repeat)
            raw = Job(id=f"{size}-{repeat}", html=html).model_dump_json(exclude_none=True).encode()
            ours[size].append(1000 * seconds(lambda raw=raw: answer_here(raw, models)))  # type: ignore[misc]
            theirs[size].append(1000 * seconds(lambda html=html: trafilatura.extract(html)))  # type: ignore[misc]
    return ours, theirs


def by_length(repeats: int) -> tuple[dict[int, list[float]], dict[int, list[float]], dict[int, list[float]]]:
    """Return what a job costs where so many wait: the server and the worker in milliseconds, and bytes in Redis."""
    served: dict[int, list[float]] = {length: [] for length in _LENGTHS}
    worked: dict[int, list[float]] = {length: [] for length in _LENGTHS}
    weighs: dict[int, list[float]] = {length: [] for length in _LENGTHS}
    for repeat in range(repeats):
        for length in _LENGTHS:
            with rig(1) as worker:
                weighs[length].append(_fill(worker, length, repeat))
                server, rest = _drain(worker, length)
                served[length].append(server)
                worked[length].append(rest)
    return served, worked, weighs


def _fill(worker: Rig, length: int, repeat: int) -> float:
    """Enqueue ``length`` jobs while the worker is stopped; return the bytes of each."""
    worker.pause()
    before = _memory(worker)
    for first in range(0, length, _AT_ONCE):
        last = min(first + _AT_ONCE, length)
        worker.ledger.enqueue(*(_JOB % (repeat, length, number) for number in range(first, last)))
    return (_memory(worker) - before) / length


def _memory(worker: Rig) -> int:
    return int(worker.ledger.client.info("memory")["used_memory"])


def _drain(worker: Rig, waiting: int) -> tuple[float, float]:
    """Return the milliseconds of processor a job, of the server and of the worker, while the first are taken off."""
    before, answered = worker.used(), worker.answered
    worker.go_on()
    until(lambda: worker.answered >= answered + min(_DRAINED, waiting), "answers")
    done, after = worker.answered - answered, worker.used()
    spent = {part: 1000 * (used - before[part]) / done for part, used in after.items()}
    return spent["server"], spent["main"] + spent["children"]


def slope(found: Mapping[int, Sequence[float]], least: int = 0) -> float:
    """Return the slope of the medians by least squares, both axes logarithmic, from the size ``least`` on."""
    points = [(math.log(size), math.log(max(statistics.median(found[size]), 1e-6))) for size in found if size >= least]
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def rows(options: Options) -> Iterator[Row]:
    """Yield the rows, and draw the curves where that is wanted."""
    ours, theirs = by_size(options.repeats)
    for size in _SIZES:
        yield Row(f"page of {size // 1000:,} kB", "ms CPU", ours[size], "trafilatura", theirs[size], 1)
    mine, other = slope(ours, _ARTICLE_MOST), slope(theirs, _ARTICLE_MOST)
    yield Row("slope by size, from 64 kB", "log/log", [mine], "trafilatura", [other], len(_SIZES), "≤ 1.1")
    served, worked, weighs = by_length(options.repeats)
    for length in _LENGTHS:
        yield Row(f"{length:,} queued: server", "ms CPU a job", served[length], "100 queued", served[100], _DRAINED)
        yield Row(f"{length:,} queued: worker", "ms CPU a job", worked[length], "100 queued", worked[100], _DRAINED)
        yield Row(f"{length:,} queued: Redis", "bytes a job", weighs[length], "100 queued", weighs[100], length)
    yield Row("slope of the server by length", "log/log", [slope(served)], "", [], len(_LENGTHS), "≤ 0.1")
    if options.plot:
        curves = [
            Curve(
                "A page",
                "bytes of HTML",
                "ms of processor",
                {"pagefacts": _points(ours), "trafilatura": _points(theirs)},
            ),
            Curve(
                "A job", "jobs in the queue", "ms of processor", {"server": _points(served), "worker": _points(worked)}
            ),
        ]
        from speed_plot import draw  # noqa: PLC0415 - matplotlib is asked for with a plot only

        draw(curves, options.plot)


def _points(found: Mapping[int, Sequence[float]]) -> list[tuple[float, float]]:
    return [(float(size), statistics.median(values)) for size, values in found.items()]
