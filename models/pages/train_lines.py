"""Fit the model of lines: which lines of a scraped page are its article's body.

    python models/pages/train_lines.py FOLDER... --out FOLDER

``FOLDER`` is a set of annotated pages (``pages.py`` says in what layout). Every page is turned to text by several
converters. Beside them stand made-up pages, as the pages are few: the article of one page in the frame of another;
articles without any frame; articles before the beginnings of others (``feeds.py``); pages in capitals; pages of which
nothing is known that is known of English alone, or of few languages, for text in others. All pages weigh the same. The
seeds are fixed.

Two models are fitted: decision trees, which see a line and what is around it in numbers, and a network that reads the
lines in turn.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))

import recurrent
import trees
from feeds import Story, feed
from pages import CONVERTERS, Page, labels, read

from pagefacts.extraction.scraped.features import ENGLISH, UNTRANSLATED, features
from pagefacts.extraction.scraped.lines import Line
from pagefacts.extraction.scraped.paragraphs import paragraphs
from pagefacts.extraction.scraped.text import read_by_rules
from pagefacts.extraction.trees import Matrix
from pagefacts.locales import locale_of

RECIPE: Final = trees.Recipe(
    {"learning_rate": 0.1, "num_leaves": 20, "bagging_fraction": 0.6}, rounds=150, seeds=(1, 2, 3, 4, 5)
)
"""Models of one seed differ by .2 in how likely they take the last line of a short article to be of it. Of the eleven
invented pages of the tests all are read right by 1 of 5 models of one seed, 5 of 10 of two, 7 of 10 of three, 4 of 5 of
four."""
NETWORK: Final = recurrent.Recipe()
READ_AS: Final = ("blocks", "elements", "wrapped", "patterns", "linked")
"""Converters whose texts the model learns from."""
MIXED: Final = 3
"""Made-up pages with the frame of each page."""
MADE_UP: Final = 0.5
"""What a made-up page weighs beside a real one."""
FEW: Final = 10
"""Lines of the body that a page counts as having at least, so that no line weighs too much."""
SHOUTED: Final = 0.3
"""Made-up pages in capitals for each page."""
FED: Final = 4
"""Made-up pages with the beginnings of other articles for each page."""
FED_ABOVE: Final = 0.25
"""Share of those that have some above the article too."""
UNADDRESSED: Final = 0.3
"""Share of those whose address is not known."""
SHORTENED: Final = 0.5
"""Share of those whose own article is cut short."""
CUT: Final = 0.25
"""Share of the made-up pages and articles that are cut short."""
CARDS: Final = 0.3
"""Share of the sites whose teasers are links as a whole."""
TEASER: Final = 15
"""Words from which a line is the text of a teaser."""
LINKED: Final = 0.8
"""Share of the other lines that are links."""
SEED: Final = 11


@dataclass(frozen=True)
class Document:
    """A page as lines, and which are of the body."""

    lines: Sequence[Line]
    is_body: NDArray[np.bool_]
    url: str = ""
    headline: str = ""
    weight: float = 1.0
    hidden: Sequence[int] = ()
    """The columns that are hidden from the model: those that say something of English only."""

    @cached_property
    def is_linked(self) -> bool:
        """Whether it says what is in links."""
        return any(line.linked is not None for line in self.lines)

    @cached_property
    def rows(self) -> Matrix:
        """The numbers of each line."""
        rows = features(read_by_rules(self.lines, self.url or None, locale_of(self.url or None, "en")))
        rows[:, self.hidden] = 0
        return rows

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """What each line weighs: what a mistake in it costs of the page's F1."""
        return np.full(len(self.lines), self.weight / max(FEW, int(self.is_body.sum())))


def documents(page: Page, converters: Sequence[str]) -> Iterator[Document]:
    """Yield a page as each converter gives it."""
    for name in converters:
        lines = paragraphs(CONVERTERS[name](page.markup))
        is_body = np.array(labels([line.text for line in lines], page.body), bool)
        if is_body.any():
            yield Document(lines, is_body, page.url, page.headline)


def made_up(real: Sequence[Document]) -> Iterator[Document]:
    """Yield pages like the real ones."""
    chance = random.Random(SEED)  # noqa: S311 - it draws examples
    stories = [story for document in real if (story := _story(document)).paragraphs]
    for document in real:
        if chance.random() < MIXED / len(READ_AS):
            yield _mixed(
                document, chance.choice([other for other in real if other.is_linked == document.is_linked]), chance
            )
        if chance.random() < 1 / len(READ_AS):
            yield replace(document, weight=MADE_UP, hidden=chance.choice((ENGLISH, UNTRANSLATED)))
        if chance.random() < SHOUTED / len(READ_AS):
            yield replace(
                document, lines=[replace(line, text=line.text.upper()) for line in document.lines], weight=MADE_UP
            )
        if chance.random() < 1 / len(READ_AS):
            yield _bare(document, chance)
        if chance.random() < FED / len(READ_AS):
            yield _fed(document, stories, chance)


