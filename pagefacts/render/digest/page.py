"""A digest as a page: what is claimed, by day and place, conflicting claims in one table with their ranges drawn.

Of many figures the days are folded: a browser lays out only what is open, so the page stays quick.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from pagefacts.contracts import CasualtyFact
from pagefacts.render.cards import web_link
from pagefacts.render.digest import Cell, Claim, Digest, Verdict
from pagefacts.render.digest.words import (
    SECTIONS,
    country_words,
    day_words,
    page_words,
    place_words,
    range_words,
    remarks,
    source_words,
    summary,
    title_words,
    verdict_words,
    what_words,
)
from pagefacts.render.document import document
from pagefacts.render.figures import bounds, heading
from pagefacts.render.glyphs import GLYPHS, certainty
from pagefacts.render.legend import effects_legend, legend_box
from pagefacts.render.markup import Markup, join, tag
from pagefacts.render.words import plural

_OPEN: Final = 200
"""Figures that are shown at once; of more the days are folded."""
_BAR: Final = 120
"""Units that a range without an upper bound may reach."""
_KNOWN: Final = 3 / 4
"""Of these, where the largest number of a cell stands."""
_COMPARED: Final = ("Figure", "Lowest to highest", "Who says so", "Status", "Words and page")
_ALONE: Final = ("One voice each", "Place", "Who says so", "Status", "Words and page")


def digest_page(digest: Digest) -> Iterator[str]:
    """Yield the HTML page that shows ``digest``, part by part."""
    settled = sum(cell.verdict is not Verdict.CONFLICT for cell in digest.cells)
    return document(
        "digest",
        title="Claims by day and place",
        summary=join(summary(digest)),
        legend=join(
            effects_legend(cell.what.effect for cell in digest.cells),
            legend_box("settled", Markup(), f"also what is not in conflict ({settled:,})") if settled else None,
        ),
        main=_sections(digest.cells) if digest.cells else [tag("p", "No figures to show.")],
    )


def _sections(cells: Sequence[Cell]) -> Iterator[Markup]:
    is_open = sum(len(cell.claims) for cell in cells) <= _OPEN
    for kind, group in groupby(cells, lambda cell: cell.kind):
        title, explanation = SECTIONS[kind]
        yield join(tag("h2", title), tag("p", explanation, class_="about"))
        for _, of_day in groupby(group, day_words):
            yield _day(list(of_day), is_open)


def _day(cells: Sequence[Cell], is_open: bool) -> Markup:
    """Return what is said of one day: a table of each comparison, then one of all that a single voice says."""
    conflicts = sum(cell.verdict is Verdict.CONFLICT for cell in cells)
    alone = [cell for cell in cells if cell.verdict is Verdict.ALONE]
    return tag(
        "details",
        tag(
            "summary",
            tag("h3", day_words(cells[0])),
            tag("span", plural(sum(len(cell.claims) for cell in cells), "figure")),
            tag("strong", plural(conflicts, "conflict"), class_="verdict conflict") if conflicts else None,
        ),
        *(_compared(cell) for cell in cells if cell.verdict is not Verdict.ALONE),
        _table(None, _ALONE, _by_country(alone), "alone") if alone else None,
        class_="day conflict" if conflicts else "day",
        open="" if is_open else None,
    )


def _compared(cell: Cell) -> Markup:
    what = cell.what
    caption = tag(
        "caption",
        GLYPHS[what.effect].icon(what.effect),
        tag("strong", what_words(what)),
        f", {place_words(cell.where)}",
        tag("span", verdict_words(cell), class_=f"verdict {cell.verdict.value}"),
    )
    most = _most(cell)
    rows = (_compared_row(claim, number in cell.outdated, most) for number, claim in enumerate(cell.claims))
    return _table(caption, _COMPARED, [tag("tbody", *rows)], f"{what.effect.value} {cell.verdict.value}")


def _by_country(cells: Iterable[Cell]) -> Iterator[Markup]:
    for country, group in groupby(cells, lambda cell: country_words(cell.where)):
        title = tag("tr", tag("th", country, scope="rowgroup", colspan=len(_ALONE)), class_="country")
        yield tag("tbody", title, *(_alone_row(claim) for cell in group for claim in cell.claims))


def _table(caption: Markup | None, headings: Iterable[str], bodies: Iterable[Markup], kind: str) -> Markup:
    head = tag("tr", *(tag("th", said, scope="col") for said in headings))
    return tag("table", caption, tag("thead", head), *bodies, class_=kind)


def _compared_row(claim: Claim, outdated: bool, most: int) -> Markup:
    fact = claim.fact
    victims = f" {fact.victims.text}" if fact.victims else None
    figure = join(tag("b", bounds(fact)), victims)
    kind = f"{certainty(fact)}{' outdated' if outdated else ''}"
    return _row(claim, outdated, kind, figure, tag("td", _bar(fact, most), class_="bar"))


def _alone_row(claim: Claim) -> Markup:
    effect = claim.fact.effect
    figure = join(GLYPHS[effect].icon(effect), heading(claim.fact))
    return _row(claim, False, effect.value, figure, tag("td", claim.where.name, dir="auto"))


def _row(claim: Claim, outdated: bool, kind: str, figure: Markup, second: Markup) -> Markup:
    text, (before, after) = claim.text, claim.sentence
    words = tag("q", before, tag("mark", claim.fact.evidence.quote), after, dir="auto")
    page = tag("p", web_link(title_words(text), text.url), f" · {page_words(claim)}", class_="page")
    return tag(
        "tr",
        tag("th", figure, scope="row", dir="auto"),
        second,
        tag("td", source_words(claim), dir="auto"),
        tag("td", *(tag("span", remark) for remark in remarks(claim, outdated)), class_="remarks"),
        tag("td", words, page),
        class_=kind,
    )


def _most(cell: Cell) -> int:
    return max(fact.max or fact.min or 0 for fact in (claim.fact for claim in cell.claims)) or 1


def _bar(fact: CasualtyFact, most: int) -> Markup:
    """Return the range of ``fact`` as a line from its lowest to its highest number, with an arrow where it is open."""
    scale = _BAR * _KNOWN / most
    low = scale * (fact.min or 0)
    high = _BAR if fact.max is None else scale * fact.max
    axis = tag("path", d=f"M0 8H{_BAR}", class_="axis")
    line = tag("rect", x=f"{low:.1f}", y=4, width=f"{max(high - low, 4):.1f}", height=8)
    end = tag("path", d=f"M{_BAR} 3l9 5l-9 5z") if fact.max is None else None
    svg = tag("svg", axis, line, end, viewBox=f"-2 0 {_BAR + 14} 16", aria_hidden="true")
    return join(svg, tag("span", range_words(fact.min or 0, fact.max), class_="said"))
