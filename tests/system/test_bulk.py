"""`pagefacts enqueue`: each kind of input, stopped and gone on with, and a queue that is full."""

from __future__ import annotations

import gzip
import json
import os
import pty
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support import COMMAND, Worker, answered, until

from worker.fetching.encodings import zstd
from worker.ledger import Ledger

Start = Callable[..., Worker]
PAGE = "<html><body><p>Five people died in Aleppo on Monday, officials said.</p></body></html>"
WARC = (
    "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:b5a3b7a0-0000-4000-8000-000000000001>\r\n"
    "WARC-Date: 2015-10-05T12:00:00Z\r\nWARC-Target-URI: https://a.example/warc\r\n"
    "Content-Type: application/http; msgtype=response\r\nContent-Length: {}\r\n\r\n{}\r\n\r\n"
)
RESPONSE = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{PAGE}"
ARCHIVE = WARC.format(len(RESPONSE), RESPONSE).encode()
TABLE = "url,outlet\nhttps://a.example/csv,The Post\n"


def command(*arguments: str) -> list[str]:
    return [*COMMAND, "enqueue", *arguments]


def run(
    *arguments: str, environment: dict[str, str], stdin: bytes = b"", **settings: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command(*arguments), env={**environment, **settings}, input=stdin, capture_output=True, timeout=180
    )