def _mixed(frame: Document, article: Document, chance: random.Random) -> Document:
    """Return the article of one page in the frame of another, whose address fits no more."""
    outer, inner = np.flatnonzero(frame.is_body), np.flatnonzero(article.is_body)
    first, last = inner[0], inner[-1] + 1
    above, below = frame.lines[: outer[0]], frame.lines[outer[-1] + 1 :]
    if chance.random() < CUT:
        above = above[len(above) // 2 :]
    is_body = [*(False for _ in above), *article.is_body[first:last], *(False for _ in below)]
    return Document([*above, *article.lines[first:last], *below], np.array(is_body), weight=MADE_UP)


def _bare(document: Document, chance: random.Random) -> Document:
    """Return an article without its page, or the beginning of one."""
    lines = [line for line, kept in zip(document.lines, document.is_body, strict=True) if kept]
    if chance.random() < CUT:
        lines = lines[: chance.randint(1, 6)]
    return Document(lines, np.ones(len(lines), bool), weight=MADE_UP)


def _story(document: Document) -> Story:
    lines = (line.text for line, kept in zip(document.lines, document.is_body, strict=True) if kept)
    return Story.of(document.url, document.headline, list(lines))


def _fed(document: Document, stories: Sequence[Story], chance: random.Random) -> Document:
    """Return a page with the beginnings of other articles below its own, which may be cut short, and perhaps above."""
    if chance.random() < SHORTENED:
        document = _shortened(document, chance.randint(2, 8))
    inside = np.flatnonzero(document.is_body)
    others = [story for story in stories if story.url != document.url]
    below = min(int(inside[-1]) + 1 + chance.choice((0, 0, 1, 2, 4)), len(document.lines))
    lines, is_body = list(document.lines), document.is_body.tolist()
    places = [below]
    if chance.random() < FED_ABOVE:
        places.append(max(0, int(inside[0]) - chance.choice((1, 2, 3, 5))))
    for place in places:
        added = _as_linked(feed(others, chance), chance) if document.is_linked else map(Line, feed(others, chance))
        lines[place:place] = added
        is_body[place:place] = [False] * (len(lines) - len(is_body))
    url = "" if chance.random() < UNADDRESSED else document.url
    return Document(lines, np.array(is_body), url, weight=MADE_UP)


def _as_linked(texts: Sequence[str], chance: random.Random) -> list[Line]:
    """Return the lines of teasers of which most are links: the headlines, or whole cards."""
    whole = chance.random() < CARDS
    return [Line(text, float(whole or (len(text.split()) < TEASER and chance.random() < LINKED))) for text in texts]


def _shortened(document: Document, kept: int) -> Document:
    """Return a page whose body ends after ``kept`` of its lines."""
    inside = np.flatnonzero(document.is_body)
    gone = slice(int(inside[min(kept, len(inside)) - 1]) + 1, int(inside[-1]) + 1)
    lines, is_body = list(document.lines), document.is_body.tolist()
    del lines[gone], is_body[gone]
    return replace(document, lines=lines, is_body=np.array(is_body))


class Fitted(NamedTuple):
    """The models of lines, as they are stored."""

    trees: dict[str, Any]
    network: dict[str, Any]
    """Arrays by name."""


def fit(real: Sequence[Document]) -> Fitted:
    """Return the models fitted to documents."""
    every = [*real, *made_up(real)]
    rows = np.vstack([document.rows for document in every])
    truth = np.concatenate([document.is_body for document in every])
    weights = 10 * np.concatenate([document.weights for document in every])
    examples = [recurrent.Example(document.rows, document.is_body, document.weight) for document in every]
    return Fitted(trees.fit(rows, truth, weights, RECIPE), recurrent.fit(examples, NETWORK))


def main() -> None:
    """Fit the models on all pages and write them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    given = parser.parse_args()
    real = [document for page in read(given.folders) for document in documents(page, READ_AS)]
    fitted = fit(real)
    text = json.dumps(fitted.trees, separators=(",", ":"))
    (given.out / "lines_model.json").write_text(text + "\n", encoding="utf-8")
    np.savez_compressed(given.out / "lines_network.npz", **fitted.network)
    print(f"{len(real)} texts")


if __name__ == "__main__":
    main()
