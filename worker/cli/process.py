"""``pagefacts process``."""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from worker.cli.common import (
    SOME_FAILED,
    jobs_option,
    ledgers_on,
    paths_argument,
    require_input,
    require_tagger,
    server,
    settings_here,
    stdin_option,
    warn,
)

if TYPE_CHECKING:
    from worker.child import ChildWorker
    from worker.ledger import Ledger
    from worker.run import Run


@click.command()
@paths_argument
@jobs_option
@stdin_option
@click.option("--in-process", is_flag=True, help="Without any queue, in this process.")
@click.option("--out", type=click.Path(dir_okay=False, writable=True), help="Write there instead of to stdout.")
@click.option("-c", "--concurrency", type=click.IntRange(1), help="Processes of the worker started here.")
@click.option("--again", is_flag=True, help="Process jobs anew that were answered before.")
def process(
    paths: tuple[str, ...],
    job_files: tuple[str, ...],
    stdin: str | None,
    in_process: bool,
    out: str | None,
    concurrency: int | None,
    again: bool,
) -> None:
    """Process pages, and write one answer a line as they arrive.

    PATH is a page (.html, .txt), a WARC of pages (.warc), JSON Lines of jobs (.jsonl), a table of URLs (.csv, .tsv),
    any of these packed (.gz, .zst), or a folder of such files; - is stdin.

    Exit status: 0 when every job succeeded, 3 when some were answered with a failure, which stderr names, 2 for wrong
    usage, 1 when no answer could be had or a file ends early.
    """
    require_input(paths, job_files)
    jobs = _jobs(paths, job_files, stdin)
    with ExitStack() as stack:
        target: IO[str] = stack.enter_context(Path(out).open("w", encoding="utf-8")) if out else sys.stdout
        answers = _in_process(jobs) if in_process else stack.enter_context(_through_queue(jobs, concurrency, again))
        failures = _write(answers, target)
    sys.exit(SOME_FAILED if failures else 0)


def _jobs(paths: tuple[str, ...], job_files: tuple[str, ...], stdin: str | None) -> Iterator[bytes]:
    """Yield the jobs; nothing is read, or imported for it, before the first is asked for."""
    from worker.inputs import Kind, read_jobs, readable

    # A page's id is new each time, so that it is processed each time; jobs in files keep the ids they have.
    yield from read_jobs(
        paths, job_files, lambda path: f"{readable(path)}:{uuid.uuid4().hex[:12]}", Kind(stdin) if stdin else None
    )


def _write(answers: Iterable[str], target: IO[str]) -> int:
    """Write the events as they arrive, and name each failure on stderr; return how many failed."""
    failures = 0
    for event in answers:
        target.write(event + "\n")
        target.flush()
        head = json.loads(event)
        if failure := head["data"].get("failure"):
            failures += 1
            warn(f"{head['id']}: {failure['code']}: {failure['message']}")
    return failures


def _in_process(jobs: Iterable[bytes]) -> Iterator[str]:
    from config import logs
    from worker import runtime
    from worker.inline import answer_here

    logs.configure("WARNING")  # answers are the output; what goes wrong stands in them
    require_tagger(settings_here())
    models, fetch = runtime.models(), runtime.fetch_here()
    return (answer_here(raw, models, fetch) for raw in jobs)


@contextmanager
def _through_queue(jobs: Iterable[bytes], concurrency: int | None, again: bool) -> Iterator[Iterator[str]]:
    from worker.child import child_worker

    child: ChildWorker | None = None
    with server() as (settings, embedded), ExitStack() as stack:
        if embedded is not None:
            require_tagger(settings)  # said here, instead of at the end of the worker's log
            processes = concurrency or os.cpu_count() or 1
            child = stack.enter_context(child_worker(embedded.url, processes, embedded.folder / "worker.log"))
        from worker.run import Run  # while the worker starts

        ledgers = ledgers_on(settings)
        run = Run(ledgers, again, child.check if child else lambda: None, warn)
        if embedded is None:
            _warn_if_no_worker(ledgers)
        yield stack.enter_context(_progress(run, jobs))


def _warn_if_no_worker(ledgers: list[Ledger]) -> None:
    from worker.queue_state import read_state

    if not any(read_state(ledger).running for ledger in ledgers):
        warn("no worker is taking jobs in; start one with `pagefacts worker`")


@contextmanager
def _progress(run: Run, jobs: Iterable[bytes]) -> Iterator[Iterator[str]]:
    """Show a bar on a terminal's stderr while the answers are read."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("pages"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("pages", total=None)

        def answers() -> Iterator[str]:
            for event in run.answers(jobs):
                bar.update(task, advance=1, total=run.taken)
                yield event

        yield answers()
