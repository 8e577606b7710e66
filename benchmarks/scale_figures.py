"""What a job, a worker, Flower and a consumer cost the server: measured on real ones, for `scale_model.py`.

The server listens on TCP, as one that others reach, and keeps an append-only file (``everysec``). Its own counters say
what it did: seconds of its main thread, which is what ends first of a server's processors, and bytes of its network.
"""

from __future__ import annotations

import json
import os
import random
import select
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import redis
from speed_queue import in_loop
from speed_rig import WORKER, Rig, batch
from speed_table import head

from config.settings import Settings
from pagefacts.client import Client
from pagefacts.contracts import Job
from worker import runtime
from worker.connection import open_ledger
from worker.embedded import server_binary
from worker.inline import answer_here
from worker.ledger import GROUP, Ledger
from worker.queue_state import read_state

IDLE: Final = 20.0
"""Seconds for which something idle is watched."""
SHARDS: Final = 16
"""Shards of the worker that looks at others' as well: many, as a look costs little."""
CROWDS: Final = (1, 10, 100, 1000)
"""How many workers what grows with them is measured with."""
TIMES: Final = 200
"""Repeats of a command whose cost is asked for."""
_LOOK: Final = 0.2
"""Seconds between looks whether all is answered: each costs the server some microseconds."""
_STARTS: Final = 10.0
"""Seconds until Flower has started."""
_OPTIONS: Final = ("--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxclients", "4000")
_NO_REWRITE: Final = ("--auto-aof-rewrite-percentage", "0")
"""So that the size of the file tells what was written to it."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did, for a job or in a second."""

    cpu_us: float
    """Microseconds of its main thread."""
    received: float
    """Bytes."""
    sent: float
    """Bytes."""
    written: float
    """Bytes of the append-only file."""
    commands: float
    """Those within scripts counted as well."""

    def less(self, other: Load, times: float = 1) -> Load:
        """Return what is left of it without ``times`` the other."""
        return Load(*(mine - times * its for mine, its in zip(_values(self), _values(other), strict=True)))

    def plus(self, other: Load) -> Load:
        """Return both together."""
        return self.less(other, -1)

    def by(self, count: float) -> Load:
        """Return the part of one of ``count``."""
        return Load(*(value / count for value in _values(self)))


def _values(load: Load) -> list[float]:
    return [*asdict(load).values()]


def _so_far(client: redis.Redis) -> Load:
    info = client.info("everything")
    seconds = info["used_cpu_user_main_thread"] + info["used_cpu_sys_main_thread"]
    return Load(
        1e6 * seconds,
        info["total_net_input_bytes"],
        info["total_net_output_bytes"],
        info["aof_current_size"],
        info["total_commands_processed"],
    )


def as_json(load: Load) -> dict[str, float]:
    """Return a load for a file, with what counts of its digits."""
    return {name: round(value, 2) for name, value in asdict(load).items()}


def during(client: redis.Redis, action: Callable[[], object]) -> Load:
    """Return what the server did during ``action``."""
    before = _so_far(client)
    action()
    return _so_far(client).less(before)


@contextmanager
def server(environment: Mapping[str, str] = MappingProxyType({})) -> Iterator[Rig]:
    """Run a server on a port of this machine, without workers, until the block ends; its ledger is the first shard's.

    ``environment``: the settings.
    """
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        command = [
            server_binary(),
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--dir",
            folder,
            *_OPTIONS,
            *_NO_REWRITE,
        ]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        url = f"redis://127.0.0.1:{port}/0"
        built = Rig(url, open_ledger(Settings.from_env({**os.environ, **environment, "REDIS_URL": url})), Path(folder))
        try:
            yield built
        finally:
            end(built.workers)
            process.terminate()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end(processes: list[subprocess.Popen[bytes]]) -> None:
    """End processes, and forget them."""
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(60)
    processes.clear()


def answer_all(built: Rig, jobs: Sequence[bytes]) -> float:
    """Return the seconds from before the first job is enqueued until the last is answered, by the server's clock."""
    wanted, started = built.answered + len(jobs), time.time()
    for first in range(0, len(jobs), 50):
        built.ledger.enqueue(*jobs[first : first + 50])
    while built.answered < wanted:
        time.sleep(_LOOK)
    return _moment(built.ledger.client.xrevrange(built.ledger.keys.results, count=1)[0][0]) - started


