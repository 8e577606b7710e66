"""What each user of the server is for, what it may do for that, and what it may not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from redis.exceptions import NoPermissionError
from servers import USERS, flower, free_port, running_server, users
from support import COMMAND, Worker, until

from pagefacts.client import NEW, Client, Limits
from worker.embedded import server_binary

Url = Callable[[str], str]

DOCS = Path(__file__).parents[2] / "docs"
SHIPPED = USERS.read_text() + "".join(re.findall(r"^user scaler .+\n", (DOCS / "deploy.md").read_text(), re.MULTILINE))
"""The users, and KEDA's, which is documented with it."""
ALONE = {
    "producer": [
        ("XRANGE", "{pagefacts}:jobs", "-", "+"),
        ("XREAD", "STREAMS", "{pagefacts}:results", "0"),
        ("XADD", "{pagefacts}:results", "*", "event", "forged"),
        ("XADD", "{pagefacts}:dead", "*", "dead", "forged"),
        ("XDEL", "{pagefacts}:jobs", "1-1"),
        ("XTRIM", "{pagefacts}:jobs", "MAXLEN", "0"),
        ("EVAL", "return redis.call('XADD', KEYS[1], '*', 'event', 'forged')", "1", "{pagefacts}:results"),
        ("LPUSH", "{pagefacts}:celery:pagefacts.extract", "x"),
        ("PUBLISH", "{pagefacts}:celery:/0.celery.pidbox", "x"),
    ],
    "submitter": [
        ("XADD", "{pagefacts}:jobs", "*", "job", "x"),
        ("LRANGE", "{pagefacts}:celery:pagefacts.extract", "0", "-1"),
        ("RPOP", "{pagefacts}:celery:pagefacts.extract"),
        ("LPUSH", "{pagefacts}:celery:pagefacts.facts", "x"),
        ("PUBLISH", "{pagefacts}:celery:/0.celery.pidbox", "x"),
    ],
    "worker": [
        ("XGROUP", "DESTROY", "{pagefacts}:jobs", "workers"),
        ("XGROUP", "SETID", "{pagefacts}:jobs", "workers", "$"),
        ("GET", "another"),
        ("PUBLISH", "another", "x"),
    ],
    "consumer": [
        ("XADD", "{pagefacts}:jobs", "*", "job", "x"),
        ("XADD", "{pagefacts}:results", "*", "event", "forged"),
        ("XRANGE", "{pagefacts}:jobs", "-", "+"),
        ("XREAD", "STREAMS", "{pagefacts}:dead", "0"),
        ("XDEL", "{pagefacts}:results", "1-1"),
        ("XTRIM", "{pagefacts}:results", "MAXLEN", "0"),
        ("XGROUP", "DESTROY", "{pagefacts}:results", "desk"),
        ("XGROUP", "CREATE", "{pagefacts}:done:a", "desk", "$", "MKSTREAM"),
        ("SET", "{pagefacts}:done:a", "1-1"),
        ("DEL", "{pagefacts}:done:a"),
        ("GET", "{pagefacts}:claim:a"),
        ("HGETALL", "{pagefacts}:claim:a"),
    ],
    "operator": [
        ("PUBLISH", "{pagefacts}:celery:/0.celery.pidbox", "x"),
        ("XTRIM", "{pagefacts}:jobs", "MAXLEN", "0"),
        ("GET", "another"),
    ],
    "flower": [
        ("XRANGE", "{pagefacts}:jobs", "-", "+"),
        ("XREAD", "STREAMS", "{pagefacts}:results", "0"),
        ("HGETALL", "{pagefacts}:claim:a"),
        ("LRANGE", "{pagefacts}:celery:pagefacts.extract", "0", "-1"),
        ("BRPOP", "{pagefacts}:celery:pagefacts.extract", "1"),
        ("LPUSH", "{pagefacts}:celery:pagefacts.extract", "x"),
        ("DEL", "{pagefacts}:celery:pagefacts.extract"),
    ],
    "scaler": [
        ("XADD", "{pagefacts}:jobs", "*", "job", "x"),
        ("XRANGE", "{pagefacts}:jobs", "-", "+"),
        ("XINFO", "GROUPS", "{pagefacts}:jobs"),
        ("XLEN", "{pagefacts}:results"),
        ("INFO",),
    ],
}
"""What of the system's own each user is refused."""
NOBODY = [
    ("FLUSHALL",),
    ("FLUSHDB",),
    ("KEYS", "*"),
    ("SCAN", "0"),
    ("CONFIG", "GET", "*"),
    ("CONFIG", "SET", "dir", "/srv"),
    ("ACL", "LIST"),
    ("ACL", "SETUSER", "worker", "allcommands"),
    ("MONITOR",),
    ("SHUTDOWN", "NOSAVE"),
    ("SAVE",),
    ("REPLICAOF", "127.0.0.1", "1"),
    ("MODULE", "LIST"),
    ("CLIENT", "LIST"),
    ("CLIENT", "KILL", "ID", "1"),
    ("SET", "{another}:jobs", "x"),
    ("DEL", "{another}:jobs"),
    ("MIGRATE", "127.0.0.1", "1", "{pagefacts}:jobs", "0", "1"),
    ("SUBSCRIBE", "another"),
]
"""What every user is refused."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Url]:
    """Gives a user's URL of a server with the users that are documented."""
    folder, port = tmp_path_factory.mktemp("acl"), free_port()
    acl = folder / "users.acl"
    acl.write_text(users(SHIPPED))
    with running_server(server_binary(), folder, "--port", str(port), "--aclfile", str(acl)):
        yield lambda name: f"redis://{name}:pw-{name}@127.0.0.1:{port}/0"


