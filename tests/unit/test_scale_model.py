"""The simulation behind ``docs/scale.md``, against what queueing theory says of it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import scale_model
from hypothesis import given, settings
from hypothesis import strategies as st
from scale_model import Setup, Simulation, Visit

ROOT = Path(__file__).parents[2]
FIGURES = json.loads(scale_model.FIGURES.read_text(encoding="utf-8"))
"""As they were measured."""

seconds = st.floats(0.0001, 0.5)
setups = st.builds(
    Setup,
    pages=st.lists(seconds, min_size=1, max_size=5),
    workers=st.integers(1, 6),
    children=st.integers(1, 4),
    shards=st.integers(1, 3),
    in_flight=st.integers(1, 3),
    enqueue=st.builds(Visit, st.floats(0, 0.01), st.floats(0, 1e5), st.floats(0, 1e5)),
    take=st.builds(Visit, st.floats(0, 0.01), st.floats(0, 1e5), st.floats(0, 1e5)),
    answer=st.builds(Visit, st.floats(0, 0.01), st.floats(0, 1e5), st.floats(0, 1e5)),
    waiting=st.floats(0, 0.001),
    main=st.floats(0, 0.01),
    busy=st.floats(0, 0.9),
)
rates = st.none() | st.floats(0.1, 1000)


@given(setups, rates, st.integers(1, 200), st.integers())
def test_each_job_is_answered_once_and_nothing_is_faster_than_its_parts(
    setup: Setup, rate: float | None, jobs: int, seed: int
) -> None:
    outcome = Simulation(setup, rate, jobs, seed).run()
    assert len(outcome.latencies) == jobs - int(0.2 * jobs)
    at_least = min(setup.pages) + setup.enqueue.cpu + setup.take.cpu + setup.answer.cpu
    assert outcome.latencies[0] >= at_least * (1 - 1e-9)
    for share in (outcome.server, outcome.line, outcome.children):
        assert 0 <= share <= 1 + 1e-9


@given(setups, st.integers(50, 300))
def test_no_throughput_is_above_what_the_narrowest_part_can_do(setup: Setup, jobs: int) -> None:
    """The bounds of operational analysis, for a backlog that the first to the last page goes through."""
    one = Setup(**{**{name: getattr(setup, name) for name in setup.__slots__}, "shards": 1})
    outcome = Simulation(one, None, jobs).run()
    work = (one.enqueue.cpu + one.take.cpu + one.answer.cpu) / (1 - one.busy)
    assert outcome.throughput * min(one.pages) <= one.workers * one.children * (1 + 1e-9)
    assert outcome.throughput * work <= 1 + 1e-9


@settings(max_examples=15)
@given(st.floats(0.0005, 0.02), st.floats(0.1, 0.8), st.integers(1, 3), st.integers())
def test_the_utilisation_law(cpu: float, load: float, shards: int, seed: int) -> None:
    """Throughput times service time is the share of time that a server works: here with a child always free."""
    setup = Setup([0.001], workers=10 * shards, children=4, shards=shards, take=Visit(cpu))
    outcome = Simulation(setup, load * shards / cpu, 3_000, seed).run()
    assert outcome.server == pytest.approx(load, rel=0.2)
    assert outcome.throughput * cpu / shards == pytest.approx(outcome.server, rel=0.2)


def erlang_c(servers: int, load: float) -> float:
    """The probability of having to wait in M/M/c; ``load``: the share of time that each server works."""
    offered = servers * load
    full = offered**servers / math.factorial(servers) / (1 - load)
    return full / (sum(offered**n / math.factorial(n) for n in range(servers)) + full)


@pytest.mark.parametrize(("children", "load"), [(1, 0.5), (1, 0.7), (4, 0.7), (8, 0.8)])
def test_the_latency_of_a_queue_with_several_servers_is_that_of_erlang(children: int, load: float) -> None:
    """M/M/c: one worker, pages of exponential length, and a broker that takes no time."""
    quantiles = [(n + 0.5) / 5_000 for n in range(5_000)]
    setup = Setup([-0.1 * math.log(1 - share) for share in quantiles], children=children, in_flight=10_000)
    outcome = Simulation(setup, load * children / 0.1, 40_000).run()
    waited = erlang_c(children, load) * 0.1 / children / (1 - load)
    assert sum(outcome.latencies) / len(outcome.latencies) == pytest.approx(0.1 + waited, rel=0.1)
    assert outcome.children == pytest.approx(load, rel=0.03)


def test_a_shard_without_a_worker_of_its_own_is_served_by_the_others() -> None:
    outcome = Simulation(Setup([0.01], workers=1, children=2, shards=4), 20, 2_000).run()
    assert outcome.throughput == pytest.approx(20, rel=0.1)
    assert outcome.latency(0.99) < 1.2


def test_the_page_has_the_tables_of_the_figures() -> None:
    """Those that take no simulation: what was measured, and what follows by arithmetic."""
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    for name, table in scale_model.measured(FIGURES).items():
        assert f"<!-- table: {name} -->\n\n{table}\n\n" in page


def test_tables_are_exchanged_by_their_names() -> None:
    page = "a\n\n<!-- table: one -->\n\n| x |\n| y |\n\nb\n\n<!-- table: two -->\n\nz\n\nc\n"
    assert scale_model.with_tables(page, {"one": "| 1 |", "two": "| \\2 |"}) == (
        "a\n\n<!-- table: one -->\n\n| 1 |\n\nb\n\n<!-- table: two -->\n\n| \\2 |\n\nc\n"
    )


@given(st.integers(1, 1000), st.integers(1, 8), st.floats(0.1, 0.9))
def test_as_many_servers_are_needed_as_keep_each_below_the_bound(workers: int, children: int, load: float) -> None:
    found = scale_model.needed(FIGURES, scale_model.Plan(workers, children, load=load))
    assert found is None or max(scale_model.closed(FIGURES, found)) <= 0.7
    fewer = scale_model.Plan(workers, children, found.shards - 1 if found else 64, load)
    assert fewer.shards == 0 or max(scale_model.closed(FIGURES, fewer)) > 0.7


def test_arithmetic_and_simulation_agree_where_both_speak() -> None:
    plan = scale_model.Plan(40, 2, load=0.6)
    setup = scale_model.setup_of(FIGURES, plan)
    outcome = Simulation(setup, plan.load * scale_model.capacity(setup), 20_000).run()
    thread, line = scale_model.closed(FIGURES, plan)
    assert outcome.server == pytest.approx(thread, rel=0.1)
    assert outcome.line == pytest.approx(line, rel=0.1)
    assert outcome.children == pytest.approx(plan.load, rel=0.1)
