"""The client for programs in Python, against real servers: each kind of connection that a program may have."""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import redis
import redis.asyncio
import redis.asyncio.cluster
import redis.cluster
import trustme
from clients import KINDS, AnyClient
from servers import free_port, installed_server, running_server
from support import Worker, until

from pagefacts.client import (
    NEW,
    Answer,
    AnswerGone,
    AsyncClient,
    Client,
    InvalidJob,
    Job,
    Limits,
    QueueFull,
    ResultEvent,
    UnknownVersion,
    WaitTimeout,
    WireKeys,
)
from worker.embedded import server_binary
from worker.ledger import Ledger
from worker.queue_state import read_state

# --- the servers, and what a program may connect with ---------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    url: str
    raw: redis.Redis
    """A connection of the test's own."""


@pytest.fixture(scope="module")
def valkey(server: str) -> Iterator[Server]:
    with redis.Redis.from_url(server) as raw:
        yield Server(server, raw)


@pytest.fixture(scope="module")
def redis_7(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The machine's own, with TLS; ``url`` is its unix socket."""
    folder = tmp_path_factory.mktemp("redis")
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    certificate.private_key_pem.write_to_path(str(folder / "key.pem"))
    certificate.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    files = {"ca-cert": "ca.pem", "cert": "cert.pem", "key": "key.pem"}
    options = [part for name, file in files.items() for part in (f"--tls-{name}-file", str(folder / file))]
    options += ["--tls-port", str(port := free_port()), "--tls-auth-clients", "no"]
    with (
        running_server(installed_server(folder), folder, *options) as path,
        redis.Redis(unix_socket_path=path) as raw,
    ):
        yield Server(f"rediss://localhost:{port}/0?ssl_ca_certs={folder / 'ca.pem'}", raw)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A cluster of one node, which answers for every slot."""
    options = ["--port", str(port := free_port()), "--cluster-enabled", "yes", "--cluster-port", str(free_port())]
    with (
        running_server(server_binary(), tmp_path_factory.mktemp("cluster"), *options),
        redis.Redis(port=port) as raw,
    ):
        raw.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
        until(lambda: raw.execute_command("CLUSTER INFO")["cluster_state"] == "ok")
        yield Server(f"redis://127.0.0.1:{port}", raw)


CONNECTIONS: dict[str, tuple[str, Callable[[Any, str], Any]]] = {
    "a URL": ("valkey", lambda _, url: url),
    "RESP2": ("valkey", lambda _, url: f"{url}?protocol=2"),
    "RESP3": ("valkey", lambda _, url: f"{url}?protocol=3"),
    "decoded replies": ("valkey", lambda module, url: module.Redis.from_url(url, decode_responses=True)),
    "unified replies": ("valkey", lambda module, url: module.Redis.from_url(url, legacy_responses=False)),
    "Redis over TLS": ("redis_7", lambda _, url: url),
    "a cluster": ("cluster", lambda module, url: module.cluster.RedisCluster.from_url(url)),
}
"""The server, and what the client is given: of `redis` or `redis.asyncio`, and the server's URL."""


@dataclass(frozen=True)
class System:
    """One namespace on one server, and clients of one kind that are connected in one way."""

    server: Server
    keys: WireKeys
    connect: Callable[..., AnyClient]

    @property
    def raw(self) -> Any:
        return self.server.raw

    def answer(self, *ids: str) -> list[str]:
        """Put answers on the stream, as the workers do; return their entries."""
        entries = [self.raw.xadd(self.keys.results, {"event": json.dumps({"id": each})}).decode() for each in ids]
        for job_id, entry in zip(ids, entries, strict=True):
            self.raw.set(self.keys.done(job_id), entry)
        return entries

    def pending(self, group: str = "desk") -> int:
        return int(self.raw.xpending(self.keys.results, group)["pending"])

    def jobs(self) -> list[Any]:
        return [json.loads(fields[b"job"]) for _, fields in self.raw.xrange(self.keys.jobs)]


@pytest.fixture(params=itertools.product(CONNECTIONS, KINDS), ids=lambda each: f"{each[1]}-{each[0].replace(' ', '-')}")
def system(request: pytest.FixtureRequest) -> Iterator[System]:
    connection, kind = request.param
    name, given = CONNECTIONS[connection]
    client, module = KINDS[kind]
    server: Server = request.getfixturevalue(name)
    keys = WireKeys(f"client-{uuid.uuid4().hex}")

    with ExitStack() as clients:

        def connect(**options: Any) -> AnyClient:
            made = client(given(module, server.url), namespace=keys.namespace, **options)
            return clients.enter_context(closing(made))

        yield System(server, keys, connect)


@pytest.fixture
def client(system: System) -> AnyClient:
    return system.connect()


def ids(answers: Iterable[Answer]) -> list[str]:
    return [json.loads(answer.json)["id"] for answer in answers]


@contextmanager
def meanwhile(act: Callable[[], Any]) -> Iterator[None]:
    """Do something beside the block; what it raises is raised at the block's end."""
    with ThreadPoolExecutor(1) as beside:
        done = beside.submit(act)
        yield
        done.result(timeout=60)


# --- jobs go in -----------------------------------------------------------------------------------------------------


def test_a_job_is_a_mapping_a_checked_one_or_json(system: System, client: AnyClient) -> None:
    jobs = [
        {"id": "a", "body": "é", "fetched_at": datetime(2026, 1, 2, 3, tzinfo=UTC)},
        Job(id="b", body="y"),
        '{"id": "c", "body": "x"}',
        b'{"id": "d", "body": "x"}',
        {"body": "no id"},
    ]
    got = client.enqueue_many(jobs)
    assert got[:4] == ["a", "b", "c", "d"]
    assert got[4].startswith("sha256:")
    assert client.enqueue({"body": "no id"}) == got[4]
    assert system.jobs()[:2] == [
        {"id": "a", "body": "é", "fetched_at": "2026-01-02T03:00:00+00:00"},
        {"id": "b", "body": "y"},
    ]
    assert len(system.jobs()) == 6


@pytest.mark.parametrize(
    ("job", "error", "field"),
    [
        ({"body": "x", "url": "nowhere"}, InvalidJob, "url"),
        ({"html": b"<p>bytes"}, InvalidJob, "html"),
        ({"body": "x", "attributes": {"n": float("nan")}}, InvalidJob, "attributes"),
        ('{"body": "x", "attributes": {"n": NaN}}', InvalidJob, "job"),
        ({"body": "x", "page": "y"}, InvalidJob, "page"),
        ("https://example.org", InvalidJob, "job"),
        ("", InvalidJob, "job"),
        ({"body": "x", "schema_version": "99"}, UnknownVersion, "schema_version"),
    ],
)
def test_a_bad_job_is_refused_by_name(server: str, job: Any, error: type[InvalidJob], field: str) -> None:
    with Client(server, namespace=f"bad-{uuid.uuid4().hex}") as client:
        with pytest.raises(error) as caught:
            client.enqueue(job)
        assert caught.value.field == field


def test_a_job_is_as_large_as_the_contract_allows(server: str, ledger: Ledger) -> None:
    with Client(server, namespace=ledger.keys.namespace) as client:
        with pytest.raises(InvalidJob, match="67,108,8"):
            client.enqueue({"html": "x" * (64 << 20)})
        client.enqueue({"id": "large", "html": "x" * (20 << 20)})
    assert read_state(ledger).waiting == 1


def test_what_is_not_checked_is_sent_as_it_is(system: System, client: AnyClient) -> None:
    assert client.enqueue({"id": "a", "url": "nowhere"}, check=False) == "a"
    assert system.jobs() == [{"id": "a", "url": "nowhere"}]


def test_jobs_are_taken_as_they_are_sent(system: System, client: AnyClient) -> None:
    ahead = []

    def jobs(count: int, size: int) -> Iterator[dict[str, str]]:
        there = system.raw.xlen(system.keys.jobs)
        for n in range(count):
            ahead.append(n - (system.raw.xlen(system.keys.jobs) - there))
            yield {"id": f"{n}-{size}", "body": "x" * size}

    got = client.enqueue_many(jobs(350, 10))
    assert got == [f"{n}-10" for n in range(350)]
    assert len(system.jobs()) == 350
    assert max(ahead) == 99  # a hundred in one round trip, and no more than that in memory
    ahead.clear()
    client.enqueue_many(jobs(12, 2 << 20))
    assert max(ahead) == 3  # of large ones as many as make eight megabytes


def test_jobs_before_a_bad_one_are_enqueued(system: System, client: AnyClient) -> None:
    jobs = [{"id": str(n), "body": "x"} for n in range(150)]
    jobs[120] = {"id": "bad"}
    with pytest.raises(InvalidJob) as caught:
        client.enqueue_many(jobs)
    assert caught.value.__notes__ == ["It is number 121 of the jobs given."]
    assert [job["id"] for job in system.jobs()] == [str(n) for n in range(120)]


def test_jobs_before_an_error_of_the_callers_are_enqueued(system: System, client: AnyClient) -> None:
    def jobs() -> Iterator[dict[str, str]]:
        yield {"id": "a", "body": "x"}
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        client.enqueue_many(jobs())
    assert [job["id"] for job in system.jobs()] == ["a"]


def test_a_full_queue_says_what_was_not_enqueued(system: System) -> None:
    client = system.connect(limits=Limits(jobs=102))
    jobs = ({"id": str(n), "body": "x"} for n in range(250))
    with pytest.raises(QueueFull) as caught:
        client.enqueue_many(jobs)
    assert caught.value.limit == "jobs"
    assert [json.loads(job)["id"] for job in caught.value.refused] == [str(n) for n in range(102, 200)]
    assert [job["id"] for job in jobs] == [str(n) for n in range(200, 250)]
    assert [job["id"] for job in system.jobs()] == [str(n) for n in range(102)]


def test_a_producer_waits_for_room(system: System) -> None:
    client = system.connect(limits=Limits(jobs=2))

    def work() -> None:
        for left in (3, 1):  # four jobs are to come, two at a time
            until(lambda: system.raw.xlen(system.keys.jobs) == 2, what=f"{left} jobs are still to come")
            system.raw.xtrim(system.keys.jobs, maxlen=0, approximate=False)

    with meanwhile(work):
        got = client.enqueue_many([{"id": each, "body": "x"} for each in "abcde"], wait_for_room=60)
    assert got == list("abcde")
    assert [job["id"] for job in system.jobs()] == ["e"]


def test_many_may_share_a_client(server: str, ledger: Ledger) -> None:
    names = [str(n) for n in range(40)]
    with Client(server, namespace=ledger.keys.namespace) as client, ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda name: client.enqueue({"id": name, "body": "x"}), names)) == names

    async def tasks() -> list[str]:
        async with AsyncClient(server, namespace=ledger.keys.namespace) as client:
            return await asyncio.gather(*(client.enqueue({"id": name, "body": "x"}) for name in names))

    assert asyncio.run(tasks()) == names
    assert read_state(ledger).waiting == 80