def through(built: Rig, pages: Sequence[Job], *standing: Load) -> dict[str, Any]:
    """Return what a job of the pages costs the server from the producer to the answer, and the worker's processes.

    ``standing``: what it does in a second without any job; that is left out.
    """
    jobs, before, seconds = batch(pages), built.used(), [0.0]

    def work() -> None:
        seconds[0] = answer_all(built, jobs)

    load = during(built.ledger.client, work)
    for each in standing:
        load = load.less(each, seconds[0])
    load = load.by(len(jobs))
    used = {part: 1000 * (value - before[part]) / len(jobs) for part, value in built.used().items()}
    return {"load": load, "seconds": seconds[0], "child_ms": used["children"], "main_ms": used["main"]}


def enqueued(built: Rig, pages: Sequence[Job]) -> tuple[Load, float]:
    """Return what enqueueing costs a job, one call a job, and the bytes that it takes while it waits."""
    client, jobs = built.ledger.client, batch(pages)
    memory = client.info("memory")["used_memory"]
    load = during(client, lambda: [built.ledger.enqueue(job) for job in jobs]).by(len(jobs))
    held = (client.info("memory")["used_memory"] - memory) / len(jobs)
    client.delete(built.ledger.keys.jobs)
    return load, held


def idle(built: Rig) -> Load:
    """Return what the server does in a second while nothing is to be done."""
    return during(built.ledger.client, lambda: time.sleep(IDLE)).by(IDLE)


def consumed(built: Rig, answers: int, bare: Load, group: str) -> Load:
    """Return what an answer costs that a consumer ``group`` reads and acknowledges."""
    client = Client(built.url)
    started = time.monotonic()
    load = during(built.ledger.client, lambda: [*client.results(group)])
    client.close()
    return load.less(bare, time.monotonic() - started).by(answers)


# What grows with the number of workers


def with_blocked(built: Rig, count: int) -> float:
    """Return the microseconds of an XADD and the read that it ends, while ``count`` workers wait for jobs."""
    client, keys = built.ledger.client, built.ledger.keys
    client.flushall()
    built.ledger.open()
    waiting = [_connection(built.url) for _ in range(count)]
    try:
        for number, each in enumerate(waiting):
            _wait_for_job(each, keys.jobs, number)
        until(lambda: client.info("clients")["blocked_clients"] == count)
        return during(client, lambda: _jobs(client, keys.jobs, waiting)).cpu_us / TIMES
    finally:
        for each in waiting:
            each.close()


def with_polls(built: Rig, count: int, bare: Load, seconds: float = 4.0) -> float:
    """Return the microseconds of one of the polls by which ``count`` workers wait for jobs, half a second each."""
    client, keys = built.ledger.client, built.ledger.keys
    client.flushall()
    built.ledger.open()
    waiting = [_connection(built.url) for _ in range(count)]
    polls = 0

    def poll() -> None:
        nonlocal polls
        until_then = time.monotonic() + seconds
        for number, each in enumerate(waiting):
            _wait_for_job(each, keys.jobs, number, 500)
        while time.monotonic() < until_then:
            for each in select.select(waiting, [], [], 0.1)[0]:
                each.recv(4096)
                _wait_for_job(each, keys.jobs, waiting.index(each), 500)
                polls += 1

    try:
        return during(client, poll).less(bare, seconds).cpu_us / (polls + count)
    finally:
        for each in waiting:
            each.close()


def _connection(url: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2].partition("/")[0])))


def _wait_for_job(connection: socket.socket, stream: str, number: int, block_ms: int = 0) -> None:
    command = ["XREADGROUP", "GROUP", GROUP, f"w{number}", "COUNT", "1", "BLOCK", f"{block_ms}", "STREAMS", stream, ">"]
    parts = "".join(f"${len(part)}\r\n{part}\r\n" for part in command)
    connection.sendall(f"*{len(command)}\r\n{parts}".encode())


def _jobs(client: redis.Redis, stream: str, waiting: list[socket.socket]) -> None:
    """One job after the other, each for the worker that waits longest, which then waits again."""
    for number in range(TIMES):
        client.xadd(stream, {"job": "{}"})
        served = waiting.pop(0)
        served.recv(4096)
        _wait_for_job(served, stream, len(waiting) + 1 + number)
        waiting.append(served)


def with_consumers(built: Rig, count: int) -> dict[str, Load]:
    """Return what it costs to read the queue's state, and to keep house, while ``count`` workers are known."""
    ledger, client = built.ledger, built.ledger.client
    client.flushall()
    ledger.open()
    for number in range(count):  # each has a job in work
        client.xadd(ledger.keys.jobs, {"job": "{}"})
        ledger.read(f"pagefacts1@worker-{number:04}.example", 1, None)
    state = during(client, lambda: [read_state(ledger) for _ in range(TIMES)]).by(TIMES)
    house = during(client, lambda: [ledger.forget_idle_consumers() for _ in range(TIMES)]).by(TIMES)
    return {"state": state, "housekeeping": house}


