"""The body of an article in its page: whole, in order, and without what stands around and between it."""

from __future__ import annotations

import json
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring

from pagefacts.contracts import Job
from pagefacts.extraction import extract
from pagefacts.extraction.article import Extraction
from pagefacts.extraction.bodies.blocks import read_blocks

STORY = (
    "At least 34 people were killed when a dam burst above the town of Port Kellin on Monday, officials said.",
    "The wall gave way shortly after midnight following days of heavy rain in the hills to the north of the town.",
    "More than 2,000 people have been moved to schools and churches, where volunteers handed out blankets and soup.",
    "“We heard a roar and ran for the hill,” said Maria Tanel, a teacher, who lost two of her neighbours.",
    "Engineers had warned in June that the spillway was blocked with debris and that repairs could not wait.",
    "The government has declared three days of mourning and asked neighbouring countries for helicopters.",
)
MENU = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/world'>World</a></li></ul></nav>"
FOOT = "<footer><p>© 2026 The Kellin Herald. All rights reserved.</p><a href='/privacy'>Privacy</a></footer>"


def page(body: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><title>Dam burst kills 34 | The Kellin Herald</title>{head}</head>"
        f"<body>{MENU}{body}{FOOT}</body></html>"
    )


def read(html: str) -> Extraction:
    return extract(Job(id="1", html=html))


def lines(html: str) -> list[str]:
    return read(html).article.text.splitlines()


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def article(*parts: str) -> str:
    return page(f"<main><article><h1>Dam burst kills 34</h1>{''.join(parts)}</article></main>")


