"""What can go wrong with a page, as types. The class says who is at fault, the docstring is the message."""

from __future__ import annotations

import inspect
from typing import ClassVar


class PagefactsError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "internal_error"
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str = "", *, field: str | None = None) -> None:
        """Keep ``detail``, the particulars of this case, and ``field``, the job's field at fault if one is."""
        self.detail = detail
        self.field = field
        super().__init__(detail)

    @property
    def message(self) -> str:
        """The class docstring's first line, followed by the particulars of this case."""
        summary = (inspect.getdoc(type(self)) or "").splitlines()[0]
        return f"{summary} {self.detail}".strip()

    def __str__(self) -> str:
        return self.message


class DataError(PagefactsError):
    """The job or its page cannot be processed."""

    code = "invalid_data"


class InvalidJob(DataError):
    """The job is not valid."""

    code = "invalid_job"


class UnknownVersion(DataError):
    """The job has a schema version that this worker does not know."""

    code = "unknown_version"


class FetchNotEnabled(DataError):
    """The job gives only a URL, and this worker does not fetch pages: send the page as html, text or body."""

    code = "fetch_not_enabled"


class PageTooLarge(DataError):
    """The page is larger than the limit."""

    code = "page_too_large"


class UnreadablePage(DataError):
    """The page cannot be decoded or parsed."""

    code = "unreadable_page"


class NoArticle(DataError):
    """No article text was found in the page."""

    code = "no_article"


class TransientError(PagefactsError):
    """The page could not be processed now; another try may succeed."""

    code = "transient"
    retryable = True