def test_jobs_may_be_an_asynchronous_iterable(server: str, ledger: Ledger) -> None:
    async def pages() -> AsyncIterator[dict[str, str]]:
        for n in range(3):
            await asyncio.sleep(0)
            yield {"id": str(n), "body": "x"}

    async def trial() -> list[str]:
        async with AsyncClient(server, namespace=ledger.keys.namespace) as client:
            return await client.enqueue_many(pages())

    assert asyncio.run(trial()) == ["0", "1", "2"]


# --- answers come out -----------------------------------------------------------------------------------------------


def test_all_are_read_and_no_trace_is_left(system: System, client: AnyClient) -> None:
    assert list(client.results()) == []
    assert not system.raw.exists(system.keys.results)
    names = [str(n) for n in range(5)]
    entries = system.answer(*names)
    assert ids(client.results(batch=2)) == names
    assert [answer.entry for answer in client.results()] == entries
    assert system.raw.xinfo_groups(system.keys.results) == []


def test_reading_begins_where_it_is_told_to(system: System, client: AnyClient) -> None:
    _, b = system.answer("a", "b")
    assert ids(client.results(since=b)) == []
    millisecond = int(b.partition("-")[0])
    until(lambda: system.raw.time() > (millisecond // 1000, millisecond % 1000 * 1000 + 1000))
    (c,) = system.answer("c")
    assert ids(client.results(since=b)) == ["c"]
    # by the server's clock, of which an entry's first part is a reading
    assert ids(client.results(since=datetime.fromtimestamp(int(c.partition("-")[0]) / 1000, UTC))) == ["c"]
    assert ids(client.results(since=datetime(2001, 1, 1, tzinfo=UTC))) == ["a", "b", "c"]
    assert ids(client.results(since=NEW)) == []
    assert ids(client.results("desk", since=b)) == ["c"]
    assert ids(client.results("new", since=NEW)) == []


@pytest.mark.parametrize("group", [(), ("desk",)], ids=["all", "group"])
def test_what_comes_later_is_followed(system: System, client: AnyClient, group: tuple[str, ...]) -> None:
    system.answer("before")
    batches = client.results(*group, since=NEW, follow=True, block=0.05).batches()
    assert next(batches) == []
    system.answer("a", "b")
    assert ids(next(batches)) == ["a", "b"]
    assert next(batches) == []
    system.answer("c")
    assert ids(next(batches)) == ["c"]


def test_a_follower_waits_and_its_user_ends_it(system: System, client: AnyClient) -> None:
    with meanwhile(lambda: until(lambda: system.raw.exists(system.keys.results)) and system.answer("a", "b", "c")):
        for seen in client.results("desk", follow=True, block=0.2):  # the group is there before the first answer
            if ids([seen]) == ["b"]:
                break
    assert ids(client.results("desk")) == ["b", "c"]  # b was not at its end


def test_a_group_is_given_each_answer_once(system: System, client: AnyClient) -> None:
    system.answer("a", "b", "c")
    assert ids(client.results("desk", batch=2)) == ["a", "b", "c"]
    assert ids(client.results("desk")) == []
    system.answer("d")
    assert ids(client.results("desk")) == ["d"]
    assert ids(client.results("another")) == ["a", "b", "c", "d"]
    assert system.pending() == 0


def test_what_was_not_acknowledged_comes_again(system: System) -> None:
    system.answer(*"abcdef")

    def program(processed: int) -> None:
        for n, _ in enumerate(system.connect().results("desk", batch=4), start=1):
            if n == processed:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        program(3)
    assert ids(system.connect().results("desk")) == list("cdef")
    assert system.pending() == 0


def test_a_program_may_acknowledge_itself(system: System, client: AnyClient) -> None:
    entries = system.answer(*"abcd")
    results = client.results("desk", auto_ack=False)
    answers = list(results)
    results.ack(answers[0], entries[2])
    results.ack()
    again = client.results("desk", auto_ack=False)
    assert ids(again) == ["b", "d"]
    again.ack(*answers)
    assert system.pending() == 0
    assert ids(client.results("desk")) == []


def test_what_a_dead_consumer_has_left_comes_to_another(system: System, client: AnyClient) -> None:
    entries = system.answer(*map(str, range(40)))
    assert len(next(client.results("desk", consumer="dead", auto_ack=False).batches())) == 40
    assert ids(client.results("desk", consumer="alive")) == []  # it may be at work
    left = [entries[35], entries[37]]
    system.raw.xclaim(system.keys.results, "desk", "dead", 0, left, idle=400_000)
    # behind more that are at work than the server looks at in one call
    assert ids(client.results("desk", consumer="alive", batch=1)) == ["35", "37"]
    assert system.pending() == 38
    assert ids(client.results("desk", consumer="never", take_over=None)) == []
    assert len(ids(client.results("desk", consumer="at once", take_over=0))) == 38


def test_what_was_trimmed_is_passed_over(system: System, client: AnyClient) -> None:
    names = [str(n) for n in range(50)]
    system.answer(*names)
    assert len(list(client.results("desk", auto_ack=False))) == 50
    system.raw.xtrim(system.keys.results, maxlen=5, approximate=False)
    assert ids(client.results("desk", batch=10)) == names[-5:]
    assert system.pending() == 0
    assert ids(client.results("desk")) == []


def test_what_was_trimmed_is_not_taken_over(system: System, client: AnyClient) -> None:
    entries = system.answer("a", "b")
    assert len(list(client.results("desk", consumer="dead", auto_ack=False))) == 2
    system.raw.xdel(system.keys.results, entries[0])
    assert ids(client.results("desk", consumer="alive", take_over=0)) == ["b"]


def test_a_group_reads_anew(system: System, client: AnyClient) -> None:
    a, *_ = system.answer(*"abc")
    results = client.results("desk")
    assert ids(results) == ["a", "b", "c"]
    results.replay()
    assert ids(results) == ["a", "b", "c"]
    results.replay(a)
    assert ids(client.results("desk")) == ["b", "c"]
    client.results("desk").replay(datetime.now(UTC).replace(year=2001))
    assert ids(client.results("desk", consumer="another")) == ["a", "b", "c"]
    client.results("new").replay(a)  # a group that is not there yet
    assert ids(client.results("new")) == ["b", "c"]
    assert system.pending() == 0


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"group": ""}, "group"),
        ({"group": "g", "batch": 0}, "batch"),
        ({"block": 0}, "block"),
        ({"take_over": -1}, "take_over"),
        ({"since": datetime(2026, 1, 1)}, "since"),  # noqa: DTZ001 - that is what is wrong with it
    ],
)
def test_a_wrong_parameter_is_named(server: str, options: dict[str, Any], named: str) -> None:
    with Client(server) as client, pytest.raises(ValueError, match=f"^{named}: "):
        client.results(**options)


