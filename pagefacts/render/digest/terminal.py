"""A digest at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.console import RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from pagefacts.render.digest import Cell, Claim, Digest, Verdict
from pagefacts.render.digest.words import (
    SECTIONS,
    country_words,
    day_words,
    page_words,
    remarks,
    source_words,
    summary,
    verdict_words,
    what_words,
)
from pagefacts.render.figures import bounds
from pagefacts.render.terminal import facts_table

_STYLES = {Verdict.CONFLICT: "bold red", Verdict.UPDATED: "yellow", Verdict.AGREE: "green", Verdict.ALONE: "dim"}


def render_digest(digest: Digest) -> Iterator[RenderableType]:
    """Yield what a terminal shows of ``digest``, part by part."""
    yield Text(summary(digest), style="bold")
    for kind, of_kind in groupby(digest.cells, lambda cell: cell.kind):
        heading, explanation = SECTIONS[kind]
        yield Rule(heading)
        yield Text(explanation, style="dim")
        for (day, country), cells in groupby(of_kind, lambda cell: (day_words(cell), country_words(cell.where))):
            yield Text(f"\n{day} · {country}", style="bold underline")
            yield from map(_table, cells)


def _table(cell: Cell) -> Table:
    place = f", {cell.where.name}" if cell.where.name else ""
    title = Text.assemble(what_words(cell.what), place, "  ", (verdict_words(cell), _STYLES[cell.verdict]))
    table = facts_table(title, Figure=3, Source=3, Page=3, Words=5)
    for number, claim in enumerate(cell.claims):
        outdated = number in cell.outdated
        table.add_row(*_cells(claim, outdated), style="dim" if outdated else None)
    return table


def _cells(claim: Claim, outdated: bool) -> tuple[Text, ...]:
    fact, text = claim.fact, claim.text
    number = Text(bounds(fact), style="bold")
    figure = Text("\n").join([number, *([Text(fact.victims.text)] if fact.victims else [])])
    said = "\n".join([source_words(claim), *remarks(claim, outdated)])
    return figure, Text(said), Text(f"{text.title or '(no title)'}\n{page_words(claim)}"), Text(fact.evidence.quote)
