"""The pages of the jobs: most are small, some are real ones, and each says something that its answer must show."""

from __future__ import annotations

import gzip
import json
import time
from functools import cache
from pathlib import Path
from typing import Any, Final

from pagefacts.contracts import parse_job
from pagefacts.pipeline import Stopwatch, process
from worker import runtime

_REAL: Final = sorted((Path(__file__).parents[1] / "golden").glob("*.html.gz"))
_REAL_EVERY: Final = 40
"""One page of so many is a real one of 30 to 250 kB."""
_SMALL: Final = """<!doctype html><html lang="en"><head><title>Market hit in Aleppo</title>
<meta property="article:published_time" content="2016-08-0{day}T10:00:00Z"></head><body><article>
<h1>Market hit in Aleppo</h1><p>At least {killed} people were killed on Monday when a market in Aleppo was hit.</p>
<p>The street was full of people when it happened, a baker who has his shop beside the market told reporters.</p>
<p>Rescue workers said in the evening that they were still looking for survivors under the rubble.</p>
</article></body></html>"""


def page(number: int) -> str:
    """Return the page of the job ``number``."""
    if number % _REAL_EVERY == _REAL_EVERY - 1:
        return _real(number // _REAL_EVERY % len(_REAL))
    return _SMALL.format(killed=number + 2, day=1 + number % 9)


def job(job_id: str, number: int) -> str:
    """Return the job, JSON."""
    return json.dumps({"id": job_id, "html": page(number)})


def expected(number: int) -> str:
    """Return what the answer to the job ``number`` says, in short."""
    if number % _REAL_EVERY == _REAL_EVERY - 1:
        return _content_of_real(number // _REAL_EVERY % len(_REAL) * _REAL_EVERY + _REAL_EVERY - 1)
    killed = str(number + 2)
    return _content_of_small().replace(_SMALL_KILLED, killed)


_SMALL_KILLED: Final = "97531"


@cache
def _real(number: int) -> str:
    return gzip.decompress(_REAL[number].read_bytes()).decode()


@cache
def _content_of_small() -> str:
    return _here(_SMALL.format(killed=_SMALL_KILLED, day=1))


@cache
def _content_of_real(number: int) -> str:
    return _here(page(number))


def _here(html: str) -> str:
    result = process(parse_job(json.dumps({"html": html}).encode()), runtime.models(), Stopwatch(time.perf_counter))
    return content(json.loads(result.model_dump_json(exclude_none=True))) or ""


def content(data: dict[str, Any]) -> str | None:
    """Return what an event's data says of casualties, in short; None where it is a failure."""
    if "failure" in data:
        return None
    numbers = [[str(fact.get(name)) for name in ("effect", "min", "best", "max")] for fact in data["casualties"]]
    return "; ".join(map(" ".join, numbers))
