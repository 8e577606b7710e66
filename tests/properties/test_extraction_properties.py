"""What holds of extraction for every page."""

from __future__ import annotations

import base64
from datetime import date, datetime

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pagefacts.contracts import Article, Job
from pagefacts.errors import DataError
from pagefacts.extraction import extract
from pagefacts.extraction.invisible import without_invisible
from pagefacts.extraction.mojibake import without_mojibake
from pagefacts.extraction.scraped.markdown import marked, without_marks
from pagefacts.extraction.scraped.paragraphs import paragraphs

# Characters and pieces that mean something to one of the readers, among arbitrary ones.
PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<",
        ">",
        '"',
        "'",
        "<!--",
        "-->",
        "<br>",
        "<div ",
        " {",
        "{{a}}=",
        "}",
        "<table><tr><td>",
        "<h1>",
        "&amp;",
        "&#0;",
        "<script type='application/ld+json'>",
        '{"@type":"NewsArticle","datePublished":"2015-',
        "</script>",
        "<time datetime=",
        "<meta name=author content=",
        "<title>",
        "</title>",
        "\n",
        "\n\n",
        "\x00",
        "\u00a0",
        "By Ann Lee",
        "Comments",
        "© 2015 The Echo",
        "29 September 2015 09:41 BST",
        "(AFP)",
        "Your support matters to our journalism.",
        "Twelve people were killed on Monday.",
        "“",
        "[",
        "![",
        "](https://a.uk/",
        ' "a")',
        "**",
        "\n# ",
        "\n> ",
        "\\",
        "---\ntitle: ",
    ]
)
PAGES = st.lists(PIECES | st.text(max_size=20), max_size=30).map("".join)


def outcome(job: Job) -> Article | str:
    try:
        return extract(job).article
    except DataError as error:
        return error.code


@settings(deadline=None)  # the first page of a process loads models and tables
@given(body=st.text(alphabet=st.characters(codec="utf-8")))
def test_a_body_survives_verbatim(body: str) -> None:
    found = outcome(Job(id="1", body=body, language="en"))
    assert found == "no_article" if not body.strip() else isinstance(found, Article) and found.text == body


@settings(deadline=None)  # the first page of a process loads models and tables
@given(page=PAGES)
def test_a_text_gives_an_article_or_says_why_not(page: str) -> None:
    found = outcome(Job(id="1", text=page, language="en"))
    assert found == "no_article" if isinstance(found, str) else found.text.strip()


@settings(deadline=None)  # the first page of a process loads models and tables
@given(page=PAGES)
def test_every_line_of_the_article_stands_in_the_text(page: str) -> None:
    page = without_invisible(without_mojibake(without_marks(page)))
    assume(marked(page) == page)  # no Markdown, whose marks go
    found = outcome(Job(id="1", text=page, language="en"))
    if isinstance(found, Article):
        words = page.split()
        assert all(word in words for word in found.text.split())


WORDS = st.text(alphabet="abcdefgé", min_size=1, max_size=6)
ADDRESSES = st.from_regex(r"(https?://a\.uk)?/[a-z0-9_*~?=&%-]{0,12}(\([a-z_]{0,3}\))?", fullmatch=True)
WRITTEN = st.sampled_from(["{}", "{}", "[{}]({})", '[{}]({} "A title (long)")', "**{}**", "_{}_", "[**{}**]({})"])
PARAGRAPH = st.lists(st.tuples(WRITTEN, WORDS, ADDRESSES), min_size=1, max_size=8)


@given(page=st.lists(PARAGRAPH, min_size=1, max_size=5))
def test_markdown_says_what_its_text_says(page: list[list[tuple[str, str, str]]]) -> None:
    written = "\n\n".join(" ".join(form.format(word, to) for form, word, to in paragraph) for paragraph in page)
    found = [line.text for line in paragraphs(f"[Home](/)\n\n{written}")]
    assert found == ["Home", *(" ".join(word for _, word, _ in paragraph) for paragraph in page)]


@settings(deadline=None)  # the first page of a process loads models and tables
@given(page=PAGES)
def test_html_gives_an_article_or_says_why_not(page: str) -> None:
    found = outcome(Job(id="1", html=page, language="en"))
    assert isinstance(found, str) or found.text.strip()


@settings(deadline=None)  # the first page of a process loads models and tables
@given(raw=st.binary(max_size=300), charset=st.none() | st.sampled_from(["utf-8", "utf-7", "shift_jis", "hex", "idna"]))
def test_bytes_give_an_article_or_say_why_not(raw: bytes, charset: str | None) -> None:
    job = Job(
        id="1", html_base64=base64.b64encode(b"<p>Dam bursts.</p>" + raw).decode(), charset=charset, language="en"
    )
    found = outcome(job)
    assert isinstance(found, str) or found.text.strip()


@settings(deadline=None)  # the first page of a process loads models and tables
@given(page=PAGES, field=st.sampled_from(["html", "text"]))
def test_the_same_page_gives_the_same_article(page: str, field: str) -> None:
    assert outcome(Job(id="1", **{field: page})) == outcome(Job(id="1", **{field: page}))


@settings(deadline=None)  # the first page of a process loads models and tables
@given(page=PAGES, field=st.sampled_from(["html", "text"]), url=st.sampled_from([None, "https://a.uk/2015/09/28/x"]))
def test_a_date_has_a_source_and_no_conflict_with_itself(page: str, field: str, url: str | None) -> None:
    try:
        article, dating, _ = extract(Job(id="1", url=url, language="en", **{field: page}))
    except DataError:
        return
    assert (article.published is None) == (dating.source is None)
    assert dating.source not in {conflict.source for conflict in dating.conflicts}


@settings(deadline=None)  # the first page of a process loads models and tables
@given(page=PAGES, moment=st.datetimes(timezones=st.timezones()) | st.datetimes() | st.dates())
def test_the_date_of_the_job_wins_whatever_it_is(page: str, moment: datetime | date) -> None:
    try:
        article, dating, _ = extract(Job(id="1", text=page, published=moment.isoformat(), language="en"))
    except DataError:
        return
    assert article.published is not None
    assert dating.source == "job"
