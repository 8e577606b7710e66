"""What is deployed is what the schemas of Kubernetes and KEDA allow, and what the program has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from click import Command
from cloudcoil.models.keda import v1alpha1 as keda

from config.settings import Settings, variable
from worker.cli import cli
from worker.keys import Keys

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "deploy" / "kubernetes"
KUSTOMIZATION = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())
DEPLOY = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
OBJECTS: list[dict[str, Any]] = [
    item
    for path in sorted(KUBERNETES.glob("*.yaml"))
    if path.name != "kustomization.yaml"
    for item in yaml.safe_load_all(path.read_text())
]
PODS = [item for item in OBJECTS if item["kind"] == "Deployment"]


def name(item: dict[str, Any]) -> str:
    return f"{item['kind']}-{item['metadata']['name']}"


def the(kind: str, of: str) -> dict[str, Any]:
    (found,) = (item for item in OBJECTS if (item["kind"], item["metadata"]["name"]) == (kind, of))
    return found


def pod(of: str) -> dict[str, Any]:
    spec: dict[str, Any] = the("Deployment", of)["spec"]["template"]["spec"]
    return spec


@pytest.mark.parametrize("item", [item for item in OBJECTS if "keda" not in item["apiVersion"]], ids=name)
@pytest.mark.parametrize("version", ["1.29", kubernetes_validate.latest_version()])
def test_objects_are_those_of_kubernetes(item: dict[str, Any], version: str) -> None:
    kubernetes_validate.validate(item, version, strict=True)


@pytest.mark.parametrize("item", [item for item in OBJECTS if "keda" in item["apiVersion"]], ids=name)
def test_scaling_is_told_in_keda_s_terms(item: dict[str, Any]) -> None:
    kind = getattr(keda, item["kind"])
    assert item["apiVersion"] == "keda.sh/v1alpha1"
    read = kind.model_validate(item).model_dump(by_alias=True, exclude_none=True, mode="json")
    assert read["spec"] == item["spec"]  # a field that KEDA does not know would be missing


def test_a_wrong_object_is_refused() -> None:
    broken = {**PODS[0], "spec": {**PODS[0]["spec"], "replica": 1}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, kubernetes_validate.latest_version(), strict=True)


def test_kustomize_takes_every_file() -> None:
    assert set(KUSTOMIZATION["resources"]) == {path.name for path in KUBERNETES.glob("*.yaml")} - {"kustomization.yaml"}


def test_workers_are_scaled_by_the_length_of_the_jobs_stream() -> None:
    (trigger,) = the("ScaledObject", "worker")["spec"]["triggers"]
    assert trigger["type"] == "redis-streams"
    assert trigger["metadata"]["stream"] == Keys(Settings().namespace).jobs
    assert trigger["metadata"].keys() & {"lagCount", "pendingEntriesCount", "consumerGroup"} == set()
    assert the("ScaledObject", "worker")["spec"]["scaleTargetRef"]["name"] == "worker"
    assert "replicas" not in the("Deployment", "worker")["spec"]  # else each `apply` would undo what KEDA has set


def test_a_worker_is_given_its_grace_time() -> None:
    assert pod("worker")["terminationGracePeriodSeconds"] > Settings().grace
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert int(compose["services"]["worker"]["stop_grace_period"].removesuffix("s")) > Settings().grace


@pytest.mark.parametrize("deployment", PODS, ids=name)
def test_containers_may_do_no_more_than_they_need(deployment: dict[str, Any]) -> None:
    spec = deployment["spec"]["template"]["spec"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["automountServiceAccountToken"] is False
    for container in spec["containers"]:
        held = container["securityContext"]
        assert (held["readOnlyRootFilesystem"], held["allowPrivilegeEscalation"]) == (True, False)
        assert held["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]


def test_selectors_find_the_pods_that_are_meant() -> None:
    for deployment in PODS:
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert deployment["spec"]["selector"]["matchLabels"].items() <= labels.items()
    assert (
        the("Service", "flower")["spec"]["selector"] == the("Deployment", "flower")["spec"]["selector"]["matchLabels"]
    )
    budget = the("PodDisruptionBudget", "worker")["spec"]["selector"]
    assert budget == the("Deployment", "worker")["spec"]["selector"]


def test_settings_are_settings() -> None:
    known = {variable(setting) for setting in Settings.model_fields} | {"FLOWER_BASIC_AUTH"}
    given = set(the("ConfigMap", "pagefacts")["data"])
    for deployment in PODS:
        for container in deployment["spec"]["template"]["spec"]["containers"]:
            given |= {entry["name"] for entry in container["env"]}
    assert given <= known
    Settings.from_env(the("ConfigMap", "pagefacts")["data"])


def test_each_secret_is_made_in_the_text() -> None:
    wanted = set(re.findall(r"name: pagefacts\n\s+key: (\S+)", "\n".join(p.read_text() for p in KUBERNETES.glob("*"))))
    assert wanted
    assert wanted == set(re.findall(r"--from-literal=([\w-]+)=", DEPLOY))


def commands() -> list[list[str]]:
    """What the image is run with, and the checks of its health."""
    found = [container["args"] for item in PODS for container in item["spec"]["template"]["spec"]["containers"]]
    worker = pod("worker")["containers"][0]
    found += [worker[probe]["exec"]["command"][1:] for probe in ("startupProbe", "livenessProbe", "readinessProbe")]
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    found += [
        services["worker"]["healthcheck"]["test"][2:],
        services["worker"]["command"],
        services["flower"]["command"],
    ]
    (check,) = re.findall(r"HEALTHCHECK .* CMD \[\"pagefacts\", (.+)\]", (ROOT / "Dockerfile").read_text())
    found.append([part.strip('" ') for part in check.split(",")])
    found += [line.split("pagefacts ", 1)[1].split() for line in (ROOT / "Procfile").read_text().splitlines()]
    return found


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_what_is_run_is_there(command: list[str]) -> None:
    known = cli.commands[command[0]]
    assert isinstance(known, Command)
    if command[0] == "health":  # the others pass their options on
        options = {option for parameter in known.params for option in parameter.opts}
        assert set(command[1:]) <= options