def with_homes(built: Rig, count: int) -> Load:
    """Return what it costs to note a home, while ``count`` workers have noted theirs."""
    client, keys = built.ledger.client, [built.ledger.keys.homes, built.ledger.keys.homes_counted]
    client.flushall()
    note = built.ledger.script("home")

    def all_note(times: int) -> None:
        for number in (turn % count for turn in range(times)):
            note(keys, [SHARDS, number % SHARDS, f"worker-{number:04}:{number}", 600, 5])

    all_note(count)
    return during(client, lambda: all_note(TIMES)).by(TIMES)


# All of it


def loop_ms(pages: Sequence[Job]) -> list[float]:
    """Return the milliseconds of the processor that each page takes in a plain loop, once it is warm."""
    in_loop(pages[:20])
    models, found = runtime.models(), []
    for raw in batch(pages):
        started = time.process_time()
        answer_here(raw, models)
        found.append(1000 * (time.process_time() - started))
    return found


def rates(built: Rig, pages: Sequence[Job], repeats: int) -> dict[str, list[float]]:
    """Return the pages a second of the workers that run, with all pages waiting for them, repeat by repeat.

    ``steps_s`` are the seconds that the steps of each page took, as its answer says: whatever else the machine had to
    do is in them.
    """
    before = built.answered
    found = [len(pages) / answer_all(built, batch(pages)) for _ in range(repeats)]
    return {"pages_s": found, "steps_s": _steps(built.ledger, built.answered - before)}


def _steps(ledger: Ledger, count: int) -> list[float]:
    """Return the seconds that all steps took of each of the last ``count`` answers."""
    events = [json.loads(fields[b"event"]) for _, fields in ledger.client.xrevrange(ledger.keys.results, count=count)]
    found = [event["data"]["provenance"]["milliseconds"] for event in events if "provenance" in event["data"]]
    return [round(sum(steps.values()) / 1000, 4) for steps in found]


def latencies(built: Rig, pages: Sequence[Job], rate: float, seed: int = 1) -> dict[str, Any]:
    """Return the seconds from enqueued to answered of pages that come at random, ``rate`` a second.

    The entries' ids have both moments, by the server's clock.
    """
    drawn, ledger, jobs = random.Random(seed), built.ledger, batch(pages)  # noqa: S311 - the same moments each time
    wanted, following, sent = built.answered + len(jobs), time.monotonic(), {}
    for raw in jobs:
        following += drawn.expovariate(rate)
        time.sleep(max(0.0, following - time.monotonic()))
        sent[json.loads(raw)["id"]] = _moment(ledger.enqueue(raw)[0].encode())
    until(lambda: built.answered >= wanted)
    answers = {json.loads(fields[b"event"])["id"]: entry for entry, fields in ledger.client.xrange(ledger.keys.results)}
    taken = [round(_moment(answers[job]) - at, 3) for job, at in sent.items()]
    return {"rate": rate, "latency_s": taken, "steps_s": _steps(ledger, len(jobs))}


def _moment(entry: bytes) -> float:
    return int(entry.partition(b"-")[0]) / 1000


def until(condition: Callable[[], bool]) -> None:
    """Wait until ``condition`` holds."""
    while not condition():
        time.sleep(_LOOK)


def small(count: int) -> list[Job]:
    """Return jobs of one sentence, whose work is nearly nothing."""
    return [Job(body="At least two people were killed in Aleppo on Monday.")] * count


def measure(pages: Sequence[Job], repeats: int) -> dict[str, Any]:
    """Return all figures; the server is new for each kind of worker."""
    started = os.getloadavg()[0]
    with server() as built:
        about = {"on": head(built.version), "cores": os.cpu_count(), "pages": len(pages), "repeats": repeats}
        bare = idle(built)
        producing = [enqueued(built, pages) for _ in range(repeats)]
        crowds = _crowds(built, bare)
    found: dict[str, Any] = {"about": about, "second": {"server": bare}, "crowds": crowds}
    found["memory"] = {"job": statistics.median(held for _, held in producing)}
    found["job"] = {"enqueue": _median([load for load, _ in producing])}
    enqueue = found["job"]["enqueue"]
    found["two_workers"] = _two_workers(pages, repeats, bare, found)
    worker = found["second"]["worker"]
    found |= _one_worker(pages, repeats, (bare, worker), enqueue, found)
    found["job"]["chain"] = _work_of(pages, repeats, (bare, worker), enqueue, PAGEFACTS_PIPELINE="chain")
    with _flower() as (built, _):
        found["second"]["flower"] = (flower := idle(built).less(bare).less(worker))
        standing = (bare, worker, flower)
        with_flower = _median([through(built, pages, *standing)["load"] for _ in range(repeats)]).less(enqueue)
        found["job"]["events"] = with_flower.less(found["job"]["work"])
    found["second"]["other_shard"] = _other_shards(bare, worker)
    found["page_ms"] = loop_ms(pages)
    found["about"]["load_average"] = [started, os.getloadavg()[0]]
    return found


