"""Four shards on a real Redis Cluster of three masters: every job is answered once, whatever moves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from servers import Cluster, flower, running_cluster
from support import COMMAND, Worker, environment_of, events, until

from config.settings import Settings
from pagefacts.client.keys import shard_namespaces, shard_of
from worker.cluster import slot_of
from worker.connection import open_ledgers
from worker.embedded import server_binary
from worker.homes import Homes
from worker.ledger import Ledger
from worker.queue_state import read_state

SHARDS = 4
SOON = {
    "PAGEFACTS_CLAIM_AFTER": "6.5",
    "PAGEFACTS_SOFT_TIME_LIMIT": "1.5",
    "PAGEFACTS_HARD_TIME_LIMIT": "2",
    "PAGEFACTS_MAX_DELIVERIES": "9",
}
"""What a killed worker had is delivered again soon."""

Start = Callable[..., Worker]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(server_binary(), tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture
def environment(cluster: Cluster, request: pytest.FixtureRequest) -> dict[str, str]:
    """With a namespace whose shards are on all three nodes, as an operator chooses one, or moves slots."""
    given = environment_of(cluster.url, request.node.name[:50])
    names = (f"{given['PAGEFACTS_NAMESPACE']}.{n}" for n in range(100))
    name = next(name for name in names if len(set(owners(cluster, name))) == 3)
    return {**given, "PAGEFACTS_NAMESPACE": name, "PAGEFACTS_SHARDS": str(SHARDS)}


def owners(cluster: Cluster, name: str) -> list[int]:
    """The node of each shard."""
    return [cluster.owner(slot_of(namespace)) for namespace in shard_namespaces(name, SHARDS)]


@pytest.fixture
def ledgers(environment: dict[str, str]) -> Iterator[list[Ledger]]:
    opened = open_ledgers(Settings.from_env(environment))
    for ledger in opened:
        ledger.open()
    yield opened
    for ledger in opened:
        ledger.client.close()


def enqueue(ledgers: list[Ledger], count: int) -> set[str]:
    """Put jobs in as producers do: each on the shard of its id; return the ids."""
    ids = [f"job-{n}" for n in range(count)]
    for job_id in ids:
        raw = json.dumps({"id": job_id, "body": f"Bombs killed {len(job_id)} people in Aleppo, Syria, on Monday."})
        ledgers[shard_of(job_id, SHARDS)].enqueue(raw)
    assert len({shard_of(job_id, SHARDS) for job_id in ids}) == SHARDS
    return set(ids)


def found(ledgers: list[Ledger]) -> list[Counter[str]]:
    """How often each job is answered, on each shard."""
    return [
        Counter(event["id"] for event in events(ledger) if event["type"] == "pagefacts.result.v1") for ledger in ledgers
    ]


def check_answers(ledgers: list[Ledger], ids: set[str], seconds: float = 60) -> None:
    """Wait until all is answered; once, where its id belongs, and nothing is left."""
    until(lambda: sum(map(len, found(ledgers))) >= len(ids), seconds, f"{len(ids)} answers")
    until(lambda: not any(read_state(ledger).in_flight for ledger in ledgers), what="nothing in work")
    answers = found(ledgers)
    assert set().union(*answers) == ids
    assert {count for each in answers for count in each.values()} == {1}
    assert all(shard_of(job_id, SHARDS) == shard for shard, each in enumerate(answers) for job_id in each)
    assert not any(ledger.client.keys(f"{{{ledger.keys.namespace}}}:claim:*") for ledger in ledgers)
    assert not any(ledger.client.xlen(ledger.keys.dead) for ledger in ledgers)


def at_home(ledgers: list[Ledger]) -> list[int]:
    """The shards that workers are at home in."""
    return sorted(int(member.split()[0]) for member in ledgers[0].client.zrange(ledgers[0].keys.homes, 0, -1))


def run(environment: dict[str, str], *command: str) -> str:
    """What the command writes."""
    return subprocess.run([*COMMAND, *command], env=environment, capture_output=True, text=True, check=False).stdout


def status(environment: dict[str, str]) -> dict[str, Any]:
    """What ``pagefacts status`` says."""
    return json.loads(run(environment, "status", "--json"))  # type: ignore[no-any-return]


def test_two_workers_answer_all_jobs_of_four_shards_once(ledgers: list[Ledger], start_worker: Start) -> None:
    start_worker()
    start_worker()
    until(lambda: at_home(ledgers) == [0, 1], what="workers with different homes")
    check_answers(ledgers, enqueue(ledgers, 200))


def test_workers_that_start_spread_over_the_shards(ledgers: list[Ledger]) -> None:
    workers = [Homes(ledgers[0], SHARDS, f"w{n}") for n in range(6)]
    assert [worker.choose() for worker in workers] == [0, 1, 2, 3, 0, 1]
    assert workers[2].lonely == {3}  # as far as it heard
    workers[0].keep(3)  # one that was told otherwise is counted where it is
    assert at_home(ledgers) == [0, 1, 1, 2, 3, 3]
    assert Homes(ledgers[0], SHARDS, "w6").choose() == 0
    ledgers[0].client.zadd(ledgers[0].keys.homes, {"2 w2": 1})  # seen last long ago
    late = Homes(ledgers[0], SHARDS, "w7")
    assert late.choose() == 2
    assert late.lonely == set()
    workers[2].keep(2)  # it was gone, and is counted anew
    workers[3].keep(3)  # it hears what was counted just now
    assert (workers[2].lonely, workers[3].lonely) == (set(), set())
    assert at_home(ledgers) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_a_worker_alone_sees_to_all_shards(
    ledgers: list[Ledger], start_worker: Start, environment: dict[str, str]
) -> None:
    ids = enqueue(ledgers, 40)
    waiting = status(environment)
    assert (waiting["lag"], sum(shard["lag"] for shard in waiting["shards"])) == (40, 40)
    assert [shard["lag"] for shard in waiting["shards"]] == [ledger.client.xlen(ledger.keys.jobs) for ledger in ledgers]

    start_worker(PAGEFACTS_SHARD="2")
    check_answers(ledgers, ids)

    assert at_home(ledgers) == [2]
    after = status(environment)
    assert (after["lag"], after["in_flight"], after["answered"], after["on_results_stream"]) == (0, 0, 40, 40)
    assert [worker["name"].partition("@")[0] for worker in after["workers"]] == ["w0"]
    assert sum(shard["answered"] for shard in after["shards"]) == 40
    assert {finding["code"] for finding in after["findings"]} == set()
    told = run(environment, "status", "job-3", "none")
    assert "job-3: answered at" in told
    assert "none: not known" in told


def test_workers_that_are_killed_lose_nothing(ledgers: list[Ledger], start_worker: Start) -> None:
    first, second = start_worker(**SOON), start_worker(**SOON)
    until(lambda: at_home(ledgers) == [0, 1], what="the workers")
    until(second.children, what="the second's process")  # it has chosen its home before
    ids = enqueue(ledgers, 200)
    until(lambda: sum(map(len, found(ledgers))) > 20, what="some answers")
    os.kill(second.children()[0], signal.SIGKILL)
    first.kill()
    assert sum(map(len, found(ledgers))) < 200
    check_answers(ledgers, ids)


def test_slots_are_moved_while_jobs_run(cluster: Cluster, ledgers: list[Ledger], start_worker: Start) -> None:
    start_worker(**SOON, PAGEFACTS_SHARD="0")
    start_worker(**SOON, PAGEFACTS_SHARD="1")
    until(lambda: at_home(ledgers) == [0, 1], what="the workers")
    ids = enqueue(ledgers, 200)
    until(lambda: sum(map(len, found(ledgers))) > 20, what="some answers")
    for shard in (3, 1):
        slot = slot_of(ledgers[shard].keys.namespace)
        cluster.move(slot, (cluster.owner(slot) + 1) % len(cluster.nodes), pause=0.3)
    assert sum(map(len, found(ledgers))) < 200
    check_answers(ledgers, ids)


def test_a_replica_takes_the_place_of_the_node_that_was_named(tmp_path: Path) -> None:
    """The home of the only worker, its queues and the one address that it was given: all go at once."""
    name = next(name for n in range(99) if slot_of(f"{(name := f'failover{n}')}.0") < 16384 // 3)
    with ExitStack() as ends, running_cluster(server_binary(), tmp_path / "nodes", replicas=1) as cluster:
        environment = {**environment_of(cluster.url, name), "PAGEFACTS_SHARDS": str(SHARDS), **SOON}
        ledgers = open_ledgers(Settings.from_env(environment))
        worker = Worker({**environment, "PAGEFACTS_SHARD": "0"}, tmp_path / "worker.log")
        ends.callback(worker.kill)
        until(lambda: at_home(ledgers) == [0], what="the worker")
        ids = enqueue(ledgers, 200)
        until(lambda: sum(map(len, found(ledgers))) > 20, what="some answers")
        assert owners(cluster, name)[0] == 0
        cluster.nodes[0].shutdown(nosave=True)  # it waits until its replica has all
        assert sum(map(len, found(ledgers))) < 200
        check_answers(ledgers, ids)


def test_flower_shows_the_home_that_it_is_told(
    ledgers: list[Ledger], start_worker: Start, environment: dict[str, str], tmp_path: Path
) -> None:
    start_worker(PAGEFACTS_SHARD="3")
    with flower({**environment, "PAGEFACTS_SHARD": "3"}, tmp_path / "flower.log") as show:
        until(lambda: "w0@" in show("/api/workers?refresh=1"), what="the worker, which answers to Flower")
        assert '"pagefacts.extract"' in until(lambda: show("/api/queues/length"), what="the queues")
        check_answers(ledgers, enqueue(ledgers, 20))
        until(lambda: "pagefacts status job-" in show("/tasks") or "job-" in show("/api/tasks"), what="events")