@contextmanager
def running(*arguments: str, environment: dict[str, str], **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        command(*arguments), env={**environment, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def jobs_file(folder: Path, count: int) -> Path:
    path = folder / "jobs.jsonl"
    path.write_text("".join(f'{{"id":"{number}","body":"Five died."}}\n' for number in range(count)))
    return path


def enqueued(ledger: Ledger) -> list[dict[str, object]]:
    return [json.loads(fields[b"job"]) for _, fields in ledger.client.xrange(ledger.keys.jobs)]


def ids(ledger: Ledger) -> list[str]:
    return [str(job["id"]) for job in enqueued(ledger)]


def waiting(ledger: Ledger) -> int:
    return int(ledger.client.xlen(ledger.keys.jobs))


def checkpoints(environment: dict[str, str]) -> list[Path]:
    return list(Path(environment["PAGEFACTS_DATA_DIR"]).glob("enqueue/*"))


def test_a_folder_of_all_kinds_is_answered(
    environment: dict[str, str], ledger: Ledger, start_worker: Start, tmp_path: Path
) -> None:
    folder = tmp_path / "crawl"
    folder.mkdir()
    contents = {
        "a.html": PAGE.encode(),
        "b.txt.zst": zstd.compress(b"Officials in Aleppo said on Monday that five people were killed.\n" * 3),
        "c.jsonl.gz": gzip.compress(b'{"id":"json","body":"Five people died in Aleppo."}\nno job\n'),
        "d.csv": TABLE.encode(),
        "e.tsv": b"url\toutlet\nhttps://a.example/tsv\tThe Post\n",
        "f.warc.gz": gzip.compress(ARCHIVE),
        "g.pdf": b"%PDF",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)

    done = run(str(folder), environment=environment)

    assert done.returncode == 0, done.stderr
    left_out, wrong = done.stderr.decode().splitlines()
    assert left_out == f"pagefacts: {folder}: left out 1 files of other kinds"
    assert wrong.startswith(f"pagefacts: {folder}/c.jsonl.gz, job 2 will be answered with a failure: The job is not ")
    assert checkpoints(environment) == []
    names = done.stdout.decode().split()
    assert len(names) == len(set(names)) == 7
    start_worker()
    events = {event["id"]: event["data"] for event in answered(ledger, 7)}
    assert events.keys() == set(names)
    assert Counter(data.get("failure", {}).get("code") for data in events.values()) == {
        None: 4,
        "fetch_not_enabled": 2,
        "invalid_job": 1,  # a line that is no job has an answer, too
    }
    outlets = [data["attributes"]["outlet"] for data in events.values() if "outlet" in (data["attributes"] or {})]
    assert outlets == ["The Post"] * 2


@pytest.mark.parametrize(
    ("options", "stdin", "field"),
    [
        (["-"], gzip.compress(ARCHIVE), "html_base64"),
        (["--stdin", "csv", "-"], TABLE.encode(), "url"),
        (["--stdin", "text", "-"], b"{these} are words", "text"),
        (["--jobs", "-"], b'{"url":"https://a.example/"}\n', "url"),
    ],
)
def test_stdin_is_told_by_its_beginning_or_named(
    environment: dict[str, str], ledger: Ledger, options: list[str], stdin: bytes, field: str
) -> None:
    done = run(*options, environment=environment, stdin=stdin)
    assert (done.returncode, done.stderr) == (0, b"")
    (job,) = enqueued(ledger)
    assert field in job
    assert checkpoints(environment) == []


def test_a_pipe_is_read_as_a_file_and_not_gone_on_with(environment: dict[str, str], ledger: Ledger) -> None:
    reader, writer = os.pipe()
    os.write(writer, b'{"id":"a","body":"Five died."}\n')
    os.close(writer)
    done = subprocess.run(
        command("--jobs", f"/dev/fd/{reader}"), env=environment, pass_fds=[reader], capture_output=True, timeout=180
    )
    os.close(reader)
    assert done.returncode == 0, done.stderr
    assert ids(ledger) == ["a"]


def test_a_run_that_was_stopped_goes_on(environment: dict[str, str], ledger: Ledger, tmp_path: Path) -> None:
    path = jobs_file(tmp_path, 400)
    _stop_at(150, path, environment, ledger)
    _stop_at(151, path, environment, ledger, signal.SIGTERM)
    _stop_at(290, path, environment, ledger)
    done = run(str(path), environment=environment)
    assert done.returncode == 0
    assert b"goes on after the 290 jobs" in done.stderr
    assert sorted(ids(ledger), key=int) == [str(number) for number in range(400)]
    assert checkpoints(environment) == []


def _stop_at(room: int, path: Path, environment: dict[str, str], ledger: Ledger, number: int = signal.SIGINT) -> None:
    """Enqueue as many as there is room for, and stop."""
    with running(str(path), environment=environment, PAGEFACTS_JOBS_MAX=str(room)) as process:
        assert process.stderr
        while b"waiting for room" not in (line := process.stderr.readline()):
            assert b"goes on after" in line
        process.send_signal(number)
        said = process.stderr.read().decode()
        assert process.wait(60) == 128 + number
    assert said == f"pagefacts: {room} jobs are enqueued; the same command goes on from there\n"
    assert waiting(ledger) == room
    assert len(checkpoints(environment)) == 1


def test_at_whatever_moment_it_is_stopped_each_job_is_enqueued_once(
    environment: dict[str, str], ledger: Ledger, tmp_path: Path
) -> None:
    path = jobs_file(tmp_path, 6_000)
    statuses = []
    for share in (1, 1_500, 3_000):
        with running(str(path), environment=environment) as process:
            until(lambda share=share: waiting(ledger) >= share)
            process.send_signal(signal.SIGINT)
            statuses.append(process.wait(60))
    assert run(str(path), environment=environment).returncode == 0
    counts = Counter(ids(ledger))
    assert len(counts) == 6_000
    if set(statuses) == {130}:  # else a run was at its end before the signal came, and the next began anew
        assert set(counts.values()) == {1}


def test_restart_begins_anew(environment: dict[str, str], ledger: Ledger, tmp_path: Path) -> None:
    path = jobs_file(tmp_path, 120)
    _stop_at(110, path, environment, ledger)
    done = run("--restart", str(path), environment=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert Counter(ids(ledger)) == {str(number): 2 if number < 110 else 1 for number in range(120)}


def test_the_same_command_twice_at_once_loses_nothing(
    environment: dict[str, str], ledger: Ledger, tmp_path: Path
) -> None:
    path = jobs_file(tmp_path, 2_000)
    with running(str(path), environment=environment) as one, running(str(path), environment=environment) as two:
        assert (one.wait(120), two.wait(120)) == (0, 0)
    counts = Counter(ids(ledger))
    assert len(counts) == 2_000
    assert max(counts.values()) <= 2  # which are answered once
    assert checkpoints(environment) == []


def test_a_full_queue_is_waited_for(
    environment: dict[str, str], ledger: Ledger, start_worker: Start, tmp_path: Path
) -> None:
    path = jobs_file(tmp_path, 8)
    with running(str(path), environment=environment, PAGEFACTS_JOBS_MAX="3") as process:
        until(lambda: waiting(ledger) == 3)
        assert process.poll() is None
        start_worker()
        assert process.wait(120) == 0
        assert process.stderr
        said = process.stderr.read().decode()
    assert said.count("waiting for room") == 1
    assert "the limit is 3 (PAGEFACTS_JOBS_MAX)" in said
    assert sorted(event["id"] for event in answered(ledger, 8)) == list("01234567")


def test_without_waiting_the_limit_is_named_and_the_rest_comes_later(
    environment: dict[str, str], ledger: Ledger, tmp_path: Path
) -> None:
    path = jobs_file(tmp_path, 5)
    done = run("--no-wait", str(path), environment=environment, PAGEFACTS_JOBS_MAX="2")
    assert done.returncode == 1
    assert done.stdout.split() == [b"0", b"1"]
    assert b"the limit is 2 (PAGEFACTS_JOBS_MAX)" in done.stderr
    assert b"2 jobs are enqueued; the same command goes on from there" in done.stderr
    assert run(str(path), environment=environment).stdout.split() == [b"2", b"3", b"4"]
    assert ids(ledger) == ["0", "1", "2", "3", "4"]


def test_jobs_that_are_none_are_named_and_the_rest_goes_on(
    environment: dict[str, str], ledger: Ledger, tmp_path: Path
) -> None:
    path = tmp_path / "jobs.jsonl"
    path.write_text('{"id":"a","bodi":"Five died."}\n' * 12 + '{"id":"b","body":"Six died."}\n')
    done = run(str(path), environment=environment)
    said = done.stderr.decode().splitlines()
    assert done.returncode == 0
    assert waiting(ledger) == 13
    assert len(said) == 11
    assert said[0] == (
        f"pagefacts: {path}, job 1 will be answered with a failure: The job is not valid. bodi: unknown field"
    )
    assert "there are more of these" in said[-1]


def test_what_stands_before_the_end_of_a_torn_file_is_enqueued(
    environment: dict[str, str], ledger: Ledger, tmp_path: Path
) -> None:
    torn, whole = tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl"
    torn.write_bytes(gzip.compress(b'{"id":"a","body":"Five died."}\n')[:-4])
    whole.write_text('{"id":"b","body":"Six died."}\n')
    done = run(str(torn), str(whole), environment=environment)
    assert done.returncode == 1
    assert f"pagefacts: {torn}: " in done.stderr.decode()
    assert ids(ledger) == ["a"]


def test_a_person_sees_how_far_it_is(environment: dict[str, str], ledger: Ledger, tmp_path: Path) -> None:
    path = jobs_file(tmp_path, 250)
    shown, terminal = pty.openpty()
    done = subprocess.run(
        command(str(path)),
        env={**environment, "TERM": "xterm", "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=terminal,
        timeout=180,
    )
    os.close(terminal)
    seen = _all_of(shown)
    assert done.stdout.split() == [str(number).encode() for number in range(250)]
    for words in ("enqueued", "250 jobs, ", "/s", "100%", "left"):
        assert words in seen


def _all_of(descriptor: int) -> str:
    parts: list[bytes] = []
    try:
        while part := os.read(descriptor, 65_536):
            parts.append(part)
    except OSError:  # the other end is closed
        pass
    os.close(descriptor)
    return b"".join(parts).decode()