def _median(loads: Sequence[Load]) -> Load:
    return Load(*(statistics.median(values) for values in zip(*map(_values, loads), strict=True)))


def _crowds(built: Rig, bare: Load) -> dict[str, dict[int, Any]]:
    """Return what grows with the number of workers, by that number."""
    consumers = {count: with_consumers(built, count) for count in CROWDS}
    return {
        "poll_us": {count: with_polls(built, count, bare) for count in CROWDS[1:]},  # one costs too little to be seen
        "delivery_us": {count: with_blocked(built, count) for count in CROWDS},
        "state": {count: each["state"] for count, each in consumers.items()},
        "housekeeping": {count: each["housekeeping"] for count, each in consumers.items()},
        "home": {count: with_homes(built, count) for count in CROWDS},
    }


@contextmanager
def _worker(count: int = 1, environment: Mapping[str, str] = MappingProxyType({})) -> Iterator[Rig]:
    """Run workers of one child each, which have answered small jobs, until the block ends."""
    with server(environment) as built:
        for _ in range(count):
            built.start(**environment)
        until(lambda: _looking(built) >= count)
        answer_all(built, batch(small(20 * count)))
        yield built


def _looking(built: Rig) -> int:
    try:
        return len(built.ledger.client.xinfo_consumers(built.ledger.keys.jobs, GROUP))
    except redis.ResponseError:  # no stream yet
        return 0


def _one_worker(
    pages: Sequence[Job], repeats: int, standing: tuple[Load, ...], enqueue: Load, found: dict[str, Any]
) -> dict[str, Any]:
    with _worker() as built:
        answer_all(built, batch(pages[:20]))
        rows = [through(built, pages, *standing) for _ in range(repeats)]
        found["job"]["work"] = _median([row["load"] for row in rows]).less(enqueue)
        found["job"]["work_cpu_us_range"] = _range([row["load"].cpu_us - enqueue.cpu_us for row in rows])
        quick = [through(built, small(300), *standing) for _ in range(repeats)]
        found["job"]["small"] = _median([row["load"] for row in quick])
        answers = built.answered
        consuming = [consumed(built, answers, standing[0].plus(standing[1]), name) for name in ("one", "two", "three")]
        found["job"]["read"] = _median(consuming)
        rate = rates(built, pages, repeats)
        half = latencies(built, [*pages] * 3, statistics.median(rate["pages_s"]) / 2)
    return {
        "processes": {part: statistics.median(row[part] for row in rows) for part in ("child_ms", "main_ms")},
        "small_processes": {part: statistics.median(row[part] for row in quick) for part in ("child_ms", "main_ms")},
        "one_worker": rate,
        "half_load": half,
    }


def _range(values: Sequence[float]) -> list[float]:
    return [min(values), max(values)]


def _work_of(pages: Sequence[Job], repeats: int, standing: tuple[Load, ...], enqueue: Load, **environment: str) -> Load:
    with _worker(1, environment) as built:
        answer_all(built, batch(pages[:20]))
        return _median([through(built, pages, *standing)["load"] for _ in range(repeats)]).less(enqueue)


@contextmanager
def _flower() -> Iterator[tuple[Rig, subprocess.Popen[bytes]]]:
    """Run a worker and Flower, which watches it."""
    with _worker() as built:
        command = [*WORKER[:4], "flower", f"--port={_free_port()}"]
        given = {**os.environ, "REDIS_URL": built.url}
        watcher = subprocess.Popen(command, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(_STARTS)  # and asks for events
            yield built, watcher
        finally:
            end([watcher])


def _other_shards(bare: Load, worker: Load) -> Load:
    """Return what a worker at home in one shard costs the server of another in a second."""
    with _worker(1, {"PAGEFACTS_SHARDS": str(SHARDS)}) as built:
        return idle(built).less(bare).less(worker).by(SHARDS - 1)


def _two_workers(pages: Sequence[Job], repeats: int, bare: Load, found: dict[str, Any]) -> dict[str, Any]:
    with _worker(2) as built:
        answer_all(built, batch(pages[:20]))
        found["connections"] = (built.ledger.client.info("clients")["connected_clients"] - 1) / 2
        found["second"]["worker"] = idle(built).less(bare).by(2)
        return rates(built, pages, repeats)