def json_ld(**fields: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


@pytest.mark.parametrize(
    "biography",
    ["Ann Lee is a staff writer.", "<em>Ann Lee is an editor of The Kellin Herald and the author of two books.</em>"],
)
def test_what_says_who_the_author_is_below_the_article_is_left_out(biography: str) -> None:
    head = "<meta name='author' content='Ann Lee'>"
    body = f"<main><article><h1>Dam burst kills 34</h1>{paragraphs(*STORY, biography)}</article></main>"
    assert lines(page(body, head)) == list(STORY)


def test_an_article_may_speak_of_its_author() -> None:
    head = "<meta name='author' content='Ann Lee'>"
    said = "Ann Lee, a reporter of this paper, was among the wounded."
    body = f"<main><article><h1>Dam burst kills 34</h1>{paragraphs(*STORY, said)}</article></main>"
    assert lines(page(body, head)) == [*STORY, said]


def test_an_article_of_an_agency_may_end_with_what_that_says() -> None:
    head = "<meta name='author' content='Reuters'>"
    said = ("Reuters journalist Bo Roe was killed.", "Reuters could not verify how many writers were there.")
    body = f"<main><article><h1>Dam burst kills 34</h1>{paragraphs(*STORY, *said)}</article></main>"
    assert lines(page(body, head)) == [*STORY, *said]


# What belongs to the body


def test_paragraphs_come_whole_and_in_order() -> None:
    assert lines(article(paragraphs(*STORY))) == list(STORY)


def test_subheadings_lists_quotations_and_tables_belong_to_it() -> None:
    html = article(
        paragraphs(*STORY[:2]),
        "<h2>What is known</h2>",
        "<ul><li>The dam was built in 1961 and raised twice since then.</li>"
        "<li>It held 40 million cubic metres.</li></ul>",
        paragraphs(*STORY[2:4]),
        "<blockquote><p>No one told us to leave, the mayor of the lower town said at the site.</p></blockquote>",
        "<table><tr><th>District</th><th>Dead</th></tr><tr><td>Lower Kellin</td><td>29</td></tr></table>",
        paragraphs(*STORY[4:]),
    )
    found = lines(html)
    assert found[2:5] == [
        "What is known",
        "The dam was built in 1961 and raised twice since then.",
        "It held 40 million cubic metres.",
    ]
    assert "No one told us to leave, the mayor of the lower town said at the site." in found
    assert "Lower Kellin | 29" in found


@pytest.mark.parametrize("breaks", ["<br><br>", "<br>", "</div><div>", "</span><br/><span>"])
def test_text_without_paragraph_elements_is_found(breaks: str) -> None:
    body = breaks.join(STORY)
    html = page(f"<div id='content'><h1>Dam burst kills 34</h1><div class='text'><span>{body}</span></div></div>")
    assert lines(html) == list(STORY)


def test_links_and_emphasis_inside_a_paragraph_stay_in_their_line() -> None:
    linked = STORY[4].replace("Engineers", "<a href='/e'><b>Engineers</b></a>").replace("June", "<em>June</em>")
    assert lines(article(paragraphs(*STORY[:4], linked, STORY[5]))) == list(STORY)


def test_hidden_text_of_an_article_behind_a_wall_counts() -> None:
    offer = "<div class='paywall'><p>Subscribe now for $1 a week to continue reading this story.</p></div>"
    html = article(
        paragraphs(*STORY[:2]), offer, f"<div style='display:none' class='article-body'>{paragraphs(*STORY[2:])}</div>"
    )
    found = lines(html)
    assert [line for line in found if line in STORY] == list(STORY)
    assert not any("Subscribe" in line for line in found)


# What does not


@pytest.mark.parametrize(
    "between",
    [
        "<figure><img src='a.jpg'><figcaption>The broken dam. Photograph: Ann Lee/Reuters</figcaption></figure>",
        "<aside class='related'><h3>Related stories</h3><ul><li><a href='/1'>Storm closes ports</a></li></ul></aside>",
        "<p><strong>Read more: <a href='/1'>Storm closes the northern ports for a second day</a></strong></p>",
        "<div class='newsletter-signup'><p>Sign up to our newsletter and get the news in your inbox.</p></div>",
        "<div class='share-bar'><a href='#'>Share on Facebook</a> <a href='#'>Tweet</a></div>",
        "<div class='donate'><p>Support our journalism. Donate today to keep our reporting free for all.</p></div>",
    ],
)
def test_what_stands_between_paragraphs_is_left_out(between: str) -> None:
    assert lines(article(paragraphs(*STORY[:3]), between, paragraphs(*STORY[3:]))) == list(STORY)


@pytest.mark.parametrize(
    "below",
    [
        "<div class='tags'><a href='/t/1'>Dams</a> <a href='/t/2'>Floods</a></div>",
        "<section class='comments'><h2>2 comments</h2><div class='comment'><p>So sad.</p></div></section>",
        "<div class='most-read'><h3>Most read</h3><ol><li><a href='/2'>Two hurt in tram collision</a></li></ol></div>",
    ],
)
def test_what_stands_below_is_left_out(below: str) -> None:
    assert lines(article(paragraphs(*STORY), below)) == list(STORY)


def test_headline_byline_and_date_above_are_no_part_of_it() -> None:
    html = article("<p class='byline'>By Ann Lee</p><time>24 November 2026</time>", paragraphs(*STORY))
    assert lines(html) == list(STORY)


@pytest.mark.parametrize(
    "above",
    [
        "<div class='promo-audio'><a href='/a'>Dam burst</a><div>{}</div><button>Listen • 7:38</button></div>",
        "<aside class='promo'><h3><a href='/a'>Dam burst</a></h3><div>{} <a href='/a'>Read more</a></div></aside>",
        "<div class='newsletter popup'><p class='excerpt'>{}</p><a href='/s'>Sign up for our newsletter</a></div>",
        "<div class='dek'>{}</div><div class='share'>Share</div><p class='byline'>By Ann Lee</p>",
    ],
)
def test_a_first_paragraph_that_a_summary_above_repeats_is_kept_once(above: str) -> None:
    first = f"{STORY[0][:-1]}, and warned that the number would rise as the water went down in the coming days."
    found = lines(article(above.format(first), paragraphs(first, *STORY[1:])))
    assert found == [first, *STORY[1:]]


@pytest.mark.parametrize(
    "mark",
    ["\u00ad", "\u200b", "\u2060", "\ufeff", "&shy;", "&#173;", "&#xAD;", "&#8203;", "&#x200b;", "&ZeroWidthSpace;"],
)
def test_invisible_characters_leave_words_whole(mark: str) -> None:
    marked = [line.replace("killed", f"kil{mark}led").replace("people", f"peo{mark}ple") for line in STORY]
    html = page(f"<article><h1>Dam burst kil{mark}led 34</h1>{paragraphs(*marked)}</article>")
    found = read(html).article
    assert (found.text.splitlines(), found.title) == (list(STORY), "Dam burst killed 34")
    scraped = "\n".join(["Dam burst kills 34", "By Ann Lee", *marked]).replace(mark, unescape(mark))
    assert extract(Job(id="1", text=scraped)).article.text.splitlines() == list(STORY)


def test_what_parts_words_in_thai_or_joins_letters_in_persian_stays() -> None:
    story = (
        "เจ้าหน้าที่\u200bกล่าว\u200bว่า\u200bมี\u200bผู้เสียชีวิต 404 คน หลัง\u200bเขื่อน\u200bแตก\u200bเหนือ\u200bเมือง",
        "مقام\u200cها گفتند که دست\u200cکم ۳۴ نفر در شکستن سد کشته شده\u200cاند و صدها نفر ناپدید هستند.",
    )
    assert lines(article(paragraphs(*story, *STORY))) == [*story, *STORY]


def test_what_somebody_says_of_a_policy_is_no_notice() -> None:
    said = "“You cannot cure a misleading notice with information in a privacy policy,” Ms. Tanel said."
    assert lines(article(paragraphs(*STORY[:3], said, *STORY[3:]))) == [*STORY[:3], said, *STORY[3:]]


def test_a_second_copy_for_machines_is_left_out() -> None:
    copy = f"<div style='display:none'><span>2026-11-24T09:00:00Z</span><div>{' '.join(STORY)}</div></div>"
    assert lines(article(paragraphs(*STORY), copy)) == list(STORY)


# JSON-LD


def test_the_body_stated_is_taken_where_the_page_shows_only_its_beginning() -> None:
    head = json_ld(headline="Dam burst kills 34", articleBody="\n".join(STORY))
    html = page(f"<article><h1>Dam burst kills 34</h1>{paragraphs(*STORY[:3])}</article>", head)
    found = read(html)
    assert found.article.text.splitlines() == list(STORY)
    assert found.sources.text == "json-ld"


def test_a_body_stated_in_part_gives_way_to_the_page() -> None:
    head = json_ld(headline="Dam burst kills 34", articleBody=STORY[0])
    html = page(f"<article><h1>Dam burst kills 34</h1>{paragraphs(*STORY)}</article>", head)
    found = read(html)
    assert found.article.text.splitlines() == list(STORY)
    assert found.sources.text == "text"


# Blocks


def blocks(body: str) -> list[tuple[str, str]]:
    return [(block.node.tag, block.text) for block in read_blocks(document_fromstring(f"<body>{body}</body>"))]


def test_a_block_ends_where_an_element_starts_a_line() -> None:
    assert blocks("<div>one <b>two</b><p>three</p>four<br>five</div>") == [
        ("div", "one two"), ("p", "three"), ("div", "four"), ("div", "five"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "byline",
    [
        "<div><strong>Ann Lee</strong><br>Disaster correspondent</div>",
        "<address><a rel='author' href='/profile/ann-lee'>Ann Lee</a> in Port Kellin</address>",
        "<p><a rel='author' href='/profile/ann-lee'>Ann Lee</a>, Port Kellin</p>",
    ],
)
def test_the_byline_is_no_part_of_the_body(byline: str) -> None:
    body = f"<main><h1>Dam burst kills 34</h1>{byline}<div>24 Nov 2026, 09:41</div>{paragraphs(*STORY)}</main>"
    found = read(page(body)).article
    assert found.authors == ("Ann Lee",)
    assert found.text.split("\n") == list(STORY)


def test_a_paragraph_that_begins_with_an_author_s_name_stays() -> None:
    told = "Ann Lee saw the wall give way from the roof of the school, and has not slept since."
    html = page(article("<p>By <a rel='author' href='/ann'>Ann Lee</a></p>", paragraphs(told, *STORY)))
    assert read(html).article.text.split("\n") == [told, *STORY]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>In <st1:City w:st='on'>Kellin</st1:City> 34 died<o:p></o:p>.</p>", [("p", "In Kellin 34 died.")]),
        ("<div>In <st1:place>Kellin</st1:place> 34 died.</div>", [("div", "In Kellin 34 died.")]),
        ("<p>A <private-company>Kellin Dams</private-company> wall</p>", [("p", "A Kellin Dams wall")]),
        ("<x-card>One</x-card><x-card><p>Two</p></x-card>", [("x-card", "One"), ("p", "Two")]),
        ("<p>a <x-b>b<p>c</p>d</x-b>e</p>f", [("p", "a b"), ("p", "c"), ("p", "de"), ("body", "f")]),
    ],
)
def test_elements_unknown_to_html_stand_inside_a_line_where_nothing_else_may(
    body: str, expected: list[tuple[str, str]]
) -> None:
    assert blocks(body) == expected


