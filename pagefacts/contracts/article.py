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


class Published(Message):
    """When the article was published."""

    value: Annotated[str, Field(pattern=r"^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?)?)?$")]
    """ISO 8601, as precise as the page says: ``2015-09``, ``2015-09-29``, ``2015-09-29T09:41:00+01:00``."""
    precision: Precision
    """The finest part of ``value`` that the page states."""
    offset: Annotated[str, Field(pattern=r"^(Z|[+-]\d\d:\d\d)$")] | None = None
    """Offset from UTC that the page states, as in ``value``; null where it states none."""


class Article(Message):
    """An article without its boilerplate."""

    title: str | None = None
    """The headline, without the site's name."""
    authors: tuple[str, ...] = ()
    """Names as the byline gives them, without "By" and roles."""
    published: Published | None = None
    """When it was published."""
    site: str | None = None
    """The publication's name."""
    url: str | None = None
    """Where the page was found."""
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$")] | None = None
    """BCP 47 tag."""
    lead: str | None = None
    """The standfirst: the sentence under the headline that sums the story up, where the page sets one apart."""
    text: str
    """The body: paragraphs parted by newlines. All offsets of a result count code points in it."""
