"""Pages that a converter turned to Markdown, in the forms that converters write."""

from __future__ import annotations

import textwrap

import pytest

from pagefacts.contracts import Article, Job
from pagefacts.extraction import extract
from pagefacts.extraction.scraped.labels import unlabelled
from pagefacts.extraction.scraped.paragraphs import paragraphs


def texts(page: str) -> list[str]:
    return [line.text for line in paragraphs(page)]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("At least 34 [people](https://echo.example/people) died.", "At least 34 people died."),
        ('The [Echo](/ "The Echo (1911)") said so.', "The Echo said so."),
        ("The [Echo](https://echo.example/a_(b)) said so.", "The Echo said so."),
        ("The [Echo](https://echo.example/a\\(b) said so.", "The Echo said so."),
        ("The [Echo](<https://echo.example/a b>) said so.", "The Echo said so."),
        ("The [Echo](https://echo.example/?q=a b&c=d) said so.", "The Echo said so."),
        ("The [Echo](story-12) said [so](/so).", "The Echo said so."),
        ("[Menu]()\n[Home](/)", "Menu\nHome"),
        ("![Rescuers on a roof](https://echo.example/1.jpg)\n[Home](/)", "Home"),
        ('[![Logo](/logo.svg "Echo") The Echo](https://echo.example)', "The Echo"),
        ("[**Ferry sinks**\n\nEighty were aboard.](https://echo.example/ferry)", "Ferry sinks\nEighty were aboard."),
        ("[Ferry sinks\\\n\\\nEighty were aboard.](https://echo.example/ferry)", "Ferry sinks\nEighty were aboard."),
        ("aboard the ferry](https://echo.example/ferry)", "aboard the ferry"),
        ("# Dam burst\nIt killed **at least 34** _people_, ~~30~~ __all__ of *them* there.",
         "# Dam burst\nIt killed at least 34 people, 30 all of them there."),
        ("# Dam burst\nIt killed **34** , officials said.", "# Dam burst\nIt killed 34, officials said."),
        ("## __Related", "## Related"),
        ("## Toll\n1\\. \\[At least\\] 34 \\- perhaps 40", "## Toll\n1. [At least] 34 - perhaps 40"),
        ("# Dam burst\n\n> We heard **a roar**\n>\n> and ran.", "# Dam burst\nWe heard a roar\nand ran."),
        ('<div class="a">\n\n- <i>[Home](/)</i><br/>\n\n</div>\n<!-- ad -->\nR&amp;D<sup>2</sup>', "- Home\nR&D2"),
    ],
)  # fmt: skip
def test_the_text_of_a_page_stays_and_its_marks_go(markdown: str, text: str) -> None:
    assert texts(markdown) == text.split("\n")


@pytest.mark.parametrize(
    "text",
    [
        "The toll was 34 [sic](as he said), not 5 * 3 or _34_.",
        "[1] He said **nothing** of > 30 dead.",
        "#dam #flood 34 dead",
        "array[0](1) and C:\\_dir\\*.txt",
        "a ]( b",
        "<b>34</b> &amp; more",
    ],
)
def test_text_that_is_no_markdown_stays_as_it_is(text: str) -> None:
    assert texts(text) == [text]


@pytest.mark.parametrize(
    "text", ["He said [sic] the file_name of 5 * 3 was sh**, [and so on.", "S*** happens, f**k.", "[a] b] ] c [d [e"]
)
def test_what_is_no_mark_stays_in_markdown(text: str) -> None:
    assert texts(f"[Home](/)\n{text}") == ["Home", text]


def test_a_bracket_left_open_takes_no_text_with_it() -> None:
    story = "At least 34 people died. " * 100
    assert "".join(texts(f"![ never closed\n\n{story}\n\n[Home](/)\n\nend](/x)")).count("34") == 100


