"""What can go wrong with a page, as types. The class says who is at fault, the docstring is the message."""

from __future__ import annotations

import inspect
from typing import Final, Literal

Stage = Literal["intake", "fetch", "extract", "tag", "facts"]
"""Where a job is on its way."""

_STEPS: Final[tuple[Stage, ...]] = ("fetch", "extract", "tag", "facts")


class OperatorError(Exception):
    """What an operator has to mend: the message says what is wrong, and what to do."""

    harmless = True
    """The log has it: it quotes no page."""


class PagefactsError(Exception):
    """Something went wrong."""

    code: str = "internal_error"
    """What went wrong, for programs."""
    retryable: bool = False
    """Whether the same job may succeed later."""
    stages: tuple[Stage, ...] = ()
    """Where it may happen."""

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

    stages: tuple[Stage, ...] = ("extract",)


class InvalidJob(DataError):
    """The job is not valid."""

    code = "invalid_job"
    stages = ("intake",)


class UnknownVersion(DataError):
    """The job has a schema version that this worker does not know."""

    code = "unknown_version"
    stages = ("intake",)


class FetchNotEnabled(DataError):
    """The job gives only a URL, and this worker does not fetch pages: send the page as html, text or body."""

    code = "fetch_not_enabled"


class PageTooLarge(DataError):
    """The page is larger than the limit."""

    code = "page_too_large"


class ClaimTooLarge(PageTooLarge):
    """A step made more of the page than one job may keep in Redis."""

    stages = ("fetch", "extract", "tag")


class UnreadablePage(DataError):
    """The page cannot be decoded or parsed."""

    code = "unreadable_page"


class NoArticle(DataError):
    """No article text was found in the page."""

    code = "no_article"


class TransientError(PagefactsError):
    """The page could not be processed now; another try may succeed."""

    retryable = True


class FetchError(DataError):
    """The page could not be fetched."""

    stages = ("fetch",)


class FetchRefused(FetchError):
    """The URL, or the address that its host has, may not be fetched."""

    code = "fetch_refused"


class FetchRobots(FetchError):
    """The site's robots.txt does not allow the page to be fetched."""

    code = "fetch_robots"


class RobotsUnreachable(FetchRobots):
    """The site's robots.txt could not be had, and until it can nothing of the site is fetched (RFC 9309, 2.3.1.4)."""

    retryable = True


class FetchTimeout(FetchError):
    """The page did not arrive within the time limit."""

    code = "fetch_timeout"
    retryable = True


class FetchTooLarge(FetchError):
    """The page, or its HTTP header, is larger than the limit."""

    code = "fetch_too_large"


class FetchDns(FetchError):
    """The host has no address."""

    code = "fetch_dns"


class DnsUnavailable(FetchDns):
    """The address of the host could not be looked up now."""

    retryable = True


class FetchConnect(FetchError):
    """The connection to the host could not be made, or broke."""

    code = "fetch_connect"
    retryable = True


class FetchTls(FetchError):
    """No secure connection to the host could be made."""

    code = "fetch_tls"


class FetchRedirects(FetchError):
    """The redirects of the page lead in a circle, are too many, or name no URL."""

    code = "fetch_redirects"


class FetchBadEncoding(FetchError):
    """The page's content encoding is unknown, or its content is not in it."""

    code = "fetch_bad_encoding"


class FetchBadResponse(FetchError):
    """The host's answer is not HTTP as the standard has it, or its header is too large."""

    code = "fetch_bad_response"


class FetchUnsupportedType(FetchError):
    """The page is neither HTML nor plain text."""

    code = "fetch_unsupported_type"


class HttpStatus(FetchError):
    """The host answered with an HTTP status that brings no page."""

    code = "http_500"

    def __init__(self, detail: str = "", *, status: int = 500) -> None:
        """Let the code be ``http_<status>``; another try may help with those that the standards call temporary."""
        super().__init__(detail)
        self.code = f"http_{status}"
        self.retryable = status in {408, 425, 429} or status >= 500


class TimeLimit(PagefactsError):
    """The step took longer than the time limit."""

    code = "time_limit"
    stages = _STEPS


class MemoryLimit(PagefactsError):
    """The step needed more memory than the limit."""

    code = "memory_limit"
    stages = _STEPS


class TooManyDeliveries(PagefactsError):
    """The job was delivered as often as allowed and never came to an end: its page stops or kills the worker."""

    code = "too_many_deliveries"
    stages = ("intake", *_STEPS)


class InternalError(PagefactsError):
    """pagefacts itself failed on this page; this is a defect."""

    code = "internal_error"
    stages = ("intake", *_STEPS)


_KINDS: Final = (PagefactsError, DataError, TransientError, FetchError)
"""What is caught and never raised itself, or never answers a job."""

FAILURES: Final[tuple[type[PagefactsError], ...]] = tuple(
    kind
    for kind in list(globals().values())
    if isinstance(kind, type) and issubclass(kind, PagefactsError) and kind not in _KINDS
)
"""All that a job may be answered with in place of a result, in the order of a page's way."""
