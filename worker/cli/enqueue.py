"""``pagefacts enqueue``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

from worker.cli.common import (
    jobs_option,
    ledgers_on,
    paths_argument,
    require_input,
    server,
    stdin_option,
    stoppable,
    warn,
)

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from pagefacts.client import QueueFull
    from worker.bulk import Bulk, Placed
    from worker.inputs import Source

_WRONG_SAID: Final = 10
"""Jobs that are named as wrong."""


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
    from worker.shards import Shards
    from worker.stop import Stopped

    require_input(paths, job_files)
    with stoppable() as stop, server() as (settings, _):
        sources = sources_of(paths, job_files, Kind(stdin) if stdin else None)
        checkpoint = checkpoint_of(settings, sources)
        if restart and checkpoint:
            checkpoint.remove()
        bulk = Bulk(Shards(ledgers_on(settings)), sources, checkpoint, stop)
        if before := bulk.progress.enqueued:
            warn(f"goes on after the {before:,} jobs that are enqueued already; --restart begins anew")
        size = None if any(source.is_once for source in sources) else sum(map(size_of, sources))
        try:
            with _bar(size) as (bar, task):
                bulk.enqueue(_Shown(bar, task, sources, no_wait))
        except (Exception, Stopped):
            if bulk.progress.enqueued:
                _say_how_far(bulk)
            raise


def _say_how_far(bulk: Bulk) -> None:
    after = "the same command goes on from there" if bulk.is_kept else "what was not written to stdout is not enqueued"
    warn(f"{bulk.progress.enqueued:,} jobs are enqueued; {after}")


class _Shown:
    """Writes the ids, names the jobs that are none, and moves the bar."""

    def __init__(self, bar: Progress, task: TaskID, sources: Sequence[Source], no_wait: bool) -> None:
        self._bar = bar
        self._task = task
        self._sources = sources
        self._no_wait = no_wait
        self._said: set[str] = set()
        self._count = 0
        self._wrong = 0

    def enqueued(self, jobs: Sequence[Placed], read: int) -> None:
        for job in jobs:
            click.echo(self._id_of(job))
        sys.stdout.flush()
        self._count += len(jobs)
        rate = self._count / (self._bar.tasks[self._task].elapsed or 1)
        counted = f"{self._count:,} jobs, {rate:,.0f}/s"
        self._bar.update(self._task, description="enqueued", completed=read, counted=counted)

    def _id_of(self, job: Placed) -> str:
        from pagefacts.contracts import identify, parse_job
        from pagefacts.errors import DataError

        try:
            return str(parse_job(job.raw).id)
        except DataError as error:
            self._say_wrong(job, error)
            return identify(job.raw)

    def _say_wrong(self, job: Placed, error: Exception) -> None:
        """Name a job that will be answered with a failure; where many are wrong, most are so in the same way."""
        self._wrong += 1
        file, number = job.place
        if self._wrong <= _WRONG_SAID:
            warn(f"{self._sources[file].path}, job {number + 1:,} will be answered with a failure: {error}")
        elif self._wrong == _WRONG_SAID + 1:
            warn("there are more of these, which are not named here")

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
