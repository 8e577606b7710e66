"""The list beside the map: every figure with its words, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pagefacts.contracts import LocationFact
from pagefacts.render.figures import Figure, Page, coordinates, heading
from pagefacts.render.glyphs import GLYPHS
from pagefacts.render.markup import Markup, join, tag, web_address
from pagefacts.render.words import days, status_words


def page_section(page: Page, figures: Iterable[tuple[int, Figure]]) -> Markup:
    """Return the section of ``page``; each of its ``figures`` comes with its number on the map."""
    title = page.title or "(no title)"
    about = " · ".join(part for part in (page.site, page.published) if part)
    cards = [_card(number, figure) for number, figure in figures]
    return tag(
        "section",
        tag("h2", web_link(title, page.url), dir="auto"),
        tag("p", about, class_="about") if about else None,
        tag("ol", *cards) if cards else tag("p", "No casualty figures."),
        _other_places(page),
        class_="page",
    )


def web_link(text: str, url: str | None) -> Markup:
    """Return ``text`` as a link to ``url`` if a browser may be sent there, else the text alone."""
    address = web_address(url)
    return tag("a", text, href=address, rel="noopener noreferrer", target="_blank") if address else join(text)


def _card(number: int, figure: Figure) -> Markup:
    fact = figure.fact
    words = join(figure.before, tag("mark", fact.evidence.quote), figure.after)
    return tag(
        "li",
        tag("h3", GLYPHS[fact.effect].icon(fact.effect), heading(figure.fact)),
        tag("blockquote", words, dir="auto"),
        definitions(details(figure, _where(number, figure.place))),
        id=f"f{number}",
        class_=f"card {fact.effect.value}",
        tabindex=-1,
    )


def details(figure: Figure, where: str) -> Iterator[tuple[str, str]]:
    """Yield what is known of ``figure`` besides its number, each with its term; ``where`` is text or markup."""
    fact = figure.fact
    yield "where", where
    if fact.time is not None:
        yield "when", fact.time.text + _days(figure)
    if fact.source is not None:
        yield "source", fact.source.text
    yield "status", status_words(fact)
    if figure.whole is not None:
        yield "part of", heading(figure.whole)
    if fact.previous is not None:
        yield "up from", f"{fact.previous:,}"
    if figure.stated > 1:
        yield "stated", f"{figure.stated} times"
    yield "confidence", f"{fact.confidence:.2f}"


def definitions(terms: Iterable[tuple[str, str]]) -> Markup:
    """Return ``terms`` with what is said of them as a list."""
    return tag("dl", *(tag("div", tag("dt", term), tag("dd", said)) for term, said in terms))


def _days(figure: Figure) -> str:
    covered = days(figure.date.first, figure.date.last) if figure.date else ""
    return f" ({covered})" if covered else ""


def _where(number: int, place: LocationFact | None) -> Markup:
    return place_link(place, f"m{number}") if coordinates(place) else join(place_words(place))


def place_link(place: LocationFact | None, target: str) -> Markup:
    """Return `place_words` with the place's name as a link to the element ``target``."""
    if place is None:
        return join(place_words(place))
    name = tag("a", place.name, href=f"#{target}", class_="on-map")
    return join(name, place_words(place).removeprefix(place.name))


def place_words(place: LocationFact | None) -> str:
    """Return the place in words: ``Aleppo, SY``, ``Syria, SY (country)``, ``Springfield (not decided: …)``."""
    if place is None:
        return "not said"
    if coordinates(place) is None:
        return _not_drawn(place)
    return place.name + (f", {place.country}" if place.country else "") + _extent(place)


def _extent(place: LocationFact) -> str:
    """Say what the sign stands for where it is no town: the middle of a country is not where it happened."""
    extents = {"PCL": "country", "ADM": "region", "CON": "continent"}
    extent = extents.get(place.feature[:3]) if place.feature else None
    return f" ({extent})" if extent else ""


def _not_drawn(place: LocationFact) -> str:
    if not place.candidates:
        return f"{place.name} (not on the map)"
    choices = (", ".join(filter(None, (choice.name, choice.country))) for choice in place.candidates)
    return f"{place.name} (not decided: {' or '.join(choices)})"


def _other_places(page: Page) -> Markup | None:
    names = [place.name if coordinates(place) else _not_drawn(place) for place in page.other_places]
    return tag("p", "Also named: ", ", ".join(names), class_="others") if names else None
