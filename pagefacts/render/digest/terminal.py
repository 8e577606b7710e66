"""A digest at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from pagefacts.render.digest import Cell, Claim, Digest, Verdict
from pagefacts.render.digest.words import (
    SECTIONS,
    day_words,
    page_words,
    place_words,
    remarks,
    source_words,
    summary,
    title_words,
    verdict_words,
    what_words,
)
from pagefacts.render.figures import bounds, heading
from pagefacts.render.terminal import Harmless, facts_table

_STYLES = {Verdict.CONFLICT: "bold red", Verdict.UPDATED: "yellow", Verdict.AGREE: "green"}


def render_digest(digest: Digest) -> Iterator[RenderableType]:
    """Yield what a terminal shows of ``digest``, part by part."""
    return map(Harmless, _parts(digest))


def _parts(digest: Digest) -> Iterator[RenderableType]:
    yield Text(summary(digest), style="bold")
    for kind, of_kind in groupby(digest.cells, lambda cell: cell.kind):
        title, explanation = SECTIONS[kind]
        yield Rule(title)
        yield Text(explanation, style="dim")
        for day, of_day in groupby(of_kind, day_words):
            yield Text(f"\n{day}", style="bold underline")
            yield from _day(list(of_day))


def _day(cells: Sequence[Cell]) -> Iterator[RenderableType]:
    """Yield a table of each comparison, and what a single voice says below them, shortly."""
    yield from (_table(cell) for cell in cells if cell.verdict is not Verdict.ALONE)
    yield from (_alone(claim) for cell in cells if cell.verdict is Verdict.ALONE for claim in cell.claims)


def _table(cell: Cell) -> Table:
    verdict = verdict_words(cell), _STYLES[cell.verdict]
    title = Text.assemble((what_words(cell.what), "bold"), ", ", place_words(cell.where), "  ", verdict)
    table = facts_table(title, Figure=3, Source=3, Page=3, Words=5)
    for number, claim in enumerate(cell.claims):
        outdated = number in cell.outdated
        table.add_row(*_cells(claim, outdated), style="dim" if outdated else None)
    return table


def _cells(claim: Claim, outdated: bool) -> tuple[Text, ...]:
    fact = claim.fact
    number = Text(bounds(fact), style="bold")
    figure = Text("\n").join([number, *([Text(fact.victims.text)] if fact.victims else [])])
    said = "\n".join([source_words(claim), *remarks(claim, outdated)])
    return figure, Text(said), Text(_page(claim)), Text(fact.evidence.quote)


def _alone(claim: Claim) -> Text:
    said = [place_words(claim.where), f"source: {source_words(claim)}", *remarks(claim, outdated=False)]
    about = "".join(f" · {part}" for part in said)
    page = _page(claim).replace("\n", " · ")
    return Text.assemble((heading(claim.fact), "bold"), about, "\n“", claim.fact.evidence.quote, "”\n", (page, "dim"))


def _page(claim: Claim) -> str:
    return f"{title_words(claim.text)}\n{page_words(claim)}"
