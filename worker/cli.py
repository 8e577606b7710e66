"""The ``pagefacts`` command line."""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

from pagefacts import __version__
from worker.errors import OperatorError

# Everything else is imported by the command that needs it: `pagefacts --help` is quick.
if TYPE_CHECKING:
    from config.settings import Settings
    from pagefacts.contracts import FailureEvent, ResultEvent
    from worker.dead import DeadLetters
    from worker.embedded import Embedded
    from worker.ledger import Ledger
    from worker.run import Run

_SOME_FAILED: Final = 3
_PASS_THROUGH: Final = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}

_paths = click.argument("paths", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
_jobs = click.option(
    "--jobs",
    "job_files",
    multiple=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="JSON Lines of jobs; - is stdin.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pagefacts")
def cli() -> None:
    """Turn news pages into checked facts: casualty figures, dates and places, each with the words it stands on.

    REDIS_URL names the server. Without it, an embedded one is started on this machine.
    """


@cli.command()
@_paths
@_jobs
@click.option("--in-process", is_flag=True, help="Without any queue, in this process.")
@click.option("--out", type=click.Path(dir_okay=False, writable=True), help="Write there instead of to stdout.")
@click.option("-c", "--concurrency", type=click.IntRange(1), help="Processes of the worker started here.")
@click.option("--again", is_flag=True, help="Process jobs anew that were answered before.")
def process(
    paths: tuple[str, ...],
    job_files: tuple[str, ...],
    in_process: bool,
    out: str | None,
    concurrency: int | None,
    again: bool,
) -> None:
    """Process pages, and write one answer a line as they arrive.

    PATH is a page (.html, .txt), a WARC of pages (.warc, .warc.gz, .warc.zst) or JSON Lines of jobs (.jsonl); - is
    stdin. Exit status: 0 when every job succeeded, 3 when some were answered with a failure, which stderr names, 2 for
    wrong usage, 1 when no answer could be had or a file ends early.
    """
    from worker.inputs import read_jobs, readable

    _require_input(paths, job_files)
    # A page's id is new each time, so that it is processed each time; jobs in files keep the ids they have.
    jobs = read_jobs(paths, job_files, lambda path: f"{readable(path)}:{uuid.uuid4().hex[:12]}")
    with ExitStack() as stack:
        target: IO[str] = stack.enter_context(Path(out).open("w", encoding="utf-8")) if out else sys.stdout
        answers = _in_process(jobs) if in_process else stack.enter_context(_through_queue(jobs, concurrency, again))
        failures = _write(answers, target)
    sys.exit(_SOME_FAILED if failures else 0)


def _require_input(paths: tuple[str, ...], job_files: tuple[str, ...]) -> None:
    if not paths and not job_files:
        raise click.UsageError("give at least one PATH, or --jobs FILE")


def _write(answers: Iterable[str], target: IO[str]) -> int:
    """Write the events as they arrive, and name each failure on stderr; return how many failed."""
    failures = 0
    for event in answers:
        target.write(event + "\n")
        target.flush()
        head = json.loads(event)
        if failure := head["data"].get("failure"):
            failures += 1
            click.echo(f"pagefacts: {head['id']}: {failure['code']}: {failure['message']}", err=True)
    return failures


def _in_process(jobs: Iterable[bytes]) -> Iterator[str]:
    from config import logs
    from worker import runtime
    from worker.inline import answer_here

    logs.configure("WARNING")  # answers are the output; what goes wrong stands in them
    _require_tagger(_settings())
    models, fetch = runtime.models(), runtime.fetch_here()
    return (answer_here(raw, models, fetch) for raw in jobs)


@contextmanager
def _through_queue(jobs: Iterable[bytes], concurrency: int | None, again: bool) -> Iterator[Iterator[str]]:
    from worker.child import child_worker
    from worker.run import Run

    with _server() as (settings, embedded), ExitStack() as stack:
        if embedded is not None:
            _require_tagger(settings)  # said here, instead of at the end of the worker's log
            processes = concurrency or os.cpu_count() or 1
            child = stack.enter_context(child_worker(embedded.url, processes, embedded.folder / "worker.log"))
            run = Run(_ledger(settings), again, child.check, _warn)
        else:
            run = Run(_ledger(settings), again, lambda: None, _warn)
            _warn_if_no_worker(run.ledger)
        yield stack.enter_context(_progress(run, jobs))


def _warn_if_no_worker(ledger: Ledger) -> None:
    if not ledger.workers_seen(within_ms=10_000):
        _warn("no worker is taking jobs in; start one with `pagefacts worker`")


def _warn(message: str) -> None:
    click.echo(f"pagefacts: {message}", err=True)


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


@cli.command()
@_paths
@_jobs
def enqueue(paths: tuple[str, ...], job_files: tuple[str, ...]) -> None:
    """Enqueue pages, and write the id of each job.

    PATH is a page (.html, .txt), a WARC of pages (.warc, .warc.gz, .warc.zst) or JSON Lines of jobs (.jsonl); - is
    stdin.

    A page's id is a hash of its content: the same page enqueued twice is answered once. Where a limit of the queue is
    reached, it ends with exit status 1: the jobs whose ids were not written are not enqueued.
    """
    from worker.inputs import read_jobs
    from worker.ledger import QueueFull

    _require_input(paths, job_files)
    with _opened() as ledger:
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


@cli.command()
@click.option("--group", help="Read as this consumer group: what it has read and acknowledged is not read again.")
@click.option("--follow", is_flag=True, help="Wait for more.")
def results(group: str | None, follow: bool) -> None:
    """Write the answers on the results stream, one a line."""
    from worker.results import follow_group, follow_stream

    with _opened() as ledger:
        events = follow_group(ledger, group, follow) if group else follow_stream(ledger, follow)
        for event in events:
            click.echo(event)
            sys.stdout.flush()


@cli.command(context_settings=_PASS_THROUGH)
@click.option("--with-parent", is_flag=True, hidden=True)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def worker(with_parent: bool, options: tuple[str, ...]) -> None:
    """Run a worker. All options are Celery's, such as -c N and -Q QUEUES."""
    from worker.child import end_with_parent

    if with_parent:
        end_with_parent()
    # Workers know of each other by the stream alone: with gossip each would read the events of all others.
    _celery("worker", "--without-gossip", "--without-mingle", *options)


@cli.command(context_settings=_PASS_THROUGH)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def flower(options: tuple[str, ...]) -> None:
    """Watch workers, queues and tasks in a browser, on this machine's port 5555. All options are Flower's.

    Elsewhere than on this machine Flower needs a password: FLOWER_BASIC_AUTH=user:password in the environment.
    """
    from worker.flower import flower_options

    with _said_as_usage():
        chosen = flower_options(options)
    _celery("flower", *chosen)


def _celery(*arguments: str) -> None:
    """Run a command of Celery's in this process, on the server that is named or on the embedded one.

    Exit with its status, which Celery's own `app.start` would drop: a supervisor starts again what has failed.
    """
    from celery.bin.celery import celery

    from worker.celery import app

    with _server() as (settings, _):
        os.environ["REDIS_URL"] = str(settings.redis_url)  # where the worker's processes look for it
        # Celery would look for them in the folder that it is run in first, where others of their name may stand.
        for name in app.conf.include:
            import_module(name)
        celery.params[0].default = app
        status = celery.main(args=list(arguments), standalone_mode=False)
    sys.exit(status if isinstance(status, int) else 0)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def status(as_json: bool) -> None:
    """Say how many jobs wait, are in flight, were answered, and lie in the dead-letter stream."""
    with _opened() as ledger:
        counts = ledger.status()
    if as_json:
        click.echo(json.dumps(counts))
        return
    for name, count in counts.items():
        click.echo(f"{name.replace('_', ' '):<20}{count:>10}")


@cli.group()
def dead() -> None:
    """Look at dead letters: jobs answered with a failure, kept as they were sent."""


@dead.command("list")
def dead_list() -> None:
    """List the dead letters: entry, job id, time, code and message."""
    from worker.dead import DeadLetters

    with _opened() as ledger:
        for entry, letter in DeadLetters(ledger):
            failure = letter["failure"]
            click.echo("\t".join((entry, letter["id"], letter["time"], failure["code"], failure["message"])))


_names = click.argument("names", nargs=-1, required=True, metavar="ID…")


@dead.command("show")
@_names
def dead_show(names: tuple[str, ...]) -> None:
    """Write the dead letters of a job's id or an entry, as JSON."""
    for _, _, letter in _dead_letters(names):
        click.echo(json.dumps(letter, ensure_ascii=False))


@dead.command("retry")
@_names
def dead_retry(names: tuple[str, ...]) -> None:
    """Enqueue the jobs again, as they were sent."""
    for letters, entry, letter in _dead_letters(names):
        if letters.retry(entry, letter):
            click.echo(letter["id"])


@dead.command("drop")
@_names
def dead_drop(names: tuple[str, ...]) -> None:
    """Delete the dead letters."""
    for letters, entry, letter in _dead_letters(names):
        if letters.drop(entry):
            click.echo(letter["id"])


def _dead_letters(names: tuple[str, ...]) -> Iterator[tuple[DeadLetters, str, dict[str, Any]]]:
    from worker.dead import DeadLetters

    with _opened() as ledger:
        letters = DeadLetters(ledger)
        for name in names:
            found = list(letters) if name == "all" else letters.find(name)
            if not found:
                raise click.ClickException(f"no dead letter {name}")
            for entry, letter in found:
                yield letters, entry, letter


@cli.command()
@click.argument("message", type=click.Choice(["job", "event"]), default="job")
def schema(message: str) -> None:
    """Write the JSON Schema of a message: the job that a producer writes, or the event that a consumer reads."""
    from pagefacts.contracts.schema import schema as json_schema

    click.echo(json_schema(message), nl=False)


@cli.command()
@click.argument("result", type=click.File(encoding="utf-8"), default="-")
@click.option(
    "--map",
    "map_file",
    type=click.File("w", encoding="utf-8", lazy=True),
    metavar="FILE.html",
    help="Write the figures there as a map, one page that needs no network.",
)
@click.option("--geojson", is_flag=True, help="Write the figures and places to stdout as GeoJSON, for QGIS.")
def show(result: IO[str], map_file: IO[str] | None, geojson: bool) -> None:
    """Show answers for people: headline, byline, and the facts with their words. RESULT is a file or - for stdin.

    With --map or --geojson, or both, all answers go into one map or one FeatureCollection instead. Exit status: 0, or
    3 when failures among the answers were left out of these, 2 for wrong usage, 1 when RESULT is no answer of
    pagefacts or FILE.html cannot be written.
    """
    events = _events(result)
    if map_file is None and not geojson:
        _show_on_terminal(events)
        return
    if geojson and map_file is not None and map_file.name == "-":
        raise click.UsageError("--geojson writes to stdout already: give --map a file")
    from pagefacts.contracts import ResultEvent
    from pagefacts.render.figures import page_of

    pages, failures = [], 0
    for event in events:
        if isinstance(event, ResultEvent):
            pages.append(page_of(event))
        else:
            failures += 1
    if map_file is not None:
        from pagefacts.render.map import map_page

        map_file.write(map_page(pages))
    if geojson:
        from pagefacts.render.geojson import feature_collection

        click.echo(feature_collection(pages))
    if failures:
        click.echo(f"pagefacts: {failures} of {failures + len(pages)} answers are failures and were left out", err=True)
        sys.exit(_SOME_FAILED)


def _events(lines: Iterable[str]) -> Iterator[ResultEvent | FailureEvent]:
    from pydantic import TypeAdapter, ValidationError

    from pagefacts.contracts import Event

    adapter: TypeAdapter[ResultEvent | FailureEvent] = TypeAdapter(Event)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield adapter.validate_json(line)
        except ValidationError as error:
            raise click.ClickException(f"line {number} is no answer of pagefacts: {error.errors()[0]['msg']}") from None


def _show_on_terminal(events: Iterable[ResultEvent | FailureEvent]) -> None:
    from rich.console import Console

    from pagefacts.render.terminal import render

    console = Console()
    for event in events:
        console.print(render(event))


def _settings() -> Settings:
    from config.settings import Settings

    with _said_as_usage():
        return Settings.from_env(os.environ)


def _require_tagger(settings: Settings) -> None:
    from worker.engine import wanted_engine

    with _said_as_usage():
        wanted_engine(settings)


@contextmanager
def _said_as_usage() -> Iterator[None]:
    """Turn a setting that cannot be used into wrong usage, which ends the command with status 2."""
    from config.settings import SettingsError

    try:
        yield
    except SettingsError as error:
        raise click.UsageError(str(error)) from None


@contextmanager
def _server() -> Iterator[tuple[Settings, Embedded | None]]:
    """Yield the settings with a server in them: the one that is named, or the embedded one, which is given too."""
    from worker.embedded import embedded_server

    settings = _settings()
    if settings.redis_url is not None:
        yield settings, None
        return
    with embedded_server(settings.data_dir) as server:
        yield settings.model_copy(update={"redis_url": server.url}), server


@contextmanager
def _opened() -> Iterator[Ledger]:
    """Open the ledger on the server that is named, or on the embedded one."""
    with _server() as (settings, _):
        yield _ledger(settings)


def _ledger(settings: Settings) -> Ledger:
    from worker.connection import check_server, connect, open_ledger

    check_server(connect(str(settings.redis_url), retries=1))  # a person waits: say it at once
    return open_ledger(settings)


def main() -> None:
    """Run the command line; what goes wrong outside it is said in one line."""
    try:
        cli()
    except OperatorError as error:
        sys.exit(f"pagefacts: {error}")
    except Exception as error:
        if _from_redis(error):
            sys.exit(f"pagefacts: the server: {error}")
        raise


def _from_redis(error: Exception) -> bool:
    redis = sys.modules.get("redis")  # only a command that has imported it can have met its errors
    return redis is not None and isinstance(error, redis.RedisError)
