"""Measure how well articles are found in pages turned to text: ``python models/pages/evaluate_lines.py FOLDER...``.

Every page is turned to text by every converter of ``pages.py`` and read as the worker reads scraped text. A line is
right where it stands both in the annotated body and in the text that was found, or in neither (``pages.labels``). With
``--folds N`` the model is fitted N times, each time without a part of the sites, and every page is read by the model
that has not seen its site; the shipped model has seen them all. Printed are, for each set and converter, the F1 over
all lines (micro), the mean of the pages' F1 (macro), the same without lines of fewer than five words (long), by words,
and what was found of title, author and date. ``--beside`` measures other ways as well: jusText and trafilatura, which
have the markup to go by.
"""

from __future__ import annotations

import argparse
import collections
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))

from pages import CONVERTERS, Page, labels, read, words
from sklearn.model_selection import GroupKFold
from train_lines import READ_AS, Fitted, documents, fit

from pagefacts.contracts import Article, Job
from pagefacts.errors import DataError
from pagefacts.extraction import extract
from pagefacts.extraction.scraped import model
from pagefacts.extraction.scraped.markdown import marked, unmarked
from pagefacts.extraction.scraped.network import network_of
from pagefacts.extraction.trees import trees_of

LONG: Final = 5
Marks = NDArray[np.bool_]


def found(page: Page, text: str) -> Article:
    """Return the article that is found in the page's text."""
    try:
        return extract(Job(id=page.id, text=text, url=page.url or None, language="en")).article
    except DataError:
        return Article(text="")


def by_justext(page: Page) -> str:
    """Return the paragraphs that jusText takes for good."""
    import justext  # noqa: PLC0415 - only the comparison needs it

    parts = justext.justext(page.markup.encode(), justext.get_stoplist("English"), encoding="utf-8")
    return "\n".join(part.text for part in parts if not part.is_boilerplate)


def by_trafilatura(page: Page) -> str:
    """Return the text that trafilatura finds in the markup."""
    import trafilatura  # noqa: PLC0415

    return trafilatura.extract(page.markup, url=page.url or None, include_comments=False) or ""


def f1(gold: Marks, taken: Marks, weights: NDArray[Any] | float = 1) -> float:
    """Return F1, each line counting its weight; 1 where there is nothing to find and nothing is found."""
    both, either = ((gold & taken) * weights).sum(), (gold * weights).sum() + (taken * weights).sum()
    return float(2 * both / either) if either else 1.0


class Scores:
    """The scores of one way to read one set."""

    def __init__(self) -> None:
        self.pages: list[tuple[Marks, Marks, NDArray[np.int64]]] = []
        self.meta: dict[str, list[bool]] = collections.defaultdict(list)

    def add(self, page: Page, lines: Sequence[str], article: Article) -> None:
        """Count a page."""
        sizes = np.array([len(words(line)) for line in lines])
        self.pages.append((np.array(labels(lines, page.body)), np.array(labels(lines, article.text)), sizes))
        published = article.published.value if article.published else ""
        for name, stated, said in (
            ("title", page.title, article.title or ""),
            ("author", page.author, " ".join(article.authors)),
        ):
            if stated:
                gold, have = " ".join(words(stated))[:60], " ".join(words(said))
                self.meta[name].append(gold in have or (name == "title" and bool(have) and have in gold))
        if page.date:
            self.meta["date"].append(page.date[:10] == published[:10])

    def row(self) -> Iterator[str]:
        """Yield the columns of the table."""
        gold, taken, _ = (np.concatenate(part) for part in zip(*self.pages, strict=True))
        yield f"{(gold & taken).sum() / max(1, taken.sum()):.3f}"
        yield f"{(gold & taken).sum() / max(1, gold.sum()):.3f}"
        yield f"{f1(gold, taken):.3f}"
        yield f"{np.mean([f1(gold, taken) for gold, taken, _ in self.pages]):.3f}"
        yield f"{np.mean([f1(gold[size >= LONG], taken[size >= LONG]) for gold, taken, size in self.pages]):.3f}"
        yield f"{np.mean([f1(gold, taken, size) for gold, taken, size in self.pages]):.3f}"
        for name in ("title", "author", "date"):
            yield f"{sum(self.meta[name])}/{len(self.meta[name])}" if any(self.meta[name]) else ""


def use(fitted: Fitted) -> None:
    """Have pages read with models."""
    readers = trees_of(fitted.trees), network_of(fitted.network)
    model.readers = lambda: readers


def folds(pages: Sequence[Page], count: int) -> Iterator[list[Page]]:
    """Yield the parts of the pages, the model in use being fitted to the others; sites are never parted."""
    if count < 2:
        yield list(pages)
        return
    read_as = {page.id: list(documents(page, READ_AS)) for page in pages}
    splits = GroupKFold(count, shuffle=True, random_state=1).split(pages, groups=[page.site for page in pages])
    for n, (known, held) in enumerate(splits):
        use(fit([document for at in known for document in read_as[pages[at].id]]))
        print(f"fold {n + 1}", file=sys.stderr, flush=True)
        yield [pages[at] for at in held]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--converters", nargs="+", choices=CONVERTERS, default=list(CONVERTERS))
    parser.add_argument("--beside", action="store_true")
    given = parser.parse_args()
    scores: dict[tuple[str, str, str], Scores] = collections.defaultdict(Scores)
    others: dict[str, Callable[[Page], str]] = (
        {"jusText": by_justext, "trafilatura": by_trafilatura} if given.beside else {}
    )
    for part in folds(read(given.folders), given.folds):
        for page in part:
            others_texts = {name: way(page) for name, way in others.items()}
            for converter in given.converters:
                text = CONVERTERS[converter](page.markup)
                lines = [line for line, _ in unmarked(marked(text).splitlines()) if line]
                scores["pagefacts", page.set, converter].add(page, lines, found(page, text))
                for name, other in others_texts.items():
                    scores[name, page.set, converter].add(page, lines, Article(text=other))
    print("| way | set | converter | n | precision | recall | micro | macro | long | words | title | author | date |")
    print("|---" * 13 + "|")
    for (name, chosen, converter), score in sorted(scores.items()):
        print(f"| {name} | {chosen} | {converter} | {len(score.pages)} | {' | '.join(score.row())} |")


if __name__ == "__main__":
    main()