def test_a_row_of_data_is_one_block_and_a_layout_is_not() -> None:
    layout = f"<table><tr><td>{STORY[0] * 4}</td><td><p>{STORY[1] * 4}</p></td></tr></table>"
    assert blocks("<table><tr><td>Lower <p>Kellin</p></td><td>29</td></tr></table>") == [("tr", "Lower Kellin | 29")]
    assert [tag for tag, _ in blocks(layout)] == ["td", "p"]


@pytest.mark.parametrize("parts", [paragraphs(*STORY[:4]), "<br><br>".join(STORY[:4])])
def test_a_short_article_in_a_table_is_no_row_of_data(parts: str) -> None:
    menu = "<a href='/'>Home</a><br><a href='/world'>World</a>"
    assert lines(page(f"<table><tr><td>{menu}</td><td><h1>Dam burst kills 34</h1>{parts}</td></tr></table>")) == [
        *STORY[:4]
    ]


def test_lines_of_preformatted_text_stay_apart() -> None:
    assert blocks("<pre>one\n  two\n\nthree</pre>") == [("pre", "one\ntwo\nthree")]


@given(st.recursive(st.text(alphabet="ab <>&\n", max_size=8), lambda inner: st.lists(inner, max_size=4), max_leaves=20))
@settings(max_examples=50, deadline=None)
def test_no_text_is_lost(tree: Any) -> None:
    def markup(part: Any) -> str:
        if isinstance(part, str):
            return part.replace("&", "&amp;").replace("<", "&lt;")
        return "".join(f"<{tag}>{markup(each)}</{tag}>" for tag, each in zip("div span p li td a".split() * 9, part))  # noqa: B905

    root = document_fromstring(f"<html><body>.{markup(tree)}</body></html>")
    shown = "".join(root.text_content().split())
    assert "".join("".join(block.text.split()) for block in read_blocks(root)) == shown
