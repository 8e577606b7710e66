"""Celery as it comes, but that it keeps no results: a chain of three tasks, and a single one."""

from __future__ import annotations

import sys

from celery import Celery, chain
from ending import URL, answer, put

app = Celery("empty", broker=URL.replace("unix://", "redis+socket://"))
app.conf.task_ignore_result = True


@app.task(name="empty.first")
def first(payload: str) -> str:
    """Return at once."""
    return payload


@app.task(name="empty.second")
def second(payload: str) -> str:
    """Return at once."""
    return payload


@app.task(name="empty.third")
def third(payload: str) -> None:
    """Answer."""
    answer(payload)


def main() -> None:
    """Put jobs in: as a module, not as a script, whose tasks would have other names."""
    if sys.argv[2:] == ["single"]:
        put(third.delay)
    else:
        put(lambda payload: chain(first.s(payload), second.s(), third.s()).apply_async())
