"""Results as a map: one HTML page with all that it needs inside, which asks the network for nothing.

The page is whole without its script: the SVG shows every located figure, and each is a link to its entry in the list.
The script adds zooming and a window with the words of a figure. Text of pages is data from strangers: it is escaped
(`pagefacts.render.markup`), and the page's Content-Security-Policy runs no script and applies no style but its own.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files
from itertools import chain, count
from string import Template

from pagefacts.contracts import Effect
from pagefacts.render.cards import page_section
from pagefacts.render.drawing import map_svg
from pagefacts.render.figures import Page, coordinates
from pagefacts.render.glyphs import GLYPHS
from pagefacts.render.markup import Markup, join, tag


def map_page(pages: Sequence[Page]) -> str:
    """Return the HTML page that shows the figures of ``pages`` on a map and in a list."""
    numbers = count(1)
    numbered = [[(next(numbers), figure) for figure in page.figures] for page in pages]
    style, script = _resource("style.css"), _resource("script.js")
    title = pages[0].title if len(pages) == 1 and pages[0].title else "Figures on the map"
    return Template(_resource("page.html")).substitute(
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        title=join(title),
        summary=join(_summary(pages)),
        legend=_legend(pages),
        map=map_svg(pages, chain.from_iterable(numbered)),
        list=join(*(page_section(page, figures) for page, figures in zip(pages, numbered, strict=True))),
    )


def _legend(pages: Sequence[Page]) -> Markup:
    """Return the effects that occur, each with a box that hides it when it is not ticked."""
    counts = [(effect, sum(f.fact.effect is effect for page in pages for f in page.figures)) for effect in Effect]
    return join(*(_legend_entry(effect, number) for effect, number in counts if number))


def _legend_entry(effect: Effect, number: int) -> Markup:
    words = "dead and wounded, given as one" if effect is Effect.CASUALTIES else effect.value
    box = tag("input", type="checkbox", id=f"show-{effect.value}", checked="")
    return tag("label", box, GLYPHS[effect].icon(effect), tag("span", f"{words} ({number})"))


def _summary(pages: Sequence[Page]) -> str:
    figures = [figure for page in pages for figure in page.figures]
    missing = sum(coordinates(figure.place) is None for figure in figures)
    said = f"{_plural(len(figures), 'figure')} from {_plural(len(pages), 'page')}"
    return said + (f"; {missing:,} without a place on the map" if missing else "")


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _hash(text: str) -> str:
    """Return the source expression of an inline script or style (Content Security Policy Level 3)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _resource(name: str) -> str:
    return (files("pagefacts") / "resources" / "map" / name).read_text("utf-8")
