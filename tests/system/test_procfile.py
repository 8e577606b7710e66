"""The Procfile, run by honcho as the README says: two workers and Flower."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

from servers import Flower, free_port, free_ports
from support import COMMAND, Worker, answered, body_of, until

from worker.ledger import Ledger
from worker.queue_state import read_state

PROCFILE = Path(__file__).parents[2] / "Procfile"


def ready(environment: dict[str, str]) -> list[str]:
    done = subprocess.run([*COMMAND, "health"], env=environment, capture_output=True, text=True, timeout=60)
    return [line.partition("@")[0] for line in done.stdout.splitlines() if line.endswith(": ready")]


def test_honcho_starts_all_and_ends_all(
    environment: dict[str, str], ledger: Ledger, tmp_path: Path, start_worker: Callable[..., Worker]
) -> None:
    (tmp_path / "tmp").mkdir()
    port, metrics, log = free_port(), free_ports(2), tmp_path / "log"
    environment = {
        **environment,
        "TMPDIR": str(tmp_path / "tmp"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}",
        "FLOWER_PORT": str(port),
        "FLOWER_BASIC_AUTH": "desk:secret",
    }
    with log.open("wb") as lines:
        honcho = subprocess.Popen(
            [*"honcho start --concurrency worker=2 --port".split(), str(metrics), "--procfile", str(PROCFILE)],
            cwd=tmp_path,
            env=environment,
            stdout=lines,
            stderr=lines,
        )
    try:
        until(lambda: ready(environment) == ["pagefacts1", "pagefacts2"], what="two workers that are ready")
        ledger.enqueue(*(json.dumps({"id": str(n), "body": "Two people died in Paris."}) for n in range(6)))
        answered(ledger, 6)
        assert [told(metrics), told(metrics + 1)] == [True, True]
        get = Flower(port, "desk:secret")
        until(lambda: {"pagefacts1", "pagefacts2"} <= {name.partition("@")[0] for name in workers(get)})
        ledger.enqueue(*(json.dumps({"id": f"long{n}", "body": body_of(300 + n)}) for n in range(4)))
        until(lambda: ledger.stage("long0") == "tag", what="a page in work")
    finally:
        honcho.terminate()  # honcho signals every process of the workers
        honcho.wait(timeout=60)
    said = log.read_text()
    assert said.count("Warm shutdown") == 2
    assert "SIGKILL" not in said
    assert ready(environment) == []
    start_worker()
    answered(ledger, 10)  # what was in work is gone on with long before PAGEFACTS_CLAIM_AFTER
    state = read_state(ledger)
    assert (state.results, state.failures, state.in_flight, state.duplicates) == (10, 0, 0, 0)


def told(port: int) -> bool:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as page:
        return b"pagefacts_server_up 1.0" in page.read()


def workers(get: Flower) -> list[str]:
    return [row["hostname"] for row in json.loads(get("/workers?json=1") or '{"data": []}')["data"]]
