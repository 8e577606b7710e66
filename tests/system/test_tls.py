"""A server that speaks TLS only. One REDIS_URL is enough for redis-py, Celery and Flower."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
import trustme
from servers import USERS, flower, free_port, installed_server, running_server, users
from support import COMMAND, Worker, until

Url = Callable[..., str]


@pytest.fixture(scope="module")
def binary(tmp_path_factory: pytest.TempPathFactory) -> str:
    return installed_server(tmp_path_factory.mktemp("bin"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates: of the server, of a client, of the authority of both, and of another authority."""
    folder, authority, other = tmp_path_factory.mktemp("tls"), trustme.CA(), trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    other.cert_pem.write_to_path(str(folder / "other.pem"))
    for name, certificate in (
        ("server", authority.issue_cert("localhost")),
        ("client", authority.issue_cert("worker")),
    ):
        certificate.private_key_pem.write_to_path(str(folder / f"{name}.key"))
        certificate.cert_chain_pems[0].write_to_path(str(folder / f"{name}.pem"))
    (folder / "users.acl").write_text(users(USERS.read_text()))
    return folder


def serve(binary: str, folder: Path, clients: str) -> Iterator[Url]:
    port = free_port()
    options = {"tls-port": str(port), "tls-auth-clients": clients, "aclfile": str(folder / "users.acl")}
    files = {"tls-ca-cert-file": "ca.pem", "tls-cert-file": "server.pem", "tls-key-file": "server.key"}
    options |= {name: str(folder / file) for name, file in files.items()}
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]

    def url(user: str, host: str = "localhost", **parameters: str) -> str:
        given = {"ssl_ca_certs": str(folder / "ca.pem"), **parameters}
        query = "&".join(f"{name}={value}" for name, value in given.items() if value)
        return f"rediss://{user}:pw-{user}@{host}:{port}/0?{query}"

    with running_server(binary, folder / clients, *arguments):
        yield url


@pytest.fixture(scope="module")
def url(binary: str, folder: Path) -> Iterator[Url]:
    """Gives a URL of a server that asks clients for no certificate."""
    yield from serve(binary, folder, "no")


@pytest.fixture(scope="module")
def strict(binary: str, folder: Path) -> Iterator[Url]:
    """Gives a URL of a server that asks clients for a certificate."""
    yield from serve(binary, folder, "yes")


def settings(url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PAGEFACTS_", "FLOWER_"))}
    return {**kept, "REDIS_URL": url}


def pagefacts(url: str, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], env=settings(url), input=stdin, capture_output=True, text=True, timeout=120
    )


def certificate(folder: Path) -> dict[str, str]:
    return {"ssl_certfile": str(folder / "client.pem"), "ssl_keyfile": str(folder / "client.key")}


def work(url: Callable[[str], str], log: Path) -> str:
    """Send a job through a worker, all over TLS; return the worker's log."""
    name = uuid.uuid4().hex
    worker = Worker(settings(url("worker")), log, "--hostname", "tls@%h")
    try:
        sent = pagefacts(url("producer"), "enqueue", "--jobs", "-", stdin=json.dumps({"id": name, "body": "Two died."}))
        assert sent.stdout == f"{name}\n", sent.stderr
        read = until(lambda: pagefacts(url("consumer"), "results", "--group", "desk").stdout)
        assert json.loads(read)["data"]["casualties"][0]["best"] == 2
        assert json.loads(pagefacts(url("operator"), "status", "--json").stdout)["in_flight"] == 0
    finally:
        worker.stop()
    return log.read_text()


def test_worker_producer_consumer_and_operator(url: Url, tmp_path: Path) -> None:
    log = work(url, tmp_path / "log")
    assert "insecure" not in log
    assert "pw-" not in log


def test_flower(url: Url, tmp_path: Path) -> None:
    worker = Worker(settings(url("worker")), tmp_path / "log", "--hostname", "tls@%h")
    try:
        with flower(settings(url("flower")), tmp_path / "flower") as get:
            until(lambda: "tls@" in get("/api/workers?refresh=1"))
            until(lambda: "pagefacts.extract" in get("/api/queues/length"))
    finally:
        worker.stop()
    shown = (tmp_path / "flower").read_text()
    assert "insecure" not in shown
    assert "pw-" not in shown


def test_a_client_certificate_where_the_server_asks_for_one(strict: Url, folder: Path, tmp_path: Path) -> None:
    work(lambda user: strict(user, **certificate(folder)), tmp_path / "log")
    without = pagefacts(strict("operator"), "status")
    assert (without.returncode, without.stdout, len(without.stderr.splitlines())) == (1, "", 1)


@pytest.mark.parametrize(
    ("host", "authority", "said"),
    [
        ("localhost", "other.pem", "certificate verify failed"),
        ("localhost", "", "certificate verify failed"),
        ("127.0.0.1", "ca.pem", "certificate is not valid for '127.0.0.1'"),
    ],
)
def test_a_server_that_cannot_be_trusted_is_refused_in_one_line(  # noqa: PLR0917
    url: Url, folder: Path, tmp_path: Path, host: str, authority: str, said: str
) -> None:
    files = {"ssl_ca_certs": authority and str(folder / authority)}
    asked = pagefacts(url("operator", host, **files), "status")
    assert (asked.returncode, asked.stdout, len(asked.stderr.splitlines())) == (1, "", 1)
    assert said in asked.stderr
    assert "pw-" not in asked.stderr

    worker = Worker(settings(url("worker", host, **files)), tmp_path / "log")
    try:  # neither of its two libraries comes in: it waits for a server that it can trust
        until(lambda: "Trying again" in worker.log.read_text())
        until(lambda: "the server does not answer as it should" in worker.log.read_text())
        assert connections(url, folder) == 0
    finally:
        worker.kill()
    assert "pw-" not in worker.log.read_text()


def connections(url: Url, folder: Path) -> int:
    """How many connections the user "worker" has."""
    with redis.Redis.from_url(url("admin"), ssl_ca_certs=str(folder / "ca.pem")) as admin:
        return len([client for client in admin.client_list() if client["user"] == "worker"])


def test_it_is_the_operator_who_says_that_nothing_is_to_be_verified(url: Url, tmp_path: Path) -> None:
    work(lambda user: url(user, "127.0.0.1", ssl_ca_certs="", ssl_cert_reqs="none"), tmp_path / "log")


def test_plain_redis_is_refused_by_a_server_with_tls_only(url: Url) -> None:
    plain = url("operator").replace("rediss://", "redis://").partition("?")[0]
    asked = pagefacts(plain, "status")
    assert (asked.returncode, len(asked.stderr.splitlines())) == (1, 1)


def test_the_kombu_of_a_celery_user_verifies_too(url: Url) -> None:
    """As docs/security.md tells a Celery user to connect."""
    program = (
        "import os; from celery import Celery;"
        "app = Celery(broker=os.environ['REDIS_URL']);"
        "app.conf.broker_transport_options = {'global_keyprefix': '{pagefacts}:celery:'};"
        "job = {'id': 'c', 'body': 'A man died.'};"
        "app.send_task('pagefacts.submit', [job], queue='pagefacts.extract', retry=False)"
    )
    for host, expected in (("localhost", True), ("127.0.0.1", False)):
        address = url("submitter", host, ssl_cert_reqs="required", ssl_check_hostname="true")
        done = subprocess.run(
            [sys.executable, "-c", program], env=settings(address), capture_output=True, text=True, timeout=60
        )
        assert (done.returncode == 0) is expected, done.stderr
