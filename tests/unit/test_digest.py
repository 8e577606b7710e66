"""Claims of many results: which are about the same thing, and whether they agree."""

from __future__ import annotations

import gc
import io
import weakref
from collections.abc import Iterator
from itertools import permutations
from typing import Any

import golden
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from rich.console import Console

from pagefacts.contracts import (
    Article,
    CasualtyFact,
    DateFact,
    Effect,
    Evidence,
    JobHead,
    LocationFact,
    Mention,
    Precision,
    Provenance,
    Published,
    Qualifier,
    Result,
    ResultEvent,
    Source,
    Status,
    Time,
)
from pagefacts.errors import NoArticle
from pagefacts.render.digest import Digest, Kind, Verdict, digest
from pagefacts.render.digest.page import digest_page
from pagefacts.render.digest.terminal import render_digest
from worker.answers import failure_event, result_event

TEXT = "Many people were killed in Homs on Monday."


def figure(number: int, low: int, high: int | None, **more: Any) -> CasualtyFact:
    exact = low == high
    known = {
        "id": f"c{number}",
        "effect": Effect.KILLED,
        "min": low,
        "max": high,
        "best": low if exact else None,
        "qualifier": Qualifier.EXACTLY if exact else Qualifier.AT_LEAST,
        "number_text": str(low),
        "place": "l1",
        "time": Time(date="d1", text="Monday"),
        "evidence": Evidence(quote=TEXT[:23], start=0, end=23, sentence_start=0, sentence_end=len(TEXT)),
        "rule": "r",
        "confidence": 0.9,
    }
    return CasualtyFact(**{**known, **more})


def answer(
    job: str,
    *figures: CasualtyFact,
    published: str = "2024-03-12",
    day: str = "2024-03-11",
    fingerprint: str | None = None,
) -> ResultEvent:
    place = LocationFact(
        id="l1",
        name="Homs",
        country="SY",
        latitude=34.7,
        longitude=36.7,
        geonames_id=169577,
        feature="PPLA",
        mentions=(Mention(text="Homs", start=27, end=31),),
        confidence=0.9,
    )
    date = DateFact(
        id="d1", type="DATE", value=day, text="Monday", start=35, end=41, rule="r", **{"from": day, "to": day}
    )
    article = Article(
        title=f"<b>{job}</b>",
        site="example.org",
        url=f"https://{job}.example/",
        published=Published(value=published, precision=Precision.DAY),
        text=TEXT,
        fingerprint=fingerprint,
    )
    result = Result(
        article=article, casualties=figures, dates=(date,), locations=(place,), provenance=Provenance(pagefacts="0")
    )
    return result_event(JobHead(), job, result)


def verdicts(*answers: ResultEvent) -> list[Verdict]:
    return [cell.verdict for cell in digest(answers).cells]


def test_ranges_that_overlap_agree() -> None:
    (cell,) = digest([answer("a", figure(1, 41, None)), answer("b", figure(1, 60, 60))]).cells
    assert (cell.verdict, cell.range) == (Verdict.AGREE, (41, None))
    assert [claim.text.key for claim in cell.claims] == ["a", "b"]


def test_ranges_that_do_not_overlap_are_in_conflict_and_are_not_added_up() -> None:
    (cell,) = digest([answer("a", figure(1, 41, 41)), answer("b", figure(1, 60, 60))]).cells
    assert (cell.verdict, cell.range) == (Verdict.CONFLICT, (41, 60))


@pytest.mark.parametrize(("number", "verdict"), [(44, Verdict.AGREE), (46, Verdict.CONFLICT)])
def test_about_is_read_as_a_rounded_number(number: int, verdict: Verdict) -> None:
    about = figure(1, 40, 40, qualifier=Qualifier.ABOUT)
    assert verdicts(answer("a", about), answer("b", figure(1, number, number))) == [verdict]


def test_a_later_rise_outdates_what_was_before() -> None:
    first = answer("a", figure(1, 35, 35))
    rise = answer("b", figure(1, 41, 41, cumulative=True, previous=35), published="2024-03-13")
    (cell,) = digest([rise, first]).cells
    assert (cell.verdict, cell.outdated, cell.range) == (Verdict.UPDATED, frozenset({0}), (41, 41))


