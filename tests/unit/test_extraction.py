"""Jobs to articles: what the job says, HTML with its metadata, bytes, and hostile pages."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from pagefacts.contracts import Article, Job
from pagefacts.errors import FetchNotEnabled, NoArticle, PageTooLarge, UnreadablePage
from pagefacts.extraction import extract

PARAGRAPHS = (
    "At least 34 people have been killed after a dam burst above the town of Port Kellin, officials say.",
    "The wall gave way shortly after midnight following days of heavy rain in the hills to the north of the town.",
    "More than 2,000 people have been moved to schools and churches, where volunteers handed out blankets and soup.",
    "Engineers had warned in June that the spillway was blocked with debris and that repairs could not wait.",
)
BODY = "<article>" + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS) + "</article>"


def page(head: str = "", body: str = BODY, attributes: str = "") -> str:
    return f"<!DOCTYPE html><html{attributes}><head>{head}</head><body>{body}</body></html>"


def article(html: str, **fields: Any) -> Article:
    return extract(Job(id="1", html=html, **fields)).article


def json_ld(**fields: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


# The job


def test_a_body_is_taken_verbatim() -> None:
    body = "  Share\n\n\n© 2015 All rights reserved.\r\n\tBy Ann Lee \u00a0"
    found = extract(
        Job(id="1", body=body, url="https://www.example.co.uk/a", published="2015-09-29", language="en-GB")
    ).article
    assert found.text == body
    assert (found.title, found.authors, found.lead) == (None, (), None)
    assert (found.url, found.site, found.language) == ("https://www.example.co.uk/a", "example.co.uk", "en")


@pytest.mark.parametrize("body", ["", " \n\t"])
def test_a_blank_body_is_no_article(body: str) -> None:
    with pytest.raises(NoArticle):
        extract(Job(id="1", body=body))


def test_a_bare_url_is_not_fetched() -> None:
    with pytest.raises(FetchNotEnabled) as error:
        extract(Job(id="1", url="https://example.com/a"))
    assert error.value.field == "url"


@pytest.mark.parametrize(
    ("published", "precision", "offset"),
    [
        ("2015-09-29", "day", None),
        ("2015-09-29T09:41", "minute", None),
        ("2015-09-29T09:41:00Z", "second", "Z"),
        ("2015-09-29T09:41:00+01:00", "second", "+01:00"),
    ],
)
def test_the_date_of_the_job_is_kept_as_given(published: str, precision: str, offset: str | None) -> None:
    found = article(
        page('<meta property="article:published_time" content="2001-01-01">'), published=published
    ).published
    assert found is not None
    assert (found.value, found.precision, found.offset) == (published, precision, offset)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("20150929T094100Z", "2015-09-29T09:41:00+00:00"),
        ("2015-W40-2", "2015-09-29"),
        ("2015-09-29 09:41:00.250+01:00", "2015-09-29T09:41:00+01:00"),
        ("2015-09-29T09:41:00+01:00:30", "2015-09-29T08:40:30+00:00"),
    ],
)
def test_other_forms_of_iso_8601_are_rewritten(given: str, value: str) -> None:
    found = extract(Job(id="1", body="Text.", published=given)).article.published
    assert found is not None
    assert found.value == value


# Language


def test_the_language_of_the_job_wins() -> None:
    assert article(page(attributes=' lang="en"'), language="FR-ca").language == "fr"


def test_the_language_is_detected_whatever_the_template_declares() -> None:
    text = (
        "<p>Der Damm brach kurz nach Mitternacht, und mehr als tausend Menschen mussten ihre Häuser verlassen.</p>" * 3
    )
    assert article(page(body=text, attributes=' lang="en"')).language == "de"


def test_a_short_text_has_the_language_that_its_page_declares() -> None:
    assert article(page(body="<p>Pope Francis in Santiago.</p>", attributes=' lang="es-CL"')).language == "es"


def test_a_few_words_have_no_language() -> None:
    assert extract(Job(id="1", body="A dam burst.")).article.language is None


# Text of an HTML page


def test_the_paragraphs_are_parted_by_newlines() -> None:
    assert article(page()).text == "\n".join(PARAGRAPHS)


def test_headline_byline_captions_and_notices_are_not_in_the_text() -> None:
    around = (
        f"<h1>Dam bursts above Port Kellin</h1><p>By Maren Oduya</p>{BODY[:-10]}"
        "<p>Read more: Ferry sinks off southern coast</p><p>Rescuers at the weir. (Ann Lee/AFP)</p></article>"
    )
    assert article(page("<title>Dam bursts above Port Kellin</title>", around)).text == "\n".join(PARAGRAPHS)


def test_a_body_stated_in_json_ld_stands_in_for_a_page_filled_by_scripts() -> None:
    found = article(page(json_ld(articleBody="\n".join(PARAGRAPHS)), body="<div id='root'></div>"))
    assert found.text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize("html", ["<html><body></body></html>", "<html><body><script>x = 1</script></body></html>"])
def test_a_page_without_text_has_no_article(html: str) -> None:
    with pytest.raises(NoArticle):
        article(html)


@pytest.mark.parametrize("html", ["", "   "])
def test_a_page_without_markup_cannot_be_read(html: str) -> None:
    with pytest.raises((UnreadablePage, NoArticle)):
        article(html)


# Metadata of an HTML page


def test_json_ld_goes_first() -> None:
    head = json_ld(
        headline="Dam bursts &amp; floods town",
        datePublished="2015-08-07T09:41:00+01:00",
        author=[{"@type": "Person", "name": "Maren Oduya"}, {"@type": "Person", "name": "Tom Briggs"}],
        publisher={"@type": "Organization", "name": "Hillside Echo"},
    )
    found = article(page(head + '<meta property="article:published_time" content="2001-01-01">'))
    assert (found.title, found.authors, found.site) == (
        "Dam bursts & floods town",
        ("Maren Oduya", "Tom Briggs"),
        "Hillside Echo",
    )
    assert found.published is not None
    assert (found.published.value, found.published.offset) == ("2015-08-07T09:41:00+01:00", "+01:00")


def test_json_ld_may_be_a_graph_that_refers_to_its_authors() -> None:
    graph = {
        "@graph": [
            {"@type": "WebPage", "datePublished": "2015-08-07"},
            {"@type": ["Article", "Thing"], "headline": "Dam bursts", "author": {"@id": "#1"}},
            {"@type": "Person", "@id": "#1", "name": "Maren Oduya"},
        ]
    }
    found = article(page(f'<script type="application/ld+json">{json.dumps(graph)}</script>'))
    assert (found.title, found.authors) == ("Dam bursts", ("Maren Oduya",))
    assert found.published is not None
    assert found.published.value == "2015-08-07"


def test_broken_json_ld_still_gives_its_date() -> None:
    broken = '<script type="application/ld+json">{"datePublished": "2015-08-07T09:41:00Z", "headline": }</script>'
    found = article(page(broken)).published
    assert found is not None
    assert found.value == "2015-08-07T09:41:00Z"


def test_meta_elements_are_read() -> None:
    head = """<title>Dam bursts - Hillside Echo</title>
    <meta property="og:title" content="Dam bursts | Hillside Echo">
    <meta property="og:site_name" content="Hillside Echo">
    <meta property="og:description" content="Dozens are feared dead in Port Kellin">
    <meta property="article:published_time" content="2015-08-07T08:41:00.000Z">
    <meta name="author" content="By Maren Oduya, Chief Reporter">"""
    found = article(page(head))
    assert found.title == "Dam bursts"
    assert found.site == "Hillside Echo"
    assert found.lead == "Dozens are feared dead in Port Kellin"
    assert found.authors == ("Maren Oduya",)
    assert found.published is not None
    assert found.published.value == "2015-08-07T08:41:00Z"


def test_a_description_that_only_repeats_the_first_words_is_no_standfirst() -> None:
    assert article(page(f'<meta name="description" content="{PARAGRAPHS[0][:60]}...">')).lead is None


def test_the_visible_headline_byline_and_date_are_read_where_nothing_is_stated() -> None:
    byline = '<div class="Byline">By <a href="/authors/m">Maren Oduya</a></div>'
    found = article(page(body=f"<h1>Dam bursts</h1>{byline}<p>7 August 2015, 9.41am BST</p>{BODY}"))
    assert (found.title, found.authors) == ("Dam bursts", ("Maren Oduya",))
    assert found.published is not None
    assert (found.published.value, found.published.precision) == ("2015-08-07T09:41:00+01:00", "minute")


def test_the_name_in_the_byline_goes_before_a_login() -> None:
    found = article(page('<meta name="author" content="moduya2">', '<p class="byline">Maren Oduya</p>' + BODY))
    assert found.authors == ("Maren Oduya",)


def test_a_guessed_date_is_not_after_the_page_was_fetched() -> None:
    body = BODY + "<footer><p>Next meeting: 2031-05-06</p></footer>"
    found = article(page(body=body), fetched_at=datetime(2016, 1, 1, tzinfo=UTC)).published
    assert found is None or found.value < "2016-01-02"


def test_without_a_name_the_site_is_its_host() -> None:
    assert article(page(), url="https://news.hillside-echo.example/2015/dam").site == "hillside-echo.example"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Tuesday 29 September 2015 09:41 BST", "2015-09-29T09:41:00+01:00"),
        ("Sept. 7, 2015 at 9:05 p.m. EDT", "2015-09-07T21:05:00-04:00"),
        ("January 7, 2016 10:15 AM ET", "2016-01-07T10:15:00-05:00"),
        ("July 7, 2016 10:15 AM ET", "2016-07-07T10:15:00-04:00"),
        ("Updated 1015 GMT (1815 HKT) August 7, 2015", "2015-08-07T10:15:00+00:00"),
        ("7th August 2015, 18:09 UTC+3", "2015-08-07T18:09:00+03:00"),
        ("Published 7 Aug 2015 10:00. Last updated 9 Aug 2015 12:00", "2015-08-07T10:00:00"),
        ("2015/08/07", "2015-08-07"),
        ("7 August 2015 12:60 XYZ", "2015-08-07"),
        ("August 2015", "2015-08"),
    ],
)
def test_dates_in_words(line: str, value: str) -> None:
    found = article(page(f'<meta name="date" content="{line}">')).published
    assert found is not None
    assert found.value == value


# Bytes


def encoded(raw: bytes, charset: str | None = None) -> Article:
    return extract(Job(id="1", html_base64=base64.b64encode(raw).decode(), charset=charset, language="en")).article


ACCENTED = "Rescuers in São Tomé said “nobody” was left in the café when the dam burst on Monday."


@pytest.mark.parametrize(
    ("raw", "charset"),
    [
        (page(body=f"<p>{ACCENTED}</p>").encode(), None),
        (page(body=f"<p>{ACCENTED}</p>").encode("windows-1252"), "windows-1252"),
        (page(body=f"<p>{ACCENTED}</p>").encode("windows-1252"), "ISO-8859-1"),
        (page('<meta charset="windows-1252">', f"<p>{ACCENTED}</p>").encode("windows-1252"), None),
        (page('<meta charset="windows-1252">', f"<p>{ACCENTED}</p>").encode(), None),
        (b"\xef\xbb\xbf" + page(body=f"<p>{ACCENTED}</p>").encode(), "latin-1"),
        (page(body=f"<p>{ACCENTED}</p>").encode("utf-16"), None),
        (page(body=f"<p>{ACCENTED}</p>").encode(), "no-such-charset"),
        (page(body=f"<p>{ACCENTED}</p>").encode(), "rot13"),
    ],
)
def test_bytes_are_decoded(raw: bytes, charset: str | None) -> None:
    assert encoded(raw, charset).text == ACCENTED


def test_an_undeclared_encoding_is_detected() -> None:
    raw = page(body="<p>Спасатели сообщили, что плотина прорвалась ночью и жители покинули город.</p>" * 3)
    assert "плотина" in encoded(raw.encode("windows-1251")).text


@pytest.mark.parametrize("charset", [None, "utf-8", "ascii", "utf-16"])
def test_broken_bytes_do_not_fail(charset: str | None) -> None:
    raw = page(body=f"<p>{PARAGRAPHS[0]} \x00</p>").encode() + b"\xff\xfe\x80\x00"
    if charset != "utf-16":
        assert PARAGRAPHS[0][:40] in encoded(raw, charset).text


@pytest.mark.parametrize("content", ["%%%", "abc", "é"])
def test_what_is_not_base64_is_said_to_be(content: str) -> None:
    with pytest.raises(UnreadablePage) as error:
        extract(Job(id="1", html_base64=content))
    assert error.value.field == "html_base64"


def test_base64_may_have_line_breaks() -> None:
    assert extract(Job(id="1", html_base64=base64.encodebytes(page().encode()).decode())).article.text == "\n".join(
        PARAGRAPHS
    )


# Hostile pages


@pytest.mark.parametrize("field", ["html", "text", "body"])
def test_a_page_beyond_the_limit_is_refused(field: str) -> None:
    with pytest.raises(PageTooLarge) as error:
        extract(Job(id="1", **{field: "a" * 10_000_001}))
    assert error.value.field == field


def test_bytes_beyond_the_limit_are_refused() -> None:
    with pytest.raises(PageTooLarge):
        extract(Job(id="1", html_base64=base64.b64encode(b"a" * 10_000_001).decode()))


def test_too_many_elements_or_lines_are_refused() -> None:
    with pytest.raises(PageTooLarge):
        article(page(body="<br>" * 60_000))
    with pytest.raises(PageTooLarge):
        extract(Job(id="1", text="a\n" * 60_000))


def test_a_text_nested_a_thousand_deep_is_found() -> None:
    assert article(page(body="<div>" * 1_000 + BODY + "</div>" * 1_000)).text == "\n".join(PARAGRAPHS)


def test_a_nesting_at_which_text_would_be_lost_is_refused() -> None:
    with pytest.raises(UnreadablePage):
        article(page(body="<div>" * 5_000 + BODY))


@pytest.mark.parametrize(
    "html",
    [
        page('<script type="application/ld+json">{"headline": "' + "a" * 200_000 + "</script>"),
        page('<script type="application/ld+json">' + "[" * 200_000 + "</script>"),
        page(body="<div " + " ".join(f"a{n}='1'" for n in range(40_000)) + ">" + BODY + "</div>"),
        page(body="<div title='a > b'>" + BODY + "</div>"),
        page(body=BODY.replace("<p>", "<p>\x00\x08")),
        page(body=BODY + "<p>\ud800</p>"),
    ],
    ids=["unterminated json string", "deep json", "attributes", "bracket in attribute", "control", "surrogate"],
)
def test_the_text_survives_what_surrounds_it(html: str) -> None:
    assert article(html, language="en").text == "\n".join(PARAGRAPHS)