def test_without_a_group_nothing_is_acknowledged_or_replayed(system: System, client: AnyClient) -> None:
    system.answer("a")
    results = client.results()
    for act in (lambda: results.ack(*results), results.replay):
        with pytest.raises(ValueError, match=r"^group: "):
            act()


# --- the answer to one job ------------------------------------------------------------------------------------------


def test_one_answer_is_waited_for(system: System, client: AnyClient) -> None:
    system.answer("another", "a")
    assert ids([client.wait("a")]) == ["a"]
    assert ids([client.wait("a", timeout=0)]) == ["a"]
    with pytest.raises(WaitTimeout, match=r"job b: no answer within 0\.1 s") as late:
        client.wait("b", timeout=0.1)
    assert late.value.job_id == "b"

    def answer_later() -> None:
        time.sleep(0.2)
        system.answer("b")

    with meanwhile(answer_later):
        assert ids([client.wait("b", timeout=60)]) == ["b"]


def test_an_answer_that_was_trimmed_is_gone(system: System, client: AnyClient) -> None:
    system.answer("a")
    system.raw.xtrim(system.keys.results, maxlen=0, approximate=False)
    with pytest.raises(AnswerGone) as gone:
        client.wait("a", timeout=60)
    assert gone.value.job_id == "a"


# --- the whole way, and what goes wrong on it -----------------------------------------------------------------------


