"""Who wrote the article of an HTML page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

from pagefacts.extraction.metadata.bylines import Shown, bare_bylines, marked_bylines, spoken_bylines
from pagefacts.extraction.metadata.names import Byline, read_byline, unique
from pagefacts.extraction.metadata.page import Page, Surroundings
from pagefacts.extraction.metadata.site import is_of_host, same_name

_METAS: Final = (
    "author", "article:author", "og:article:author", "byl", "byline", "sailthru.author", "parsely-author", "dc.creator",
    "dcterms.creator", "citation_author", "authors", "article:author_name", "article.author", "cxenseparse:author",
)  # fmt: skip
_WRITTEN = re.compile(r"(?:written|posted)\s+by:?|author", re.IGNORECASE)


class Authors(NamedTuple):
    """The authors of an article, and where they stand."""

    source: str | None
    names: tuple[str, ...]


def find_authors(page: Page, near: Surroundings, site: str | None) -> Authors:
    """Return the first byline of a page that names people; without one the first that names anybody.

    Some systems state the login of who entered the page ("jsmith", "newsdesk"), or the publication ``site``, where
    the byline has the name. Names without any mark count only where nothing else names anybody but the site, or a part
    of the same name.
    """
    shown = chain(_stated(page), marked_bylines(page, near), spoken_bylines(page, near))
    seen: list[Shown] = []
    for each in shown:
        seen.append(each)
        people = [name for name in each.byline.people if not same_name(name, site)]
        if len(people) > 1:
            people = [name for name in people if not is_of_host(name, page.url)]
        if people:
            return Authors(each.source, _cased(people, shown))
    named = [each for each in seen if each.byline.names and not _is_site(each.byline.names, site, page.url)]
    bare = next(bare_bylines(page, near), None)
    if bare and all(name in bare.byline.people[0] for _, byline in named for name in byline.names):
        return Authors(bare.source, bare.byline.people)
    rest = chain(named, seen)
    return next((Authors(source, byline.names) for source, byline in rest if byline.names), Authors(None, ()))


def _stated(page: Page) -> Iterator[Shown]:
    """Yield the bylines that the page states for machines."""
    read = [_typed(read_byline(author.name), author.is_person) for author in page.stated.authors]
    yield Shown(
        "json-ld", Byline(*(unique(chain.from_iterable(names)) for names in zip(*(Byline(), *read), strict=True)))
    )
    for source, value in page.meta(*_METAS):
        if not value.startswith(("http:", "https:")):
            yield Shown(source, read_byline(value))
    # What content systems state for previews: a label and its value.
    if _WRITTEN.fullmatch(page.metas.get("twitter:label1", "")):
        yield from (Shown(source, read_byline(value)) for source, value in page.meta("twitter:data1"))


def _cased(names: Sequence[str], bylines: Iterable[Shown]) -> tuple[str, ...]:
    """Return names in capitals as another of the ``bylines`` writes them."""
    if not any(map(str.isupper, names)):
        return tuple(names)
    written = {name.casefold(): name for _, byline in bylines for name in byline.people if not name.isupper()}
    return tuple(written.get(name.casefold(), name) for name in names)


def _typed(byline: Byline, is_person: bool | None) -> Byline:
    return Byline(outlets=byline.names) if is_person is False else byline


def _is_site(names: Iterable[str], site: str | None, url: str | None) -> bool:
    return all(same_name(name, site) or is_of_host(name, url) for name in names)
