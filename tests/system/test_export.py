"""`pagefacts results`: each format has what the answers say, and a group is given each answer once."""

from __future__ import annotations

import csv
import json
import os
import pty
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
from golden import contract_example, read
from support import COMMAND, Worker, answered, events, until

from pagefacts.contracts import ResultEvent
from pagefacts.render.rows import COLUMNS, rows_of
from pagefacts.render.tables import csv_header, csv_lines
from worker.ledger import Ledger

Start = Callable[..., Worker]
FAILURE = json.dumps(contract_example("failure"), separators=(",", ":"))


def answer(job: str) -> str:
    """A real result under the id ``job``, of which one figure is left."""
    result = read("jpost-stabbing")["result"]
    data = {**result, "casualties": result["casualties"][:1], "provenance": {"pagefacts": "0"}}
    return ResultEvent.model_validate({**contract_example("result"), "id": job, "data": data}).to_json()


def publish(ledger: Ledger, *events: str) -> None:
    pipe = ledger.client.pipeline()
    for event in events:
        pipe.xadd(ledger.keys.results, {"event": event})
    pipe.execute()


def command(*arguments: str | Path) -> list[str]:
    return [*COMMAND, "results", *map(str, arguments)]


def run(*arguments: str | Path, environment: dict[str, str], stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), env=environment, input=stdin, capture_output=True, text=True, timeout=180
    )


@contextmanager
def running(*arguments: str | Path, environment: dict[str, str], **streams: int) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command(*arguments), env=environment, **streams) as process:
        try:
            yield process
        finally:
            process.kill()


