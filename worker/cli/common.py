"""What several commands have in common: their input, the settings, and the server."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from config.settings import Settings
    from pagefacts.contracts import FailureEvent, ResultEvent
    from worker.embedded import Embedded
    from worker.ledger import Ledger
    from worker.stop import Stop


SOME_FAILED: Final = 3
"""Exit status where some answers are failures."""

paths_argument = click.argument("paths", nargs=-1, type=click.Path(exists=True, allow_dash=True))
answers_argument = click.argument(
    "files", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True), default=("-",)
)
page_file = click.File("w", encoding="utf-8", lazy=True)
jobs_option = click.option(
    "--jobs",
    "job_files",
    multiple=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="JSON Lines of jobs; - is stdin.",
)


stdin_option = click.option(
    "--stdin",
    type=click.Choice(["html", "text", "jobs", "csv", "tsv", "warc"]),
    help="What stdin holds as a PATH; told by its beginning without it, but for a table.",
)


def require_input(paths: tuple[str, ...], job_files: tuple[str, ...]) -> None:
    """Raise wrong usage where there is nothing to read."""
    if not paths and not job_files:
        raise click.UsageError("give at least one PATH, or --jobs FILE")


def warn(message: str) -> None:
    """Tell a person on stderr."""
    click.echo(f"pagefacts: {message}", err=True)


def end_with_failures(failures: int, total: int, shown: bool = False) -> None:
    """End the command where some of the ``total`` answers are failures; they were left out unless ``shown``."""
    if failures:
        warn(f"{failures} of {total} answers are failures" + ("" if shown else " and were left out"))
        sys.exit(SOME_FAILED)


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Take SIGINT and SIGTERM until the block ends; one that stops it ends the command, with a shell's exit status."""
    from worker.stop import Stop, Stopped

    stop = Stop()
    try:
        with stop.listening():
            yield stop
    except Stopped as stopped:
        sys.exit(stopped.exit_status)


def read_events(paths: Iterable[str]) -> Iterator[ResultEvent | FailureEvent]:
    """Yield the answers, JSON, in files, packed or not; one that is none ends the command, with its file and line."""
    from worker.inputs.answers import answer_batches

    return (answer.event for batch in answer_batches(paths) for answer in batch)


def settings_here() -> Settings:
    """Return the settings of the environment; one that cannot be used is wrong usage."""
    from config.settings import Settings

    with said_as_usage():
        return Settings.from_env(os.environ)


def require_tagger(settings: Settings) -> None:
    """Raise wrong usage where the tagger that is wanted is not installed."""
    from worker.engine import wanted_engine

    with said_as_usage():
        wanted_engine(settings)


@contextmanager
def said_as_usage() -> Iterator[None]:
    """Turn a setting that cannot be used into wrong usage, which ends the command with status 2."""
    from config.settings import SettingsError

    try:
        yield
    except SettingsError as error:
        raise click.UsageError(str(error)) from None


@contextmanager
def server() -> Iterator[tuple[Settings, Embedded | None]]:
    """Yield the settings with a server in them: the one that is named, or the embedded one, which is given too."""
    from worker.embedded import embedded_server

    settings = settings_here()
    if settings.redis_url is not None:
        yield settings, None
        return
    with embedded_server(settings.data_dir) as embedded:
        yield settings.model_copy(update={"redis_url": embedded.url}), embedded


@contextmanager
def opened() -> Iterator[list[Ledger]]:
    """Open the ledger of each shard on the server that is named, or on the embedded one."""
    with server() as (settings, _):
        yield ledgers_on(settings)


def ledgers_on(settings: Settings) -> list[Ledger]:
    """Return the ledger of each shard on the server of ``settings``; raise at once where it is away, or too old."""
    from worker.connection import check_server, connect, open_ledgers

    check_server(connect(str(settings.redis_url), retries=1))  # a person waits: say it at once
    return open_ledgers(settings)
