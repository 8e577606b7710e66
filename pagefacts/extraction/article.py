"""The article of a job, whatever form its page has."""

from __future__ import annotations

from typing import Final

from pagefacts.contracts import Article, Job
from pagefacts.errors import FetchNotEnabled, NoArticle, PageTooLarge
from pagefacts.extraction import charset, html, text
from pagefacts.extraction.language import language_of
from pagefacts.extraction.limits import MAX_BASE64, check_size
from pagefacts.extraction.metadata import read_metadata
from pagefacts.extraction.published import from_job
from pagefacts.extraction.site import host

_LATEST: Final = "2100-01-01"
"""The last day on which a guessed date may lie, where the job does not say when the page was fetched."""


def extract(job: Job) -> Article:
    """Return the article of a job's page.

    What the job says of date, language and URL goes before what the page says. The text is never blank, and its
    paragraphs are parted by newlines; that of a ``body`` is the body, character by character.

    Raises `FetchNotEnabled` for a job that has only a URL, `PageTooLarge`, `UnreadablePage`, and `NoArticle` where
    the page holds no article text.
    """
    article = _from_page(job)
    if not article.text.strip():
        raise NoArticle
    known = {
        "url": job.url,
        "published": from_job(job.published) if job.published else article.published,
        "site": article.site or (host(job.url) if job.url else None),
        "language": language_of(article.text, job.language, article.language),
    }
    return article.model_copy(update=known)


def _from_page(job: Job) -> Article:
    """Return the article as the page has it; ``language`` is what the page declares."""
    if job.body is not None:
        check_size(job.body, "body")
        return Article(text=job.body)
    if job.text is not None:
        check_size(job.text, "text")
        return text.read(job.text, job.url)
    return _from_html(job)


def _from_html(job: Job) -> Article:
    tree, scripts = html.parse(_markup(job))
    latest = job.fetched_at.date().isoformat() if job.fetched_at else _LATEST
    page = read_metadata(tree, scripts, job.url, latest)
    body = html.article_text(tree, job.url, page.title, page.body)
    return Article(
        title=page.title,
        authors=page.authors,
        published=page.published,
        site=page.site,
        language=page.language,
        lead=None if page.lead and _repeats(page.lead, body) else page.lead,
        text=body,
    )


def _repeats(lead: str, body: str) -> bool:
    """Return whether ``lead`` is only the beginning of the text: no standfirst, but an excerpt of it."""
    start = " ".join(body[: 2 * len(lead)].split())
    return start.startswith(lead.rstrip(" .…"))


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
    markup = charset.decode(charset.decode_base64(job.html_base64), job.charset)
    check_size(markup, "html_base64")
    return markup
