"""Celery's configuration, from the settings."""

from __future__ import annotations

from typing import Any, Final

from kombu.entity import Queue

from config.server import broker
from config.settings import Fetch, Settings, SettingsError

FETCH: Final = "pagefacts.fetch"
EXTRACT: Final = "pagefacts.extract"
TAG: Final = "pagefacts.tag"
FACTS: Final = "pagefacts.facts"
PAGE: Final = "pagefacts.page"
SUBMIT: Final = "pagefacts.submit"
"""Names of the tasks."""

STEPS: Final = (EXTRACT, TAG, FACTS)
"""The steps of a page, each a task with a queue of its own."""

ENTRY_QUEUE: Final = EXTRACT
"""The queue where every job begins; a worker that consumes it also takes jobs in."""
QUEUES: Final = {FETCH: FETCH, EXTRACT: EXTRACT, TAG: TAG, FACTS: FACTS, PAGE: ENTRY_QUEUE, SUBMIT: ENTRY_QUEUE}
"""The queue of each task."""


def celery_config(settings: Settings) -> dict[str, Any]:
    """Return Celery's settings. Raise `SettingsError` where no server is given."""
    if settings.redis_url is None:
        raise SettingsError("REDIS_URL is not set; `pagefacts worker` starts an embedded server, `celery` does not")
    return {
        **broker(settings.redis_url),
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        # A server that is full, or cannot write to its disk, is one that comes back: no reason for a worker to end.
        "broker_channel_error_retry": True,
        "broker_transport_options": {
            # The hash tag keeps Celery's lists in the streams' slot, and several systems apart on one server.
            "global_keyprefix": f"{{{settings.home_namespace}}}:celery:",
            "health_check_interval": 10,
            "socket_keepalive": True,
        },
        # Messages are JSON and nothing else: no message can run code.
        "accept_content": ["json"],
        "task_serializer": "json",
        "result_serializer": "json",
        # The jobs stream is the ledger: early acks and no result backend are enough, and the cheapest.
        "task_ignore_result": True,
        "task_acks_late": False,
        "task_create_missing_queues": False,
        "task_default_queue": ENTRY_QUEUE,
        "task_queues": [Queue(name, routing_key=name) for name in _queues(settings)],  # type: ignore[no-untyped-call]
        "task_routes": {task: {"queue": queue} for task, queue in QUEUES.items()},
        # A server that is away for half a minute delays a chain instead of dropping it.
        "task_publish_retry_policy": {
            "max_retries": 20,
            "interval_start": 0.1,
            "interval_step": 0.2,
            "interval_max": 2,
        },
        "task_soft_time_limit": settings.soft_time_limit,
        "task_time_limit": settings.hard_time_limit,
        "task_track_started": True,
        "worker_prefetch_multiplier": 1,
        "worker_max_memory_per_child": settings.child_memory_mb * 1024,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        # Flower asks the workers for events while it runs; until then none are sent, which nobody would read.
        "worker_send_task_events": False,
    }


def _queues(settings: Settings) -> list[str]:
    """Return the queues that a worker consumes unless it is told others; none of fetches where it does not fetch."""
    return [*([FETCH] if settings.fetch is Fetch.ON else []), *STEPS]
