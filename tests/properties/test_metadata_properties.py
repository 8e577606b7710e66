"""What holds of the metadata of every page."""

from __future__ import annotations

from urllib.parse import urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from pagefacts.contracts import Job
from pagefacts.errors import DataError
from pagefacts.extraction import Extraction, extract
from pagefacts.extraction.metadata.names import authors

ADDRESSES = st.sampled_from(
    [
        "https://www.echo.example/a/dam",
        "//echo.example/b",
        "/a",
        "?p=1",
        "#x",
        "http://[::1",
        "https://echo.example:99999/a",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://user:pass@echo.example/a",
        "https://www-echo-example.cdn.ampproject.org/c/s/echo.example/a",
        "http://⚡.example/é",
    ]
) | st.text(max_size=30)
WORDS = st.sampled_from(
    "By Ann Lee|Reuters|Staff Reporter|, | and |\n|; |Words:|edited by |O'Neill|van|Dr.|王小明|2015|@x|(|)|Jr|. ".split(
        "|"
    )
) | st.text(max_size=8)
HEADS = st.one_of(
    st.builds('<link rel="canonical" href="{}">'.format, ADDRESSES),
    st.builds('<base href="{}">'.format, ADDRESSES),
    st.builds(
        '<meta property="{}" content="{}">'.format,
        st.sampled_from(["og:url", "og:title", "og:site_name", "author", "description", "article:modified_time"]),
        ADDRESSES | WORDS,
    ),
    st.builds("<title>{}</title>".format, WORDS),
    st.builds(
        '<script type="application/ld+json">{{"@type":"Article","{}":{}}}</script>'.format,
        st.sampled_from(["author", "headline", "url", "hasPart", "isAccessibleForFree", "dateModified"]),
        st.sampled_from(['"x"', "[]", "{}", "null", "[[]]", '{"@id":1}', '{"name":{"@value":"A B"}}', "true", "1e999"]),
    ),
)
BODIES = st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["h1", "p", "time", "address", "a rel=author"]), WORDS)
PAGES = st.builds(
    "<html><head>{}</head><body>{}<p>Twelve people were killed on Monday, police said.</p></body></html>".format,
    st.lists(HEADS, max_size=6).map("".join),
    st.lists(BODIES, max_size=6).map("".join),
)
URLS = st.sampled_from([None, "https://echo.example/a/dam", "https://echo.example", "https://amp.echo.example/a?amp"])


def outcome(page: str, url: str | None) -> Extraction | None:
    try:
        return extract(Job(id="1", html=page, url=url, language="en"))
    except DataError:
        return None


@settings(deadline=None)  # the first page of a process loads models and tables
@given(page=PAGES, url=URLS)
def test_every_field_has_a_source_and_no_source_is_without_a_field(page: str, url: str | None) -> None:
    found = outcome(page, url)
    if found is None:
        return
    for name in ("title", "authors", "modified", "site", "canonical_url", "language", "lead"):
        assert bool(getattr(found.article, name)) == bool(getattr(found.sources, name)), name


@settings(deadline=None)  # the first page of a process loads models and tables
@given(page=PAGES, url=URLS)
def test_an_address_is_absolute_and_of_the_web(page: str, url: str | None) -> None:
    found = outcome(page, url)
    if found is not None and found.article.canonical_url is not None:
        parts = urlsplit(found.article.canonical_url)
        assert parts.scheme in {"http", "https"}
        assert parts.hostname
        assert not parts.fragment
        assert "@" not in parts.netloc


@given(byline=st.lists(WORDS, max_size=12).map("".join))
def test_names_stand_in_the_byline(byline: str) -> None:
    words = byline.split()
    for name in authors(byline):
        assert name.strip() == name
        assert all(word.strip("\"'“”‘’.,:;*–—-()") in byline for word in name.split())
        assert words
