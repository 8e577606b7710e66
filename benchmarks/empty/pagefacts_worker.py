"""The worker of pagefacts with steps that return at once: all else is as it is.

What the steps give is made once, by the real ones, of an article of one sentence.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import tasks.extract
import tasks.facts
import tasks.page
import tasks.tag
from pagefacts.__main__ import main
from pagefacts.contracts import Job, Result
from pagefacts.extraction import extract
from pagefacts.facts import find_facts
from pagefacts.pipeline import Models, Stopwatch, names_in, process
from worker import runtime

_PAGE = Job(body="Nothing has happened.")
_extraction = extract(_PAGE)
_names = names_in(_extraction.article, runtime.tagger())
_facts = find_facts(_extraction.article, _names, runtime.gazetteer())
_result = process(_PAGE, runtime.models(), Stopwatch(time.perf_counter))


def at_once(_: Job, __: Models, watch: Stopwatch) -> Result:
    """Go through the steps, as `pagefacts.pipeline.process` does, and do nothing in them."""
    for stage in ("extract", "tag", "facts"):
        with watch.step(stage):
            pass
    return _result


def always(outcome: Any) -> Any:
    """Return a function that gives ``outcome``, whatever it is asked."""
    return lambda *_: outcome


if __name__ == "__main__":
    tasks.page.process = at_once  # type: ignore[attr-defined]  # imported there, and not exported
    tasks.extract.extract_article = always(_extraction)  # type: ignore[attr-defined]
    tasks.tag.names_in = always(_names)  # type: ignore[attr-defined]
    tasks.facts.find_facts = always(_facts)  # type: ignore[attr-defined]
    sys.argv = ["pagefacts", "worker", "--concurrency", "1"]
    main()
