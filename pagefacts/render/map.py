"""Results as a map: one page with the figures of all answers, in an SVG and in a list.

The page is whole without its script: the SVG shows every located figure, and each is a link to its entry in the list.
The script adds zooming and a window with the words of a figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, count

from pagefacts.render.cards import page_section
from pagefacts.render.document import document
from pagefacts.render.drawing import map_svg
from pagefacts.render.figures import Page, coordinates
from pagefacts.render.legend import effects_legend
from pagefacts.render.markup import join
from pagefacts.render.words import plural


def map_page(pages: Sequence[Page]) -> Iterator[str]:
    """Yield the HTML page that shows the figures of ``pages`` on a map and in a list, part by part."""
    numbers = count(1)
    numbered = [[(next(numbers), figure) for figure in page.figures] for page in pages]
    return document(
        "map",
        title=pages[0].title if len(pages) == 1 and pages[0].title else "Figures on the map",
        summary=join(_summary(pages)),
        legend=effects_legend(figure.fact.effect for page in pages for figure in page.figures),
        map=map_svg(pages, chain.from_iterable(numbered)),
        main=(page_section(page, figures) for page, figures in zip(pages, numbered, strict=True)),
    )


def _summary(pages: Sequence[Page]) -> str:
    figures = [figure for page in pages for figure in page.figures]
    missing = sum(coordinates(figure.place) is None for figure in figures)
    said = f"{plural(len(figures), 'figure')} from {plural(len(pages), 'page')}"
    return said + (f"; {missing:,} without a place on the map" if missing else "")
