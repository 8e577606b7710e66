"""The page of an article: tables, links and text. What a person sees, tests/system/test_reading.py looks at."""

from __future__ import annotations

import re

import golden
import pytest
from lxml import html

from pagefacts.contracts import Article, FailureEvent, JobHead, PageKind, Provenance, Result, ResultEvent
from pagefacts.errors import NoArticle
from pagefacts.render.article import article_page
from worker.answers import failure_event, result_event


def event(name: str) -> ResultEvent:
    result = {**golden.read(name)["result"], "provenance": {"pagefacts": "0"}}
    return result_event(JobHead(), name, Result.model_validate(result))


def page(*answers: ResultEvent | FailureEvent) -> str:
    return "".join(article_page(answers))


@pytest.mark.parametrize("name", golden.NAMES)
def test_the_text_is_the_articles_and_every_link_leads_somewhere(name: str) -> None:
    made = event(name)
    root = html.document_fromstring(page(made))
    (text,) = root.xpath("//div[@class='text']")
    assert text.text_content() == made.data.article.text
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = {href[1:] for href in root.xpath("//a/@href") if href.startswith("#")}
    assert targets <= set(ids)
    assert {word for said in root.xpath("//@aria-describedby") for word in said.split()} <= set(ids)


@pytest.mark.parametrize("name", golden.NAMES)
def test_every_figure_has_a_row_that_leads_to_its_quote(name: str) -> None:
    made = event(name)
    root = html.document_fromstring(page(made))
    firsts = [fact for fact in made.data.casualties if fact.same_as is None]
    assert len(root.xpath("//table[@class='figures']/tbody/tr")) == len(firsts)
    for fact in firsts:
        (row,) = root.xpath(f"//tr[@id='a1-{fact.id}']")
        assert row.xpath(f".//a[@href='#a1-{fact.id}-t']")
        assert root.xpath(f"//mark[@id='a1-{fact.id}-t']")


def test_several_answers_have_a_list_on_top_and_failures_are_shown() -> None:
    made = page(event(golden.NAMES[0]), failure_event(None, "lost", NoArticle(), "extract", 1))
    root = html.document_fromstring(made)
    assert [link.get("href") for link in root.xpath("//nav//a")] == ["#a1-", "#a2-"]
    (failed,) = root.xpath("//article[@id='a2-']")
    assert "no_article" in failed.text_content()


@pytest.mark.parametrize("kind", [kind for kind in PageKind if not Article(kind=kind, text="x").tells_facts])
def test_a_page_that_is_no_article_is_said_to_be_none(kind: PageKind) -> None:
    result = Result(article=Article(kind=kind, text="Shop now"), provenance=Provenance(pagefacts="0"))
    made = page(result_event(JobHead(), "1", result))
    assert "Names and facts were not looked for." in made
    assert "No casualty figures" not in made


@pytest.mark.parametrize("language", ["en", "ar", None])
def test_the_article_is_in_its_language_and_the_page_around_it_in_english(language: str | None) -> None:
    article = Article(title="Title", language=language, lead="Lead", text="Text")
    root = html.document_fromstring(
        page(result_event(JobHead(), "1", Result(article=article, provenance=Provenance(pagefacts="0"))))
    )
    said = root.xpath("//h1 | //p[@class='lead'] | //div[@class='text']")
    assert [element.get("lang") for element in said] == [language or ""] * 3
    assert root.get("lang") == "en"


def test_hostile_text_and_addresses_stay_text() -> None:
    evil = '"><script>alert(1)</script>'
    article = Article(title=evil, authors=(evil,), site=evil, url="javascript:alert(1)", lead=evil, text=evil)
    result = Result(article=article, provenance=Provenance(pagefacts="0"))
    root = html.document_fromstring(page(result_event(JobHead(), evil, result)))
    assert len(root.xpath("//script")) == 1
    assert not root.xpath("//a[starts-with(@href, 'javascript')]")


def test_the_page_allows_its_own_script_and_style_alone() -> None:
    made = page(event(golden.NAMES[0]))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', made)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r"<[^>]*\s(on\w+|style|src)=", made.split("</style>")[1].split("<script>")[0])
