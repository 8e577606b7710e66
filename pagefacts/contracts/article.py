"""The article: what extraction takes out of a page."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from pagefacts.contracts.base import Message


class Precision(StrEnum):
    """How finely a publication date is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


PublicationDate = Annotated[str, Field(pattern=r"^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?)?)?$")]
"""A date or time in ISO 8601, as precise as it is stated."""


class Published(Message):
    """When the article was published."""

    value: PublicationDate
    """ISO 8601, as precise as the page says: ``2015-09``, ``2015-09-29``, ``2015-09-29T09:41:00+01:00``."""
    precision: Precision
    """The finest part of ``value`` that the page states."""
    offset: Annotated[str, Field(pattern=r"^(Z|[+-]\d\d:\d\d)$")] | None = None
    """Offset from UTC that the page states, as in ``value``; null where it states none."""


class DateConflict(Message):
    """A source that states another day of publication than the one taken.

    A difference that a time zone explains is none, nor is a date of making or changing the page.
    """

    source: str
    """Where it stands, as in `Dating`."""
    value: PublicationDate
    """What it states."""


class Dating(Message):
    """Where a publication date comes from."""

    source: str | None = None
    """Where the date was taken from; null where there is none. In the order of trust:

    ``job``; ``json-ld`` (datePublished); ``meta:`` and the name of the element, as in ``meta:article:published_time``;
    ``microdata`` (itemprop="datePublished"); ``time`` (an HTML time element marked as publication); ``byline`` (the
    visible date below the headline, or behind a byline); ``url``. An earlier day that is shown goes before what is
    stated for machines where that is the moment of the last change, too. Only where none of these states a date: when
    the page was made or changed (``time:updated``, ``byline:updated``, ``json-ld:dateCreated``,
    ``json-ld:dateModified``, ``microdata:dateModified``, and meta elements), what stands above the headline
    (``byline:above``), and last ``htmldate``, a guess by the library of that name.
    """
    conflicts: tuple[DateConflict, ...] = ()
    """The other sources of the publication date that state another day, in the order of trust."""


class PageKind(StrEnum):
    """What a page is. Only articles are searched for names and facts."""

    ARTICLE = "article"
    """News, a report, an essay: one text on one subject."""
    LIVE_BLOG = "live_blog"
    """An article that grows by dated entries."""
    INDEX = "index"
    """A list of other pages: a front page, a section, search results."""
    FORUM = "forum"
    """A discussion: a thread, questions and their answers."""
    PRODUCT = "product"
    """Something for sale."""
    ERROR = "error"
    """The page says that there is none: not found, moved, server error, blocked."""
    CONSENT = "consent"
    """A wall in front of the page: cookies, login, a check for robots, a demand for scripts or advertisements."""


class Sources(Message):
    """Where the fields of an article come from; null where a field has no value.

    In the words of `Dating`, and: ``link:canonical``; ``h1`` and ``title``, the elements; ``standfirst``, an element of
    that name or its like; ``html``, the page's lang; ``text``, what readers see of the page; ``trafilatura``, the
    library; ``detected``, by the words of the article.
    """

    title: str | None = None
    """Of ``article.title``."""
    authors: str | None = None
    """Of ``article.authors``."""
    modified: str | None = None
    """Of ``article.modified``."""
    site: str | None = None
    """Of ``article.site``."""
    canonical_url: str | None = None
    """Of ``article.canonical_url``."""
    language: str | None = None
    """Of ``article.language``."""
    language_confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    """How sure the detection is of ``article.language``, 0 to 1; null where it was not detected."""
    lead: str | None = None
    """Of ``article.lead``."""
    text: str | None = None
    """Of ``article.text``."""
    kind: str | None = None
    """What tells ``article.kind``."""


class Article(Message):
    """An article without its boilerplate."""

    kind: PageKind = PageKind.ARTICLE
    """What the page is. Where it is no article, ``text`` is what it shows, and the result has no names and no facts."""
    title: str | None = None
    """The headline, without the site's name."""
    authors: tuple[str, ...] = ()
    """Names as the byline gives them, without "By" and roles."""
    published: Published | None = None
    """When it was published."""
    modified: Published | None = None
    """When it was last changed, where the page says so."""
    site: str | None = None
    """The publication's name."""
    url: str | None = None
    """Where the page was found."""
    canonical_url: str | None = None
    """The address that the page gives as its own: that of the article, also of its AMP and mobile variants."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$")] | None = None
    """BCP 47 tag."""
    lead: str | None = None
    """The standfirst: the sentence under the headline that sums the story up, where the page sets one apart."""
    paywalled: bool | None = None
    """Whether the page says that only subscribers see all of it (``isAccessibleForFree``); null: it does not say."""
    fingerprint: str | None = None
    """The same for copies of one text on many sites; null for texts too short to tell. Compare for equality."""
    text: str
    """The body: paragraphs parted by newlines. All offsets of a result count code points in it."""

    @property
    def tells_facts(self) -> bool:
        """Whether the text is one that names and facts are looked for in."""
        return self.kind in {PageKind.ARTICLE, PageKind.LIVE_BLOG}
