"""What a page may be at most, and what is taken out of one that has too much of something."""

from __future__ import annotations

import pytest

from pagefacts.contracts import Job
from pagefacts.errors import PageTooLarge, UnreadablePage
from pagefacts.extraction import extract
from pagefacts.extraction.html import parse
from pagefacts.extraction.limits import (
    MAX_ALL_ATTRIBUTES,
    MAX_ARTICLE,
    MAX_ATTRIBUTES,
    MAX_BLANKS,
    MAX_CHARACTERS,
    MAX_CONTENT,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_JSON_LD,
    MAX_LINES,
    MAX_NESTED_TEXT,
    MAX_TEXT,
    MAX_VALUE,
    MAX_VALUES,
    MAX_WORDS,
    without_long_blanks,
)

PARAGRAPH = "<p>At least 34 people have been killed after a dam burst above the town.</p>"


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def json_ld(content: str) -> str:
    return f'<script type="application/ld+json">{content}</script>'


# What is refused


def test_a_page_just_within_every_limit_is_read() -> None:
    attributes = " ".join(f"a{n}=1" for n in range(MAX_ATTRIBUTES))
    tree, _ = parse(page(f"<div {attributes}>{PARAGRAPH}</div>" + "<br>" * (MAX_ELEMENTS - 10)))
    assert len(tree.find(".//div").attrib) == MAX_ATTRIBUTES


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("<br>" * MAX_ELEMENTS, "elements"),
        ("<p>" + "a" * (MAX_TEXT + 1), "characters of text"),
        ("<div>" * 1_000 + "a" * (MAX_NESTED_TEXT // 1_000), "counted once for every element"),
        (f"<b {' '.join(f'a{n}' for n in range(100))}>x</b>" * (MAX_ALL_ATTRIBUTES // 100 + 1), "attributes"),
        (f"<b class='{'a ' * (MAX_VALUE // 2)}'>x</b>" * (MAX_VALUES // MAX_VALUE + 1), "characters of attributes"),
    ],
    ids=["elements", "text", "nested text", "attributes", "values"],
)
def test_too_much_of_anything_is_refused(body: str, what: str) -> None:
    with pytest.raises(PageTooLarge, match=what) as error:
        parse(page(body))
    assert error.value.field == "html"


def test_a_nesting_at_which_the_parser_loses_text_is_refused() -> None:
    with pytest.raises(UnreadablePage, match="nested"):
        parse(page("<div>" * (MAX_DEPTH + 1) + PARAGRAPH))


@pytest.mark.parametrize(
    ("field", "content"),
    [
        ("html", "a" * (MAX_CHARACTERS + 1)),
        ("text", "a" * (MAX_TEXT + 1)),
        ("text", "Ten people died.\n" * (MAX_LINES + 1)),
        ("text", "A dam burst. " * (MAX_ARTICLE // 13 + 1)),
        ("body", "A dam burst. " * (MAX_ARTICLE // 13 + 1)),
        ("body", "1," * (MAX_WORDS // 2 + 1)),
    ],
    ids=["html", "text", "lines", "article of a text", "body", "words"],
)
def test_the_field_at_fault_is_named(field: str, content: str) -> None:
    with pytest.raises(PageTooLarge) as error:
        extract(Job(id="1", **{field: content}))
    assert error.value.field == field
    assert error.value.code == "page_too_large"


def test_the_longest_article_is_taken() -> None:
    body = ("At least 34 people died. " * 6_000)[:MAX_ARTICLE]
    assert extract(Job(id="1", body=body, language="en")).article.text == body


# What is left out


def test_a_tag_with_too_many_attributes_keeps_none() -> None:
    attributes = " ".join(f"a{n}='x > y'" for n in range(MAX_ATTRIBUTES + 1))
    tree, _ = parse(page(f"<div {attributes}>{PARAGRAPH}</div>"))
    assert tree.find(".//div").attrib == {}
    assert tree.find(".//p").text.startswith("At least")


def test_pictures_and_data_in_attributes_are_left_out() -> None:
    tree, _ = parse(page(f'<img alt="weir" src="data:image/png;base64,{"A" * MAX_VALUE}">{PARAGRAPH}'))
    assert tree.find(".//img").attrib == {"alt": "weir"}


@pytest.mark.parametrize(
    "name", ["{class", "{{", "{}", "{a}", "{{classes}}", "{...props}", "{%", "{http://a.example/}b", "{a}b}c", "{{a}}{"]
)
@pytest.mark.parametrize("value", ["", "=x", f"='{'A' * MAX_VALUE} '"])
def test_what_templates_leave_in_a_tag_is_left_out(name: str, value: str) -> None:
    markup = page(f'<div id=\'a\' {name}{value} class="b"" @click=c><p {name}{value} {name}2>{PARAGRAPH}</p></div>')
    tree, _ = parse(markup)
    div = tree.find(".//div")
    assert (div.get("id"), div.get("class")) == ("a", "b")
    assert all(dict(element.attrib) == dict(element.items()) for element in tree.iter())
    assert PARAGRAPH.removeprefix("<p>").partition("<")[0] in extract(Job(id="1", html=markup)).article.text


@pytest.mark.parametrize(("length", "kept"), [(MAX_CONTENT, True), (MAX_CONTENT + 1, False)])
def test_a_meta_element_may_hold_more(length: int, kept: bool) -> None:
    tree, _ = parse(page(PARAGRAPH, f'<meta name="description" content="{"a" * length}">'))
    assert ("content" in tree.find(".//meta").attrib) is kept


def test_only_json_ld_of_a_reasonable_size_is_read() -> None:
    short, long = '{"@type": "Article"}', '"' + "a" * MAX_JSON_LD + '"'
    assert parse(page(PARAGRAPH, json_ld(long) + json_ld(short)))[1] == [short]


@pytest.mark.parametrize("element", ["script", "style", "svg", "math", "template", "iframe", "object"])
def test_what_is_not_text_does_not_count(element: str) -> None:
    tree, _ = parse(page(PARAGRAPH + f"<{element}>x</{element}>" * (MAX_ELEMENTS + 1)))
    assert tree.find(f".//{element}") is None
    assert "At least" in tree.text_content()


def test_no_entity_is_expanded() -> None:
    entities = (
        '<!ENTITY a "'
        + "ha" * 1_000
        + '">'
        + "".join(f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in zip("abcdefgh", "bcdefghi", strict=True))
    )
    tree, _ = parse(f"<?xml version='1.0'?><!DOCTYPE html [{entities}]><html><body><p>&i;</p>{PARAGRAPH}</body></html>")
    assert "haha" * 500 not in tree.text_content().replace("&", "")
    assert "At least" in tree.text_content()


@pytest.mark.parametrize("name", ["/etc/passwd", "file:///etc/passwd"])
def test_no_file_is_read(name: str) -> None:
    head = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "{name}">]>'
    tree, _ = parse(f"{head}<html><body><p>&x;</p>{PARAGRAPH}</body></html>")
    assert "root:" not in tree.text_content()


# Blanks


def test_long_blanks_become_one() -> None:
    assert without_long_blanks("a" + " \t\u00a0" * MAX_BLANKS + "b\n\n\nc") == "a b\n\n\nc"


def test_others_stay() -> None:
    text = "a" + " " * MAX_BLANKS + "b" + "\n" * 1_000 + "\t c"
    assert without_long_blanks(text) == text
