"""The commands that run on: ``pagefacts worker`` and ``pagefacts flower``."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click

from worker.cli.common import said_as_usage, server, settings_here
from worker.errors import OperatorError

if TYPE_CHECKING:
    from celery import Celery

logger = logging.getLogger(__name__)

_PASS_THROUGH: Final[dict[str, Any]] = {
    "ignore_unknown_options": True,
    "allow_extra_args": True,
    "help_option_names": [],
}
_MAY_READ_NONE: Final = ("-Q", "--queues", "-X", "--exclude-queues", "--help")
"""Options with which a worker may leave pages to others, or does not run."""


@click.command(context_settings=_PASS_THROUGH)
@click.option("--with-parent", is_flag=True, hidden=True)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def worker(with_parent: bool, options: tuple[str, ...]) -> None:
    """Run a worker. All options are Celery's, such as -c N, -Q QUEUES and -n NAME.

    Without a name it is the first of pagefacts1@HOST, pagefacts2@HOST, … that is free on this machine.
    """
    # What is loaded is no garbage: the collector is off until that is done (`worker.runtime.preload`).
    gc.disable()
    from pagefacts.language_model import begin_loading
    from worker.child import end_with_parent
    from worker.names import free_name

    if with_parent:
        end_with_parent()
    with _log():
        if not any(option.startswith(_MAY_READ_NONE) for option in options):
            begin_loading()  # the rest is imported meanwhile
        # Workers know of each other by the stream alone: with gossip each would read the events of all others.
        _celery("worker", f"--hostname={free_name()}", "--without-gossip", "--without-mingle", *options)


@click.command(context_settings=_PASS_THROUGH)
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def flower(options: tuple[str, ...]) -> None:
    """Watch workers, queues and tasks in a browser, on this machine's port 5555. All options are Flower's.

    Elsewhere than on this machine Flower needs a password: FLOWER_BASIC_AUTH=user:password in the environment.
    """
    from worker.flower import flower_options

    with _log():
        with said_as_usage():
            chosen = flower_options(options)
        _celery("flower", *chosen)


@contextmanager
def _log() -> Iterator[None]:
    """Write the log of a command that runs on; where programs read it, what ends the command is a line of it, too."""
    from config import logs
    from config.settings import LogFormat, LogLevel, variable

    # Also where another setting cannot be used.
    form = next((form for form in LogFormat if form == os.environ.get(variable("log_format"))), LogFormat.AUTO)
    logs.configure(LogLevel.INFO, form)
    try:
        logs.configure(settings_here().log_level, form)
        yield
    except (click.ClickException, OperatorError) as error:
        if logs.for_people(form):
            raise
        logger.critical("%s", error.format_message() if isinstance(error, click.ClickException) else str(error))
        sys.exit(getattr(error, "exit_code", 1))


def _celery(*arguments: str) -> None:
    """Run a command of Celery's in this process, on the server that is named or on the embedded one.

    Exit with its status, which Celery's own `app.start` would drop: a supervisor starts again what has failed.
    """
    from config.settings import variable
    from worker.celery import app
    from worker.cluster import at_node
    from worker.homes import Homes

    with server() as (settings, _):
        os.environ["REDIS_URL"] = str(settings.redis_url)  # where the worker's processes look for it
        if arguments[0] == "flower":  # it counts what waits on a client of its own
            os.environ["REDIS_URL"] = at_node(str(settings.redis_url), settings.home_namespace)
        if arguments[0] == "worker" and settings.shards > 1 and settings.shard is None:
            os.environ[variable("shard")] = str(Homes.of(settings).choose())
        # Celery would look for them in the folder that it is run in first, where others of their name may stand.
        for name in app.conf.include:
            import_module(name)
        status = _run_worker(app, arguments[1:]) if arguments[0] == "worker" else _run(app, arguments)
    sys.exit(status if isinstance(status, int) else 0)


def _run_worker(app: Celery, options: Sequence[str]) -> object:
    """Run Celery's command of this name alone: all of them, with those of its plugins, take a good part of a second."""
    from celery.bin.base import CLIContext
    from celery.bin.worker import worker

    context = CLIContext(app, no_color=bool(os.environ.get("NO_COLOR")), workdir=None)
    return worker.main(args=list(options), prog_name="pagefacts worker", standalone_mode=False, obj=context)


def _run(app: Celery, arguments: Sequence[str]) -> object:
    from celery.bin.celery import celery

    celery.params[0].default = app
    return celery.main(args=list(arguments), standalone_mode=False)
