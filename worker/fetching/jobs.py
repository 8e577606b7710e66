"""Fetched pages put into their jobs."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from pagefacts.contracts import Job
from pagefacts.extraction import charset
from worker.fetching.page import FIELDS, Page


def put_into(job: Job, page: Page) -> Job:
    """Return the job as its producer would have sent it with this page."""
    carried: dict[str, Any] = {"url": page.url, "fetched_at": page.fetched_at}
    if page.is_text:
        carried["text"] = charset.decode(page.content, page.charset)
    else:
        carried["html_base64"] = base64.b64encode(page.content).decode("ascii")
        carried["charset"] = page.charset
    return job.model_copy(update=carried)


def with_page(job: Job, left: Callable[[str], bytes | None]) -> Job:
    """Return ``job`` with the page that was ``left`` under `FIELDS`, where one was fetched."""
    content, about = (left(name) for name in FIELDS)
    return job if content is None or about is None else put_into(job, Page.load(content, about))
