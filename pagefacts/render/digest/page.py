"""A digest as a page: what is claimed, by day and place, conflicting claims in one table with their ranges drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from pagefacts.contracts import CasualtyFact
from pagefacts.render.cards import web_link
from pagefacts.render.digest import Cell, Claim, Digest, Kind, Verdict
from pagefacts.render.digest.words import (
    SECTIONS,
    country_words,
    day_words,
    page_words,
    range_words,
    remarks,
    source_words,
    summary,
    verdict_words,
    what_words,
)
from pagefacts.render.document import document
from pagefacts.render.figures import bounds
from pagefacts.render.glyphs import GLYPHS, certainty
from pagefacts.render.legend import effects_legend, legend_box
from pagefacts.render.markup import Markup, join, tag
from pagefacts.render.words import plural

_BAR: Final = 120
"""Units that the largest number of a cell is wide."""
_HEADINGS: Final = ("Figure", "Lowest to highest", "Who says so", "Status", "Words and page")


def digest_page(digest: Digest) -> str:
    """Return the HTML page that shows ``digest``."""
    settled = sum(cell.verdict is not Verdict.CONFLICT for cell in digest.cells)
    days = [(day, list(cells)) for day, cells in groupby(digest.cells, _day)]
    return document(
        "digest",
        title="Claims by day and place",
        summary=join(summary(digest)),
        legend=join(
            effects_legend(cell.what.effect for cell in digest.cells),
            legend_box("settled", Markup(), f"also what is not in conflict ({settled:,})") if settled else None,
        ),
        days=tag("ol", *(_day_link(number, cells) for number, (_, cells) in enumerate(days))),
        sections=join(*_sections(days)) or tag("p", "No casualty figures."),
    )


def _day(cell: Cell) -> tuple[Kind, str]:
    return cell.kind, day_words(cell)


_Days = list[tuple[tuple[Kind, str], list[Cell]]]


def _day_link(number: int, cells: list[Cell]) -> Markup:
    conflicts = sum(cell.verdict is Verdict.CONFLICT for cell in cells)
    said = plural(sum(len(cell.claims) for cell in cells), "figure")
    said += f", {plural(conflicts, 'conflict')}" if conflicts else ""
    section = "" if cells[0].kind is Kind.EVENT else f"{SECTIONS[cells[0].kind][0]}: "
    return tag("li", section, tag("a", day_words(cells[0]), href=f"#d{number}"), f" · {said}")


def _sections(days: _Days) -> Iterator[Markup]:
    numbered = enumerate(days)
    for kind, group in groupby(numbered, lambda day: day[1][0][0]):
        heading, explanation = SECTIONS[kind]
        parts = (_day_section(number, cells) for number, (_, cells) in group)
        yield tag("section", tag("h2", heading), tag("p", explanation, class_="about"), *parts, class_=kind.value)


def _day_section(number: int, cells: Iterable[Cell]) -> Markup:
    cells = list(cells)
    countries = (
        tag("section", tag("h4", country), *map(_table, group), class_="country")
        for country, group in groupby(cells, lambda cell: country_words(cell.where))
    )
    return tag("section", tag("h3", day_words(cells[0])), *countries, class_="day", id=f"d{number}")


def _table(cell: Cell) -> Markup:
    what = cell.what
    caption = tag(
        "caption",
        GLYPHS[what.effect].icon(what.effect),
        tag("strong", what_words(what)),
        f", {cell.where.name}" if cell.where.name else None,
        tag("span", verdict_words(cell), class_=f"verdict {cell.verdict.value}"),
    )
    head = tag("tr", *(tag("th", heading, scope="col") for heading in _HEADINGS))
    most = _most(cell) if len(cell.claims) > 1 else None
    rows = (_row(claim, number in cell.outdated, most) for number, claim in enumerate(cell.claims))
    return tag(
        "table", caption, tag("thead", head), tag("tbody", *rows), class_=f"{what.effect.value} {cell.verdict.value}"
    )


def _row(claim: Claim, outdated: bool, most: int | None) -> Markup:
    fact, text = claim.fact, claim.text
    victims = f" {fact.victims.text}" if fact.victims else None
    before, after = claim.sentence
    title = tag("p", web_link(text.title or "(no title)", text.url), f" · {page_words(claim)}", class_="page")
    return tag(
        "tr",
        tag("th", tag("b", bounds(fact)), victims, scope="row", dir="auto"),
        tag("td", _bar(fact, most) if most else None, class_="bar"),
        tag("td", source_words(claim), dir="auto"),
        tag("td", *(tag("span", remark) for remark in remarks(claim, outdated)), class_="remarks"),
        tag("td", tag("q", before, tag("mark", fact.evidence.quote), after, dir="auto"), title),
        class_=f"{certainty(fact)}{' outdated' if outdated else ''}",
    )


def _most(cell: Cell) -> int:
    return max(fact.max or fact.min or 0 for fact in (claim.fact for claim in cell.claims)) or 1


def _bar(fact: CasualtyFact, most: int) -> Markup:
    """Return the range of ``fact`` as a line from its lowest to its highest number, with an arrow where it is open."""
    low = _BAR * (fact.min or 0) / most
    high = _BAR * (fact.max if fact.max is not None else most) / most
    end = tag("path", d=f"M{_BAR + 3} 3l9 5l-9 5z") if fact.max is None else None
    line = tag("rect", x=f"{low:.1f}", y=5, width=f"{max(high - low, 3):.1f}", height=6)
    svg = tag("svg", line, end, viewBox=f"-2 0 {_BAR + 18} 16", aria_hidden="true")
    return join(svg, tag("span", range_words(fact.min or 0, fact.max), class_="said"))