@pytest.fixture
def admin(url: Url) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(url("admin"), decode_responses=True) as client:
        client.flushall()
        client.acl_log_reset()
        yield client


def as_user(url: str, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PAGEFACTS_", "FLOWER_"))}
    return {**kept, "REDIS_URL": url, **settings}


def pagefacts(url: str, *arguments: str, stdin: str = "") -> str:
    done = subprocess.run(
        [*COMMAND, *arguments], env=as_user(url), input=stdin, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(admin: redis.Redis) -> list[str]:
    """What the server has refused, but for a client's telling its own name, which needs no leave to fail."""
    return [
        f"{entry['username']}: {entry['object']}"
        for entry in admin.acl_log()
        if entry["object"] not in {"client|setinfo", "client"}
    ]


def wait_for(admin: redis.Redis, answers: int) -> None:
    until(lambda: admin.xlen("{pagefacts}:results") >= answers, what=f"{answers} answers")


def submit(url: str) -> None:
    """As the README tells a Celery user to."""
    program = (
        "import os; from celery import Celery;"
        "app = Celery(broker=os.environ['REDIS_URL']);"
        "app.conf.broker_transport_options = {'global_keyprefix': '{pagefacts}:celery:'};"
        "job = {'id': 'celery', 'body': 'A man was shot dead.'};"
        "app.send_task('pagefacts.submit', [job], queue='pagefacts.extract')"
    )
    subprocess.run([sys.executable, "-c", program], env=as_user(url), check=True, timeout=60)


@pytest.mark.parametrize("pipeline", ["chain", "fused"])
def test_each_user_may_do_its_part(url: Url, admin: redis.Redis, tmp_path: Path, pipeline: str) -> None:
    settings = {"PAGEFACTS_PIPELINE": pipeline, "PAGEFACTS_METRICS_PORT": str(port := free_port())}
    worker = Worker(as_user(url("worker"), **settings), tmp_path / "log", "--hostname", "w@%h")
    try:
        with redis.Redis.from_url(url("producer")) as producer:
            producer.xadd("{pagefacts}:jobs", {"job": '{"id": "bare", "body": "Two people died."}'})
        assert pagefacts(url("producer"), "enqueue", "--jobs", "-", stdin='{"id":"cli","body":"Two died."}') == "cli\n"
        pagefacts(url("producer"), "enqueue", "--jobs", "-", stdin='{"id":"wrong"}')
        submit(url("submitter"))
        wait_for(admin, 4)

        ids = [json.loads(line)["id"] for line in pagefacts(url("consumer"), "results", "--group", "desk").splitlines()]
        assert sorted(ids) == ["bare", "celery", "cli", "wrong"]
        assert pagefacts(url("consumer"), "results", "--group", "desk") == ""
        assert len(pagefacts(url("consumer"), "results").splitlines()) == 4

        assert json.loads(pagefacts(url("operator"), "status", "--json"))["answered"] == 4
        assert len(pagefacts(url("operator"), "results", "--group", "archive").splitlines()) == 4
        assert "wrong" in pagefacts(url("operator"), "dead", "list")
        assert "wrong" in pagefacts(url("operator"), "dead", "show", "wrong")
        pagefacts(url("operator"), "dead", "retry", "wrong")
        wait_for(admin, 5)
        pagefacts(url("operator"), "dead", "drop", "all")
        assert "cli" in pagefacts(
            url("operator"), "process", "--again", "--jobs", "-", stdin='{"id":"cli","body":"Ten died."}'
        )
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as told:
            assert b"\npagefacts_server_up 1.0\n" in told.read()
    finally:
        worker.stop()
    assert refused(admin) == []
    assert not re.search("NOPERM|permissions", worker.log.read_text())


def test_the_users_of_programs_may_do_what_the_client_does(url: Url, admin: redis.Redis) -> None:
    with Client(url("producer"), limits=Limits(jobs=9, results=9, dead=9)) as producer:
        assert producer.enqueue_many({"id": each, "body": "Two people died."} for each in "abc") == ["a", "b", "c"]
    for each in "abc":
        admin.set(f"{{pagefacts}}:done:{each}", admin.xadd("{pagefacts}:results", {"event": f'{{"id": "{each}"}}'}))
    with Client(url("consumer")) as consumer:
        assert consumer.wait("b").json == '{"id": "b"}'
        assert list(consumer.results(since=NEW)) == []
        assert len(list(consumer.results())) == 3
        dead = consumer.results("desk", consumer="dead", auto_ack=False)
        assert len(next(dead.batches())) == 3
        results = consumer.results("desk", take_over=0, follow=True, block=0.05)
        batches = results.batches()
        results.ack(*next(batches))
        assert next(batches) == []
        results.replay()
        assert len(next(batches)) == 3
    assert refused(admin) == []


def test_the_user_of_keda_may_ask_for_the_length_of_the_queue(url: Url, admin: redis.Redis) -> None:
    with redis.Redis.from_url(url("scaler"), protocol=3) as scaler:
        assert scaler.xlen("{pagefacts}:jobs") == 0
    assert refused(admin) == []


def test_flowers_user_may_watch_the_workers(url: Url, admin: redis.Redis, tmp_path: Path) -> None:
    worker = Worker(as_user(url("worker")), tmp_path / "log", "--hostname", "watched@%h")
    try:
        with flower(as_user(url("flower")), tmp_path / "flower") as get:
            until(lambda: "watched@" in get("/workers?json=1"))
            seen = until(lambda: "pagefacts.facts" in (found := get("/api/workers?refresh=1")) and found)
            assert "pw-worker" not in seen
            until(lambda: "pagefacts.extract" in get("/api/queues/length"))
    finally:
        worker.stop()
    assert refused(admin) == []


@pytest.mark.parametrize("name", ALONE)
def test_no_user_may_do_what_it_need_not(url: Url, admin: redis.Redis, name: str) -> None:
    admin.xadd("{pagefacts}:jobs", {"job": "secret"})
    with redis.Redis.from_url(url(name), retry=None) as client:
        for command in [*ALONE[name], *NOBODY]:
            with pytest.raises(NoPermissionError):
                client.execute_command(*command)
    assert admin.xlen("{pagefacts}:jobs") == 1
    assert not admin.exists("{pagefacts}:results", "{pagefacts}:dead", "{another}:jobs")


def test_nobody_comes_in_without_a_password(url: Url) -> None:
    place = url("x").partition("@")[2]
    for name in (f"redis://{place}", f"redis://default:@{place}", f"redis://worker:wrong@{place}"):
        with redis.Redis.from_url(name, retry=None) as client, pytest.raises(redis.AuthenticationError):
            client.ping()


def test_the_lines_for_an_older_server_are_users_too(tmp_path: Path) -> None:
    """Redis 6.2 has no selectors, the parts in brackets; docs/security.md has other lines for it."""
    older = {
        line.split()[1]: line for line in re.findall(r"^user .+$", (DOCS / "security.md").read_text(), re.MULTILINE)
    }
    assert set(older) == {line.split()[1] for line in SHIPPED.splitlines() if "(" in line}
    lines = list({**{line.split()[1]: line for line in SHIPPED.splitlines()}, **older}.values())
    assert not any("(" in line for line in lines)
    acl = tmp_path / "users.acl"
    acl.write_text(users("\n".join(lines)))
    with (
        running_server(server_binary(), tmp_path, "--aclfile", str(acl)) as path,
        redis.Redis.from_url(f"unix://producer:pw-producer@{path}") as producer,
        redis.Redis.from_url(f"unix://consumer:pw-consumer@{path}") as consumer,
        redis.Redis.from_url(f"unix://admin:pw-admin@{path}") as admin,
    ):
        producer.xadd("{pagefacts}:jobs", {"job": "{}"})
        admin.xadd("{pagefacts}:results", {"event": "{}"})
        assert len(list(Client(consumer).results("desk"))) == 1
        for name, client in (("producer", producer), ("consumer", consumer)):
            for command in [*ALONE[name], *NOBODY]:
                with pytest.raises(NoPermissionError):
                    client.execute_command(*command)


@pytest.mark.parametrize("command", [["status"], ["worker", "--concurrency", "1"]])
def test_a_wrong_password_is_said_in_one_line_that_does_not_hold_it(
    url: Url, tmp_path: Path, command: list[str]
) -> None:
    environment = as_user(url("worker").replace("pw-worker", "s3cr3t-and-wrong"))
    log = tmp_path / "log"
    with log.open("wb") as lines:
        process = subprocess.Popen([*COMMAND, *command], env=environment, stdout=lines, stderr=lines)
    try:
        until(
            lambda: (
                process.poll() is not None or "WRONGPASS" in log.read_text() or "username-password" in log.read_text()
            )
        )
    finally:
        process.terminate()
        process.wait(timeout=60)
    assert "s3cr3t" not in log.read_text()
    assert re.search("(?i)invalid username-password pair", log.read_text())


def test_a_password_is_nowhere_but_in_the_environment(url: Url, admin: redis.Redis, tmp_path: Path) -> None:
    worker = Worker(as_user(url("worker"), PAGEFACTS_LOG_LEVEL="DEBUG"), tmp_path / "log", "--hostname", "w@%h")
    try:
        admin.xadd("{pagefacts}:jobs", {"job": '{"id": "a", "body": "Two people died."}'})
        wait_for(admin, 1)
        group = subprocess.run(
            ["ps", "-o", "args=", "-g", str(worker.process.pid)], capture_output=True, text=True, check=True
        )
        assert "pagefacts" in group.stdout
        assert "pw-worker" not in group.stdout
        for part in ("conf", "stats", "report"):
            inspect = [sys.executable, "-P", "-m", "celery", "-A", "worker", "inspect", part]
            shown = subprocess.run(inspect, env=as_user(url("admin")), capture_output=True, text=True, timeout=60)
            assert "w@" in shown.stdout
            assert "pw-" not in shown.stdout + shown.stderr
    finally:
        worker.stop()
    assert "pw-worker" not in worker.log.read_text()
