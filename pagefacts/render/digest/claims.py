"""Results as claims: who says how many, each text once however many pages carry it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from pagefacts.contracts import CasualtyFact, LocationFact, Published, ResultEvent
from pagefacts.render.digest.days import When, when
from pagefacts.render.figures import Figure, Page, page_of

_ALWAYS: Final = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True)
class Text:
    """A text, on all the pages that carry it: of copies with the same figures it is the one published first."""

    key: str
    """The job's id of that page."""
    family: str
    """What other versions of the text have in common with it: its fingerprint, or its address."""
    title: str | None
    """The headline."""
    url: str | None
    """Where the page was found."""
    site: str | None
    """The publication."""
    published: str | None
    """ISO 8601."""
    earliest: datetime
    """When it was published, at the earliest, UTC; the beginning of time where that is not known."""
    latest: datetime
    """The same, at the latest: a day without an hour lasts to its end, and what is not known to the end of time."""
    copies: int
    """How many pages carry it; 1: it is no copy."""


@dataclass(frozen=True)
class Claim:
    """One figure of one text."""

    text: Text
    """Who claims it."""
    fact: CasualtyFact
    """The figure, where the text states it first."""
    stated: int
    """How often the text states it."""
    place: LocationFact | None
    """Where."""
    whole: CasualtyFact | None
    """The figure of the same text that includes this one."""
    when: When
    """When, as the text tells."""
    sentence: tuple[str, str]
    """The sentence before and after the quote."""

    @property
    def order(self) -> tuple[datetime, str, int]:
        """Where it stands among others: by publication, then as in its text."""
        return self.text.latest, self.text.key, int(self.fact.id[1:])


@dataclass
class _Seen:
    """The pages of one text so far."""

    first: Page
    published: Published | None
    order: tuple[datetime, str, str, str]
    pages: set[str] = field(default_factory=set)


@dataclass
class Texts:
    """The texts of many results; of each, nothing but its figures is kept."""

    results: int = 0
    """How many results were given."""
    _seen: dict[tuple[str, tuple[object, ...]], _Seen] = field(default_factory=dict)

    def add(self, event: ResultEvent) -> None:
        """Take ``event`` in."""
        self.results += 1
        article, page = event.data.article, page_of(event)
        address = article.canonical_url or page.url or page.job
        key = article.fingerprint or address, _signature(page)
        order = (published_between(article.published)[1], page.site or "", page.url or "", page.job)
        seen = self._seen.get(key)
        if seen is None:
            seen = self._seen[key] = _Seen(page, article.published, order)
        elif order < seen.order:
            seen.first, seen.published, seen.order = page, article.published, order
        seen.pages.add(address)

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self._seen)

    def claims(self) -> Iterator[Claim]:
        """Yield every figure of every text."""
        for (family, _), seen in self._seen.items():
            text = _text(family, seen)
            yield from (_claim(text, figure, seen.published) for figure in seen.first.figures)


def _signature(page: Page) -> tuple[object, ...]:
    """Return what copies must have in common besides the fingerprint, which looks at no numbers: their figures."""
    return tuple(sorted(_figure_signature(figure.fact) for figure in page.figures))


def _figure_signature(fact: CasualtyFact) -> tuple[str, ...]:
    return tuple(map(str, (fact.effect, fact.unit, fact.status, fact.min, fact.max, fact.best)))


def _text(family: str, seen: _Seen) -> Text:
    page = seen.first
    earliest, latest = published_between(seen.published)
    return Text(
        page.job, family, page.title, page.url, page.site, page.published, earliest, latest, copies=len(seen.pages)
    )


def _claim(text: Text, figure: Figure, published: Published | None) -> Claim:
    return Claim(
        text=text,
        fact=figure.fact,
        stated=figure.stated,
        place=figure.place,
        whole=figure.whole,
        when=when(figure.fact.time, figure.date, published),
        sentence=(figure.before, figure.after),
    )


def published_between(published: Published | None) -> tuple[datetime, datetime]:
    """Return the first and the last moment, UTC, that a date of publication may mean; a missing offset is read as UTC.

    What is not dated may be from any time.
    """
    if published is None:
        return _ALWAYS
    parts = published.value.split("T")
    year, month, day = (*map(int, parts[0].split("-")), 0, 0)[:3]
    if len(parts) == 2:
        moment = datetime.fromisoformat(published.value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment, moment
    first = datetime(year, month or 1, day or 1, tzinfo=UTC)
    length = timedelta(days=1 if day else 28 if month else 365)
    return first, first + length - timedelta(microseconds=1)
