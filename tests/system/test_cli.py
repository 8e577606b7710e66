"""The command line, as a person uses it."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from support import COMMAND, EXAMPLE, Worker, answered, until

from worker.ledger import Ledger

Start = Callable[..., Worker]
JOBS = '{"id":"a","body":"Two people died in Paris."}\n\n{"id":"b","url":"https://example.org/"}\n'


def run(*arguments: str, environment: dict[str, str], stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], env=environment, input=stdin, capture_output=True, text=True, timeout=180
    )


@pytest.fixture
def embedded(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """No server is named, and the embedded one keeps its data here."""
    without = {name: value for name, value in environment.items() if name != "REDIS_URL"}
    return {**without, "PAGEFACTS_DATA_DIR": str(tmp_path / "data")}


def test_process_on_the_embedded_default_prints_one_result_a_line(embedded: dict[str, str]) -> None:
    done = run("process", str(EXAMPLE), environment=embedded)
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    event = json.loads(line)
    assert event["id"].startswith("independent-2015-09-29.txt:")
    assert event["data"]["casualties"][0]["min"] == 250_000
    assert done.stderr == ""


def test_process_shows_one_figure_for_people(embedded: dict[str, str]) -> None:
    done = run("process", "--in-process", str(EXAMPLE), environment=embedded)
    shown = run("show", "-", environment={**embedded, "COLUMNS": "240"}, stdin=done.stdout)
    assert shown.returncode == 0
    for words in ("Samuel Osborne", "killed", "more than 250,000", "Syrians", "have been killed"):
        assert words in shown.stdout


def test_process_says_what_failed_and_exits_with_3(embedded: dict[str, str], tmp_path: Path) -> None:
    jobs, out = tmp_path / "jobs.jsonl", tmp_path / "out.jsonl"
    jobs.write_text(JOBS + "not json\n")
    done = run("process", "--jobs", str(jobs), "--out", str(out), environment=embedded)
    assert done.returncode == 3
    assert done.stdout == ""
    assert "b: fetch_not_enabled" in done.stderr
    assert "invalid_job" in done.stderr
    assert len(out.read_text().splitlines()) == 3
    # The same jobs again: the answers of before, at once, and one that was not there.
    jobs.write_text(JOBS + '{"id":"c","body":"Three died."}')
    again = run("process", "--jobs", str(jobs), environment=embedded)
    assert sorted(json.loads(line)["id"] for line in again.stdout.splitlines()) == ["a", "b", "c"]


def test_in_process_gives_what_the_queue_gives(embedded: dict[str, str], tmp_path: Path) -> None:
    jobs = tmp_path / "jobs.jsonl"
    jobs.write_text(JOBS)
    outcomes = []
    for options in ((), ("--in-process",)):
        done = run("process", *options, "--jobs", str(jobs), environment=embedded)
        assert done.returncode == 3
        events = {event["id"]: event["data"] for event in map(json.loads, done.stdout.splitlines())}
        events["a"]["provenance"].pop("milliseconds")
        outcomes.append(events)
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("stdin", [JOBS.splitlines()[0], "Two people died in Paris on Monday.\n", "<p>Two died.</p>"])
def test_stdin_may_be_jobs_text_or_html(embedded: dict[str, str], stdin: str) -> None:
    done = run("process", "--in-process", "-", environment=embedded, stdin=stdin)
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("arguments", [("process",), ("process", "no-such-file.txt"), ("process", "--nope"), ("nope",)])
def test_wrong_usage_exits_with_2(embedded: dict[str, str], arguments: tuple[str, ...]) -> None:
    assert run(*arguments, environment=embedded).returncode == 2


def test_a_bad_setting_is_named(embedded: dict[str, str]) -> None:
    done = run("status", environment={**embedded, "PAGEFACTS_IN_FLIGHT": "many"})
    assert done.returncode == 2
    assert "PAGEFACTS_IN_FLIGHT" in done.stderr


@pytest.fixture
def without_spacy(embedded: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """spaCy is wanted, and not installed."""
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['spacy'] = None\n")
    paths = os.pathsep.join(filter(None, (str(tmp_path), embedded.get("PYTHONPATH"))))
    return {**embedded, "PYTHONPATH": paths, "PAGEFACTS_TAGGER": "spacy"}


@pytest.mark.parametrize(
    "command", ["process --in-process -", "process -", "worker -c 1", "worker -c 1 -Q pagefacts.tag"]
)
def test_a_tagger_that_is_not_installed_is_said_at_once(without_spacy: dict[str, str], command: str) -> None:
    done = run(*command.split(), environment=without_spacy, stdin="Two people died in Paris.\n")
    assert done.returncode == 2
    assert "PAGEFACTS_TAGGER: spacy is not installed; pip install 'pagefacts[spacy]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_that_tags_nothing_needs_no_tagger(without_spacy: dict[str, str]) -> None:
    assert run("status", environment=without_spacy).returncode == 0


@pytest.mark.parametrize("options", [(), ("--in-process",)])
def test_the_other_tagger_is_used_where_it_is_wanted(embedded: dict[str, str], options: tuple[str, ...]) -> None:
    pytest.importorskip("spacy")
    done = run("process", *options, str(EXAMPLE), environment={**embedded, "PAGEFACTS_TAGGER": "spacy"})
    assert "core_web_sm" in json.loads(done.stdout)["data"]["provenance"]["models"]["tagger"]


def test_enqueue_work_results_and_dead_letters(
    environment: dict[str, str], ledger: Ledger, start_worker: Start, tmp_path: Path
) -> None:
    jobs = tmp_path / "jobs.jsonl"
    jobs.write_text(JOBS)
    ids = run("enqueue", str(EXAMPLE), "--jobs", str(jobs), environment=environment).stdout.split()
    assert ids[0].startswith("sha256:")
    assert ids[1:] == ["a", "b"]
    assert json.loads(run("status", "--json", environment=environment).stdout)["lag"] == 3

    start_worker()
    answered(ledger, 3)

    first = run("results", "--group", "desk", environment=environment).stdout.splitlines()
    assert sorted(json.loads(line)["id"] for line in first) == sorted(ids)
    assert run("results", "--group", "desk", environment=environment).stdout == ""
    assert len(run("results", environment=environment).stdout.splitlines()) == 3

    listed = run("dead", "list", environment=environment).stdout
    assert listed.split("\t")[1] == "b"
    letter = json.loads(run("dead", "show", "b", environment=environment).stdout)
    assert json.loads(letter["job"]) == {"id": "b", "url": "https://example.org/"}
    assert run("dead", "retry", "b", environment=environment).stdout == "b\n"
    answered(ledger, 4)
    until(lambda: run("dead", "list", environment=environment).stdout)
    assert run("dead", "drop", "b", environment=environment).stdout == "b\n"
    assert run("dead", "show", "b", environment=environment).returncode == 1
    status = json.loads(run("status", "--json", environment=environment).stdout)
    assert (status["answered"], status["failed"], status["dead"], status["in_flight"]) == (4, 2, 0, 0)


def test_results_follow_waits_for_more(environment: dict[str, str], ledger: Ledger) -> None:
    with subprocess.Popen(
        [*COMMAND, "results", "--follow"], env=environment, stdout=subprocess.PIPE, text=True
    ) as reader:
        assert reader.stdout is not None
        for name in ("one", "two"):
            ledger.client.xadd(ledger.keys.results, {"event": json.dumps({"id": name})})
            assert json.loads(reader.stdout.readline())["id"] == name
        reader.terminate()


def test_answers_come_while_jobs_are_still_being_written(embedded: dict[str, str]) -> None:
    with subprocess.Popen(
        [*COMMAND, "process", "--jobs", "-"],
        env=embedded,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name in ("one", "two"):
            process.stdin.write(json.dumps({"id": name, "body": "Two people died."}) + "\n")
            assert json.loads(process.stdout.readline())["id"] == name
        process.stdin.close()
    assert process.returncode == 0


def test_the_schema_is_printed(environment: dict[str, str]) -> None:
    assert json.loads(run("schema", environment=environment).stdout)["title"] == "Job"
    assert "oneOf" in json.loads(run("schema", "event", environment=environment).stdout)


def test_a_folder_with_names_like_ours_does_no_harm(embedded: dict[str, str], tmp_path: Path) -> None:
    for name in ("config", "tasks", "worker"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('a stranger')\n")
    done = subprocess.run(
        [*COMMAND, "process", "--jobs", "-"],
        env=embedded,
        cwd=tmp_path,
        input='{"id":"a","body":"Two people died."}',
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    stranger = subprocess.run(
        [*COMMAND, "status"],
        env={**embedded, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert stranger.returncode == 1
    assert "is not pagefacts' own" in stranger.stderr


def test_the_embedded_server_is_shared_kept_and_ended(embedded: dict[str, str], tmp_path: Path) -> None:
    socket = tmp_path / "data" / "server.sock"
    log = tmp_path / "worker.log"
    run("enqueue", "--jobs", "-", environment=embedded, stdin='{"id":"kept","body":"Two people died."}')
    assert not alive(socket)
    worker = Worker(embedded, log)  # starts the server anew, with what the first one kept
    try:
        until(lambda: alive(socket))
        until(lambda: json.loads(run("status", "--json", environment=embedded).stdout)["answered"] == 1)
        assert alive(socket)
    finally:
        worker.stop()
    until(lambda: not alive(socket))
    assert json.loads(run("results", environment=embedded).stdout)["id"] == "kept"


def test_a_server_whose_owner_was_killed_is_adopted(embedded: dict[str, str], tmp_path: Path) -> None:
    socket = tmp_path / "data" / "server.sock"
    worker = Worker(embedded, tmp_path / "worker.log")
    until(lambda: alive(socket))
    worker.kill()
    assert alive(socket)
    assert run("status", environment=embedded).returncode == 0
    until(lambda: not alive(socket))


def test_the_worker_of_process_ends_with_it(embedded: dict[str, str], tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "process", "--jobs", "-"], env=embedded, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        log = tmp_path / "data" / "worker.log"
        until(lambda: log.exists() and "ready" in log.read_text())
        process.kill()
    until(lambda: "Warm shutdown" in log.read_text(), what="the worker's end")
    time.sleep(0.1)
    assert run("status", environment=embedded).returncode == 0


def alive(socket: Path) -> bool:
    client = redis.Redis(unix_socket_path=os.fspath(socket))
    try:
        return bool(client.ping())
    except (redis.ConnectionError, redis.BusyLoadingError):
        return False
    finally:
        client.close()
