"""The list beside the map: every figure with its words, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pagefacts.contracts import LocationFact, Unit
from pagefacts.render.figures import Figure, Page, bounds, coordinates
from pagefacts.render.glyphs import GLYPHS
from pagefacts.render.markup import Markup, join, tag, web_address


def heading(figure: Figure) -> str:
    """Return the figure in words: ``killed more than 250,000 Syrians``."""
    fact = figure.fact
    unit = None if fact.unit is Unit.PERSONS else fact.unit.value
    victims = fact.victims and fact.victims.text
    return " ".join(part for part in (fact.effect.value, bounds(fact), unit, victims) if part)


def page_section(page: Page, figures: Iterable[tuple[int, Figure]]) -> Markup:
    """Return the section of ``page``; each of its ``figures`` comes with its number on the map."""
    title = page.title or "(no title)"
    about = " · ".join(part for part in (page.site, page.published) if part)
    cards = [_card(number, figure) for number, figure in figures]
    return tag(
        "section",
        tag("h2", _link(title, page.url), dir="auto"),
        tag("p", about, class_="about") if about else None,
        tag("ol", *cards) if cards else tag("p", "No casualty figures."),
        _other_places(page),
        class_="page",
    )


def _link(text: str, url: str | None) -> Markup:
    address = web_address(url)
    return tag("a", text, href=address, rel="noopener noreferrer", target="_blank") if address else join(text)


def _card(number: int, figure: Figure) -> Markup:
    fact = figure.fact
    words = join(figure.before, tag("mark", fact.evidence.quote), figure.after)
    rows = (tag("div", tag("dt", term), tag("dd", value)) for term, value in _rows(number, figure))
    return tag(
        "li",
        tag("h3", GLYPHS[fact.effect].icon(fact.effect), heading(figure)),
        tag("blockquote", words, dir="auto"),
        tag("dl", *rows),
        id=f"f{number}",
        class_=f"card {fact.effect.value}",
        tabindex=-1,
    )


def _rows(number: int, figure: Figure) -> Iterator[tuple[str, str]]:
    fact = figure.fact
    yield "where", _where(number, figure.place)
    if fact.time is not None:
        yield "when", fact.time.text + _days(figure)
    if fact.source is not None:
        yield "source", fact.source.text
    yield "status", fact.status.value + (f" (“{fact.evidence.cue}”)" if fact.evidence.cue else "")
    if figure.whole is not None:
        yield "part of", f"{figure.whole.effect.value} {bounds(figure.whole)}"
    if fact.previous is not None:
        yield "up from", f"{fact.previous:,}"
    if figure.stated > 1:
        yield "stated", f"{figure.stated} times"
    yield "confidence", f"{fact.confidence:.2f}"


def _days(figure: Figure) -> str:
    date = figure.date
    days = dict.fromkeys(day for day in (date.first, date.last) if day) if date else ()
    return f" ({' to '.join(days)})" if days else ""


def _where(number: int, place: LocationFact | None) -> Markup:
    if place is None:
        return join("not said")
    if coordinates(place) is None:
        return join(_not_drawn(place))
    on_map = tag("a", place.name, href=f"#m{number}", class_="on-map")
    return join(on_map, f", {place.country}" if place.country else None, _extent(place))


def _extent(place: LocationFact) -> str | None:
    """Say what the sign stands for where it is no town: the middle of a country is not where it happened."""
    extents = {"PCL": "country", "ADM": "region", "CON": "continent"}
    extent = extents.get(place.feature[:3]) if place.feature else None
    return f" ({extent})" if extent else None


def _not_drawn(place: LocationFact) -> str:
    if not place.candidates:
        return f"{place.name} (not on the map)"
    choices = (", ".join(filter(None, (choice.name, choice.country))) for choice in place.candidates)
    return f"{place.name} (not decided: {' or '.join(choices)})"


def _other_places(page: Page) -> Markup | None:
    names = [place.name if coordinates(place) else _not_drawn(place) for place in page.other_places]
    return tag("p", "Also named: ", ", ".join(names), class_="others") if names else None
