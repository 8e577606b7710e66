"""The alerts, the dashboard, and what runs them: they ask for what the worker tells, and say what to do."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from monitoring import (
    MONITORING,
    ROOT,
    alerts,
    dashboard,
    expressions,
    families,
    needs_promtool,
    panels,
    promtool,
    put_in,
    selected,
    series,
)

PROMETHEUS = MONITORING / "prometheus"
OF_PROMETHEUS = {"up": set(), "ALERTS": {"alertname"}}
"""Series of Prometheus' own, with their labels."""
OF_SCRAPES = {"job", "instance"}
"""Labels that it gives to all."""


def test_only_what_is_told_is_asked_for() -> None:
    told = series() | OF_PROMETHEUS
    for expression in expressions():
        asked = selected(expression)
        assert asked
        for name, labels in asked.items():
            assert name in told, expression
            assert labels <= told[name] | OF_SCRAPES, expression


def test_an_expression_that_asks_for_what_is_not_told_is_found() -> None:
    expression = 'sum by (a) (rate(x{b="c"}[1m])) / (1 - max_over_time((y + z)[5m:1m])) > 0 unless absent(w)'
    assert selected(expression) == {"x": {"b"}, "y": set(), "z": set(), "w": set()}
    with pytest.raises(ValueError, match="parenthesis"):
        selected("sum(rate(x[1m])")


def test_every_metric_is_on_the_dashboard() -> None:
    shown = {name for panel in panels() for target in panel["targets"] for name in selected(put_in(target["expr"]))}
    for metric in families().values():
        if metric.name.startswith("pagefacts_"):
            assert shown & {sample.name for sample in metric.samples}, metric.name


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_an_alert_says_what_is_wrong_and_what_to_do(alert: dict[str, Any]) -> None:
    assert alert["labels"]["severity"] in {"warning", "critical"}
    said = alert["annotations"]
    assert set(said) == {"summary", "description", "runbook"}
    assert len(said["summary"]) < 90
    assert len(said["description"]) > 80
    page, _, heading = said["runbook"].partition("#")
    assert heading == alert["alert"].lower()
    text = (ROOT / page).read_text(encoding="utf-8")
    (written,) = re.findall(rf"^### {alert['alert']}\n\n\*(\w+)\*", text, re.MULTILINE)
    assert written == alert["labels"]["severity"]
    # Those of a moment look at a quarter of an hour; all others must last.
    assert "for" in alert or "15m" in alert["expr"]


def test_every_alert_has_a_case_in_which_it_fires() -> None:
    cases = yaml.safe_load((PROMETHEUS / "alerts_test.yml").read_text())["tests"]
    fired = {
        name
        for case in cases
        for check in case.get("promql_expr_test", [])
        for sample in check["exp_samples"]
        for name in re.findall(r'alertname="(\w+)"', sample["labels"])
    }
    fired |= {check["alertname"] for case in cases for check in case.get("alert_rule_test", []) if check["exp_alerts"]}
    assert fired == {alert["alert"] for alert in alerts()}


def test_an_outage_of_twenty_seconds_is_told() -> None:
    """A scrape, an evaluation, and the time for which it must last."""
    times = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())["global"]
    (away,) = [alert for alert in alerts() if alert["alert"] == "PagefactsServerAway"]
    longest = [times["scrape_interval"], times["evaluation_interval"], times["evaluation_interval"], away["for"]]
    assert sum(int(part.removesuffix("s")) for part in longest) <= 20


@needs_promtool
def test_promtool_finds_no_fault() -> None:
    promtool("check", "config", str(PROMETHEUS / "prometheus.yml"))
    promtool("check", "config", str(PROMETHEUS / "local.yml"))
    promtool("test", "rules", str(PROMETHEUS / "alerts_test.yml"))


def test_the_dashboard_is_one_that_grafana_loads() -> None:
    board = dashboard()
    assert board["uid"]
    assert board["schemaVersion"] >= 36
    variables = {variable["name"]: variable for variable in board["templating"]["list"]}
    assert variables["datasource"]["query"] == "prometheus"
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not taken & cells, panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
    for panel in panels():
        assert panel["description"], panel["title"]
        assert panel["type"] in {"stat", "timeseries", "table"}
        references = [target["refId"] for target in panel["targets"]]
        assert len(references) == len(set(references))
        for part in (panel, *panel["targets"]):
            assert part["datasource"] == {"type": "prometheus", "uid": "${datasource}"}


def test_compose_brings_prometheus_and_grafana_where_they_are_asked_for() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    asked_for = {name for name, service in services.items() if service.get("profiles") == ["monitoring"]}
    assert asked_for == {"prometheus", "grafana"}
    for name in asked_for:
        service = services[name]
        assert re.fullmatch(r"[\w/]+:v?\d+\.\d+\.\d+", service["image"])
        # Compose would ask for these variables of whoever starts anything at all.
        assert ":?" not in re.sub(r"\$\$\{[^}]*\}", "", yaml.safe_dump(service))
        for volume in (volume for volume in service["volumes"] if volume.startswith("./")):
            source, _, mode = volume.split(":")
            assert ((ROOT / source).is_dir(), mode) == (True, "ro")
    (scraped,) = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())["scrape_configs"]
    (found,) = scraped["dns_sd_configs"]
    assert found["names"] == ["worker"]
    worker = services["worker"]
    assert worker["environment"]["PAGEFACTS_METRICS_PORT"] == str(found["port"])
    assert "ports" not in worker


def test_grafana_is_given_its_source_and_dashboard() -> None:
    provisioning = MONITORING / "grafana/provisioning"
    (source,) = yaml.safe_load((provisioning / "datasources/prometheus.yml").read_text())["datasources"]
    assert (source["type"], source["url"]) == ("prometheus", "http://prometheus:9090")
    (provider,) = yaml.safe_load((provisioning / "dashboards/pagefacts.yml").read_text())["providers"]
    volumes = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["grafana"]["volumes"]
    assert f"./deploy/monitoring/grafana/dashboards:{provider['options']['path']}:ro" in volumes
