"""The article of a job, whatever form its page has."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from pagefacts.contracts import Article, Dating, Job, Sources
from pagefacts.contracts.job import PAGE_FIELDS
from pagefacts.errors import FetchNotEnabled, NoArticle, PageTooLarge, UnreadablePage
from pagefacts.extraction import charset, html
from pagefacts.extraction.bodies.content import read_content
from pagefacts.extraction.bodies.find import Head
from pagefacts.extraction.bodies.kinds import kind_of_text
from pagefacts.extraction.fingerprint import fingerprint
from pagefacts.extraction.invisible import without_invisible
from pagefacts.extraction.language import language_of
from pagefacts.extraction.limits import MAX_BASE64, MAX_TEXT, check_article, check_size, without_long_blanks
from pagefacts.extraction.metadata.dating import JOB, Candidate, from_url, last_change, settle
from pagefacts.extraction.metadata.published import from_job
from pagefacts.extraction.metadata.read import read_metadata
from pagefacts.extraction.metadata.site import host
from pagefacts.extraction.mojibake import without_mojibake
from pagefacts.extraction.scraped.text import read as read_scraped
from pagefacts.locales import locale_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LATEST: Final = "2100-01-01"
"""The last day on which a date may lie, where the job does not say when the page was fetched."""

_EXCERPTED: Final = 5_000
"""Characters of an article from which descriptions of it are taken."""
_EXCERPT_WORDS: Final = 15
"""Words that a standfirst and an article do not have in common in one piece."""
_WORD = re.compile(r"\w+")


class Extraction(NamedTuple):
    """An article, and where its date and its other fields come from."""

    article: Article
    dating: Dating
    sources: Sources

    def dump(self) -> dict[str, str]:
        """Return the JSON of each part under its name."""
        return {name: part.model_dump_json() for name, part in self._asdict().items()}

    @classmethod
    def load(cls, part: Callable[[str], bytes]) -> Extraction:
        """Return the extraction whose `dump` has ``part(name)`` under each name."""
        return cls(
            Article.model_validate_json(part("article")),
            Dating.model_validate_json(part("dating")),
            Sources.model_validate_json(part("sources")),
        )


def extract(job: Job) -> Extraction:
    """Return the article of a job's page.

    What the job says of date, language and URL goes before what the page says. The text is never blank, and its
    paragraphs are parted by newlines; that of a ``body`` is the body, character by character.

    Raises `FetchNotEnabled` for a job that has only a URL, `PageTooLarge`, `UnreadablePage`, and `NoArticle` where
    the page holds no article text.
    """
    article, dates, sources = _from_page(job)
    if not article.text.strip():
        raise NoArticle
    check_article(article.text, next((name for name in PAGE_FIELDS if getattr(job, name) is not None), None))
    given = [Candidate(JOB, from_job(job.published))] if job.published else []
    latest = _latest(job)
    published, dating = settle([*given, *dates, *from_url(job.url)], latest)
    change = last_change(dates, published, dating, latest)
    language = language_of(article.text, job.language, article.language)
    known = {
        "url": job.url,
        "published": published,
        "modified": change.published if change else None,
        "site": article.site or (host(job.url) if job.url else None),
        "language": language.tag,
        "fingerprint": fingerprint(article.text) if article.tells_facts else None,
    }
    told = {
        "modified": change.source if change else None,
        "site": sources.site or ("url" if job.url else None),
        "language": language.source,
        "language_confidence": language.confidence,
    }
    return Extraction(article.model_copy(update=known), dating, sources.model_copy(update=told))


def _latest(job: Job) -> str:
    """Return the last day on which a page may be dated: the day after it was fetched, which has begun elsewhere."""
    if job.fetched_at is None:
        return _LATEST
    return date.fromordinal(min(job.fetched_at.toordinal() + 1, date.max.toordinal())).isoformat()


class _Page(NamedTuple):
    """An article as its page has it (``language`` is what the page declares), and the dates that the page states."""

    article: Article
    dates: tuple[Candidate, ...]
    sources: Sources


def _from_page(job: Job) -> _Page:
    if job.body is not None:
        check_size(job.body, "body")
        return _Page(Article(text=job.body), (), Sources(text="job"))
    if job.text is not None:
        check_size(job.text, "text", MAX_TEXT)
        text = without_long_blanks(without_invisible(without_mojibake(job.text)))
        article, dates = read_scraped(text, job.url, locale_of(job.url, job.language))
        kind = kind_of_text([line for line in text.splitlines() if line.strip()])
        return _Page(article.model_copy(update={"kind": kind}), dates, _all_from_text(article))
    return _from_html(job)


def _all_from_text(article: Article) -> Sources:
    given = [name for name in ("title", "authors", "site", "lead") if getattr(article, name)]
    return Sources(**dict.fromkeys((*given, "text", "kind"), "text"))


def _from_html(job: Job) -> _Page:
    tree, scripts = html.parse(_markup(job))
    try:
        return _from_tree(tree, scripts, job)
    except RecursionError:  # trafilatura reads lists within lists that way
        raise UnreadablePage("Its elements are nested too deep.", field="html") from None


def _from_tree(tree: HtmlElement, scripts: list[str], job: Job) -> _Page:
    page = read_metadata(tree, scripts, job.url, _latest(job), job.fetched_at)
    content = read_content(tree, scripts, job.url, Head(page.title, page.authors), page.body)
    article = Article(
        kind=content.kind.kind,
        title=page.title,
        authors=page.authors,
        site=page.site,
        language=page.language,
        lead=None if page.lead and _repeats(page.lead, content.text) else page.lead,
        canonical_url=page.canonical_url,
        paywalled=page.paywalled,
        text=content.text,
    )
    sources = {name: source for name, source in page.sources.items() if getattr(article, name)}
    return _Page(article, page.dates, Sources(**sources, text=content.source, kind=content.kind.source))


def _repeats(lead: str, body: str) -> bool:
    """Return whether the first words of ``lead`` stand so in the text: it is no standfirst, but an excerpt."""
    words = _WORD.findall(lead.rstrip(" .…").lower())[:_EXCERPT_WORDS]
    return f" {' '.join(words)} " in f" {' '.join(_WORD.findall(body[:_EXCERPTED].lower()))} "


def _markup(job: Job) -> str:
    if job.html is not None:
        check_size(job.html, "html")
        return job.html
    if job.html_base64 is None:
        raise FetchNotEnabled(field="url")
    if len(job.html_base64) > MAX_BASE64:
        raise PageTooLarge(
            f"{len(job.html_base64):,} characters of base64; the limit is {MAX_BASE64:,}.", field="html_base64"
        )
    markup = charset.decode(charset.decode_base64(job.html_base64), job.charset, job.url)
    check_size(markup, "html_base64")
    return markup
