"""``pagefacts enqueue``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from worker.cli.common import jobs_option, ledger_on, paths_argument, require_input, server, stdin_option, warn

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from pagefacts.client import QueueFull
    from worker.bulk import Bulk


@click.command()
@paths_argument
@jobs_option
@stdin_option
@click.option("--no-wait", is_flag=True, help="End with exit status 1 where a limit of the queue is reached.")
@click.option("--restart", is_flag=True, help="Begin anew where an earlier run of the same command was stopped.")
def enqueue(
    paths: tuple[str, ...], job_files: tuple[str, ...], stdin: str | None, no_wait: bool, restart: bool
) -> None:
    """Enqueue pages, and write the id of each job.

    PATH is a page (.html, .txt), a WARC of pages (.warc), JSON Lines of jobs (.jsonl), a table of URLs (.csv, .tsv),
    any of these packed (.gz, .zst), or a folder of such files; - is stdin.

    A page's id is a hash of its content: the same page enqueued twice is answered once. Where a limit of the queue is
    reached, it waits for room. When it is stopped (Ctrl-C) or fails, the same command goes on from there, as long as
    the files stay the same. Exit status: 0, 2 for wrong usage, 130 after Ctrl-C, 143 after SIGTERM, 1 when not all
    could be enqueued.
    """
    from worker.bulk import Bulk, size_of
    from worker.checkpoint import checkpoint_of
    from worker.inputs import Kind, sources_of
    from worker.stop import Stop, Stopped

    require_input(paths, job_files)
    sources = sources_of(paths, job_files, Kind(stdin) if stdin else None)
    stop = Stop()
    with server() as (settings, _):
        checkpoint = checkpoint_of(settings, sources)
        if restart and checkpoint:
            checkpoint.remove()
        bulk = Bulk(ledger_on(settings), sources, checkpoint, stop)
        before = bulk.progress.enqueued
        if before:
            warn(f"goes on after the {before:,} jobs that are enqueued already; --restart begins anew")
        size = None if any(source.is_stdin for source in sources) else sum(map(size_of, sources))
        try:
            with stop.listening(), _bar(size) as (bar, task):
                bulk.enqueue(_Shown(bar, task, no_wait))
        except Stopped as stopped:
            _say_how_far(bulk)
            sys.exit(stopped.exit_status)
        except Exception:
            if bulk.progress.enqueued:
                _say_how_far(bulk)
            raise


def _say_how_far(bulk: Bulk) -> None:
    after = "the same command goes on from there" if bulk.is_kept else "what was not written to stdout is not enqueued"
    warn(f"{bulk.progress.enqueued:,} jobs are enqueued; {after}")


class _Shown:
    """Writes the ids, and moves the bar."""

    def __init__(self, bar: Progress, task: TaskID, no_wait: bool) -> None:
        self._bar = bar
        self._task = task
        self._no_wait = no_wait
        self._said: set[str] = set()
        self._count = 0

    def enqueued(self, jobs: Sequence[bytes], read: int) -> None:
        from pagefacts.contracts import identify

        for raw in jobs:
            click.echo(identify(raw))
        sys.stdout.flush()
        self._count += len(jobs)
        rate = self._count / (self._bar.tasks[self._task].elapsed or 1)
        counted = f"{self._count:,} jobs, {rate:,.0f}/s"
        self._bar.update(self._task, description="enqueued", completed=read, counted=counted)

    def full(self, reason: QueueFull) -> None:
        if self._no_wait:
            raise reason
        if reason.limit not in self._said:  # there is a stop at every batch where workers are slower than the reading
            self._said.add(reason.limit)
            warn(f"{reason}; waiting for room")
        self._bar.update(self._task, description="waiting for room")


@contextmanager
def _bar(size: int | None) -> Iterator[tuple[Progress, TaskID]]:
    """Show a bar on a terminal's stderr: how much of ``size`` bytes is read, jobs, jobs a second, what is left."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[counted]}"),
        TimeElapsedColumn(),
        *([TextColumn("left"), TimeRemainingColumn()] if size is not None else []),
    )
    with Progress(
        *columns,
        console=Console(stderr=True),
        redirect_stdout=sys.stdout.isatty(),  # else the ids would go to the terminal, and not into the file
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as bar:
        yield bar, bar.add_task("enqueued", total=size, counted="")
