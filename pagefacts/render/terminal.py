"""A result for people at a terminal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.panel import Panel
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from pagefacts.contracts import (
    CasualtyFact,
    DateFact,
    Entity,
    FailureEvent,
    Label,
    LocationFact,
    Result,
    ResultEvent,
)
from pagefacts.render.figures import heading
from pagefacts.render.words import NO_ARTICLE, days

_ORDERS: Final = {code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"}
"""The control characters of ISO 6429 (C0, DEL, C1), but for those of lines."""


@dataclass(frozen=True)
class Harmless:
    """Something to show whose text cannot give orders to the terminal: a page may hold escape sequences."""

    shown: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield what is shown, each control character replaced."""
        for text, style, control in console.render(self.shown, options):
            yield Segment(text if control else text.translate(_ORDERS), style, control)


def render(event: ResultEvent | FailureEvent) -> RenderableType:
    """Return headline, byline and tables of the facts with their quotes, or what failed."""
    if isinstance(event, FailureEvent):
        failure = event.data.failure
        return Harmless(Panel(Text(f"{failure.code}: {failure.message}"), title=Text(event.id), border_style="red"))
    return Harmless(Group(*_parts(event.data), Text()))


def _parts(result: Result) -> Iterator[RenderableType]:
    article = result.article
    yield Text(article.title or "(no title)", style="bold")
    published = article.published.value if article.published else None
    yield Text(" · ".join(part for part in (*article.authors, article.site, published) if part), style="dim")
    if article.lead:
        yield Text(article.lead, style="italic")
    yield Text()
    if not article.tells_facts:
        yield Text(f"No article: {NO_ARTICLE[article.kind]}. Names and facts were not looked for.", style="yellow")
        return
    yield _casualties(result) if result.casualties else Text("No casualty figures.")
    if result.dates:
        yield _dates(result.dates)
    if result.locations:
        yield _locations(result.locations)
    yield from _names(result.entities)


def facts_table(title: str | Text, **columns: int) -> Table:
    """Return an empty table; ``columns`` are the headings with their shares of the width."""
    table = Table(
        title=title, title_justify="left", title_style="bold", expand=True, box=box.SIMPLE_HEAD, show_lines=True
    )
    for name, ratio in columns.items():
        table.add_column(name, ratio=ratio, overflow="fold")
    return table


def _casualties(result: Result) -> Table:
    places = {place.id: place.name for place in result.locations}
    table = facts_table("Casualties", Figure=3, Circumstances=3, Quote=4)
    again = Counter(fact.same_as for fact in result.casualties)
    for fact in result.casualties:
        if fact.same_as is not None:  # shown once, at its first mention
            continue
        table.add_row(
            _figure(fact, 1 + again[fact.id]), Text("\n".join(_circumstances(fact, places))), Text(fact.evidence.quote)
        )
    return table


def _figure(fact: CasualtyFact, mentions: int) -> Text:
    text = Text(heading(fact), style="bold")
    if mentions > 1:
        text.append(f"\nstated {mentions} times", style="dim")
    return text


def _circumstances(fact: CasualtyFact, places: Mapping[str, str]) -> Iterator[str]:
    yield fact.status.value + (f", part of {fact.part_of}" if fact.part_of else "")
    if fact.time is not None:
        yield f"when: {fact.time.text}"
    if fact.place is not None:
        yield f"where: {places[fact.place]}"
    if fact.source is not None:
        yield f"source: {fact.source.text}"


def _dates(dates: tuple[DateFact, ...]) -> Table:
    table = facts_table("Dates", Words=3, Type=2, Value=3, Days=4)
    for date in dates:
        cells = (date.text, date.type, date.value, days(date.first, date.last))
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _locations(locations: tuple[LocationFact, ...]) -> Table:
    table = facts_table("Places", Name=4, Country=2, Coordinates=4, GeoNames=2, Mentions=2)
    for place in locations:
        where = "" if place.latitude is None else f"{place.latitude:.4f}, {place.longitude:.4f}"
        cells = (place.name, place.country or "", where, str(place.geonames_id or ""), str(len(place.mentions)))
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _names(entities: tuple[Entity, ...]) -> Iterator[Text]:
    """Yield who is named, each once by the fullest name, under the label that most of the mentions have."""
    labels: defaultdict[tuple[str, str], Counter[Label]] = defaultdict(Counter)
    for entity in entities:
        if entity.entity_id is not None and entity.name is not None:
            labels[entity.entity_id, entity.name][entity.label] += 1
    for title, label in (("People", Label.PERSON), ("Organisations", Label.ORG)):
        names = [name for (_, name), counts in labels.items() if counts.most_common(1)[0][0] is label]
        if names:
            yield Text.assemble((f"{title}: ", "bold"), ", ".join(names))
