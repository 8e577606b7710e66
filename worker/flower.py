"""What Flower is started with: bound to this machine, or with a password; and how it shows a task."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any, Final

from flower.command import apply_env_options, apply_options
from flower.events import Events
from flower.utils import strtobool
from tornado.options import Error, options

from config.settings import SettingsError

_COLUMNS = "name,args,state,received,started,runtime,worker"
_ARGUMENTS: Final = re.compile(r"[(\[]'(.*)', \d+(?:, \d+)?[)\]]", re.DOTALL)
"""The id of a job, the number of its attempt and, where there are several, that of its shard, as
`celery.utils.saferepr` writes them: only quotes are escaped."""
_ASK_EVERY: Final = 1_000
"""Milliseconds between requests to the workers for their events: one that has started meanwhile sends none yet."""
_HOW = "give it FLOWER_BASIC_AUTH=user:password in the environment, or --auth and --auth-provider"


def flower_options(arguments: Sequence[str]) -> list[str]:
    """Return Flower's ``arguments``, bound to this machine where they name no address.

    They are read as Flower reads them, with its environment and its configuration file. Whoever comes in can stop
    workers. Raises `config.settings.SettingsError` where anybody could, and where an option cannot be used.
    """
    chosen = _read(arguments)
    locked = bool(chosen.auth) or _passwords(chosen.basic_auth)
    if not locked and not (chosen.unix_socket or _is_here(chosen.address or "127.0.0.1")):
        raise SettingsError(f"Flower would be open to everybody at {chosen.address}: {_HOW}")
    if not locked and strtobool(os.environ.get("FLOWER_UNAUTHENTICATED_API") or "false"):
        # Flower then lets every web site use it that a browser on this machine has open.
        raise SettingsError(f"FLOWER_UNAUTHENTICATED_API opens Flower to every web site: unset it, and {_HOW}")
    return [*arguments, *(() if chosen.address or chosen.unix_socket else ("--address=127.0.0.1",))]


def _read(arguments: Sequence[str]) -> Any:
    Events.events_enable_interval = _ASK_EVERY
    # As defaults: environment, file and arguments come after them.
    options.format_task, options.tasks_columns = shown, _COLUMNS
    try:
        apply_env_options()
        apply_options("flower", arguments)
    except (Error, OSError, ValueError, KeyError) as error:
        raise SettingsError(f"Flower: {error}") from None
    return options


def shown(task: Any) -> Any:
    """Return a task of Flower's as its pages show it: with the command that says where its job is."""
    # `pagefacts.submit` shows no job, and others may have sent no ids.
    if found := _ARGUMENTS.fullmatch(task.args or ""):
        job_id = found[1].replace("\\'", "'")
        no_option = "-- " if job_id.startswith("-") else ""
        task.args = f"pagefacts status {no_option}{shlex.quote(job_id)}"
    return task


def _passwords(given: Sequence[str] | None) -> bool:
    if not given:
        return False
    if not all(all(pair.partition(":")[::2]) for pair in given):
        raise SettingsError("Flower's basic-auth must be user:password, with commas between several")
    return True


def _is_here(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
