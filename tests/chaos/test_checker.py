"""The checker must find what it is there to find."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from chaos.checker import Answer, Seen, Sent, check, percentile
from chaos.faults import Kind, plan

SENT = Sent(
    accepted={"a", "b", "poison"},
    unknown={"lost-on-the-way"},
    poison={"poison"},
    expected={"a": "killed 2", "b": "killed 3"},
)
SEEN = Seen(answers=[Answer("a", "killed 2"), Answer("b", "killed 3"), Answer("poison", None)], dead=["poison"])


def faults(**changes: Any) -> dict[str, str]:
    return check(SENT, replace(SEEN, **changes)).faults()


def test_nothing_is_wrong_where_all_are_answered_once() -> None:
    assert faults() == {}


def test_a_lost_job() -> None:
    assert faults(answers=SEEN.answers[1:]) == {"lost": "1: a"}


def test_a_job_that_is_answered_twice() -> None:
    assert faults(answers=[*SEEN.answers, Answer("a", "killed 2")]) == {"twice": "1: a"}


def test_a_job_of_unknown_fate_may_be_answered_but_not_twice() -> None:
    once = [*SEEN.answers, Answer("lost-on-the-way", "killed 9")]
    assert faults(answers=once) == {}
    assert faults(answers=[*once, Answer("lost-on-the-way", "killed 9")]) == {"twice": "1: lost-on-the-way"}


def test_an_answer_to_a_job_that_nobody_sent() -> None:
    assert faults(answers=[*SEEN.answers, Answer("ghost", "killed 9")]) == {"unasked": "1: ghost"}


def test_an_answer_made_of_another_page() -> None:
    assert faults(answers=[Answer("a", "killed 3"), *SEEN.answers[1:]]) == {"wrong": "1: a"}


def test_poison_that_is_answered_as_if_nothing_were_wrong() -> None:
    answers = [*SEEN.answers[:2], Answer("poison", "killed 4")]
    assert faults(answers=answers, dead=[]) == {"not_parked": "1: poison"}


def test_poison_that_is_answered_and_not_kept_as_a_dead_letter() -> None:
    assert faults(dead=[]) == {"not_parked": "1: poison"}


def test_an_innocent_page_that_is_parked() -> None:
    answers = [Answer("a", None), *SEEN.answers[1:]]
    assert faults(answers=answers, dead=["poison", "a"]) == {"innocent_parked": "1: a"}
    assert faults(answers=answers) == {"innocent_parked": "1: a"}


def test_a_dead_letter_that_lies_there_twice() -> None:
    assert faults(dead=["poison", "poison"]) == {"parked_twice": "1: poison"}


@pytest.mark.parametrize(("field", "name"), [("waiting", "jobs"), ("pending", "pending"), ("claims", "claims")])
def test_what_is_left_over(field: str, name: str) -> None:
    assert faults(**{field: 2}) == {f"left {name}": "2"}


def test_percentiles() -> None:
    assert percentile([], 50) is None
    assert percentile([3, 1, 2], 50) == 2
    assert percentile(range(1, 101), 99) == 99
    assert percentile([5], 99) == 5


def test_a_plan_follows_from_its_seed_and_has_each_kind_first() -> None:
    assert plan(7, 60) == plan(7, 60)
    assert plan(7, 60) != plan(8, 60)
    assert {fault.kind for fault in plan(7, len(Kind))} == set(Kind)
    assert [fault.number for fault in plan(7, 60)] == list(range(60))
