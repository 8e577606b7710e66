"""Claims by day, place and effect, those about the same thing in one cell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from pagefacts.contracts import Effect, FailureEvent, Group, ResultEvent, Status, Term, Unit
from pagefacts.render.digest.claims import Claim, Texts, Where
from pagefacts.render.digest.verdicts import Range, Verdict, hull, judge


class Kind(StrEnum):
    """What a figure counts towards. Figures of different kinds are never in one cell."""

    EVENT = "event"
    """People hit on the day."""
    PERIOD = "period"
    """The total of a longer time: it includes events of its own."""
    HISTORICAL = "historical"
    """People hit in another event, long before."""
    HYPOTHETICAL = "hypothetical"
    """People who may be hit, or might have been."""
    NEGATED = "negated"
    """People of whom it is said that they were not hit."""


_APART: Final = {
    Status.HISTORICAL: Kind.HISTORICAL,
    Status.HYPOTHETICAL: Kind.HYPOTHETICAL,
    Status.NEGATED: Kind.NEGATED,
}

Days = tuple[str | None, str | None]
"""The first and the last day, ISO 8601."""


@dataclass(frozen=True, slots=True)
class What:
    """What is counted; only figures that count the same are compared."""

    effect: Effect
    """What happened to them."""
    unit: Unit
    """Persons, households or dwellings."""
    term: Term | None
    """The kind of displacement."""
    groups: tuple[Group, ...]
    """The kinds of people that the words name, sorted."""
    nationality: str | None
    """Where the words name one."""
    part: bool
    """Whether another figure of the same text includes it ("including 12 children")."""

    @property
    def order(self) -> tuple[object, ...]:
        """Where it stands among others: as effects do, the whole before its parts."""
        groups = tuple(group.value for group in self.groups)
        return list(Effect).index(self.effect), self.part, self.unit, self.term or "", groups, self.nationality or ""


@dataclass(frozen=True, slots=True)
class Cell:
    """Claims about the same thing: what, where and when."""

    kind: Kind
    """What they count towards."""
    days: Days
    """When; null where not known."""
    where: Where
    """Where."""
    what: What
    """What is counted."""
    claims: tuple[Claim, ...]
    """The claims, in the order of publication."""
    verdict: Verdict
    """Whether they agree."""
    outdated: frozenset[int]
    """The indices of those that later ones have outdated."""
    range: Range
    """The lowest minimum and the highest maximum of the others. No claim says so, and it is no sum."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What many results claim."""

    results: int
    """How many results there are."""
    failures: int
    """How many answers are failures, of which there is nothing to say."""
    texts: int
    """How many texts the results have, copies counted once."""
    cells: tuple[Cell, ...]
    """By kind, day, country, place and what is counted."""

    def conflicts(self) -> Digest:
        """Return the same with the cells alone that are in conflict."""
        return replace(self, cells=tuple(cell for cell in self.cells if cell.verdict is Verdict.CONFLICT))


def digest(answers: Iterable[ResultEvent | FailureEvent]) -> Digest:
    """Return the digest of ``answers``; their order makes no difference.

    Every figure of every text is in exactly one cell. The time taken grows with the number of figures (times its
    logarithm), and of the answers nothing but their figures is kept.
    """
    texts, failures = Texts(), 0
    for answer in answers:
        if isinstance(answer, FailureEvent):
            failures += 1
        else:
            texts.add(answer)
    cells = sorted(_cells(texts.claims()), key=_order)
    return Digest(texts.results, failures, len(texts), tuple(cells))


def _order(cell: Cell) -> tuple[object, ...]:
    first, last = cell.days
    day = (last is None, last or "", first or "")
    where = cell.where
    country = (where.country is None, where.country or "")
    place = (where.name is None, not where.whole_country, where.name or "", where.id)
    return list(Kind).index(cell.kind), day, country, place, cell.what.order


def _cells(claims: Iterable[Claim]) -> Iterator[Cell]:
    alike: defaultdict[tuple[Kind, Where, What], list[Claim]] = defaultdict(list)
    for claim in claims:
        alike[_kind(claim), claim.where, _what(claim)].append(claim)
    for (kind, where, what), bucket in alike.items():
        for days, together in _by_days(bucket):
            yield _cell(kind, days, where, what, sorted(together, key=lambda claim: claim.order))


def _cell(kind: Kind, days: Days, where: Where, what: What, claims: Sequence[Claim]) -> Cell:
    verdict, outdated = judge(claims)
    current = [claim for n, claim in enumerate(claims) if n not in outdated]
    return Cell(kind, days, where, what, tuple(claims), verdict, outdated, hull(current))


def _kind(claim: Claim) -> Kind:
    return _APART.get(claim.fact.status, Kind.PERIOD if claim.when.long else Kind.EVENT)


def _what(claim: Claim) -> What:
    fact, victims = claim.fact, claim.fact.victims
    groups = tuple(sorted(victims.groups)) if victims else ()
    nationality = victims.nationality if victims else None
    at_home = nationality == claim.where.country  # Syrians in Syria are the people there
    return What(fact.effect, fact.unit, fact.term, groups, None if at_home else nationality, fact.part_of is not None)


def _by_days(claims: Sequence[Claim]) -> Iterable[tuple[Days, list[Claim]]]:
    """Return the claims of each event, with its days.

    A text that states no day speaks of the event of the day it was published or the day before, where others state
    one; a stretch of days is the one event that others state in it. What has no days at all is of its text alone.
    """
    stated = sorted({claim.when.day for claim in claims if claim.when.stated and claim.when.day})
    cells: defaultdict[tuple[Days, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        days = _days(claim, stated)
        cells[days, "" if days[0] else claim.text.key].append(claim)
    return [(days, together) for (days, _), together in cells.items()]


def _days(claim: Claim, stated: Sequence[str]) -> Days:
    when = claim.when
    if when.long or when.first is None or when.last is None or (when.stated and when.day):
        return when.first, when.last
    first = when.first if when.stated else (date.fromisoformat(when.first) - timedelta(days=1)).isoformat()
    within = stated[bisect_left(stated, first) : bisect_right(stated, when.last)]
    if not within or (when.stated and len(within) > 1):
        return when.first, when.last
    return within[-1], within[-1]