def test_pages_go_in_and_answers_come_out(
    ledger: Ledger, server: str, start_worker: Callable[..., Worker], tmp_path: Path
) -> None:
    start_worker()
    for kind, _ in KINDS.values():
        with closing(kind(server, namespace=ledger.keys.namespace)) as client:
            sent = client.enqueue_many([{"body": f"{kind.__name__}: {n} people died."} for n in range(2, 5)])
            answer = client.wait(sent[0], timeout=90)
            assert isinstance(answer.event, ResultEvent)
            assert answer.event.data.casualties[0].best == 2
            for job_id in sent:
                client.wait(job_id, timeout=90)
            assert sorted(answer.event.id for answer in client.results("desk")) == sorted(sent)
    newer = Answer("1-1", json.dumps({**json.loads(answer.json), "severity": "high"}))
    assert newer.event == answer.event


@contextmanager
def appending_server(folder: Path, port: int) -> Iterator[redis.Redis]:
    """A server that has written what it says it has."""
    options = ["--port", str(port), "--appendonly", "yes", "--appendfsync", "always", "--save", ""]
    with running_server(server_binary(), folder, *options) as path, redis.Redis(unix_socket_path=path) as raw:
        yield raw


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_is_killed_and_comes_back_is_waited_for(kind: str, tmp_path: Path) -> None:
    port, keys, (client, _) = free_port(), WireKeys(), KINDS[kind]
    url = f"redis://127.0.0.1:{port}/0"
    with (
        closing(client(url)) as producer,
        closing(client(url)) as consumer,
        appending_server(tmp_path, port) as raw,
        ThreadPoolExecutor(2) as beside,
    ):
        raw.xadd(keys.results, {"event": '{"id": "a"}'})
        batches = consumer.results("desk", follow=True, block=0.5, auto_ack=False).batches()
        assert ids(next(batches)) == ["a"]
        assert producer.enqueue({"id": "a", "body": "x"}) == "a"
        later = beside.submit(lambda: next(answers for answers in batches if answers))
        _kill(raw)
        enqueued = beside.submit(lambda: producer.enqueue({"id": "b", "body": "x"}))
        with appending_server(tmp_path, port) as again:
            assert enqueued.result(timeout=60) == "b"
            again.xadd(keys.results, {"event": '{"id": "b"}'})
            assert ids(later.result(timeout=60)) == ["b"]
            assert again.xlen(keys.jobs) == 2
            assert ids(consumer.results("desk")) == ["a", "b"]  # neither was acknowledged


def _kill(raw: redis.Redis) -> None:
    """As a machine that loses its power."""
    subprocess.run(["kill", "-KILL", str(raw.info("server")["process_id"])], check=True)
    until(lambda: not _answers(raw))


def _answers(raw: redis.Redis) -> bool:
    try:
        return bool(raw.ping())
    except redis.ConnectionError:
        return False


def test_the_client_is_light() -> None:
    program = (
        "import sys, pagefacts.client;"
        "print([n for n in ('celery', 'kombu', 'lxml', 'numpy', 'onnxruntime', 'trafilatura', 'worker', 'config')"
        " if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr
