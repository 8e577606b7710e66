"""Fit the model of blocks: which blocks of a page are its article's body.

    python models/pages/train_blocks.py FOLDER… [--check]

``FOLDER`` is a set of annotated pages in the layout of article-extraction-benchmark or of the Web Content Extraction
Benchmark. A block is of the body where at least half of its words lie in the alignment of the page's words with those
of the annotated body. All pages weigh the same: a block weighs what it would cost in precision or recall. ``--check``
writes no model, but prints the scores by folds: every page is read with a model that has not seen it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pagefacts.extraction import charset, html
from pagefacts.extraction.bodies import find
from pagefacts.extraction.bodies.blocks import Block
from pagefacts.extraction.bodies.features import Tokens
from pagefacts.extraction.metadata.read import read_metadata
from pagefacts.extraction.trees import Trees, trees_of

ROOT: Final = Path(__file__).parents[2]
sys.path += [str(ROOT / "benchmarks"), str(Path(__file__).parent)]

import gold  # noqa: E402 - the reader of the sets is a script's neighbour
import trees  # noqa: E402
from scores import Page, score_pages  # noqa: E402

MODEL: Final = ROOT / "pagefacts/resources/en/blocks_model.json"
RECIPE: Final = trees.Recipe({"learning_rate": 0.1, "num_leaves": 24, "bagging_fraction": 0.5}, rounds=60)
FOLDS: Final = 8
SHORTEST: Final = 60
"""Words that a body counts as having at least, so that no block weighs too much."""
HEAVIEST: Final = 0.5
LEAST: Final = 0.0002
WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True)
class Example:
    """An annotated page."""

    set: str
    truth: Page
    head: find.Head
    blocks: Sequence[Block]
    view: find.View
    is_body: NDArray[np.bool_]
    """Of each block whether it is of the body."""
    weights: NDArray[np.float64]


def read_examples(folder: Path) -> Iterator[Example]:
    """Read the pages of a set as extraction does, and align them with their annotation."""
    for document in gold.read_pages(folder):
        job = document.job
        tree, scripts = html.parse(charset.decode(charset.decode_base64(job.html_base64 or "")))
        page = read_metadata(tree, scripts, job.url, "2100-01-01")
        blocks = find.candidates(find.blocks_of(tree))
        view = find.view_of(blocks, find.read_by_trafilatura(tree, job.url), page.title, page.body)
        sizes = np.array([len(words) for words in view.tokens.words])
        share = sizes / max(SHORTEST, len(WORD.findall(document.gold.text)))
        weights = np.minimum(share, HEAVIEST) + LEAST
        yield Example(
            folder.name,
            document.gold,
            find.Head(page.title, page.authors),
            blocks,
            view,
            aligned(view.tokens, document.gold.text),
            weights,
        )


def aligned(tokens: Tokens, body: str) -> NDArray[np.bool_]:
    """Return of each block whether most of its words lie in the alignment with ``body``."""
    words = [word for own in tokens.words for word in own]
    hits = np.zeros(len(words) + 1)
    matcher = SequenceMatcher(None, words, WORD.findall(body.lower()), autojunk=False)
    for start, _, size in matcher.get_matching_blocks():
        hits[start + 1 : start + size + 1] = 1
    sums = np.cumsum(hits)
    sizes = np.array([len(own) for own in tokens.words])
    ends = np.cumsum(sizes)
    return np.asarray(2 * (sums[ends] - sums[ends - sizes]) >= np.maximum(sizes, 1))


def fit(examples: Sequence[Example]) -> dict[str, Any]:
    """Return the model, as it is stored."""
    rows = np.vstack([example.view.rows for example in examples])
    truth = np.concatenate([example.is_body for example in examples])
    weights = 100 * np.concatenate([example.weights for example in examples])
    return trees.fit(rows, truth, weights, RECIPE)


def body(example: Example, model: Trees) -> Page:
    """Return the body that a model finds."""
    chosen = find.choose(example.blocks, model.predict(example.view.rows), example.view, example.head)
    return Page("\n".join(block.text for block in chosen))


def check(examples: Sequence[Example]) -> None:
    """Print the scores of models on pages that they have not seen."""
    order = np.random.default_rng(0).permutation(len(examples))
    found: dict[int, Page] = {}
    for fold in range(FOLDS):
        held = order[fold::FOLDS].tolist()
        model = trees_of(fit([example for n, example in enumerate(examples) if n not in held]))
        found |= {n: body(examples[n], model) for n in held}
    for name in sorted({example.set for example in examples}):
        pairs = [(example.truth, found[n]) for n, example in enumerate(examples) if example.set == name]
        score = score_pages(pairs)
        print(f"{name:8} n = {len(pairs)}  P {score.precision:.4f}  R {score.recall:.4f}  F1 {score.value:.4f}")


def main() -> None:
    """Fit, or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    examples = [example for folder in options.folders for example in read_examples(folder)]
    if options.check:
        check(examples)
        return
    MODEL.write_text(json.dumps(fit(examples), separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
