"""What a page can reach that has taken a child of the pool over: next to nothing. And the memory that it can take.

The children are those of real workers; ``starter.py`` brings the faults in.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from probing import STARTER
from servers import free_port, running_server
from support import EXAMPLE, Worker, answered, until

from config.settings import Settings
from worker.connection import open_ledger
from worker.embedded import server_binary
from worker.ledger import Ledger
from worker.queue_state import read_state
from worker.sandbox import landlock

SECRET = "not-for-any-page"  # noqa: S105 - a marker

REFUSED = "PermissionError"
NETWORK = ("connect", "connect by sending", "listen", "datagram")
SURROUNDINGS = ("read", "list", "write", "delete", "run", "replace", "fork", "signal", "environment")


def held() -> bool:
    try:
        return landlock.version() >= landlock.COMPLETE
    except OSError:
        return False


confines = pytest.mark.skipif(not held(), reason="this kernel cannot confine a process")


class Listener:
    """A service on this machine that no page may reach."""

    def __init__(self) -> None:
        self.visits = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                self._socket.accept()[0].close()
            except OSError:  # closed
                return
            self.visits += 1

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture
def start_probed(environment: dict[str, str], tmp_path: Path, listener: Listener) -> Iterator[Callable[..., Worker]]:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "shadow").write_text(SECRET)
    probing = {"STARTER_PORT": str(listener.port), "STARTER_SECRET": str(secrets / "shadow")}
    workers: list[Worker] = []

    def start(*options: str, command: Sequence[str] = STARTER, **settings: str) -> Worker:
        (secrets / "shadow.other").touch()
        log = tmp_path / f"probed{len(workers)}.log"
        workers.append(Worker({**environment, **probing, **settings}, log, *options, command=command))
        return workers[-1]

    yield start
    for worker in workers:
        if worker.process.poll() is None:
            worker.kill()


def good(*names: str) -> list[str]:
    return [json.dumps({"id": name, "text": EXAMPLE.read_text()}) for name in names]


def probes(ledger: Ledger) -> dict[str, str]:
    """Enqueue a job that tries everything; return what came of it."""
    ledger.enqueue(*good("probe"))
    outcomes = until(lambda: ledger.client.lpop(f"probes:{ledger.keys.namespace}"), what="the probe")
    until(lambda: read_state(ledger).in_flight == 0)
    return json.loads(outcomes)


@confines
@pytest.mark.parametrize(
    ("way", "pipeline"),
    [
        ("unix://{socket}", "chain"),
        ("unix://{socket}", "fused"),
        ("redis://localhost:{port}/0", "chain"),
        ("redis://127.0.0.1:{port}/0", "fused"),
    ],
)
def test_a_page_reaches_nothing_and_the_server_is_found_again(
    tmp_path: Path, start_probed: Callable[..., Worker], listener: Listener, way: str, pipeline: str
) -> None:
    port = free_port()
    server = (server_binary(), tmp_path / "server", "--port", str(port), "--bind", "127.0.0.1", "--appendonly", "yes")
    with running_server(*server) as path:
        url = way.format(socket=path, port=port)
        ledger = open_ledger(Settings(redis_url=url, namespace="probed"))
        worker = start_probed(REDIS_URL=url, PAGEFACTS_PIPELINE=pipeline, PAGEFACTS_NAMESPACE="probed")
        assert probes(ledger) == dict.fromkeys((*NETWORK, *SURROUNDINGS), REFUSED)
        assert listener.visits == 0
        assert "sandbox: Landlock" in worker.log.read_text()
    with running_server(*server):
        ledger.enqueue(*good("behind", "last"))
        assert {event["type"] for event in answered(ledger, 3)} == {"pagefacts.result.v1"}
    ledger.client.close()


@confines
def test_only_children_of_a_worker_that_fetches_have_the_network(
    ledger: Ledger, start_probed: Callable[..., Worker], listener: Listener
) -> None:
    worker = start_probed(PAGEFACTS_FETCH="on")
    outcomes = probes(ledger)
    assert {name: outcomes[name] for name in NETWORK} == dict.fromkeys(NETWORK, "done") | {"listen": "done"}
    assert {name: outcomes[name] for name in SURROUNDINGS} == dict.fromkeys(SURROUNDINGS, REFUSED)
    worker.stop()
    before = until(lambda: listener.visits)
    ledger.forget(["probe"])

    start_probed("-Q", "pagefacts.extract,pagefacts.tag,pagefacts.facts", PAGEFACTS_FETCH="on")

    assert set(probes(ledger).values()) == {REFUSED}
    assert listener.visits == before


def test_without_the_sandbox_all_of_it_is_open(ledger: Ledger, start_probed: Callable[..., Worker]) -> None:
    """What the other tests see refused is refused by the sandbox."""
    worker = start_probed(PAGEFACTS_SANDBOX="off")
    assert set(probes(ledger).values()) == {"done"}
    assert "sandbox" not in worker.log.read_text()


@pytest.mark.parametrize("pool", ["solo", "threads"])
def test_a_pool_without_processes_is_not_confined(
    ledger: Ledger, start_probed: Callable[..., Worker], pool: str
) -> None:
    worker = start_probed("--pool", pool)
    assert probes(ledger)["read"] == "done"
    assert "sandbox: none" in worker.log.read_text()


REFUSING = """
import errno, runpy, sys
from worker.sandbox import landlock, seccomp
def refuse(*_):
    raise OSError(errno.EPERM, "Operation not permitted")
