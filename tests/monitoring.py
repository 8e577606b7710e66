"""What the tests of metrics, alerts and the dashboard share: all that a worker tells, and Prometheus' programs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import promql_parser as promql
import pytest
import yaml
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.parser import text_string_to_metric_families

from config.settings import Settings
from worker.metrics import Counts
from worker.metrics.endpoint import register
from worker.queue_state import Group, Pending, QueueState, Server, Worker

ROOT = Path(__file__).parents[1]
MONITORING = ROOT / "deploy" / "monitoring"
PROMTOOL = os.environ.get("PROMTOOL") or shutil.which("promtool")
PROMETHEUS = PROMTOOL and shutil.which("prometheus", path=Path(PROMTOOL).parent)
"""The server comes with the tool."""

needs_promtool = pytest.mark.skipif(not PROMTOOL, reason="no promtool here; with PROMTOOL set it is run")


def promtool(*arguments: str, given: str = "") -> None:
    """Let Prometheus' own program check something."""
    done = subprocess.run([str(PROMTOOL), *arguments], input=given, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stderr, done.stderr


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load((MONITORING / "prometheus" / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((MONITORING / "grafana/dashboards/pagefacts.json").read_text())
    return loaded


def panels() -> list[dict[str, Any]]:
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def expressions() -> list[str]:
    """All that the alerts and the dashboard ask, with Grafana's variables as it puts them in."""
    asked = [target["expr"] for panel in panels() for target in panel["targets"]]
    return [*(alert["expr"] for alert in alerts()), *map(put_in, asked)]


def put_in(expression: str) -> str:
    return expression.replace("$__rate_interval", "1m").replace("$job", "pagefacts")


def scrape(port: int) -> str:
    """What a worker tells at its port. Raises OSError."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as reply:
        return str(reply.read().decode())


def told_at(port: int) -> Callable[..., float | None]:
    """What a worker tells now: a value by name and labels, None where it is not told."""
    samples = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(scrape(port))
        for sample in family.samples
    }
    return lambda name, **labels: samples.get((f"pagefacts_{name}", *sorted(labels.items())))


def state(**changes: Any) -> QueueState:
    """A queue with some of everything."""
    given: dict[str, Any] = {
        "at": 1000.0,
        "waiting": 5,
        "oldest_waiting": 12.5,
        "in_flight": 2,
        "pending": (Pending("1-0", "w1@h", 30.0, 4.0, 1), Pending("2-0", "w2@h", 20.0, 9.0, 2)),
        "queued": {"pagefacts.extract": 3, "pagefacts.tag": 0},
        "results": 90,
        "failures": 10,
        "duplicates": 4,
        "on_results_stream": 60,
        "groups": (Group("desk", 2, 5),),
        "dead": 8,
        "workers": (Worker("w1@h", 1, 0.2), Worker("w2@h", 1, 0.3), Worker("w3@h", 0, 7200.0)),
        "server": Server("Redis 7.2.4", 60.0, "master", 600, 1000, "noeviction", appends=True, writes=True),
    }
    return QueueState(**{**given, **changes})


def registry(read: Callable[[], QueueState] = state, worker: str = "w1@h", **settings: Any) -> CollectorRegistry:
    """All that a worker tells, of the state that ``read`` gives."""
    counts = Counts()
    register(counts, Settings(**settings), worker, lambda: [read()])
    return counts.registry


def families(read: Callable[[], QueueState] = state, **settings: Any) -> dict[str, Metric]:
    """The metrics that a worker tells, by name."""
    return {metric.name: metric for metric in registry(read, **settings).collect()}


def series() -> dict[str, set[str]]:
    """The series that an expression can ask for, with their labels."""
    return {sample.name: set(sample.labels) for metric in families().values() for sample in metric.samples}


def selected(expression: str) -> dict[str, set[str]]:
    """The series that ``expression`` asks for, with the labels that it picks them by. Raises ValueError."""
    return {
        node.name: {match.name for match in node.matchers.matchers} for node in _selectors(promql.parse(expression))
    }


def _selectors(node: Any) -> Iterator[Any]:
    if isinstance(node, promql.VectorSelector):
        yield node
    for part in ("expr", "lhs", "rhs", "vector_selector"):
        if isinstance(inner := getattr(node, part, None), promql.Expr):
            yield from _selectors(inner)
    for inner in getattr(node, "args", None) or ():
        yield from _selectors(inner)
