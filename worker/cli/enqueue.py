"""``pagefacts enqueue``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from worker.cli.common import jobs_option, opened, paths_argument, require_input
from worker.errors import OperatorError


@click.command()
@paths_argument
@jobs_option
def enqueue(paths: tuple[str, ...], job_files: tuple[str, ...]) -> None:
    """Enqueue pages, and write the id of each job.

    PATH is a page (.html, .txt), a WARC of pages (.warc, .warc.gz, .warc.zst) or JSON Lines of jobs (.jsonl); - is
    stdin.

    A page's id is a hash of its content: the same page enqueued twice is answered once. Where a limit of the queue is
    reached, it ends with exit status 1: the jobs whose ids were not written are not enqueued.
    """
    from worker.inputs import read_jobs
    from worker.ledger import QueueFull

    require_input(paths, job_files)
    with opened() as ledger:
        for batch in _batches(read_jobs(paths, job_files, lambda _: None), 100):
            try:
                ledger.enqueue(*batch)
            except QueueFull as error:
                _write_ids(raw for raw in batch if raw not in set(error.refused))
                raise
            _write_ids(batch)


def _write_ids(jobs: Iterable[bytes]) -> None:
    from pagefacts.contracts import identify

    for raw in jobs:
        click.echo(identify(raw))


def _batches(jobs: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    try:
        for raw in jobs:
            batch.append(raw)
            if len(batch) == size:
                yield batch
                batch = []
    except OperatorError:  # a file that ends early: what stands before its end counts
        if batch:
            yield batch
        raise
    if batch:
        yield batch
