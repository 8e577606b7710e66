"""What can go wrong with a page, as types. The class says who is at fault, the docstring is the message."""

from __future__ import annotations

import inspect


class OperatorError(Exception):
    """What an operator has to mend: the message says what is wrong, and what to do."""

    harmless = True
    """The log has it: it quotes no page."""


class PagefactsError(Exception):
    """Something went wrong."""

    code: str = "internal_error"
    retryable: bool = False

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


class FetchError(DataError):
    """The page could not be fetched."""

    code = "fetch_failed"


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
