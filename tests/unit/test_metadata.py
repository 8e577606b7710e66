"""Metadata of HTML pages: titles, authors, publication, standfirst, address, paywall, and where each comes from."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pagefacts.contracts import Article, Job
from pagefacts.extraction import Extraction, extract

PARAGRAPHS = (
    "At least 34 people have been killed after a dam burst above the town of Port Kellin, officials say.",
    "The wall gave way shortly after midnight following days of heavy rain in the hills to the north of the town.",
    "More than 2,000 people have been moved to schools and churches, where volunteers handed out blankets and soup.",
)
BODY = "<article>" + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS) + "</article>"
URL = "https://www.hillsideecho.example/news/dam-bursts-above-port-kellin"
TITLE = "Dam bursts above Port Kellin"


def read(head: str = "", body: str = "", url: str | None = URL, attributes: str = "") -> Extraction:
    page = f"<!DOCTYPE html><html{attributes}><head>{head}</head><body>{body}{BODY}</body></html>"
    return extract(Job(id="1", html=page, url=url, language="en"))


def article(head: str = "", body: str = "", url: str | None = URL, attributes: str = "") -> Article:
    return read(head, body, url, attributes).article


def json_ld(*nodes: dict[str, Any], **fields: Any) -> str:
    data = {"@graph": list(nodes)} if nodes else {"@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


# Titles


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (f"<title>{TITLE} - Hillside Echo</title>", ""),
        (f"<title>{TITLE} | News | Hillside Echo</title>", f"<h1>{TITLE}</h1>"),
        (meta("og:title", "Hillside Echo: Dam bursts"), f"<h1>{TITLE}</h1>"),
        (meta("og:title", "Dam bursts above Port…"), f"<h1>{TITLE}</h1>"),
        (meta("og:title", "You won't believe which dam has burst") + f"<title>{TITLE}</title>", f"<h1>{TITLE}</h1>"),
        (f"<title>{TITLE}</title>", "<h1>Hillside Echo</h1><h1>Menu</h1>"),
        (f"<title>{TITLE}</title>", "<h1>World news</h1>"),
        (f"<title>{TITLE}</title>", f"<h1>Hillside Echo</h1><h1>{TITLE}</h1><h1>Related stories</h1>"),
        (f"<title>{TITLE}</title>", f"<h1><span>World</span><br>{TITLE}</h1>"),
        (f"<title>{TITLE}</title>", f"<h1>{TITLE} Posted on July 1, 2024 by Ann Lee</h1>"),
        (f"<title>{TITLE}</title>", f"<h1>{TITLE.upper()}</h1>"),
        (json_ld(headline=f"<i>{TITLE}</i>"), ""),
        (f"<title>World | {TITLE} | Every hill, every day</title>", ""),
        (f"<title>{TITLE} « Hillside Echo</title>", ""),
        (f"<title>{TITLE} — Voice in the Hills</title>", "<h1>Voice in the Hills</h1>"),
        ("<title>Port Kellin flood: what is known so far</title>", f"<h1>{TITLE}</h1>"),
        ("", f"<h1>{TITLE}</h1>"),
        ("", "<h1>Dam bursts<br>above <em>Port Kellin</em></h1>"),
        ("<title>News from the Hillside Agency</title>", f'<span class="headline entry-title">{TITLE}</span>'),
        ("<title>News from the Hillside Agency</title>", f'<h2 itemprop="headline">{TITLE}</h2>'),
    ],
)
def test_the_title_is_the_headline_without_the_site(head: str, body: str) -> None:
    assert article(head, body).title == TITLE


def test_a_headline_in_a_script_without_spaces_is_told_from_the_sites_names() -> None:
    headline, head = "水库溃坝造成多人死亡", "<title>水库溃坝造成多人死亡 - 凯林中文网 - 两岸</title>"
    assert article(head, f"<h1>{headline}</h1>").title == headline


def test_entities_that_were_escaped_twice_are_read() -> None:
    assert article(meta("og:title", "Dam &amp;amp; wall burst: &amp;#8216;no warning&amp;#8217;")).title == (
        "Dam & wall burst: ‘no warning’"
    )


def test_a_title_that_is_the_address_goes_before_another_heading() -> None:
    body = "<h1>Help the people of Port Kellin today</h1>"
    assert article(f"<title>{TITLE}</title>", body).title == TITLE


def test_a_paragraph_stated_as_headline_is_none() -> None:
    assert article(json_ld(headline=" ".join(PARAGRAPHS)) + f"<title>{TITLE}</title>").title == TITLE


@pytest.mark.parametrize(
    ("head", "body", "source"),
    [
        (json_ld(headline=TITLE), "", "json-ld"),
        (meta("og:title", TITLE), "", "meta:og:title"),
        (f"<title>{TITLE}</title>", "", "title"),
        (meta("og:title", TITLE), f"<h1>{TITLE}</h1>", "h1"),
    ],
)
def test_the_source_of_the_title_is_named(head: str, body: str, source: str) -> None:
    assert read(head, body).sources.title == source


# Authors in the markup for machines


@pytest.mark.parametrize(
    "author",
    [
        "Maren Oduya",
        "By Maren Oduya",
        ["Maren Oduya"],
        {"@type": "Person", "name": "Maren Oduya"},
        {"@type": "Person", "name": ["Maren Oduya"]},
        {"@type": "Person", "givenName": "Maren", "familyName": "Oduya"},
        [{"@type": "Person", "name": "Maren Oduya"}, {"@type": "Organization", "name": "Hillside Echo"}],
        "Maren Oduya, Hillside Echo",
        "Maren Oduya, Chief Reporter",
        ["https://www.hillsideecho.example/authors/oduya", "Maren Oduya"],
    ],
)
def test_json_ld_names_its_author_in_many_forms(author: Any) -> None:
    found = read(json_ld(headline=TITLE, author=author))
    assert (found.article.authors, found.sources.authors) == (("Maren Oduya",), "json-ld")


def test_the_author_of_the_web_page_and_references_are_followed() -> None:
    graph = (
        {"@type": "WebPage", "author": {"@id": "#p"}},
        {"@type": "Person", "@id": "#p", "name": "Maren Oduya"},
    )
    assert article(json_ld(*graph)).authors == ("Maren Oduya",)


BREAKS = (
    "{};", '{}{{"@type": "BreadcrumbList"}}', "<!-- {} -->", "//<![CDATA[\n{}\n//]]>", "\n{}\n// end",
)  # fmt: skip


@pytest.mark.parametrize("around", BREAKS)
def test_json_ld_with_something_around_it_is_read(around: str) -> None:
    stated = {"@type": "NewsArticle", "headline": TITLE, "author": {"@type": "Person", "name": "Maren Oduya"}}
    script = f'<script type="application/ld+json">{around.format(json.dumps(stated))}</script>'
    assert article(script).authors == ("Maren Oduya",)


@pytest.mark.parametrize(
    "stated",
    [
        '{"@type": "NewsArticle", "author": [{"name": "Maren Oduya", }, ], }',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;author&quot;: {&quot;name&quot;: &quot;Maren Oduya&quot;}}",
    ],
)
def test_json_ld_with_a_usual_mistake_is_read(stated: str) -> None:
    assert article(f'<script type="application/ld+json">{stated}</script>').authors == ("Maren Oduya",)


def test_another_article_in_json_ld_is_not_the_page() -> None:
    other = {"@type": "NewsArticle", "headline": "Ferry sinks", "author": "Ann Lee", "datePublished": "2010-01-01"}
    own = {"@type": "NewsArticle", "headline": TITLE, "author": "Tom Briggs", "datePublished": "2015-08-07", "url": URL}
    listed = {"@type": "ItemList", "itemListElement": [other]}
    for nodes in ((other, own), (listed, own), ({**other, "@type": "Comment"}, own)):
        assert article(json_ld(*nodes)).authors == ("Tom Briggs",)


def test_a_claim_review_gives_way_to_its_article() -> None:
    review = {
        "@type": "ClaimReview",
        "author": {"@type": "Organization", "name": "Echo Check"},
        "datePublished": "2015-08-07",
    }
    own = {"@type": "NewsArticle", "headline": TITLE, "author": "Tom Briggs"}
    assert article(json_ld(review, own)).authors == ("Tom Briggs",)
    assert article(json_ld(review)).authors == ("Echo Check",)


@pytest.mark.parametrize(
    ("head", "source"),
    [
        (meta("author", "Maren Oduya"), "meta:author"),
        (meta("article:author", "https://social.example/oduya") + meta("byl", "By MAREN ODUYA"), "meta:byl"),
        (meta("twitter:label1", "Written by") + meta("twitter:data1", "Maren Oduya"), "meta:twitter:data1"),
    ],
)
def test_meta_elements_name_authors(head: str, source: str) -> None:
    found = read(head)
    assert (tuple(map(str.title, found.article.authors)), found.sources.authors) == (("Maren Oduya",), source)


def test_several_meta_elements_name_one_author_each() -> None:
    assert article(meta("author", "Maren Oduya") + meta("author", "Tom Briggs")).authors == (
        "Maren Oduya",
        "Tom Briggs",
    )


# Bylines


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Maren Oduya", ("Maren Oduya",)),
        ("BY MAREN ODUYA AND TOM BRIGGS", ("MAREN ODUYA", "TOM BRIGGS")),
        ("By Maren Oduya and Tom Briggs, Reuters", ("Maren Oduya", "Tom Briggs")),
        ("By Maren Oduya, Middle East correspondent, and Tom Briggs in Beirut", ("Maren Oduya", "Tom Briggs")),
        ("Words: Maren Oduya; Photos: Tom Briggs", ("Maren Oduya",)),
        ("Story by Maren Oduya, photographs by Tom Briggs", ("Maren Oduya",)),
        ("Posted by Maren Oduya on 7 August 2015", ("Maren Oduya",)),
        ("Analysis by Maren Oduya, CNN Editor-at-large", ("Maren Oduya",)),
        ("By Maren Oduya Staff Writer", ("Maren Oduya",)),
        ("By Political Editor Maren Oduya", ("Maren Oduya",)),
        ("By Maren Oduya | The Echo", ("Maren Oduya",)),
        ("By Maren Oduya (@oduya, m.oduya@echo.example)", ("Maren Oduya",)),
        ("By J. K. Oduya", ("J. K. Oduya",)),
        ("By M.R.R. Oduya", ("M.R.R. Oduya",)),
        ("By Ludwig van der Oduya", ("Ludwig van der Oduya",)),
        ("By Maren Oduya, MD, PhD", ("Maren Oduya, MD, PhD",)),
        ("By Maren O'Duya-Briggs", ("Maren O'Duya-Briggs",)),
        ("Von Maren Oduya", ("Maren Oduya",)),
        ("Por Ana Ruiz y Juan Paz", ("Ana Ruiz", "Juan Paz")),
        ("Текст: Лидия Буслаева", ("Лидия Буслаева",)),
        ("作者：温素霞", ("温素霞",)),
        ("记者：温素霞", ("温素霞",)),
        ("By Maren Oduya and Tom Briggs - AP Technology Writers", ("Maren Oduya", "Tom Briggs")),
        ("By The Associated Press", ("The Associated Press",)),
        ("By Maren Oduya, New York", ("Maren Oduya",)),
        ("By Maren Oduya, For The Gazette", ("Maren Oduya",)),
        ("Medically reviewed by Maren Oduya", ()),
        ("By Reuters Staff", ("Reuters",)),
        ("The Editorial Board", ("The Editorial Board",)),
        ("Staff Reporter", ()),
        ("Our Web Desk", ()),
        ("admin", ()),
        ("User", ()),
        ("Por", ()),
    ],
)
def test_a_byline_is_read(byline: str, names: tuple[str, ...]) -> None:
    assert article(body=f'<h1>{TITLE}</h1><p class="byline">{byline}</p>').authors == names


@pytest.mark.parametrize("name", ["王小明", "محمد علي", "김민수", "Amanda", "jsmith42"])
def test_names_of_other_forms_are_taken_where_they_are_stated(name: str) -> None:
    assert article(json_ld(headline=TITLE, author={"@type": "Person", "name": name})).authors == (name,)


@pytest.mark.parametrize(
    "shown",
    [
        '<a rel="author" href="/x">Maren Oduya</a>',
        '<a href="/authors/maren-oduya">Maren Oduya</a>',
        '<span itemprop="author"><span itemprop="name">Maren Oduya</span></span>',
        '<span itemprop="author"><meta itemprop="name" content="Maren Oduya"></span>',
        '<div class="Byline"><span>By</span> <b>Maren Oduya</b> <i>Hillside Times</i> <a>Follow</a></div>',
        "<address>By Maren Oduya</address>",
        "<p>By <a>Maren Oduya</a><br>Monday, August 7, 2015</p>",
        "<h2>Article by</h2><div>Maren Oduya</div>",
        "<p>Maren Oduya</p><p>Chief Political Correspondent</p>",
        '<img src="a.jpg" alt="Maren Oduya"><p>Maren Oduya</p><p>7 August 2015</p>',
        '<a href="https://letters.example/@oduya">Maren Oduya</a>',
        "<div><span>7 August 2015</span> · 5 min · Maren Oduya</div>",
    ],
)
def test_the_byline_is_found_where_the_page_shows_it(shown: str) -> None:
    assert article(body=f"<h1>{TITLE}</h1>{shown}").authors == ("Maren Oduya",)


def test_all_authors_of_one_byline_are_taken() -> None:
    shown = '<p><a rel="author">Maren Oduya</a>, <a rel="author">Tom Briggs</a> and <a rel="author">Ann Lee</a></p>'
    assert article(body=f"<h1>{TITLE}</h1>{shown}").authors == ("Maren Oduya", "Tom Briggs", "Ann Lee")


@pytest.mark.parametrize(
    "foot",
    [
        "<p>About the author</p><p>Maren Oduya is a reporter in Port Kellin.</p>",
        "<p>Reporting by Maren Oduya; Editing by Tom Briggs</p>",
        '<div class="author-box"><a rel="author">Maren Oduya</a></div>',
    ],
)
def test_the_author_may_stand_at_the_foot(foot: str) -> None:
    page = f"<html><body><h1>{TITLE}</h1>{BODY}{BODY}{foot}</body></html>"
    assert extract(Job(id="1", html=page, language="en")).article.authors == ("Maren Oduya",)


@pytest.mark.parametrize(
    "other",
    [
        '<div class="comments"><a rel="author">Ann Lee</a></div>',
        '<div class="related-posts"><p class="byline">By Ann Lee</p></div>',
        "".join(f'<div><h3>Ferry sinks</h3><a rel="author">{name} Lee</a></div>' for name in ("Ann", "Bo", "Cy")),
        "<p>By clicking “Join” you agree to our Terms of Use and Privacy Policy.</p>",
        '<a href="/journalistic-standards">Hillside\'s Journalistic Standards</a>',
        "<p>By Friday, most of the houses had been searched.</p>",
    ],
)
def test_the_authors_of_other_things_are_not_taken(other: str) -> None:
    filler = "<p>Menu</p>" * 200
    page = f"<html><body><h1>{TITLE}</h1>{BODY}{filler}{other}</body></html>"
    assert extract(Job(id="1", html=page, language="en")).article.authors == ()


@pytest.mark.parametrize(
    "frame",
    [
        "<form id='aspnetForm' method='post'><div>{}</div></form>",
        "<div class='page right-sidebar'><div class='has-related'>{}</div></div>",
        "<div id='content' class='post comments-on'><div>{}</div></div>",
        "<div class='article no-promo'>{}</div>",
    ],
)
def test_what_holds_the_headline_is_about_the_article(frame: str) -> None:
    inner = f"<h1>{TITLE}</h1><span class='author'>Maren Oduya</span><time datetime='2026-11-24'>Tuesday</time>{BODY}"
    found = extract(Job(id="1", html=f"<html><body>{frame.format(inner)}</body></html>", language="en")).article
    assert (found.authors, found.published and found.published.value) == (("Maren Oduya",), "2026-11-24")


def test_whom_the_news_links_to_is_no_author() -> None:
    people = "".join(
        f'<p>In a statement on Monday the minister for the hills, <a href="/profile/ann-lee">Ann Lee</a>, {verb} that '
        "the wall had been inspected twice this year, and that a third inspection had been due in the autumn.</p>"
        for verb in ("said", "added")
    )
    page = f'<html><body><h1>{TITLE}</h1><img alt="Ann Lee">{people}</body></html>'
    assert extract(Job(id="1", html=page, language="en")).article.authors == ()


@pytest.mark.parametrize("stated", ["moduya2", "Hillside Echo", "newsdesk", "Reuters"])
def test_the_person_in_the_byline_goes_before_a_login_or_an_outlet(stated: str) -> None:
    head = json_ld(headline=TITLE, author=stated, publisher={"name": "Hillside Echo"})
    found = read(head, f'<h1>{TITLE}</h1><p class="byline">By Maren Oduya</p>')
    assert (found.article.authors, found.sources.authors) == (("Maren Oduya",), "byline")


def test_names_in_capitals_are_written_as_elsewhere_on_the_page() -> None:
    found = article(json_ld(headline=TITLE, author="MAREN ODUYA"), f'<h1>{TITLE}</h1><p class="byline">Maren Oduya</p>')
    assert found.authors == ("Maren Oduya",)


# Publication


@pytest.mark.parametrize(
    ("head", "site", "source"),
    [
        (meta("og:site_name", "Hillside Echo | News, sport and weather"), "Hillside Echo", "meta:og:site_name"),
        (json_ld(headline=TITLE, publisher={"name": "Hillside Echo"}), "Hillside Echo", "json-ld"),
        (meta("og:site_name", "U.S. edition") + f"<title>{TITLE} - Hillside Echo</title>", "Hillside Echo", "title"),
        (meta("og:site_name", "The Valley Gazette"), "The Valley Gazette", "meta:og:site_name"),
        (f"<title>{TITLE} — Voice in the Hills</title><h1>Voice in the Hills</h1>", "Voice in the Hills", "title"),
        ("", "hillsideecho.example", "url"),
    ],
)
def test_the_site_is_what_its_host_bears_out_else_what_is_stated(head: str, site: str, source: str) -> None:
    found = read(head)
    assert (found.article.site, found.sources.site) == (site, source)


# Standfirst

LEAD = "Dozens are feared dead in Port Kellin after a night of rain"


@pytest.mark.parametrize(
    ("head", "body", "source"),
    [
        (meta("og:description", LEAD), "", "meta:og:description"),
        (
            meta("og:description", "Get the latest news from the hills") + meta("description", LEAD),
            "",
            "meta:description",
        ),
        (meta("og:description", f"{LEAD} of the kind that…") + json_ld(description=LEAD), "", "json-ld"),
        (meta("og:description", TITLE) + meta("description", LEAD), f"<h1>{TITLE}</h1>", "meta:description"),
        (
            meta("og:description", "A dam has burst"),
            f'<h1>{TITLE}</h1><p class="article-standfirst">{LEAD}</p>',
            "standfirst",
        ),
    ],
)
def test_the_standfirst_is_what_sums_the_article_up(head: str, body: str, source: str) -> None:
    found = read(head, body)
    assert (found.article.lead, found.sources.lead) == (LEAD, source)


@pytest.mark.parametrize(
    "other",
    [
        f'<div class="image__lede"><img src="a.jpg"><p>{LEAD}</p></div>',
        f'<div class="lede"><figure>{LEAD}</figure></div>',
        '<div class="lede"><p>By Maren Oduya</p><p>Follow</p><time>29 September 2015 at 09:41</time></div>',
        '<div class="subhead">Email Print Comments By Maren Oduya The Hillside Echo</div>',
        '<aside class="author-data author"><p class="summary">Maren Oduya writes on dams for the Echo.</p></aside>',
    ],
)
def test_pictures_bylines_and_authors_are_no_standfirst(other: str) -> None:
    assert read("", f"<h1>{TITLE}</h1>{other}").article.lead is None


@pytest.mark.parametrize(
    "text",
    [" ".join(PARAGRAPHS) * 3, PARAGRAPHS[1], f"{PARAGRAPHS[0]} {PARAGRAPHS[1][:40]}...", "Subscribe to read more"],
)
def test_excerpts_and_appeals_are_no_standfirst(text: str) -> None:
    found = read(meta("description", text))
    assert (found.article.lead, found.sources.lead) == (None, None)


# Address


def canonical(url: str) -> str:
    return f'<link rel="canonical" href="{url}">'


@pytest.mark.parametrize(
    ("head", "url", "source"),
    [
        (canonical(f"{URL}#comments"), URL, "link:canonical"),
        (canonical("/news/dam-bursts-above-port-kellin"), URL, "link:canonical"),
        (canonical("https://www.hillsideecho.example/") + meta("og:url", URL), URL, "meta:og:url"),
        (canonical("https://www.hillsideecho.example/news/") + meta("og:url", URL), URL, "meta:og:url"),
        (canonical("javascript:void(0)") + json_ld(headline=TITLE, mainEntityOfPage={"@id": URL}), URL, "json-ld"),
        (json_ld(headline=TITLE, url=URL), URL, "json-ld"),
        (canonical("https://wire.example/2015/dam"), "https://wire.example/2015/dam", "link:canonical"),
        (meta("og:url", "https://wire.example/2015/dam"), None, None),
        (canonical("http://[::1") + canonical("ftp://a.example/b") + canonical("https://user@a.example/b"), None, None),
        ("", None, None),
    ],
)
def test_the_address_is_what_the_page_gives_as_its_own(head: str, url: str | None, source: str | None) -> None:
    found = read(head)
    assert (found.article.canonical_url, found.sources.canonical_url) == (url, source)


@pytest.mark.parametrize(
    "url",
    [
        f"{URL}/amp",
        f"{URL}?amp=1",
        f"{URL}?amp",
        "https://amp.www.hillsideecho.example/news/dam-bursts-above-port-kellin",
        "https://www.hillsideecho.example/amp/news/dam-bursts-above-port-kellin",
    ],
)
def test_an_amp_page_has_the_address_of_its_article(url: str) -> None:
    for mark in (" amp", " ⚡"):
        assert article("", url=url, attributes=mark).canonical_url == URL
        assert article(canonical(url), url=url, attributes=mark).canonical_url == URL
        assert article(canonical(URL), url=url, attributes=mark).canonical_url == URL


@pytest.mark.parametrize(
    "url",
    [
        "https://www-hillsideecho-example.cdn.ampproject.org/c/s/www.hillsideecho.example/news/dam-bursts-above-port-kellin",
        "https://www.google.com/amp/s/www.hillsideecho.example/news/dam-bursts-above-port-kellin",
        f"https://www-hillsideecho-example.cdn.ampproject.org/v/s/{URL.removeprefix('https://')}?amp=1",
    ],
)
def test_a_copy_in_a_cache_has_the_address_of_its_article(url: str) -> None:
    assert article(url=url).canonical_url == URL


def test_a_mobile_page_has_the_address_that_its_link_gives() -> None:
    assert article(canonical(URL), url=URL.replace("www.", "m.")).canonical_url == URL


def test_a_page_whose_subject_is_amp_keeps_its_address() -> None:
    url = "https://www.hillsideecho.example/music/amp"
    assert article(canonical(url), url=url).canonical_url == url


# Paywall


@pytest.mark.parametrize(
    ("head", "body", "paywalled"),
    [
        (json_ld(headline=TITLE, isAccessibleForFree=False), "", True),
        (json_ld(headline=TITLE, isAccessibleForFree="False"), "", True),
        (json_ld(headline=TITLE, isAccessibleForFree="http://schema.org/False"), "", True),
        (json_ld(headline=TITLE, isAccessibleForFree=True), "", False),
        (json_ld(headline=TITLE, isAccessibleForFree="true"), "", False),
        (
            json_ld(
                headline=TITLE,
                hasPart={"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".paid"},
            ),
            "",
            True,
        ),
        (json_ld({"@type": "WebPage", "isAccessibleForFree": False}, {"@type": "NewsArticle"}), "", True),
        (meta("article:content_tier", "locked"), "", True),
        (meta("article:content_tier", "metered"), "", True),
        (meta("article:content_tier", "free"), "", False),
        (meta("cXenseParse:recs:paywall", "true"), "", True),
        ("", '<meta itemprop="isAccessibleForFree" content="false">', True),
        ("", '<span itemprop="isAccessibleForFree">True</span>', False),
        (meta("article:content_tier", "unknown"), "", None),
        (json_ld(headline=TITLE), "", None),
    ],
)
def test_a_paywall_is_what_the_page_says_of_it(head: str, body: str, paywalled: bool | None) -> None:
    assert article(head, body).paywalled is paywalled


def test_amp_and_paywalled_pages_are_read_as_others_are() -> None:
    head = json_ld(headline=TITLE, author="Maren Oduya", datePublished="2015-08-07", isAccessibleForFree=False)
    plain, amp = article(head, f"<h1>{TITLE}</h1>"), article(head, f"<h1>{TITLE}</h1>", attributes=" amp")
    assert (amp.title, amp.authors, amp.published, amp.text) == (
        plain.title,
        plain.authors,
        plain.published,
        plain.text,
    )
    assert plain.text == "\n".join(PARAGRAPHS)