def test_a_rise_of_the_same_day_may_be_the_earlier_one() -> None:
    assert verdicts(answer("a", figure(1, 35, 35)), answer("b", figure(1, 41, 41, cumulative=True))) == [
        Verdict.CONFLICT
    ]


def test_a_later_version_of_the_same_text_outdates_it() -> None:
    old = answer("a", figure(1, 41, 41), fingerprint="0" * 16)
    new = answer("b", figure(1, 38, 38), fingerprint="0" * 16, published="2024-03-13")
    (cell,) = digest([old, new]).cells
    assert (cell.verdict, cell.range) == (Verdict.UPDATED, (38, 38))


def test_copies_count_once() -> None:
    copies = [answer(job, figure(1, 41, 41), fingerprint="0" * 16) for job in ("a", "b", "b")]
    made = digest(copies)
    assert (made.results, made.texts) == (3, 1)
    (cell,) = made.cells
    assert (cell.verdict, cell.claims[0].text.copies) == (Verdict.ALONE, 2)


def test_two_sources_of_one_page_are_two_voices_but_two_figures_without_are_one() -> None:
    army, rebels = Source(text="the army"), Source(text="rebels")
    assert verdicts(answer("a", figure(1, 3, 3, source=army), figure(2, 60, 60, source=rebels))) == [Verdict.CONFLICT]
    assert verdicts(answer("a", figure(1, 3, 3), figure(2, 60, 60))) == [Verdict.ALONE]


def test_what_is_no_toll_of_the_day_stands_apart() -> None:
    made = digest(
        [
            answer(
                "a",
                figure(1, 41, 41),
                figure(2, 12, 12, part_of="c1"),
                figure(3, 300, 300, status=Status.HISTORICAL),
                figure(4, 90, 90, status=Status.HYPOTHETICAL),
                figure(5, 0, 0, status=Status.NEGATED),
            )
        ]
    )
    found = [(cell.kind, cell.what.part, cell.range[0]) for cell in made.cells]
    assert found == [
        (Kind.EVENT, False, 41),
        (Kind.EVENT, True, 12),
        (Kind.HISTORICAL, False, 300),
        (Kind.HYPOTHETICAL, False, 90),
        (Kind.NEGATED, False, 0),
    ]


def test_a_text_without_a_day_speaks_of_the_event_of_the_day_before() -> None:
    silent = figure(1, 60, 60, time=None)
    (cell,) = digest([answer("a", figure(1, 41, 41)), answer("b", silent)]).cells
    assert cell.days == ("2024-03-11", "2024-03-11")
    assert [claim.when.stated for claim in cell.claims] == [True, False]
    days = [
        cell.days[0]
        for cell in digest([answer("a", figure(1, 41, 41)), answer("b", silent, published="2024-03-14")]).cells
    ]
    assert days == ["2024-03-11", "2024-03-14"]


def test_claims_without_a_place_are_not_compared() -> None:
    assert verdicts(answer("a", figure(1, 1, 1, place=None)), answer("b", figure(1, 9, 9, place=None))) == [
        Verdict.ALONE,
        Verdict.ALONE,
    ]


answers = st.lists(
    st.builds(
        lambda job, numbers, day, published, copy: answer(
            f"j{job}",
            *(figure(n, low, low + 2) for n, low in enumerate(numbers, start=1)),
            day=f"2024-03-{day}",
            published=f"2024-03-{published}",
            fingerprint=copy,
        ),
        st.integers(0, 9),
        st.lists(st.integers(1, 9), max_size=3),
        st.integers(10, 13),
        st.integers(10, 15),
        st.none() | st.sampled_from(["0" * 16, "1" * 16]),
    ),
    max_size=6,
    unique_by=lambda event: event.id,
)


@given(answers, st.randoms(use_true_random=False))
def test_the_order_makes_no_difference(events: list[ResultEvent], random: Any) -> None:
    shuffled = random.sample(events, len(events))
    assert digest(shuffled) == digest(events)


