"""Results as GeoJSON (RFC 7946), for QGIS and other maps.

One feature for each casualty figure (``kind`` is ``figure``), so that a map can style and add up figures, and one for
each place that has none (``kind`` is ``place``). A figure that a page states more than once is one feature, and
``part_of`` names the figure that includes it: leave those out of a sum. All features have the same properties, each
a plain value or null, which become the columns of QGIS's attribute table; ``day_from`` and ``day_to`` suit its temporal
controller. What cannot be drawn, a figure without a place or a place that is not decided, has the geometry null, as the
RFC allows: it is in the table and not on the map.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pagefacts.contracts import LocationFact
from pagefacts.render.figures import Figure, Page, candidates, coordinates

_COLUMNS: Final = (
    "kind job title url site published "
    "effect min max best qualifier number_text unit term victims groups nationality status cumulative previous "
    "part_of stated time day_from day_to source source_kind quote rule confidence "
    "name country admin1 subdivision geonames_id feature mentions place_confidence candidates"
).split()
"""Of every feature, in this order: the page, the figure, the place."""


BEFORE: Final = '{"type": "FeatureCollection", "features": [\n'
BETWEEN: Final = ",\n"
AFTER: Final = "\n]}"
"""What stands around and between the features of a collection."""


def feature_collection(pages: Iterable[Page]) -> str:
    """Return ``pages`` as one FeatureCollection, a feature a line."""
    return BEFORE + BETWEEN.join(line for page in pages for line in feature_lines(page)) + AFTER


def feature_lines(page: Page) -> Iterator[str]:
    """Yield the features of ``page``, JSON."""
    return (json.dumps(feature, ensure_ascii=False) for feature in _features(page))


def _features(page: Page) -> list[dict[str, Any]]:
    about = {
        "job": page.job,
        "title": page.title,
        "url": page.url,
        "site": page.site,
        "published": page.published,
    }
    figures = [
        _feature(
            f"{page.job}/{figure.fact.id}",
            figure.place,
            {"kind": "figure", **about, **_figure(figure, page.job), **_place(figure.place)},
        )
        for figure in page.figures
    ]
    places = [
        _feature(f"{page.job}/{place.id}", place, {"kind": "place", **about, **_place(place)})
        for place in page.other_places
    ]
    return figures + places


def _feature(name: str, place: LocationFact | None, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": name,
        "geometry": _point(place),
        "properties": {column: properties.get(column) for column in _COLUMNS},
    }


def _point(place: LocationFact | None) -> dict[str, Any] | None:
    at = coordinates(place)
    return {"type": "Point", "coordinates": at} if at else None


def _figure(figure: Figure, job: str) -> dict[str, Any]:
    fact = figure.fact
    plain = fact.model_dump(
        mode="json",
        include={
            "effect",
            "min",
            "max",
            "best",
            "qualifier",
            "number_text",
            "unit",
            "term",
            "status",
            "cumulative",
            "previous",
            "rule",
            "confidence",
        },
    )
    return {
        **plain,
        "victims": fact.victims and fact.victims.text,
        "groups": ", ".join(fact.victims.groups) if fact.victims and fact.victims.groups else None,
        "nationality": fact.victims and fact.victims.nationality,
        "part_of": figure.whole and f"{job}/{figure.whole.id}",
        "stated": figure.stated,
        "time": fact.time and fact.time.text,
        "day_from": figure.date and figure.date.first,
        "day_to": figure.date and figure.date.last,
        "source": fact.source and fact.source.text,
        "source_kind": fact.source and fact.source.kind,
        "quote": fact.evidence.quote,
    }


def _place(place: LocationFact | None) -> dict[str, Any]:
    if place is None:
        return {}
    plain = place.model_dump(include={"name", "country", "admin1", "subdivision", "geonames_id", "feature"})
    return {
        **plain,
        "mentions": len(place.mentions),
        "place_confidence": place.confidence,
        "candidates": candidates(place),
    }