def test_the_numbers_and_addresses_of_a_text_browser_go() -> None:
    page = "[1]Home\n\nThe [2]dam burst [sic], killing 34 [more].\n\nReferences\n\n"
    addresses = "   Visible links:\n   1. https://echo.example/\n   2. https://echo.example/dam\n"
    assert texts(page + addresses) == ["Home", "The dam burst [sic], killing 34 [more]."]
    assert texts("A toll [1] of 34.\nReferences\n1. Lee, The Dam\nShare")[0] == "A toll [1] of 34."


def test_how_much_of_a_line_is_in_links() -> None:
    page = "[Home](/) [News](/news)\n\nThe [dam](/dam) burst.\n\n[Ferry sinks\n\nMany dead](/ferry)\n\nNone."
    assert [line.linked for line in paragraphs(page)] == pytest.approx([1, 3 / 11, 1, 1, 0])
    assert [line.linked for line in paragraphs("# No links\n\nHere.")] == [None, None]
    tags = '<a id="top">Top\n\nThe <a class="b" href="/dam">dam</a></a> burst. [Home](/)'
    assert [line.linked for line in paragraphs(tags)] == pytest.approx([0, 7 / 15])


STORY = (
    (
        "At least 34 people were killed when a [dam](https://echo.example/topics/the-dam-above-port-kellin) burst above"
        " the town of **Port Kellin** on Tuesday, [officials said](https://echo.example/2015/08/officials-on-the-dam)."
    ),
    (
        "> The water came down the valley in minutes, and nobody had told us that the wall was about to give way, a"
        " resident of the lower town told the [Echo](https://echo.example/) late on Wednesday."
    ),
    (
        "The wall gave way shortly after midnight, following days of heavy rain that had filled the reservoir, and the"
        " [spillway](https://echo.example/topics/a-spillway-that-was-blocked-for-months) was blocked with debris."
    ),
)


def wrapped(width: int) -> str:
    parts = []
    for paragraph in STORY:
        quote = "> " if paragraph.startswith("> ") else ""
        filled = textwrap.wrap(paragraph.removeprefix("> "), width - len(quote), break_long_words=False)
        parts.append("\n".join(quote + line for line in filled))
    return "\n\n".join(parts)


@pytest.mark.parametrize("width", [60, 78, 100])
def test_paragraphs_wrapped_with_their_addresses_are_joined(width: int) -> None:
    page = "\n\n".join([wrapped(width)] * 4)
    assert texts(page) == 4 * [
        "At least 34 people were killed when a dam burst above the town of Port Kellin on Tuesday, officials said.",
        (
            "The water came down the valley in minutes, and nobody had told us that the wall was about to give way, a"
            " resident of the lower town told the Echo late on Wednesday."
        ),
        (
            "The wall gave way shortly after midnight, following days of heavy rain that had filled the reservoir, and"
            " the spillway was blocked with debris."
        ),
    ]


# ---- Articles

HTML2TEXT = """\
[Skip to content](https://echo.example/2015/08/07/kellin-dam-dozens-feared-
dead/#main) [ ![The Echo](https://echo.example/static/img/logo-full.svg)
](https://echo.example/ "The Echo")

  * [World](https://echo.example/world/)
  * [Weather](https://echo.example/weather/)
  * [Sport](https://echo.example/sport/)

# Kellin dam: Dozens feared dead after wall gives way

By [Maren Oduya](https://echo.example/authors/maren-oduya/ "Posts by Maren
Oduya"), 7 August 2015

[__Share on
Facebook](https://facebook.example/share?u=https%3A%2F%2Fecho.example)
[Post](https://x.example/post?text=Kellin dam: Dozens feared dead)

![Rescue teams on a boat in the lower valley on
Friday](https://echo.example/img/2015/08/kellin-dam-boat-1024x683.jpg)

At least 34 people have been killed after a [dam burst above the
town](https://echo.example/2015/08/06/dam-burst-above-port-kellin/) of Port
Kellin, officials say.

**Heavy rain:** the wall gave way shortly after midnight following days of
heavy rain, said the [National Weather Service](https://weather.example/port-
kellin-and-the-lower-valley/flood-warnings/).

> "We heard a roar and then the lights went out, and nobody knew where the
> children were," a resident told the _Echo_ , a newspaper.

## What caused the collapse?

Engineers had warned in June that the
[spillway](https://echo.example/2015/06/12/engineers/warn/that/the/spillway/of/the/dam/is/blocked)
was blocked with debris, and asked for a survey of the wall before the rains.

### [Ferry sinks off southern coast with 80
aboard](https://echo.example/2015/08/05/ferry-sinks-off-southern-coast-
with-80-aboard/)

### [President resigns after week of
protests](https://echo.example/2015/08/04/president-resigns-after-week-of-
protests/)

[About us](https://echo.example/about/) [Privacy
policy](https://echo.example/privacy/)

© 2015 The Echo. All rights reserved.
"""


