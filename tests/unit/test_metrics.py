"""What a worker tells Prometheus: the values that its processes share, the names, and a queue that cannot be asked."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st
from monitoring import ROOT, families, needs_promtool, promtool, registry, state
from prometheus_client import CollectorRegistry, Counter, generate_latest, values

from pagefacts.contracts import Article, FailureEvent, JobHead, Provenance, Result
from pagefacts.errors import HttpStatus, NoArticle, PagefactsError
from worker.answers import failure_event, result_event
from worker.metrics import Counts
from worker.metrics.lookout import Lookout
from worker.metrics.shared import Table
from worker.queue_state import Group, QueueState

JOB = JobHead(id="1")


def value(counts: Counts, name: str, **labels: str) -> float | None:
    return counts.registry.get_sample_value(f"pagefacts_{name}", labels)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(1, 1000))))
def test_what_each_process_adds_is_in_the_sum(additions: list[tuple[int, int, int]]) -> None:
    table, kept = Table(rows=4), CollectorRegistry()
    with table.holding_new_metrics():
        counters = [Counter(f"c{number}", "-", registry=kept) for number in range(5)]
    for row, column, amount in additions:
        table.use_row(row)
        counters[column].inc(amount)
    for column in range(5):
        expected = sum(amount for _, at, amount in additions if at == column)
        assert kept.get_sample_value(f"c{column}_total") == expected


def test_threads_of_one_process_lose_no_count() -> None:
    table, kept = Table(rows=1), CollectorRegistry()
    with table.holding_new_metrics():
        counter = Counter("c", "-", registry=kept)
    threads = [threading.Thread(target=lambda: [counter.inc() for _ in range(5_000)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.get_sample_value("c_total") == 40_000


def test_metrics_of_others_stay_as_they_were() -> None:
    usual = values.ValueClass
    Counts()
    assert values.ValueClass is usual


def test_a_result_is_counted_with_what_it_holds() -> None:
    counts = Counts()
    counts.answered(result_event(JOB, "1", Result(article=Article(text="x"), provenance=Provenance(pagefacts="1"))))
    assert value(counts, "jobs_answered_total", outcome="result") == 1
    assert value(counts, "jobs_answered_total", outcome="failure") == 0
    assert value(counts, "facts_found_total", kind="casualties") == 0


@pytest.mark.parametrize(
    ("error", "code"), [(NoArticle(), "no_article"), (HttpStatus(status=404), "http_4xx"), (HttpStatus(), "http_5xx")]
)
def test_a_failure_is_counted_by_its_code(error: PagefactsError, code: str) -> None:
    counts = Counts()
    counts.answered(failure(error))
    assert value(counts, "jobs_answered_total", outcome="failure") == 1
    assert value(counts, "jobs_failed_total", code=code) == 1


def test_a_code_that_nobody_knows_makes_no_label() -> None:
    counts = Counts()
    error = NoArticle()
    error.code = "of_job_4711"
    counts.answered(failure(error))
    assert value(counts, "jobs_failed_total", code="other") == 1
    assert value(counts, "jobs_failed_total", code="of_job_4711") is None


def failure(error: PagefactsError) -> FailureEvent:
    return failure_event(JOB, "1", error, "extract", 1)


def test_every_documented_code_of_a_failure_is_told() -> None:
    counts = Counts()
    tables = (ROOT / "docs/failures.md").read_text() + (ROOT / "docs/fetching.md").read_text()
    codes = set(re.findall(r"^\| `([a-z_]+)` \|", tables, re.MULTILINE))
    assert len(codes) > 15
    for code in codes:
        assert value(counts, "jobs_failed_total", code=code) == 0, code


def test_a_first_delivery_is_accepted_and_a_later_one_is_not() -> None:
    counts = Counts()
    for delivery in (1, 1, 2, 3):
        counts.taken_in(delivery)
    assert value(counts, "jobs_accepted_total") == 2
    assert value(counts, "redeliveries_total") == 2


def test_the_state_of_the_queue_is_told() -> None:
    told = registry(results_max=50)
    expected = {
        ("server_up",): 1,
        ("jobs_in_flight",): 1,
        ("stream_lag_jobs",): 5,
        ("pending_jobs",): 2,
        ("oldest_waiting_age_seconds",): 12.5,
        ("oldest_pending_age_seconds",): 30,
        ("longest_idle_seconds",): 9,
        ("queued_steps", "queue", "pagefacts.extract"): 3,
        ("workers",): 2,
        ("ledger_answers_total", "outcome", "result"): 90,
        ("ledger_answers_total", "outcome", "failure"): 10,
        ("ledger_duplicates_total",): 4,
        ("results_stream_answers",): 60,
        ("consumer_group_lag_answers", "group", "desk"): 7,
        ("dead_letters",): 8,
        ("server_memory_used_bytes",): 600,
        ("server_memory_max_bytes",): 1000,
        ("server_disk_ok",): 1,
        ("limit_reached", "limit", "results"): 1,
        ("limit_reached", "limit", "jobs"): 0,
        ("claim_after_seconds",): 300,
    }
    for (name, *labels), number in expected.items():
        pairs = dict(zip(labels[::2], labels[1::2], strict=True))
        assert told.get_sample_value(f"pagefacts_{name}", pairs) == number, name


@pytest.mark.parametrize(
    ("settings", "changes", "reached"),
    [
        ({"jobs_max": 7}, {}, {"jobs"}),
        ({"jobs_max": 8}, {}, set()),
        ({"results_max": 60}, {}, {"results"}),
        ({"results_max": 60}, {"groups": ()}, set()),
        ({"dead_max": 8}, {}, {"dead"}),
        ({"memory_max": 60}, {}, {"memory"}),
        ({"memory_max": 61}, {}, set()),
        ({"memory_max": 0}, {}, set()),
    ],
)
def test_a_limit_that_holds_producers_back_is_told(
    settings: dict[str, int], changes: dict[str, object], reached: set[str]
) -> None:
    told = families(lambda: state(**changes), **settings)["pagefacts_limit_reached"].samples
    assert {sample.labels["limit"] for sample in told if sample.value} == reached


def test_of_many_groups_the_slowest_are_told() -> None:
    groups = tuple(Group(f"g{number}", 0, number) for number in range(500))
    told = families(lambda: state(groups=groups))["pagefacts_consumer_group_lag_answers"].samples
    assert sorted(sample.value for sample in told) == [float(number) for number in range(480, 500)]


def away() -> QueueState:
    raise redis.ConnectionError("refused")


def test_without_the_server_the_counts_are_told() -> None:
    told = families(away)
    assert [sample.value for sample in told["pagefacts_server_up"].samples] == [0]
    assert "pagefacts_stream_lag_jobs" not in told  # an old figure would be taken for the present one
    assert told["pagefacts_jobs_answered"].samples


def test_a_scrape_does_not_wait_for_a_server_that_keeps_silent() -> None:
    released, waiting = threading.Event(), threading.Event()

    def silent() -> QueueState:
        waiting.set()
        assert released.wait(60)
        return state()

    lookout = Lookout(silent)
    assert lookout.state() is None
    assert waiting.is_set()
    assert lookout.state() is None  # the same reading is still waited for
    released.set()
    while lookout.state() is None:
        pass
    assert lookout.state() == state()


def test_scrapes_of_one_second_ask_the_server_once() -> None:
    asked = []
    lookout = Lookout(lambda: asked.append(1) or state())
    states = [lookout.state() for _ in range(100)]
    assert all(found == state() for found in states)
    assert len(asked) < len(states) / 4


def samples() -> Iterator[tuple[str, str, dict[str, str]]]:
    for metric in families().values():
        for sample in metric.samples:
            yield sample.name, metric.type, sample.labels


def test_names_follow_the_guide() -> None:
    """https://prometheus.io/docs/practices/naming/"""
    for name, kind, _ in samples():
        assert re.fullmatch(r"(pagefacts|process)_[a-z_]+", name), name
        assert name.endswith("_total") is (kind == "counter"), name
        assert not re.search(r"milli|micro|minute|hour|_ms|kb|mb", name), name


def test_labels_are_few() -> None:
    seen = list(samples())
    assert {label for _, _, labels in seen for label in labels} == {
        *("code", "group", "kind", "le", "limit", "outcome", "queue", "stage", "version")
    }
    assert len(seen) < 250


@needs_promtool
def test_what_is_told_is_what_prometheus_expects() -> None:
    promtool("check", "metrics", given=generate_latest(registry()).decode())


def test_the_documents_list_every_metric_as_it_is() -> None:
    text = (ROOT / "docs/monitoring.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(pagefacts_\w+)` \| (\w+) \| (.*?) \| (.*) \|$", text, re.MULTILINE)
    own = [metric for metric in families().values() if metric.name.startswith("pagefacts_")]
    assert rows == [
        (
            metric.name + {"counter": "_total", "info": "_info"}.get(metric.type, ""),
            metric.type,
            ", ".join(f"`{label}`" for label in metric.samples[0].labels if label != "le"),
            metric.documentation,
        )
        for metric in own
    ]
