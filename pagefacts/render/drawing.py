"""The map itself: an SVG with the outline of the world and the signs and names on it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import sqrt
from typing import Any, Final

from pagefacts.contracts import LocationFact
from pagefacts.render.figures import Coordinates, Figure, Page, coordinates, heading
from pagefacts.render.glyphs import Glyph, certainty, glyph, short
from pagefacts.render.markup import Markup, join, tag
from pagefacts.render.projection import HEIGHT, WIDTH, View
from pagefacts.render.spread import Box, Spot, spread

_FIGURE_TRIES: Final = 20_000
"""More spots than the map has room for: a figure is never left out."""
_NAME_TRIES: Final = 150
"""A name that finds no room this near to its place is left out."""
_FULL: Final = 1 / 5
"""Of the map at most is covered by figures; they shrink where they would cover more."""
_LETTER: Final = 3.8
"""Units of half a letter."""
_KM_OF_A_DEGREE: Final = 111.195
"""On a great circle, for the mean radius of the Earth, 6,371.0 km."""


@dataclass(frozen=True)
class _Marker:
    """A figure on the map."""

    number: int
    figure: Figure
    place: LocationFact
    at: Coordinates
    glyph: Glyph


@dataclass(frozen=True)
class _Item:
    """Something that is put where it hides nothing."""

    name: str
    attributes: Mapping[str, object]
    content: Markup
    box: Box
    below: float = 0
    """How far its middle belongs below its place."""
    span: float | None = None
    """Width of the country that a name must fit in."""
    scale: float = 1


def map_svg(pages: Sequence[Page], figures: Iterable[tuple[int, Figure]]) -> Markup:
    """Return the map of ``pages``; each of their ``figures`` comes with its number in the list."""
    markers = _markers(figures)
    places = _places(pages)
    view = View.fit([marker.at for marker in markers] or list(places))
    signs = _signs(markers, view)
    names = [*_place_names(places, view), *_country_names(view, {name for name, _ in places.values()})]
    items = [*signs, *names]
    spots = list(spread((item.box for item in items), WIDTH, HEIGHT))
    drawn = [_drawn(item, spot) for item, spot in zip(items, spots, strict=True)]
    layers = (
        _world(view),
        tag("g", *(_dot(view.place(*at), used) for at, (_, used) in places.items()), id="spots"),
        tag("g", *(_leader(sign.box, spot) for sign, spot in zip(signs, spots, strict=False)), id="leaders"),
        tag("g", *drawn[len(signs) :], id="names", aria_hidden="true"),
        tag("g", *drawn[: len(signs)], id="figures"),
    )
    return tag(
        "svg",
        tag("g", *layers, id="everything"),
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="group",
        aria_label="Map of the figures",
        data_width=f"{WIDTH:g}",
        data_height=f"{HEIGHT:g}",
        data_full=f"{_FULL:g}",
        data_km=f"{_KM_OF_A_DEGREE / view.scale:.5f}",
    )


def _markers(figures: Iterable[tuple[int, Figure]]) -> list[_Marker]:
    """Return the located figures, the largest first: that one stands at its place itself."""
    markers = [
        _Marker(number, figure, figure.place, at, glyph(figure.fact))
        for number, figure in figures
        if figure.place is not None and (at := coordinates(figure.place)) is not None
    ]
    return sorted(markers, key=lambda marker: -marker.glyph.width)


def _places(pages: Iterable[Page]) -> dict[Coordinates, tuple[str, bool]]:
    """Return for each spot its name and whether a figure stands there; those with figures come first."""
    pages = list(pages)
    with_figures = [(figure.place, True) for page in pages for figure in page.figures if figure.place]
    others = [(place, False) for page in pages for place in page.other_places]
    places: dict[Coordinates, tuple[str, bool]] = {}
    for place, used in with_figures + others:
        if (at := coordinates(place)) is not None:
            places.setdefault(at, (place.name, used))
    return places


def _world(view: View) -> Markup:
    outline = _outline()
    around = 360 / outline["unit"]
    land, borders = (tag("path", d=outline[name], class_=name) for name in ("land", "borders"))
    copies = (tag("use", href="#outline", x=f"{side * around:g}") for side in (-1, 1))
    projected = tag("g", tag("g", land, borders, id="outline"), *copies, transform=view.matrix(outline["unit"]))
    return tag("g", projected, id="world", aria_hidden="true")


def _signs(markers: Sequence[_Marker], view: View) -> list[_Item]:
    area = sum(4 * marker.glyph.width * marker.glyph.height for marker in markers)
    scale = min(1.0, sqrt(_FULL * WIDTH * HEIGHT / area)) if area else 1.0
    return [_sign(marker, view, scale) for marker in markers]


def _sign(marker: _Marker, view: View, scale: float) -> _Item:
    fact, shape = marker.figure.fact, marker.glyph
    said = f"{heading(fact)}, {marker.place.name}, {fact.status.value}"
    attributes = {
        "id": f"m{marker.number}",
        "href": f"#f{marker.number}",
        "class": f"figure {fact.effect.value} {certainty(fact)}",
        "aria_label": said,
    }
    content = join(tag("title", said), tag("path", d=shape.path), tag("text", short(fact), dy=".35em"))
    x, y = view.place(*marker.at)
    box = Box(x, y, shape.width * scale, shape.height * scale, _FIGURE_TRIES)
    return _Item("a", attributes, content, box, scale=scale)


def _place_names(places: Mapping[Coordinates, tuple[str, bool]], view: View) -> Iterator[_Item]:
    for at, (name, used) in places.items():
        x, y = view.place(*at)
        below = 14.0 if used else 10.0
        box = Box(x, y + below, _LETTER * len(name) + 2, 8, _NAME_TRIES)
        yield _Item("text", {"class": "place" if used else "place other"}, join(name), box, below)


def _country_names(view: View, named_already: set[str]) -> Iterator[_Item]:
    for name, longitude, latitude, degrees in _outline()["countries"]:
        if name in named_already:
            continue
        span = degrees * view.narrowing * view.scale
        width = _LETTER * 1.1 * len(name)
        box = Box(*view.place(longitude, latitude), width, 8, tries=1 if 2 * width < span else 0)
        yield _Item("text", {"class": "country"}, join(name), box, span=span)


def _drawn(item: _Item, spot: Spot | None) -> Markup:
    """Return an element where it stands, with what the script needs to put it elsewhere when the map is zoomed."""
    box = item.box
    x, y = spot or (box.x, box.y)
    is_shown = spot is not None or item.name == "a"  # a figure always is
    return tag(
        item.name,
        item.content,
        **item.attributes,
        transform=f"translate({x:.1f} {y:.1f})" + (f" scale({item.scale:.3f})" if item.scale < 1 else ""),
        visibility=None if is_shown else "hidden",
        data_x=f"{box.x:.2f}",
        data_y=f"{box.y - item.below:.2f}",
        data_w=f"{box.width / item.scale:.1f}",
        data_h=f"{box.height / item.scale:.1f}",
        data_below=f"{item.below:g}" if item.below else None,
        data_span=f"{item.span:.1f}" if item.span is not None else None,
        data_tries=max(1, box.tries),
    )


def _dot(at: Spot, used: bool) -> Markup:
    return tag("circle", class_="spot" if used else "spot other", r=2.5, cx=f"{at[0]:.2f}", cy=f"{at[1]:.2f}")


def _leader(box: Box, spot: Spot | None) -> Markup:
    """Return the line from a place to the figure that had to stand beside it."""
    x, y = spot or (box.x, box.y)
    return tag("line", x1=f"{box.x:.1f}", y1=f"{box.y:.1f}", x2=f"{x:.1f}", y2=f"{y:.1f}")


@cache
def _outline() -> dict[str, Any]:
    outline: dict[str, Any] = json.loads((files("pagefacts") / "resources" / "outline.json").read_text("utf-8"))
    return outline
