"""Attacks on the worker by way of its queues, Flower without a password, and what the containers may do."""

from __future__ import annotations

import ast
import json
import os
import pickle
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml
from kombu import Connection, Producer
from servers import USERS, flower, listening, running_server
from support import COMMAND, Worker, answered, events, until

from config.celeryconfig import EXTRACT
from worker.broker.transport import use_transport
from worker.embedded import server_binary
from worker.ledger import Ledger

Start = Callable[..., Worker]

ROOT = Path(__file__).parents[2]


class Attack:
    """Writes a file where it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return (Path.touch, (self.target,))


def headers(**changes: Any) -> dict[str, Any]:
    return {"task": EXTRACT, "id": "attack", "lang": "py", "argsrepr": "SECRETWORD", **changes}


def messages(target: Path) -> Iterator[tuple[bytes, str, str, dict[str, Any]]]:
    """Messages with their content type, encoding and headers, none of which is to be run."""
    evil, odd = pickle.dumps(Attack(target)), b'[["SECRETWORD", {}], {}, {}]'
    yield evil, "application/x-python-serialize", "binary", headers()
    yield evil, "application/json", "utf-8", headers()
    yield evil, "application/data", "binary", headers()
    yield evil, "", "", headers()
    yield evil, "application/x-python-serialize", "binary", {}
    yield f"!!python/object/apply:pathlib.Path.touch [{target}]".encode(), "application/x-yaml", "utf-8", headers()
    yield b"\x93\x91\xaaSECRETWORD\x80\x80", "application/x-msgpack", "binary", headers()
    yield b"SECRETWORD", "text/plain", "utf-8", headers()
    yield odd, "application/json", "rot13", headers()
    yield odd, "application/json", "utf-8", headers()
    yield b"[[], {}, {}]", "application/json", "utf-8", headers()
    yield b'[["a", 1], {"SECRETWORD": 1}, {}]', "application/json", "utf-8", headers()
    yield b'{"SECRETWORD": 1}', "application/json", "utf-8", headers()
    yield odd, "application/json", "utf-8", headers(task="os.system")
    yield odd, "application/json", "utf-8", headers(task=["os.system"])
    yield b'[["a", 1], {}, {}]', "application/json", "utf-8", headers(id={})
    yield b'[["a", 1], {}, {}]', "application/json", "utf-8", headers(timelimit="ab", shadow={}, expires="SECRETWORD")
    yield b'[["a", 1], {}, {}]', "application/json", "utf-8", headers(compression="application/x-gzip")
    yield b'[["SECRETWORD"], {}, {}]', "application/json", "utf-8", headers(task="pagefacts.submit")
    yield b"[" * 100_000, "application/json", "utf-8", headers()


RAW = [b"", b"SECRETWORD", b"null", b"[]", b'{"SECRETWORD": 1}', b"\xff\xfe", b"[" * 100_000]
"""What is no message at all."""


def test_messages_that_are_no_ids_in_json_are_not_run_and_end_nothing(
    ledger: Ledger, environment: dict[str, str], start_worker: Start, tmp_path: Path
) -> None:
    prefix, target = f"{{{ledger.keys.namespace}}}:celery:", tmp_path / "touched"
    assert pickle.loads(pickle.dumps(Attack(tmp_path / "proof"))) is None  # noqa: S301 - the attack works where it is let
    assert (tmp_path / "proof").exists()
    worker = start_worker()
    until(lambda: "ready" in worker.log.read_text())

    url = environment["REDIS_URL"].replace("unix://", "redis+socket://")
    attacks = list(messages(target))
    use_transport()  # what imports the worker sends by its transport, which lets others' headers through as they are
    with Connection(url, transport_options={"global_keyprefix": prefix}) as connection:
        producer = Producer(connection)
        for number, (body, kind, encoding, head) in enumerate(attacks):
            producer.publish(body, routing_key=EXTRACT, content_type=kind, content_encoding=encoding, headers=head)
            ledger.enqueue(json.dumps({"id": f"after-{number}", "body": "Two people died."}))
        for item in RAW:
            ledger.client.lpush(f"{prefix}{EXTRACT}", item)
            ledger.client.publish(f"{prefix}/0.celery.pidbox", item)
    ledger.enqueue('{"id":"last","body":"Two people died."}')

    answered(ledger, len(attacks) + 1)
    until(lambda: not ledger.client.llen(f"{prefix}{EXTRACT}"))
    assert {event["type"] for event in events(ledger)} == {"pagefacts.result.v1"}
    assert worker.process.poll() is None
    assert not target.exists()
    log = worker.log.read_text()
    assert "SECRETWORD" not in log
    assert "Traceback" not in log
    assert log.count("was dropped") >= len(attacks) - 1 + len(RAW)  # one differs in headers that are not kept, only
    assert worker.stop() == 0
    assert ledger.client.llen(f"{prefix}{EXTRACT}") == 0  # nothing comes back when the worker ends


def test_nothing_is_unpickled_or_evaluated_anywhere() -> None:
    forbidden = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "marshal", "shelve", "yaml", "joblib"}
    for file in (path for part in ("config", "pagefacts", "tasks", "worker") for path in (ROOT / part).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                assert not forbidden & {alias.name.partition(".")[0] for alias in node.names}, file
            elif isinstance(node, ast.ImportFrom):
                assert (node.module or "").partition(".")[0] not in forbidden, file
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec", "compile", "__import__"}, file


LOCKED = "FLOWER_BASIC_AUTH=user:password"


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (["--address=0.0.0.0"], {}),
        (["-address=0.0.0.0"], {}),
        (["--address=::"], {}),
        (["--address=192.0.2.1", "--port=5555"], {}),
        (["--address=example.org"], {}),
        (["--address=127.0.0.1", "--address=0.0.0.0"], {}),
        ([], {"FLOWER_ADDRESS": "0.0.0.0"}),  # noqa: S104 - what is refused
        (["--conf=CONF"], {}),
        ([], {"FLOWER_CONF": "CONF"}),
        ([], {"FLOWER_UNAUTHENTICATED_API": "true"}),
    ],
)
def test_flower_is_not_opened_without_a_password(
    tmp_path: Path, arguments: list[str], environment: dict[str, str]
) -> None:
    conf = tmp_path / "conf.py"
    conf.write_text("address = '0.0.0.0'\n")
    done = start_flower(
        [part.replace("CONF", str(conf)) for part in arguments],
        {name: value.replace("CONF", str(conf)) for name, value in environment.items()},
    )
    assert done.returncode == 2
    assert LOCKED in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("credentials", ["", "user", "user:", ":password", "a:b,c"])
def test_flowers_password_must_be_one(credentials: str) -> None:
    done = start_flower(["--address=0.0.0.0", f"--basic-auth={credentials}"], {})
    assert (done.returncode, "user:password" in done.stderr.splitlines()[-1]) == (2, True)


def test_an_address_in_two_words_is_refused_and_not_ignored() -> None:
    done = start_flower(["--address", "0.0.0.0"], {})  # noqa: S104 - what is refused
    said = json.loads(done.stderr.splitlines()[-1])["event"]
    assert (done.returncode, said) == (2, "Flower: Option 'address' requires a value")


def start_flower(arguments: list[str], more: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FLOWER_")}
    environment = {**kept, "REDIS_URL": "redis://127.0.0.1:1", **more}
    return subprocess.run([*COMMAND, "flower", *arguments], env=environment, capture_output=True, text=True, timeout=60)


def test_flower_is_bound_to_this_machine_or_asks_for_its_password(environment: dict[str, str], tmp_path: Path) -> None:
    with flower({**environment, "FLOWER_ADDRESS": "0.0.0.0"}, tmp_path / "open") as get:  # noqa: S104 - with a password
        until(lambda: get("/workers"))
        assert get("/workers", credentials="desk:wrong") == ""
        assert get("/api/workers", credentials="") == ""
    with flower(environment, tmp_path / "here", credentials="") as get:
        until(lambda: get("/workers"))
        assert get("/api/workers") == ""
        assert listening(get.port) == {"0100007F"}


def compose() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return parsed


@pytest.mark.parametrize("name", ["redis", "worker", "flower", "prometheus", "grafana"])
def test_a_container_may_do_as_little_as_can_be(name: str) -> None:
    assert set(compose()) == {"redis", "worker", "flower", "prometheus", "grafana"}
    service = compose()[name]
    user, group = service["user"].split(":")
    assert (int(user) > 0, int(group) > 0) == (True, True)
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["healthcheck"]["test"]
    assert not {"privileged", "cap_add", "network_mode", "pid", "ipc", "devices"} & service.keys()
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert not any(volume.startswith(("/", "~")) for volume in service.get("volumes", []))
    secrets = [
        str(value) for key, value in service.get("environment", {}).items() if "PASSWORD" in key or "AUTH" in key
    ]
    # Compose would ask for the variables of a profile that nobody has asked for: there the container does.
    assert all(value.startswith("${") and (":?" in value) is ("profiles" not in service) for value in secrets)
    if name in {"worker", "flower"}:
        assert "_PASSWORD:?}@redis" in service["environment"]["REDIS_URL"]


def test_the_image_runs_as_a_number_that_is_not_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    last = max(number for number, line in enumerate(lines) if line.startswith("FROM "))
    assert [line for line in lines[last:] if line.startswith("USER ")] == ["USER 10001:10001"]
    assert not any(line.startswith(("ENV", "ARG")) and "PASSWORD" in line for line in lines)
    assert compose()["worker"]["user"] == compose()["flower"]["user"] == "10001:10001"


def test_the_server_of_compose_has_the_documented_users_with_passwords_of_the_environment(tmp_path: Path) -> None:
    service = compose()["redis"]
    (script,) = service["command"]
    # The clone may itself stand below /tmp: its path comes in last.
    script = script.replace("$$", "$").replace("/tmp/", f"{tmp_path}/").replace("/etc/redis/users.acl", str(USERS))  # noqa: S108
    passwords = {name: f"secret{number}" for number, name in enumerate(service["environment"])}
    program = tmp_path / "redis-server"
    program.write_text(f'#!/bin/sh\nexec {server_binary()} "$@"\n')
    wrapper = tmp_path / "compose"
    wrapper.write_text(f'#!/bin/sh\nset -e\nPATH={tmp_path}:$PATH\n{script.strip()} "$@"\n')
    for file in (program, wrapper):
        file.chmod(0o755)
    for name, value in passwords.items():
        os.environ[name] = value
    try:
        with running_server(str(wrapper), tmp_path / "data") as path:
            for name, value in passwords.items():
                user = name.removesuffix("_PASSWORD").lower()
                with redis.Redis(unix_socket_path=path, username=user, password=value) as client:
                    assert client.ping()
            with redis.Redis(unix_socket_path=path) as nobody, pytest.raises(redis.AuthenticationError):
                nobody.ping()
    finally:
        for name in passwords:
            del os.environ[name]
    assert (tmp_path / "users.acl").stat().st_mode & 0o077 == 0
