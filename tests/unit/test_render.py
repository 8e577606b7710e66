"""A result for people."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from pagefacts.contracts import (
    Article,
    CasualtyFact,
    Effect,
    Entity,
    Evidence,
    JobHead,
    Label,
    LocationFact,
    Mention,
    PageKind,
    Provenance,
    Qualifier,
    Result,
    ResultEvent,
)
from pagefacts.errors import NoArticle
from pagefacts.render.figures import bounds
from pagefacts.render.terminal import render
from worker.answers import failure_event, result_event

TEXT = "Up to 30 people died in [bold]Paris[/bold]."


def fact(low: int | None, high: int | None, best: int | None, qualifier: Qualifier, text: str = "n") -> CasualtyFact:
    return CasualtyFact(
        id="c1",
        effect=Effect.KILLED,
        min=low,
        max=high,
        best=best,
        qualifier=qualifier,
        number_text=text,
        evidence=Evidence(quote=TEXT[:20], start=0, end=20, sentence_start=0, sentence_end=len(TEXT)),
        rule="r",
        confidence=0.9,
        place="l1",
    )


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (fact(5, 5, 5, Qualifier.EXACTLY), "5"),
        (fact(250_000, None, None, Qualifier.MORE_THAN), "more than 250,000"),
        (fact(5, None, None, Qualifier.AT_LEAST), "at least 5"),
        (fact(0, 30, None, Qualifier.AT_MOST), "at most 30"),
        (fact(20, 30, None, Qualifier.BETWEEN), "20 to 30"),
        (fact(5, 5, 5, Qualifier.ABOUT), "about 5"),
        (fact(12, None, None, Qualifier.VAGUE, "dozens"), "dozens (at least 12)"),
        (fact(0, 0, 0, Qualifier.EXACTLY), "0"),
    ],
)
def test_bounds_in_words(figure: CasualtyFact, words: str) -> None:
    assert bounds(figure) == words


def shown(event: ResultEvent) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(render(event))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_page_cannot_give_orders_to_the_terminal() -> None:
    evil = "\x1b]0;evil\x07\x9b2J\x7f[red]"
    article = Article(title=evil, site=evil, authors=(evil,), lead=evil, text=evil)
    said = shown(result_event(JobHead(), "1", Result(article=article, provenance=Provenance(pagefacts="0"))))
    assert said.count("\ufffd]0;evil\ufffd2J\ufffd[red]") == 4  # rich leaves out the bell itself
    assert not set(said) & set("\x1b\x07\x9b\x7f")


def test_a_page_cannot_style_the_terminal() -> None:
    place = LocationFact(id="l1", name="Paris", mentions=(Mention(text="Paris", start=30, end=35),), confidence=0.5)
    result = Result(
        article=Article(title="[red]Title[/red]", text=TEXT),
        casualties=(fact(0, 30, None, Qualifier.AT_MOST),),
        locations=(place,),
        provenance=Provenance(pagefacts="0"),
    )
    text = shown(result_event(JobHead(), "a", result))
    assert "[red]Title[/red]" in text
    assert "at most 30" in text
    assert "Up to 30 people died" in text
    assert "Paris" in text


def test_a_figure_that_is_stated_again_is_shown_once() -> None:
    first = fact(5, 5, 5, Qualifier.EXACTLY).model_copy(update={"place": None})
    second = first.model_copy(update={"id": "c2", "same_as": "c1"})
    result = Result(article=Article(text=TEXT), casualties=(first, second), provenance=Provenance(pagefacts="0"))
    text = shown(result_event(JobHead(), "a", result))
    assert text.count("killed 5") == 1
    assert "stated 2 times" in text


def test_people_and_organisations_are_shown_once_by_their_fullest_names() -> None:
    text = "Ann [b]Lee[/b] of the UN: Lee, Lee and the United Nations in Oslo"
    named = [("Ann [b]Lee[/b]", "PERSON", 0), ("UN", "ORG", 22), ("Lee", "PERSON", 26), ("Lee", "ORG", 31)]
    named += [("United Nations", "ORG", 43), ("Oslo", "GPE", 61)]
    entities = [Entity(text=name, label=Label(label), start=at, end=at + len(name)) for name, label, at in named]
    full = {"Ann [b]Lee[/b]": "e1", "Lee": "e1", "UN": "e2", "United Nations": "e2", "Oslo": "e3"}
    names = {"e1": "Ann [b]Lee[/b]", "e2": "United Nations", "e3": "Oslo"}
    linked = tuple(
        entity.model_copy(update={"entity_id": full[entity.text], "name": names[full[entity.text]]})
        for entity in entities
    )
    result = Result(article=Article(text=text), entities=linked, provenance=Provenance(pagefacts="0"))
    lines = [line.rstrip() for line in shown(result_event(JobHead(), "a", result)).splitlines()]
    assert "People: Ann [b]Lee[/b]" in lines
    assert "Organisations: United Nations" in lines
    assert "Oslo" not in "".join(lines)


def test_a_failure_is_shown_as_such() -> None:
    console = Console(file=io.StringIO(), width=200)
    console.print(render(failure_event(None, "a", NoArticle(), "extract", 1)))
    assert isinstance(console.file, io.StringIO)
    assert "no_article" in console.file.getvalue()


@pytest.mark.parametrize("kind", [kind for kind in PageKind if not Article(kind=kind, text=TEXT).tells_facts])
def test_a_page_that_is_no_article_is_said_to_be_none(kind: PageKind) -> None:
    result = Result(article=Article(kind=kind, text=TEXT), provenance=Provenance(pagefacts="0"))
    text = shown(result_event(JobHead(), "1", result))
    assert "No article:" in text
    assert "No casualty figures" not in text