landlock._call = seccomp.forbid_new_privileges = refuse
sys.argv[0] = {starter!r}
runpy.run_path({starter!r}, run_name="__main__")
"""


def test_where_the_platform_refuses_pages_are_processed_and_the_log_says_so(
    ledger: Ledger, start_probed: Callable[..., Worker], tmp_path: Path
) -> None:
    """As in a container whose own filter refuses these calls, and on older kernels."""
    start = tmp_path / "refusing.py"
    start.write_text(REFUSING.format(starter=STARTER[-1]))
    worker = start_probed(command=[sys.executable, "-P", str(start)])
    assert set(probes(ledger).values()) == {"done"}
    until(lambda: "sandbox: no Landlock (Operation not permitted); no seccomp" in worker.log.read_text())


def outside(secret: Path, port: int) -> dict[str, dict[str, str]]:
    """Pages that name a file and an address outside, in every way that has ever made a parser read one."""
    file, url = secret.as_uri(), f"http://127.0.0.1:{port}/dtd"
    paragraph = "<p>At least 34 people were killed in Aleppo on Monday, officials said. &secret; &remote;</p>" * 9
    entities = f'<!ENTITY secret SYSTEM "{file}"><!ENTITY remote SYSTEM "{url}"><!ENTITY % all SYSTEM "{url}"> %all;'
    doctype = f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "{url}" [{entities}]>'
    head = (
        f'<base href="{file}"><link rel="stylesheet" href="{url}"><link rel="canonical" href="{file}">'
        f'<meta http-equiv="refresh" content="0;url={url}"><meta property="og:url" content="{file}">'
        f'<script type="application/ld+json">{{"@context": "{url}", "@type": "NewsArticle", "headline": "{file}", '
        f'"articleBody": {{"@id": "{file}"}}}}</script>'
    )
    parts = (
        f'<iframe src="{file}"></iframe><object data="{file}"></object><img src="{url}"><embed src="{file}">'
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{file}" parse="text"/>'
        f'<!--#include file="{secret}"--><?xml-stylesheet href="{url}"?>'
    )
    xhtml = f'<?xml version="1.0"?>{doctype}<html xmlns="http://www.w3.org/1999/xhtml"><head>{head}</head>'
    page = f"{xhtml}<body><article>{parts}{paragraph}</article></body></html>"
    return {"html": {"html": page}, "text": {"text": page}, "body": {"body": page}, "path": {"html": str(secret)},
            "url": {"html": file}, "feed": {"html": page.replace("html", "rss")}}  # fmt: skip


def test_no_page_makes_a_parser_read_a_file_or_ask_the_network(
    ledger: Ledger, start_probed: Callable[..., Worker], listener: Listener, tmp_path: Path
) -> None:
    """Without the sandbox: the parsers themselves do not."""
    pages = outside(tmp_path / "secrets" / "shadow", listener.port)
    start_probed(PAGEFACTS_SANDBOX="off")
    ledger.enqueue(*(json.dumps({"id": name, **page}) for name, page in pages.items()))
    found = answered(ledger, len(pages))
    assert {event["type"] for event in found if event["id"] in {"html", "body"}} == {"pagefacts.result.v1"}
    assert SECRET not in json.dumps(found)
    assert listener.visits == 0


# --- memory -----------------------------------------------------------------------------------------------------------


def by_id(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {event["id"]: event["data"] for event in found}


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process can be limited on Linux")
@pytest.mark.parametrize(("fault", "pipeline"), [("hog", "chain"), ("huge", "fused")])
def test_a_page_that_takes_all_memory(
    ledger: Ledger, start_probed: Callable[..., Worker], fault: str, pipeline: str
) -> None:
    """It is answered, and its child is replaced."""
    worker = start_probed(PAGEFACTS_PIPELINE=pipeline)
    ledger.enqueue(*good("before"))
    answered(ledger, 1)
    (child,) = worker.children()

    ledger.enqueue(*good(fault, "behind", "last"))

    found = by_id(answered(ledger, 4))
    failure = found.pop(fault)["failure"]
    assert (failure["code"], failure["stage"], failure["deliveries"]) == ("memory_limit", "extract", 1)
    assert all("failure" not in data for data in found.values())
    until(lambda: worker.children() not in ([], [child]))
    assert not Path(f"/proc/{child}").exists()
    assert read_state(ledger).dead == 1


def test_memory_that_runs_out_beside_a_step_does_not_end_the_worker(
    ledger: Ledger, start_probed: Callable[..., Worker]
) -> None:
    """Celery hands a child's MemoryError on to the main process."""
    worker = start_probed()
    ledger.enqueue(*good("late-hog", "behind"))
    assert all("failure" not in data for data in by_id(answered(ledger, 2)).values())
    until(lambda: "a child had no memory left" in worker.log.read_text())
    assert worker.process.poll() is None
    ledger.enqueue(*good("last"))
    answered(ledger, 3)
