"""One visit to a page: turns and robots.txt kept, redirects followed one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import httpx

from pagefacts.errors import (
    FetchBadEncoding,
    FetchRedirects,
    FetchRobots,
    FetchTooLarge,
    FetchUnsupportedType,
    HttpStatus,
    RobotsUnreachable,
)
from worker.fetching import answers
from worker.fetching.encodings import ACCEPTED, decoded
from worker.fetching.limits import Limits, Turn
from worker.fetching.memory import Kept, Memory
from worker.fetching.network import Deadline, Guard, Transport, Wire
from worker.fetching.page import Page
from worker.fetching.robots import MAX_READ, Rules, agent_token, read_robots
from worker.fetching.trip import Trip
from worker.fetching.urls import check_url, origin_of

_SLOWEST: Final = 30.0
"""Seconds of a Crawl-delay that are kept at most."""
_LONGEST_PAUSE: Final = 300.0
"""Seconds of a Retry-After that are waited for; after a longer one the job is answered."""
_ROBOTS_REDIRECTS: Final = 5
"""RFC 9309, 2.3.1.2: at least five are followed; after more, the file counts as absent."""
_TYPES: Final = "text/html, application/xhtml+xml, text/plain;q=0.5, */*;q=0.1"


class NotYet(Exception):
    """The host has no free turn for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Visit:
    """One try of a page, from where its trip has come to."""

    def __init__(self, limits: Limits, wire: Wire, memory: Memory, trip: Trip, sleep: Callable[[float], None]) -> None:
        self.trip = trip
        """How far it has come."""
        self.is_told_to_stay_away = False
        """Whether the host asks for a longer pause than is waited for."""
        self._limits = limits
        self._memory = memory
        self._sleep = sleep
        self._naps_left = limits.naps
        self._deadline = Deadline(limits.seconds)
        self._transport = Transport(Guard(limits, wire, self._deadline))

    def close(self) -> None:
        """Close its connections."""
        self._transport.close()

    def page(self) -> Page:
        """Follow the redirects, one by one, to the page. Raises a `FetchError`, or `NotYet`."""
        while True:
            url = check_url(self.trip.url, self._limits.ports)
            rules = self._rules(url)
            if not rules.allow(url.raw_path.decode("ascii")):
                raise FetchRobots(f"({url.host})")
            self._take_turn(url, rules.delay)
            found = self._ask(url)
            if isinstance(found, Page):
                return found
            self.trip = self.trip.on(found)

    def _take_turn(self, url: httpx.URL, delay: float | None = None) -> None:
        turn = self._turn(delay)
        while (seconds := self._memory.wait(_named(url), turn)) > 0:
            if seconds > self._naps_left:
                raise NotYet(seconds)
            self._naps_left -= seconds
            with self._deadline.paused():
                self._sleep(seconds)

    def _turn(self, delay: float | None) -> Turn:
        own = self._limits.turn
        return own if delay is None else Turn(max(own.interval, min(delay, _SLOWEST)), 1)

    def _ask(self, url: httpx.URL) -> Page | str:
        """Return the page at ``url``, or where it redirects to."""
        kept = self._memory.kept(str(url))
        with self._answer(url, kept.validators if kept else {}) as answer:
            if answer.status_code == httpx.codes.NOT_MODIFIED and kept:
                return replace(kept.page, url=self._place(url), fetched_at=datetime.now(UTC))
            if answer.status_code in answers.REDIRECTS:
                return _target(url, answer)
            if answer.status_code not in answers.PAGES:
                raise self._refusal(url, answer)
            page = self._read(url, answer)
        stated = answers.validators(answer.headers)
        if stated or kept:
            self._memory.keep(str(url), Kept(page, stated) if stated else None)
        return page

    @contextmanager
    def _answer(self, url: httpx.URL, headers: dict[str, str]) -> Iterator[httpx.Response]:
        sent = {"User-Agent": self._limits.user_agent, "Accept": _TYPES, "Accept-Encoding": ACCEPTED, **headers}
        answer = self._transport.handle_request(httpx.Request("GET", url, headers=sent))
        try:
            yield answer
        finally:
            answer.close()

    def _read(self, url: httpx.URL, answer: httpx.Response) -> Page:
        kind, charset = answers.media_type(answer.headers)
        if kind and not (answers.is_html(kind) or answers.is_text(kind)):
            raise FetchUnsupportedType(f"({url.host}: {kind[:80]})")
        content = b"".join(self._content(answer, self._limits.size))
        if not kind and not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            raise FetchUnsupportedType(f"({url.host}: it names no type, and does not look like HTML)")
        return Page(self._place(url), content, charset, answers.is_text(kind), datetime.now(UTC))

    def _place(self, url: httpx.URL) -> str:
        """Return ``url``, in the job's own spelling where it was not redirected: a consumer may compare them."""
        return str(url) if len(self.trip.path) > 1 else self.trip.url

    def _content(self, answer: httpx.Response, limit: int) -> Iterator[bytes]:
        length = answer.headers.get("content-length", "")
        if length.isdecimal() and int(length[:18]) > limit:
            raise FetchTooLarge(f"The limit is {limit:,} bytes.")
        return decoded(answer.stream, answer.headers.get("content-encoding", ""), limit)  # type: ignore[arg-type]

    def _refusal(self, url: httpx.URL, answer: httpx.Response) -> HttpStatus:
        seconds = answers.retry_after(answer.headers, datetime.now(UTC))
        error = HttpStatus(f"({answer.status_code}, {url.host})", status=answer.status_code)
        if error.retryable and seconds:
            self.is_told_to_stay_away = seconds > _LONGEST_PAUSE
            self._memory.hold(_named(url), min(seconds, _LONGEST_PAUSE), self._limits.turn)
        return error

    # --- robots.txt ------------------------------------------------------------------------------------------------

    def _rules(self, url: httpx.URL) -> Rules:
        origin = origin_of(url)
        rules = self._memory.robots(origin)
        if rules is None:
            rules = self._read_robots(url.copy_with(raw_path=b"/robots.txt"))
            self._memory.learn_robots(origin, rules)
        return rules

    def _read_robots(self, url: httpx.URL) -> Rules:
        """Read a robots.txt; one that is absent forbids nothing, one that cannot be had now forbids all for now."""
        for _ in range(_ROBOTS_REDIRECTS + 1):
            self._take_turn(url)
            with self._answer(url, {}) as answer:
                status = answer.status_code
                if status in answers.REDIRECTS:
                    url = check_url(_target(url, answer), self._limits.ports)
                    continue
                if httpx.codes.is_success(status):
                    return read_robots(self._beginning(answer), agent_token(self._limits.user_agent))
                if httpx.codes.is_client_error(status) and status != httpx.codes.TOO_MANY_REQUESTS:
                    return Rules()
                self._refusal(url, answer)  # keeps the pause that it may ask for
                raise RobotsUnreachable(f"({url.host}: status {status})")
        return Rules()

    def _beginning(self, answer: httpx.Response) -> bytes:
        content = b""
        try:
            for chunk in self._content(answer, self._limits.size):
                content += chunk
                if len(content) >= MAX_READ:
                    break
        except FetchBadEncoding as error:
            raise RobotsUnreachable("Its content is not in the encoding that it names.") from error
        return content[:MAX_READ]


def _target(url: httpx.URL, answer: httpx.Response) -> str:
    """Return the URL that a redirect names."""
    location = answer.headers.get("location")
    if not location:
        raise FetchRedirects(f"({url.host}: status {answer.status_code} without a Location)")
    try:
        return str(url.join(location).copy_with(fragment=None))
    except (httpx.InvalidURL, ValueError):  # its message would repeat the URL
        raise FetchRedirects(f"({url.host}: a Location that is no URL)") from None


def _named(url: httpx.URL) -> str:
    """Return the host as its turns are counted: ``example.org.`` is the same as ``example.org``."""
    return url.host.rstrip(".")