def article(text: str, url: str = "https://echo.example/2015/08/07/kellin-dam-dozens-feared-dead/") -> Article:
    return extract(Job(id="1", text=text, url=url, language="en")).article


BODY = [
    "At least 34 people have been killed after a dam burst above the town of Port Kellin, officials say.",
    (
        "Heavy rain: the wall gave way shortly after midnight following days of heavy rain, said the National Weather"
        " Service."
    ),
    (
        '"We heard a roar and then the lights went out, and nobody knew where the children were," a resident told the'
        " Echo, a newspaper."
    ),
    "What caused the collapse?",
    (
        "Engineers had warned in June that the spillway was blocked with debris, and asked for a survey of the wall"
        " before the rains."
    ),
]


def test_a_standfirst_that_is_a_heading_is_without_its_marks() -> None:
    above = (
        "# Kellin dam: Dozens feared dead after wall gives way",
        "## Engineers had warned of the spillway.",
    )
    found = article("\n\n".join((*above, "By Maren Oduya", "7 August 2015", *BODY)))
    assert found.lead == "Engineers had warned of the spillway."


def test_the_article_of_a_page_in_markdown_is_found() -> None:
    found = article(HTML2TEXT)
    assert found.text.splitlines() == BODY
    assert found.title == "Kellin dam: Dozens feared dead after wall gives way"
    assert found.authors == ("Maren Oduya",)
    assert found.published is not None
    assert found.published.value[:10] == "2015-08-07"


def test_a_clean_article_in_markdown_is_kept_whole() -> None:
    markdown = "\n\n".join(["# Kellin dam bursts", *(f"{line} [More](/m)" for line in BODY)])
    assert article(markdown).text.splitlines() == [f"{line} More" for line in BODY]


JINA = """\
Title: Kellin dam: Dozens feared dead after wall gives way | The Echo

URL Source: https://echo.example/2015/08/07/kellin-dam-dozens-feared-dead/

Published Time: 2015-08-07T10:12:00+02:00

Markdown Content:
"""
FRONT_MATTER = """\
---
title: "Kellin dam: Dozens feared dead after wall gives way"
authors:
  - Maren Oduya
date: 2015-08-07
tags: [floods, dams]
---

"""


@pytest.mark.parametrize("head", [JINA, FRONT_MATTER], ids=["reader", "front matter"])
@pytest.mark.parametrize("page", [HTML2TEXT, "\n\n".join(BODY)], ids=["page", "article"])
def test_a_head_behind_labels_is_read(head: str, page: str) -> None:
    found = article(head + page)
    assert found.title == "Kellin dam: Dozens feared dead after wall gives way"
    assert found.published is not None
    assert found.published.value[:10] == "2015-08-07"
    assert found.authors == (("Maren Oduya",) if head is FRONT_MATTER or page is HTML2TEXT else ())
    assert found.text.splitlines() == BODY


@pytest.mark.parametrize(
    "page",
    [
        "Title: The dam\n\nAt least 34 people died.",
        "Date: 7 August 2015\nAt least 34 people died.",
        "---\n\nAt least 34 people died.\n\n---\n\nShare",
        "Titles: two\nText: none\nContent:\nAt least 34 people died.",
        "",
        "---",
    ],
)
def test_what_is_no_head_stays(page: str) -> None:
    assert unlabelled(page) == page
