"""Producers and consumers of four shards, on one server and on a cluster of three nodes, with real workers."""

from __future__ import annotations

import json
import subprocess
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis
from clients import KINDS, AnyClient
from hypothesis import given, settings
from hypothesis import strategies as st
from servers import running_cluster
from support import COMMAND, Worker, environment_of, until

from config.settings import Settings
from pagefacts.client import Answer, Client, Limits, QueueFull
from pagefacts.client.keys import shard_namespaces, shard_of
from pagefacts.errors import InternalError
from worker.answers import failed, failure_event
from worker.connection import open_ledgers
from worker.embedded import embedded_server, server_binary
from worker.ledger import Ledger

SHARDS = 4
JOBS = 200
FEW = 30
"""Where only the kind of connection is another."""


@dataclass(frozen=True)
class Place:
    """Where the shards are: the URL of a server or of one node, and whether it is a cluster."""

    url: str
    is_cluster: bool


@pytest.fixture(scope="module", params=["one-server", "cluster"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("shards")
    if request.param == "cluster":
        with running_cluster(server_binary(), folder) as running:
            yield Place(running.url, True)
    else:
        with embedded_server(str(folder)) as server:
            yield Place(server.url, False)


@dataclass(frozen=True)
class System:
    """One namespace of four shards."""

    environment: dict[str, str]
    ledgers: list[Ledger]
    """The test's own connections."""

    @property
    def namespace(self) -> str:
        return self.environment["PAGEFACTS_NAMESPACE"]

    def answer(self, *ids: str, shard: int | None = None, entry: str = "*") -> None:
        """Put answers on the streams, as the workers do."""
        for job_id in ids:
            ledger = self.ledgers[shard_of(job_id, SHARDS) if shard is None else shard]
            written = ledger.client.xadd(ledger.keys.results, {"event": json.dumps({"id": job_id})}, id=entry)
            ledger.client.set(ledger.keys.done(job_id), written)

    def jobs(self) -> list[list[str]]:
        """The ids of the jobs on each shard, in their order."""
        return [
            [json.loads(fields[b"job"])["id"] for _, fields in ledger.client.xrange(ledger.keys.jobs)]
            for ledger in self.ledgers
        ]

    def pending(self, group: str = "desk") -> list[int]:
        return [int(ledger.client.xpending(ledger.keys.results, group)["pending"]) for ledger in self.ledgers]

    def command(self, *words: str, typed: str = "") -> str:
        """What a command writes; it must not fail."""
        done = subprocess.run(
            [*COMMAND, *words], env=self.environment, input=typed, capture_output=True, text=True, check=False
        )
        assert done.returncode in {0, 3}, done.stderr
        return done.stdout


def system_at(place: Place, name: str) -> System:
    environment = {**environment_of(place.url, f"{name}-{uuid.uuid4().hex[:8]}"), "PAGEFACTS_SHARDS": str(SHARDS)}
    return System(environment, open_ledgers(Settings.from_env(environment)))


@pytest.fixture
def system(place: Place) -> System:
    return system_at(place, "idle")


@pytest.fixture(scope="module")
def working(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """One where a worker runs."""
    system = system_at(place, "working")
    worker = Worker(system.environment, tmp_path_factory.mktemp("worker") / "log")
    yield system
    worker.kill()


CONNECTIONS: dict[str, Callable[[Any, Place], Any]] = {
    "a-URL": lambda _, place: place.url,
    "RESP3": lambda _, place: f"{place.url}?protocol=3",
    "a-client": lambda module, place: (module.RedisCluster if place.is_cluster else module.Redis).from_url(place.url),
}


@pytest.fixture(params=KINDS)
def connect(request: pytest.FixtureRequest, place: Place) -> Iterator[Callable[..., AnyClient]]:
    kind, module = KINDS[request.param]
    with ExitStack() as clients:

        def made(system: System, connection: str = "a-URL", **options: Any) -> AnyClient:
            given = CONNECTIONS[connection](module, place)
            return clients.enter_context(closing(kind(given, namespace=system.namespace, shards=SHARDS, **options)))

        yield made


def ids(answers: list[Answer]) -> list[str]:
    return [json.loads(answer.json)["id"] for answer in answers]


def page(job_id: str) -> dict[str, str]:
    return {"id": job_id, "body": f"Bombs killed {len(job_id)} people in Aleppo, Syria, on Monday."}


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_every_job_is_answered_once(working: System, connect: Callable[..., AnyClient], connection: str) -> None:
    client = connect(working, connection)
    group = uuid.uuid4().hex
    names = [f"{group}-{n}" for n in range(JOBS if connection == "a-URL" else FEW)]
    assert client.enqueue_many(map(page, [*names, *names[:20]])) == [*names, *names[:20]]
    found: list[str] = []
    for batch in client.results(group, follow=True, auto_ack=False, batch=30).batches():
        found += [name for name in ids(batch) if name.startswith(group)]
        if len(found) >= len(names):
            break
    assert sorted(found) == sorted(names)
    until(lambda: not any(working.jobs()), what="the jobs that came twice are gone")
    assert Counter(ids(list(client.results()))) >= Counter(names)
    assert max(Counter(ids(list(client.results()))).values()) == 1
    assert json.loads(client.wait(names[0], timeout=5).json)["id"] == names[0]


def test_a_job_goes_to_the_shard_of_its_id_in_order(system: System, connect: Callable[..., AnyClient]) -> None:
    names = [str(n) for n in range(150)]
    connect(system).enqueue_many(map(page, names))
    assert system.jobs() == [[name for name in names if shard_of(name, SHARDS) == shard] for shard in range(SHARDS)]
    assert all(system.jobs())


def test_a_full_shard_keeps_its_refused_jobs_alone(system: System, connect: Callable[..., AnyClient]) -> None:
    client = connect(system, limits=Limits(jobs=2))
    names = [str(n) for n in range(9)]
    by_shard = [[name for name in names if shard_of(name, SHARDS) == shard] for shard in range(SHARDS)]
    refused = [name for name in names if name not in {kept for shard in by_shard for kept in shard[:2]}]
    assert refused
    with pytest.raises(QueueFull) as caught:
        client.enqueue_many(map(page, names))
    assert caught.value.limit == "jobs"
    assert [json.loads(job)["id"] for job in caught.value.refused] == refused
    assert system.jobs() == [shard[:2] for shard in by_shard]


def test_acknowledgements_go_to_the_right_shard(system: System, connect: Callable[..., AnyClient]) -> None:
    for shard, name in enumerate("abcd"):  # equal entries
        system.answer(name, shard=shard, entry="5-1")
    results = connect(system).results("desk", auto_ack=False)
    answers = {json.loads(answer.json)["id"]: answer for batch in results.batches() for answer in batch}
    assert {name: (answer.shard, answer.entry) for name, answer in answers.items()} == {
        name: (shard, "5-1") for shard, name in enumerate("abcd")
    }
    assert system.pending() == [1, 1, 1, 1]
    results.ack(answers["b"], answers["d"].place)
    assert system.pending() == [1, 0, 1, 0]
    for wrong in ("5-1", "4/5-1", "/5-1"):
        with pytest.raises(ValueError, match="4 shards"):
            results.ack(wrong)
    assert sorted(ids(list(connect(system).results("desk")))) == ["a", "c"]  # given again, then acknowledged
    assert system.pending() == [0, 0, 0, 0]
    results.replay()
    assert sorted(ids(list(connect(system).results("desk")))) == list("abcd")


def test_one_who_follows_is_given_what_comes_on_any_shard(system: System, connect: Callable[..., AnyClient]) -> None:
    batches = iter(connect(system).results("desk", follow=True, block=0.2).batches())
    assert next(batches) == []
    assert [ledger.client.xinfo_groups(ledger.keys.results)[0]["name"] for ledger in system.ledgers] == [b"desk"] * 4
    for shard, name in enumerate("abcd"):
        system.answer(name, shard=shard)
        assert ids(next(batches)) == [name]
    assert next(batches) == []


@pytest.mark.parametrize("place", ["cluster"], indirect=True)
def test_commands_use_all_shards(working: System, tmp_path: Path) -> None:
    mark = uuid.uuid4().hex[:6]
    good = [f"{mark}-{n}" for n in range(12)]
    bad = [f"{mark}-bad-{n}" for n in range(5)]
    jobs = [*map(page, good), *({"id": name, "body": ""} for name in bad)]
    typed = "".join(json.dumps(job) + "\n" for job in jobs)
    assert len({shard_of(name, SHARDS) for name in bad}) > 1

    assert working.command("enqueue", "--jobs", "-", typed=typed).split() == [*good, *bad]
    written = working.command("process", "--jobs", "-", typed=typed)  # what is in work or answered is not done anew
    assert Counter(json.loads(line)["id"] for line in written.splitlines()) == Counter([*good, *bad])

    found = tmp_path / "answers.csv"
    working.command("results", "--group", mark, "--out", str(found))
    assert all(found.read_text().count(f"{name},") for name in good)
    assert not any(working.pending(mark))
    working.command("results", "--group", f"{mark}-whole", "--format", "geojson")
    assert not any(working.pending(f"{mark}-whole"))

    def dead() -> list[str]:
        return [name for line in working.command("dead", "list").splitlines() if (name := line.split("\t")[1]) in bad]

    assert sorted(dead()) == sorted(bad)
    assert working.command("dead", "drop", *bad[1:]).split() == bad[1:]
    assert dead() == bad[:1]
    assert working.command("dead", "retry", bad[0]).split() == bad[:1]


def test_a_dead_letter_is_named_with_its_shard(server: str) -> None:
    """Entries of two shards may be equal."""
    environment = {**environment_of(server, uuid.uuid4().hex), "PAGEFACTS_SHARDS": "2"}
    ledgers = open_ledgers(Settings.from_env(environment))
    raw = b'{"id":"same","body":""}'
    letter = failed(failure_event(None, "same", InternalError(), "extract", 1), raw).dead
    for ledger in ledgers:
        ledger.client.xadd(ledger.keys.dead, {"dead": letter}, id="5-0")

    def dead(*words: str) -> list[str]:
        done = subprocess.run([*COMMAND, "dead", *words], env=environment, capture_output=True, text=True, timeout=60)
        return [done.stderr.strip()] if done.returncode else done.stdout.split()

    assert "Error: no dead letter 5-0" in dead("drop", "5-0")
    assert dead("drop", "1/5-0") == ["same"]
    assert [ledger.client.xlen(ledger.keys.dead) for ledger in ledgers] == [1, 0]
    assert dead("retry", "0/5-0") == ["same"]
    assert [ledger.client.xlen(ledger.keys.jobs) for ledger in ledgers] == [1, 0]


def test_one_shard_asks_for_no_cluster(server: str) -> None:
    with redis.Redis.from_url(server) as raw:

        def asked(shards: int) -> set[str]:
            raw.config_resetstat()
            with Client(server, namespace=uuid.uuid4().hex, shards=shards) as client:
                client.enqueue(page("a"))
                assert not list(client.results())
            return {name.removeprefix("cmdstat_").partition("|")[0] for name in raw.info("commandstats")}

        assert "cluster" not in asked(1)
        assert "cluster" in asked(SHARDS)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.text("abcdef", min_size=1, max_size=4), unique=True, max_size=60), st.integers(1, 8), st.integers(1, 9)
)
def test_a_batch_that_is_split_loses_nothing_and_keeps_order(
    server: str, names: list[str], shards: int, room: int
) -> None:
    namespace = uuid.uuid4().hex
    of_shards = [[name for name in names if shard_of(name, shards) == shard] for shard in range(shards)]
    with (
        redis.Redis.from_url(server) as raw,
        Client(server, namespace=namespace, shards=shards, limits=Limits(jobs=room)) as client,
    ):
        try:
            client.enqueue_many(map(page, names))
            refused = []
        except QueueFull as full:
            refused = [json.loads(job)["id"] for job in full.refused]
        streams = [raw.xrange(f"{{{each}}}:jobs") for each in shard_namespaces(namespace, shards)]
    kept = [[json.loads(fields[b"job"])["id"] for _, fields in stream] for stream in streams]
    assert kept == [of_shard[:room] for of_shard in of_shards]
    assert refused == [name for name in names if not any(name in of_shard for of_shard in kept)]


def test_wrong_numbers_of_shards_are_refused() -> None:
    with pytest.raises(ValueError, match="shards: 0"):
        Client("redis://localhost", shards=0)


def test_a_server_that_is_away_is_said(tmp_path: Path) -> None:
    with (
        redis.Redis(unix_socket_path=str(tmp_path / "none")) as given,
        Client(given, shards=SHARDS) as client,
        pytest.raises(redis.ConnectionError),
    ):
        client.enqueue(page("a"))
