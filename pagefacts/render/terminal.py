"""A result for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pagefacts.contracts import CasualtyFact, DateFact, FailureEvent, LocationFact, Result, ResultEvent


def render(event: ResultEvent | FailureEvent) -> RenderableType:
    """Return headline, byline and tables of the facts with their quotes, or what failed."""
    if isinstance(event, FailureEvent):
        failure = event.data.failure
        return Panel(Text(f"{failure.code}: {failure.message}"), title=Text(event.id), border_style="red")
    return Group(*_parts(event.data), Text())


def _parts(result: Result) -> Iterator[RenderableType]:
    article = result.article
    yield Text(article.title or "(no title)", style="bold")
    published = article.published.value if article.published else None
    yield Text(" · ".join(part for part in (*article.authors, article.site, published) if part), style="dim")
    if article.lead:
        yield Text(article.lead, style="italic")
    yield Text()
    yield _casualties(result) if result.casualties else Text("No casualty figures.")
    if result.dates:
        yield _dates(result.dates)
    if result.locations:
        yield _locations(result.locations)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", expand=True)
    for column in columns:
        table.add_column(column, ratio=3 if column == "Quote" else 1, overflow="fold")
    return table


def _casualties(result: Result) -> Table:
    places = {place.id: place.name for place in result.locations}
    table = _table("Casualties", "Effect", "Number", "Victims", "Status", "Time", "Place", "Source", "Quote")
    for fact in result.casualties:
        status = fact.status.value + (f", part of {fact.part_of}" if fact.part_of else "")
        cells = (
            fact.effect.value,
            bounds(fact),
            fact.victims.text if fact.victims else "",
            status,
            fact.time.text if fact.time else "",
            places.get(fact.place, "") if fact.place else "",
            fact.source.text if fact.source else "",
            fact.evidence.quote,
        )
        table.add_row(*(Text(cell) for cell in cells))
    return table


def bounds(fact: CasualtyFact) -> str:
    """Return the figure in words: ``more than 250,000``, ``20 to 30``, ``about 5``."""
    qualifier = fact.qualifier.value.replace("_", " ")
    if fact.best is not None:
        return f"{fact.best:,}" if fact.qualifier.value == "exactly" else f"{qualifier} {fact.best:,}"
    if fact.min is not None and fact.max is not None and fact.min > 0:
        return f"{fact.min:,} to {fact.max:,}"
    bound = fact.max if fact.max is not None else fact.min
    if fact.qualifier.value == "vague":
        return f"{fact.number_text} (at least {bound:,})" if bound is not None else fact.number_text
    return f"{qualifier} {bound:,}" if bound is not None else fact.number_text


def _dates(dates: tuple[DateFact, ...]) -> Table:
    table = _table("Dates", "Words", "Type", "Value", "From", "To")
    for date in dates:
        table.add_row(*(Text(cell or "") for cell in (date.text, date.type, date.value, date.first, date.last)))
    return table


def _locations(locations: tuple[LocationFact, ...]) -> Table:
    table = _table("Places", "Name", "Country", "Latitude", "Longitude", "GeoNames", "Mentions")
    for place in locations:
        where = ("", "") if place.latitude is None else (f"{place.latitude:.4f}", f"{place.longitude:.4f}")
        cells = (place.name, place.country or "", *where, str(place.geonames_id or ""), str(len(place.mentions)))
        table.add_row(*(Text(cell) for cell in cells))
    return table