def rows_in(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def jobs_in(path: Path) -> list[str]:
    return [row["job"] for row in rows_in(path)]


def pending(ledger: Ledger, group: str = "desk") -> int:
    return int(ledger.client.xpending(ledger.keys.results, group)["pending"])


def casualties_of(events: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The figures of results, each once, as the events have them."""
    found = {}
    for event in events:
        dates = {fact["id"]: fact for fact in event["data"].get("dates", ())}
        for fact in event["data"].get("casualties", ()):
            if fact["same_as"] is None:
                date = dates.get((fact["time"] or {}).get("date"), {"from": None, "to": None})
                numbers = {"best": fact["best"], "low": fact["min"], "high": fact["max"]}
                found[f"{event['id']}/{fact['id']}"] = {**numbers, "date_start": date["from"], "date_end": date["to"]}
    return found


def test_each_format_has_the_figures_of_the_answers(
    environment: dict[str, str], ledger: Ledger, start_worker: Start, tmp_path: Path
) -> None:
    bodies = {
        "a": "More than 20 people were killed in Aleppo, Syria, on 11 March 2024, the ministry said. Five are missing.",
        "b": "Between 10 and 12 civilians died near Windhoek, Namibia, in May 2024. Up to 30 were injured.",
        "c": None,
    }
    for job, body in bodies.items():
        ledger.enqueue(json.dumps({"id": job, "url": "https://a.example/", **({"body": body} if body else {})}))
    start_worker()
    expected = casualties_of(answered(ledger, 3))
    assert len(expected) >= 4

    outs = {name: tmp_path / f"figures.{name}" for name in ("csv", "parquet", "geojson", "jsonl")}
    for name, out in outs.items():
        done = run("--out", out, environment=environment)
        if name == "jsonl":
            assert (done.returncode, done.stderr) == (0, "")
        else:
            assert done.returncode == 3
            assert done.stderr == "pagefacts: 1 of 3 answers are failures and were left out\n"

    columns = ("best", "low", "high", "date_start", "date_end")
    assert {
        row["id"]: {name: int(row[name]) if row[name].isdigit() else row[name] or None for name in columns}
        for row in rows_in(outs["csv"])
    } == expected
    frame = pd.read_csv(outs["csv"], keep_default_na=False, na_values=[""], dtype={"best": "Int64", "high": "Int64"})
    assert list(frame.columns) == list(COLUMNS)
    for _, row in frame.iterrows():
        assert all(
            (None if pd.isna(row[name]) else row[name]) == expected[row["id"]][name] for name in ("best", "low", "high")
        )
    found = {row["id"]: row for row in pq.read_table(outs["parquet"]).to_pylist()}
    assert {
        key: {name: str(row[name]) if "date" in name and row[name] else row[name] for name in columns}
        for key, row in found.items()
    } == expected
    assert len(pd.read_parquet(outs["parquet"])) == len(expected)
    features = json.loads(outs["geojson"].read_text())["features"]
    assert {f["id"] for f in features if f["properties"]["kind"] == "figure"} == expected.keys()
    assert [json.loads(line)["id"] for line in outs["jsonl"].read_text().splitlines()] == [
        event["id"] for event in events(ledger)
    ]

    # The same from the file, without the server.
    alone = {**environment, "REDIS_URL": "redis://127.0.0.1:1/0"}
    again = tmp_path / "again.parquet"
    assert run(outs["jsonl"], "--out", again, environment=alone).returncode == 3
    assert again.read_bytes() == outs["parquet"].read_bytes()
    piped = run("-", "--format", "csv", environment=alone, stdin=outs["jsonl"].read_text())
    assert piped.stdout.encode() == outs["csv"].read_bytes().replace(b"\r\n", b"\n")


def test_a_file_that_is_no_answers_is_named_with_its_line(environment: dict[str, str], tmp_path: Path) -> None:
    good, bad, out = tmp_path / "good.jsonl", tmp_path / "bad.jsonl", tmp_path / "out.csv"
    good.write_text(answer("a") + "\n")
    bad.write_text(answer("a") + "\n\n{}\n")
    done = run(good, bad, "--out", out, environment=environment)
    assert done.returncode == 1
    assert done.stderr.startswith(f"pagefacts: {bad}, line 3 is no answer of pagefacts: ")
    assert not out.exists()


def test_a_group_appends_what_is_new(environment: dict[str, str], ledger: Ledger, tmp_path: Path) -> None:
    out = tmp_path / "answers.jsonl"
    once, twice = answer("a"), answer("b")
    for event in (once, twice):
        publish(ledger, event)
        done = run("--group", "desk", "--out", out, environment=environment)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert pending(ledger) == 0
    assert out.read_text() == f"{once}\n{twice}\n"


def test_what_was_written_and_not_acknowledged_is_not_written_again(
    environment: dict[str, str], ledger: Ledger, tmp_path: Path
) -> None:
    out = tmp_path / "figures.csv"
    names = [f"j{number}" for number in range(30)]
    publish(ledger, *map(answer, names))
    # As a process leaves it that is killed within its second batch.
    ledger.create_group(ledger.keys.results, "desk")
    for count in (10, 8):
        given = ledger.client.xreadgroup("desk", "pagefacts-results", {ledger.keys.results: ">"}, count=count)[0][1]
        if count == 10:
            ledger.client.xack(ledger.keys.results, "desk", *(entry for entry, _ in given))
    rows = [row for name in names for row in rows_of(ResultEvent.model_validate_json(answer(name)))]
    whole = (csv_header() + csv_lines(rows)).encode()
    out.write_bytes(whole[: len((csv_header() + csv_lines(rows[:14])).encode()) - 40])

    assert run("--group", "desk", "--out", out, environment=environment).returncode == 0
    assert out.read_bytes() == whole
    assert pending(ledger) == 0


def test_a_reader_that_is_killed_loses_nothing_and_doubles_nothing(
    environment: dict[str, str], ledger: Ledger, tmp_path: Path
) -> None:
    out = tmp_path / "figures.csv"
    names = [f"j{number}" for number in range(1_500)]
    publish(ledger, *map(answer, names))
    for share in (1, 500):
        with running("--group", "desk", "--out", out, environment=environment):
            until(lambda share=share: out.exists() and out.read_bytes().count(b"\r\n") > share)
    assert run("--group", "desk", "--out", out, environment=environment).returncode == 0
    assert jobs_in(out) == names


def test_a_file_that_is_whole_at_its_end_is_acknowledged_then(
    environment: dict[str, str], ledger: Ledger, tmp_path: Path
) -> None:
    out = tmp_path / "figures.parquet"
    publish(ledger, *(answer(f"j{number}") for number in range(250)), '{"no":"answer"}')
    failed = run("--group", "desk", "--out", out, environment=environment)
    assert failed.returncode == 1
    assert "is no answer that this version of pagefacts reads" in failed.stderr
    assert len(failed.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
    assert pending(ledger) == 251

    ledger.client.delete(ledger.keys.results)
    publish(ledger, *(answer(f"j{number}") for number in range(250)))
    assert run("--group", "desk", "--out", out, environment=environment).returncode == 0
    assert len(pq.read_table(out)) == 250
    assert pending(ledger) == 0


def test_following_ends_tidily(environment: dict[str, str], ledger: Ledger, tmp_path: Path) -> None:
    out = tmp_path / "figures.csv"
    publish(ledger, answer("a"))
    follow = ("--group", "desk", "--follow", "--out", out)
    with running(*follow, environment=environment, stderr=subprocess.PIPE) as process:
        until(lambda: out.exists() and len(jobs_in(out)) == 1)
        publish(ledger, answer("b"))
        until(lambda: len(jobs_in(out)) == 2)
        other = run("--group", "desk", "--out", out, environment=environment)
        assert (other.returncode, other.stderr) == (1, f"pagefacts: {out}: another process is writing to it\n")
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 143
        assert process.stderr
        assert process.stderr.read() == b""
    publish(ledger, answer("c"))
    assert run("--group", "desk", "--out", out, environment=environment).returncode == 0
    assert jobs_in(out) == ["a", "b", "c"]


def test_what_a_pipe_did_not_take_is_given_again(environment: dict[str, str], ledger: Ledger) -> None:
    names = [f"j{number}" for number in range(300)]
    publish(ledger, *map(answer, names))
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with running("--group", "desk", environment=environment, **pipes) as process:
        assert process.stdout
        assert process.stderr
        first = json.loads(process.stdout.readline())["id"]
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 1
    rest = [json.loads(line)["id"] for line in run("--group", "desk", environment=environment).stdout.splitlines()]
    assert {first, *rest} == set(names)
    assert set(Counter(rest).values()) == {1}


def test_parquet_does_not_go_to_a_terminal(environment: dict[str, str]) -> None:
    shown, terminal = pty.openpty()
    done = subprocess.run(
        command("--format", "parquet"), env=environment, stdout=terminal, stderr=subprocess.PIPE, timeout=180
    )
    os.close(terminal)
    os.close(shown)
    assert done.returncode == 2
    assert b"parquet is not for a terminal: give --out FILE" in done.stderr


def test_pyarrow_that_is_not_installed_is_said(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['pyarrow'] = None\n")
    paths = os.pathsep.join(filter(None, (str(tmp_path), environment.get("PYTHONPATH"))))
    done = run("--out", tmp_path / "f.parquet", environment={**environment, "PYTHONPATH": paths})
    assert done.returncode == 1
    assert done.stderr == "pagefacts: parquet: pyarrow is not installed; pip install 'pagefacts[parquet]'\n"
    assert not (tmp_path / "f.parquet").exists()
