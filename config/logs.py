"""Log lines: UTC time, level, job and stage, message. Never a page's text."""

from __future__ import annotations

import contextvars
import logging
import time
from typing import Final

JOB: Final[contextvars.ContextVar[str]] = contextvars.ContextVar("job", default="-")
STAGE: Final[contextvars.ContextVar[str]] = contextvars.ContextVar("stage", default="-")
"""What the running task works on; set by the worker's signals."""

_TALKATIVE: Final = ("trafilatura", "htmldate", "httpcore", "hpack")
"""Libraries that warn of every odd page, whose reason the answer says, or write the URLs that they ask for."""


class _Context(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.job, record.stage = JOB.get(), STAGE.get()
        return True


def configure(level: str) -> None:
    """Send the root logger's lines of ``level`` and above to stderr."""
    formatter = logging.Formatter(
        "%(asctime)s %(levelname)s %(processName)s %(name)s job=%(job)s stage=%(stage)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%SZ",
    )
    formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    handler.addFilter(_Context())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for library in _TALKATIVE:
        logging.getLogger(library).setLevel(logging.ERROR)