@given(answers)
def test_every_figure_of_every_text_is_in_one_cell(events: list[ResultEvent]) -> None:
    claims = [(claim.text.key, claim.fact.id) for cell in digest(events).cells for claim in cell.claims]
    assert len(claims) == len(set(claims))
    keys = {key for key, _ in claims}
    assert sorted(claims) == sorted((e.id, fact.id) for e in events if e.id in keys for fact in e.data.casualties)


@given(answers)
def test_copies_change_no_verdict(events: list[ResultEvent]) -> None:
    copies = [
        event.model_copy(
            update={
                "id": f"z{event.id}",
                "data": event.data.model_copy(
                    update={"article": event.data.article.model_copy(update={"url": f"https://z{event.id}.example/"})}
                ),
            }
        )
        for event in events
        if event.data.article.fingerprint
    ]
    facts = [(cell.days, cell.verdict, cell.range, len(cell.claims)) for cell in digest(events).cells]
    assert [(cell.days, cell.verdict, cell.range, len(cell.claims)) for cell in digest(events + copies).cells] == facts


def shown(made: Digest) -> str:
    console = Console(file=io.StringIO(), width=200)
    for part in render_digest(made):
        console.print(part)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def page(made: Digest) -> str:
    return "".join(digest_page(made))


def test_page_and_terminal_show_every_claim_as_text() -> None:
    made = digest(
        [
            answer("a", figure(1, 41, 41)),
            answer("b", figure(1, 60, 60)),
            failure_event(None, "x", NoArticle(), "extract", 1),
        ]
    )
    assert made.failures == 1
    for said in (shown(made), page(made)):
        assert "conflict: 41 to 60" in said
        assert "2024-03-11" in said
        assert "Syria" in said
    assert "<b>a</b>" in shown(made)
    assert "&lt;b&gt;a&lt;/b&gt;" in page(made)
    assert "<b>a</b>" not in page(made)


@pytest.mark.parametrize(("texts", "opened"), [(10, 3), (201, 0)])
def test_the_days_of_many_figures_are_folded(texts: int, opened: int) -> None:
    made = digest(
        answer(f"j{n}", figure(1, n, n), day=f"2024-03-1{n % 3}", published="2024-03-13") for n in range(texts)
    )
    root = html.document_fromstring(page(made))
    assert len(root.xpath("//details[@class='day conflict']")) == 3
    assert len(root.xpath("//details[@open]")) == opened
    assert len(root.xpath("//details//q")) == texts


def test_conflicts_alone_are_shown_where_they_are_wanted() -> None:
    made = digest([answer("a", figure(1, 41, 41)), answer("b", figure(1, 60, 60), figure(2, 5, 5, place=None))])
    assert [cell.verdict for cell in made.conflicts().cells] == [Verdict.CONFLICT]
    assert (made.conflicts().results, made.conflicts().texts) == (2, 2)


def test_of_an_answer_nothing_but_its_figures_is_kept() -> None:
    kept: list[weakref.ref[Any]] = []

    def answers_of_many() -> Iterator[ResultEvent]:
        for n in range(5):
            event = answer(f"j{n}", figure(1, n, n))
            kept.extend(map(weakref.ref, (event, event.data.article, event.data.locations[0])))
            yield event
            del event

    made = digest(answers_of_many())
    gc.collect()
    assert sum(len(cell.claims) for cell in made.cells) == 5
    assert [left() for left in kept] == [None] * 15


def test_the_digest_of_the_golden_pages() -> None:
    events = [
        result_event(
            JobHead(), name, Result.model_validate({**golden.read(name)["result"], "provenance": {"pagefacts": "0"}})
        )
        for name in golden.NAMES
    ]
    made = [digest(order) for order in permutations(events)]
    assert all(each == made[0] for each in made)
    cells = [(c.kind.value, c.days[0], c.where.name, c.what.effect.value, c.range) for c in made[0].cells]
    assert ("period", None, "Syria", "killed", (250_000, None)) in cells
    assert ("period", "2019-01-01", "Afghanistan", "killed", (2_500, None)) in cells
    assert ("event", "2019-11-20", "Afghanistan", "killed", (2, 2)) in cells
