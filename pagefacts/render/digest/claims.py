"""Results as claims: who says how many, each text once however many pages carry it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from pagefacts.contracts import CasualtyFact, LocationFact, Published, ResultEvent
from pagefacts.render.digest.days import When, when
from pagefacts.render.figures import Figure, Page, coordinates, page_of

_ALWAYS: Final = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Where:
    """A place that claims can share."""

    country: str | None
    """ISO 3166-1 alpha-2; null for seas, continents and what is not known."""
    name: str | None
    """The gazetteer's name; null where the text names no place, or one that is not decided."""
    whole_country: bool
    """Whether it is a country itself."""
    id: str
    """What tells it from others of its name; claims without a place have one of their text's own."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure of one text."""

    text: Text
    """Who claims it."""
    fact: CasualtyFact
    """The figure, where the text states it first."""
    stated: int
    """How often the text states it."""
    where: Where
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


@dataclass(slots=True)
class _Seen:
    """A text on the pages so far."""

    order: tuple[datetime, str, str, str]
    """Of the page that stands for it: the first one published."""
    claims: tuple[Claim, ...]
    """As that page has them."""
    addresses: set[str]
    """Of all its pages."""


class Texts:
    """The texts of many results; of each, nothing but its figures is kept."""

    def __init__(self) -> None:
        self.results = 0
        """How many results were given."""
        self._seen: dict[tuple[str, str], _Seen] = {}

    def add(self, event: ResultEvent) -> None:
        """Take ``event`` in."""
        self.results += 1
        article, page = event.data.article, page_of(event)
        address = article.canonical_url or page.url or page.job
        family = article.fingerprint or address
        order = (published_between(article.published)[1], page.site or "", page.url or "", page.job)
        key = family, _signature(page)
        seen = self._seen.get(key)
        if seen is None:
            self._seen[key] = _Seen(order, _claims(page, family, article.published), {address})
            return
        seen.addresses.add(address)
        if order < seen.order:
            seen.order, seen.claims = order, _claims(page, family, article.published)

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self._seen)

    def claims(self) -> Iterator[Claim]:
        """Yield every figure of every text."""
        for seen in self._seen.values():
            if seen.claims:
                text = replace(seen.claims[0].text, copies=len(seen.addresses))
                yield from (replace(claim, text=text) for claim in seen.claims)


def _signature(page: Page) -> str:
    """Return what copies must have in common besides the fingerprint, which looks at no numbers: their figures."""
    return "\n".join(sorted(_figure_signature(figure.fact) for figure in page.figures))


def _figure_signature(fact: CasualtyFact) -> str:
    return f"{fact.effect} {fact.unit} {fact.status} {fact.min} {fact.max} {fact.best}"


def _claims(page: Page, family: str, published: Published | None) -> tuple[Claim, ...]:
    earliest, latest = published_between(published)
    text = Text(page.job, family, page.title, page.url, page.site, page.published, earliest, latest, copies=1)
    return tuple(_claim(text, figure, published) for figure in page.figures)


def _claim(text: Text, figure: Figure, published: Published | None) -> Claim:
    return Claim(
        text=text,
        fact=figure.fact,
        stated=figure.stated,
        where=_where(figure.place, text),
        whole=figure.whole,
        when=when(figure.fact.time, figure.date, published),
        sentence=(figure.before, figure.after),
    )


def _where(place: LocationFact | None, text: Text) -> Where:
    if place is None or coordinates(place) is None:
        return Where(None, None, whole_country=False, id=text.key)
    whole = (place.feature or "").startswith("PCL")
    return Where(place.country, place.name, whole, str(place.geonames_id or coordinates(place)))


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
