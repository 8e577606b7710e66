"""How right the text of an article is: pagefacts beside trafilatura's modes and other extractors, on the same pages.

    python benchmarks/pages_quality.py [FOLDER…] [--limit N]

Precision, recall and F1 of 4-shingles, averaged over the pages as ``benchmarks/README.md`` says. trafilatura is given
what it does best with: the page as text, without comments. readability-lxml and newspaper4k are looked at where they
are installed. Without folders (in the layouts that ``benchmarks/README.md`` gives) the pages are those in ``data/``: on
them pagefacts' model of blocks was fitted; ``models/pages/train_blocks.py --check`` gives its figures on pages unseen.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import gold
import trafilatura
from lxml.html import document_fromstring
from rich.console import Console
from rich.table import Table
from scores import Page, score_pages

from pagefacts.contracts import Job
from pagefacts.errors import DataError
from pagefacts.extraction import charset, extract

DATA: Final = Path(__file__).with_name("data") / "pages"
MODES: Final[dict[str, dict[str, bool]]] = {
    "default": {},
    "precision": {"favor_precision": True},
    "recall": {"favor_recall": True},
    "fast": {"fast": True},
}

Reader = Callable[[Job], str]


def by_pagefacts(job: Job) -> str:
    """Return the text that pagefacts finds."""
    try:
        return extract(job).article.text
    except DataError:
        return ""


def markup(job: Job) -> str:
    """Return a page's characters."""
    return charset.decode(charset.decode_base64(job.html_base64 or ""))


def by_trafilatura(mode: dict[str, Any], job: Job) -> str:
    """Return the text that trafilatura finds in one of its modes."""
    return trafilatura.extract(markup(job), url=job.url, include_comments=False, **mode) or ""


def by_baseline(job: Job) -> str:
    """Return the text of trafilatura's baseline."""
    return str(trafilatura.baseline(markup(job))[1])


def by_readability(job: Job) -> str:
    """Return the text that readability-lxml finds."""
    summary = import_module("readability").Document(markup(job)).summary()
    return "\n".join(map(str, document_fromstring(summary).itertext()))


def by_newspaper(job: Job) -> str:
    """Return the text that newspaper4k finds."""
    return str(import_module("newspaper").article(job.url or "http://localhost/", input_html=markup(job)).text)


def readers() -> Iterator[tuple[str, Reader]]:
    """Yield what is compared."""
    yield "pagefacts", by_pagefacts
    for name, mode in MODES.items():
        yield f"trafilatura {name}", partial(by_trafilatura, mode)
    yield "trafilatura baseline", by_baseline
    for package, reader in (("readability", by_readability), ("newspaper", by_newspaper)):
        if find_spec(package) is not None:
            yield package, reader


def compare(folders: Sequence[Path], limit: int | None) -> Table:
    """Return the table of all sets."""
    table = Table("set", "n", "extractor", "P", "R", "F1", box=None)
    for folder in folders:
        documents = gold.GoldSet(folder.name, folder, gold.read_pages).documents(limit)
        for name, reader in readers():
            score = score_pages((document.gold, Page(reader(document.job))) for document in documents)
            figures = (f"{value:.4f}" for value in (score.precision or 0.0, score.recall or 0.0, score.value))
            table.add_row(folder.name, str(len(documents)), name, *figures)
    return table


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=sorted(DATA.glob("*/")))
    parser.add_argument("--limit", type=int, help="pages of a set at most")
    options = parser.parse_args()
    Console(width=100).print(compare(options.folders, options.limit))


if __name__ == "__main__":
    main()
