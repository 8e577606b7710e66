"""One page fetched, over connections that are played."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpcore
import httpx
import pytest

from pagefacts.contracts import Job
from pagefacts.errors import FetchError, FetchRefused
from worker.fetching import Later, OwnMemory, Page, Trip
from worker.fetching.answers import media_type, retry_after, validators
from worker.fetching.fetcher import Fetcher, backoff
from worker.fetching.jobs import with_page
from worker.fetching.limits import Limits, Turn
from worker.fetching.memory import Kept
from worker.fetching.network import Deadline, Guard, Wire

PUBLIC, PRIVATE = "93.184.216.34", "10.0.0.1"
HTML = "<html><body><p>Twelve people were killed.</p></body></html>"
NO_ROBOTS = "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def answer(status: int = 200, body: str = HTML, **headers: str) -> str:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), **named}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"HTTP/1.1 {status} X\r\nConnection: close\r\n{head}\r\n{body}"


class Stream(httpcore.NetworkStream):
    def __init__(self, played: Played, content: bytes) -> None:
        self._played = played
        self._content = content
        self._sent = b""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        part, self._content = self._content[:max_bytes], self._content[max_bytes:]
        return part

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._sent += buffer
        if buffer and self._sent.endswith(b"\r\n\r\n"):
            self._played.requests.append(self._sent.decode())

    def close(self) -> None:
        pass

    def get_extra_info(self, info: str) -> Any:
        return None


class Played(httpcore.NetworkBackend):
    """Gives one answer a connection, in their order, and notes where it was connected to and what was asked."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.connected: list[tuple[str, int]] = []
        self.requests: list[str] = []

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.NetworkStream:
        self.connected.append((host, port))
        next_one = self.answers.pop(0)
        if isinstance(next_one, Exception):
            raise next_one
        return Stream(self, next_one.encode("latin-1"))

    @property
    def paths(self) -> list[str]:
        return [request.split()[1] for request in self.requests]


def resolver(*answers: str | Exception) -> Callable[..., list[Any]]:
    """Return a resolver that gives one answer after the other, and the last one for ever."""
    waiting = list(answers)

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(found, Exception):
            raise found
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found.split()]

    return resolve


def by_host(host: str, port: int, **_: Any) -> list[Any]:
    """Resolve names to a public address, and addresses to themselves."""
    return resolver(PUBLIC if "example" in host else host)(host, port)


def left_by(page: Page) -> Callable[[str], bytes | None]:
    """Return what a claim gives back of a page."""
    stored = {name: value if isinstance(value, bytes) else value.encode() for name, value in page.dump().items()}
    return stored.get


class Memory(OwnMemory):
    """Keeps pages too, and all holds."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: dict[str, Kept] = {}
        self.held: list[tuple[str, float]] = []
        self.turns: list[Turn] = []

    def wait(self, host: str, turn: Turn) -> float:
        self.turns.append(turn)
        return super().wait(host, turn)

    def hold(self, host: str, seconds: float, turn: Turn) -> None:
        self.held.append((host, seconds))
        super().hold(host, seconds, turn)

    def kept(self, url: str) -> Kept | None:
        return self.pages.get(url)

    def keep(self, url: str, kept: Kept | None) -> None:
        self.pages.pop(url, None)
        if kept is not None:
            self.pages[url] = kept


def fetch(
    played: Played,
    url: str = "http://example.org/a",
    *,
    resolve: Callable[..., list[Any]] | None = None,
    memory: OwnMemory | None = None,
    trip: Trip | None = None,
    naps: list[float] | None = None,
    **limits: Any,
) -> Page:
    chosen = Limits(**{"turn": Turn(0.001, 50), "tries": 1, **limits})
    wire = Wire(resolve=resolve or resolver(PUBLIC), plain=played)

    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        if naps is not None:
            naps.append(seconds)

    return Fetcher(chosen, wire=wire, sleep=sleep).fetch(trip or Trip((url,)), memory or OwnMemory())


def failure(*args: Any, **options: Any) -> FetchError:
    with pytest.raises(FetchError) as raised:
        fetch(*args, **options)
    return raised.value


def test_a_page_is_asked_for_at_the_address_that_was_checked_by_its_own_name() -> None:
    played = Played(NO_ROBOTS, answer())
    page = fetch(played, "http://example.org/a?b=c#d", user_agent="desk/1 (+https://desk.example)")
    assert (page.url, page.content.decode(), page.charset, page.is_text) == (
        "http://example.org/a?b=c#d",
        HTML,
        "utf-8",
        False,
    )
    assert played.connected == [(PUBLIC, 80)] * 2
    assert played.paths == ["/robots.txt", "/a?b=c"]
    assert "Host: example.org\r\n" in played.requests[1]
    assert "User-Agent: desk/1 (+https://desk.example)\r\n" in played.requests[1]
    assert "Accept-Encoding: gzip, deflate, br, zstd\r\n" in played.requests[1]
    assert "Cookie" not in played.requests[1]


@pytest.mark.parametrize("addresses", [PRIVATE, f"{PUBLIC} {PRIVATE}", "127.0.0.1", "169.254.169.254", "::1"])
def test_a_name_of_a_private_address_is_refused_before_anything_is_sent(addresses: str) -> None:
    played = Played(NO_ROBOTS, answer())
    error = failure(played, resolve=resolver(addresses))
    assert (error.code, error.retryable, played.connected) == ("fetch_refused", False, [])


def test_a_name_whose_address_changes_is_refused_at_the_change() -> None:
    """DNS rebinding: robots.txt is read at a public address, and then the name means a private one."""
    played = Played(NO_ROBOTS, answer())
    error = failure(played, resolve=resolver(PUBLIC, PRIVATE))
    assert (error.code, played.connected, played.paths) == ("fetch_refused", [(PUBLIC, 80)], ["/robots.txt"])


def test_the_guard_of_connections_knows_the_ports_itself() -> None:
    guard = Guard(Limits(), Wire(resolve=resolver(PUBLIC), plain=Played()), Deadline(1))
    for refused in (lambda: guard.connect_tcp("example.org", 6379), lambda: guard.connect_unix_socket("/run/x.sock")):
        with pytest.raises(FetchRefused):
            refused()


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "//10.0.0.1/",
        "http://2130706433/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://example.org:6379/",
        "http://user:secret@example.org/",
    ],
)
def test_a_redirect_is_checked_like_the_first_url(target: str) -> None:
    played = Played(NO_ROBOTS, answer(302, "", Location=target))
    error = failure(played, resolve=by_host)
    assert error.code == "fetch_refused"
    assert "secret" not in error.message
    assert played.paths == ["/robots.txt", "/a"]


def test_redirects_lead_to_the_last_url() -> None:
    played = Played(NO_ROBOTS, answer(301, "", Location="/b"), answer(307, "", Location="//www.example.org/c#x"))
    played.answers += [NO_ROBOTS, answer()]
    assert fetch(played).url == "http://www.example.org/c"
    assert played.paths == ["/robots.txt", "/a", "/b", "/robots.txt", "/c"]


@pytest.mark.parametrize("targets", [["/a"], ["/b", "/a"], [f"/{n}" for n in range(20)], [None]])
def test_redirects_that_lead_nowhere(targets: list[str | None]) -> None:
    played = Played(NO_ROBOTS, *(answer(302, "", Location=target or "") for target in targets))
    error = failure(played)
    assert (error.code, error.retryable) == ("fetch_redirects", False)
    assert len(played.requests) <= 12


@pytest.mark.parametrize(
    ("error", "code", "retryable"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), "fetch_dns", False),
        (socket.gaierror(socket.EAI_AGAIN, "later"), "fetch_dns", True),
        (UnicodeError("label too long"), "fetch_dns", False),
    ],
)
def test_names_without_an_address(error: Exception, code: str, retryable: bool) -> None:
    found = failure(Played(), resolve=resolver(error))
    assert (found.code, found.retryable) == (code, retryable)


def test_a_resolver_that_hangs_is_not_waited_for() -> None:
    never = threading.Event()
    try:
        error = failure(Played(), resolve=lambda *_, **__: never.wait(60) and [], seconds=0.1)
    finally:
        never.set()
    assert (error.code, error.retryable) == ("fetch_timeout", True)


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    played = Played(httpcore.ConnectError("no"), NO_ROBOTS, httpcore.ConnectTimeout("no"), answer())
    assert fetch(played, resolve=resolver("93.184.216.34 8.8.8.8")).content
    assert [host for host, _ in played.connected] == ["93.184.216.34", "8.8.8.8"] * 2
    error = failure(Played(httpcore.ConnectError("no")))
    assert (error.code, error.retryable) == ("fetch_connect", True)


@pytest.mark.parametrize(
    ("content", "code", "retryable"),
    [
        (answer(404), "http_404", False),
        (answer(410), "http_410", False),
        (answer(429), "http_429", True),
        (answer(500), "http_500", True),
        (answer(503), "http_503", True),
        (answer(204, ""), "http_204", False),
        (answer(304, ""), "http_304", False),
        (answer(Content_Type="application/pdf"), "fetch_unsupported_type", False),
        (answer(Content_Type="image/png"), "fetch_unsupported_type", False),
        (answer(Content_Type="", body="%PDF-1.7"), "fetch_unsupported_type", False),
        (answer(Content_Encoding="lzma"), "fetch_bad_encoding", False),
        (answer(Content_Encoding="gzip"), "fetch_bad_encoding", False),
        (answer(Content_Length="999999999999"), "fetch_too_large", False),
        (answer(body="x" * 2_000), "fetch_too_large", False),
        (answer(Content_Length="1000"), "fetch_connect", True),
        ("", "fetch_connect", True),
        ("no HTTP\r\n\r\n", "fetch_bad_response", False),
        ("HTTP/1.1 200 OK\r\n" + "X: y\r\n" * 30_000, "fetch_bad_response", False),
        ("HTTP/1.1 103 Hints\r\n\r\n" * 60_000, "fetch_too_large", False),
    ],
)
def test_answers_that_bring_no_page(content: str, code: str, retryable: bool) -> None:
    error = failure(Played(NO_ROBOTS, content), size=1_000)
    assert (error.code, error.retryable) == (code, retryable)


def test_text_is_kept_as_text_and_a_page_without_a_type_is_looked_at() -> None:
    page = fetch(Played(NO_ROBOTS, answer(body="caf\xe9", Content_Type="Text/Plain; charset=ISO-8859-1")))
    job = with_page(Job(id="a", url="http://example.org/a", language="fr"), left_by(page))
    assert (job.text, job.html_base64, job.language, job.fetched_at) == ("café", None, "fr", page.fetched_at)
    page = fetch(Played(NO_ROBOTS, answer(Content_Type="")))
    job = with_page(Job(url="http://example.org/a"), left_by(page))
    assert (page.is_text, job.text, job.charset) == (False, None, None)
    assert job.html_base64


# --- robots.txt and turns ---------------------------------------------------------------------------------------------


def test_a_page_that_robots_txt_forbids_is_not_asked_for() -> None:
    played = Played(answer(200, "User-agent: *\nDisallow: /a", Content_Type="text/plain"))
    error = failure(played, "http://example.org/a?b")
    assert (error.code, error.retryable, played.paths) == ("fetch_robots", False, ["/robots.txt"])


def test_robots_txt_of_every_host_on_the_way_counts() -> None:
    played = Played(NO_ROBOTS, answer(302, "", Location="http://other.example/x"))
    played.answers.append(answer(200, "User-agent: *\nDisallow: /"))
    assert failure(played).code == "fetch_robots"
    assert played.paths == ["/robots.txt", "/a", "/robots.txt"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_robots_txt_that_cannot_be_had_now_forbids_all_for_now(status: int) -> None:
    error = failure(Played(answer(status)))
    assert (error.code, error.retryable) == ("fetch_robots", True)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_robots_txt_that_is_absent_forbids_nothing(status: int) -> None:
    assert fetch(Played(answer(status), answer())).content


def test_a_robots_txt_may_redirect_five_times() -> None:
    moved = [answer(301, "", Location=f"/r{n}") for n in range(5)]
    assert failure(Played(*moved, answer(200, "User-agent: *\nDisallow: /"))).code == "fetch_robots"
    moved.append(answer(301, "", Location="/r6"))
    assert fetch(Played(*moved, answer())).content


@pytest.mark.parametrize("target", ["http://127.0.0.1/", "ftp://example.org/", "http://user:secret@example.org/"])
def test_a_redirect_of_robots_txt_is_checked_like_every_url(target: str) -> None:
    played = Played(answer(301, "", Location=target), answer(200, ""))
    assert failure(played, resolve=by_host).code == "fetch_refused"
    assert len(played.connected) == 1


def test_a_known_robots_txt_is_not_read_again() -> None:
    memory = OwnMemory()
    played = Played(NO_ROBOTS, answer(), answer())
    for path in ("a", "b"):
        fetch(played, f"http://example.org/{path}", memory=memory)
    assert played.paths == ["/robots.txt", "/a", "/b"]


def test_a_short_wait_is_slept_and_a_long_one_is_for_later() -> None:
    memory, naps = Memory(), []
    played = Played(NO_ROBOTS, answer())
    fetch(played, memory=memory, turn=Turn(0.5, 1), naps=naps)  # more than robots.txt takes on a busy machine
    assert 0 < naps[0] <= 0.5

    memory.hold("example.org", 40, Turn(0.01, 1))
    with pytest.raises(Later) as raised:
        fetch(Played(), memory=memory, turn=Turn(0.01, 1))
    assert 30 < raised.value.seconds <= 40
    assert raised.value.trip == Trip(("http://example.org/a",))


def test_what_was_reached_is_not_gone_through_again() -> None:
    memory = Memory()
    memory.hold("other.example", 40, Turn(0.001, 50))
    with pytest.raises(Later) as raised:
        fetch(Played(NO_ROBOTS, answer(302, "", Location="http://other.example/x")), memory=memory)
    trip = Trip.from_json(raised.value.trip.to_json())
    assert trip == Trip(("http://example.org/a", "http://other.example/x"))

    memory = Memory()
    played = Played(NO_ROBOTS, answer())
    assert fetch(played, memory=memory, trip=trip).url == "http://other.example/x"
    assert played.paths == ["/robots.txt", "/x"]


@pytest.mark.parametrize(("delay", "kept"), [("7.5", 7.5), ("0.0001", 0.001), ("86400", 30)])
def test_a_crawl_delay_is_kept_within_a_bound(delay: str, kept: float) -> None:
    memory = Memory()
    fetch(Played(answer(200, f"User-agent: *\nCrawl-delay: {delay}"), answer()), memory=memory)
    assert memory.turns[-1] == Turn(kept, 1)


def test_a_host_that_asks_for_a_pause_gets_it() -> None:
    memory = Memory()
    with pytest.raises(Later) as raised:
        fetch(Played(NO_ROBOTS, answer(503, Retry_After="120")), memory=memory, tries=3)
    assert raised.value.trip.tries == 1
    assert memory.held == [("example.org", 120)]

    error = failure(Played(NO_ROBOTS, answer(503, Retry_After="3600")), memory=Memory(), tries=3)
    assert (error.code, error.retryable) == ("http_503", True)


def test_what_may_pass_is_tried_again_as_often_as_allowed() -> None:
    trip = Trip(("http://example.org/a",))
    for tries in (1, 2):
        with pytest.raises(Later) as raised:
            fetch(Played(NO_ROBOTS, answer(503)), trip=trip, tries=3)
        trip = raised.value.trip
        assert trip.tries == tries
    assert failure(Played(NO_ROBOTS, answer(503)), trip=trip, tries=3).code == "http_503"
    assert failure(Played(NO_ROBOTS, answer(404)), tries=3).code == "http_404"


def test_the_pauses_between_tries_grow() -> None:
    for tries, low, high in ((1, 1, 2), (2, 2, 4), (3, 4, 8), (9, 30, 60)):
        assert low <= backoff(tries) <= high


def test_without_a_queue_it_waits_until_it_has_the_page() -> None:
    naps: list[float] = []
    played = Played(NO_ROBOTS, answer(503), answer())
    limits = Limits(turn=Turn(0.001, 50))
    fetcher = Fetcher(limits, wire=Wire(resolve=resolver(PUBLIC), plain=played), sleep=naps.append)
    assert fetcher.fetch_here(Job(url="http://example.org/a"), OwnMemory()).content == HTML.encode()
    assert any(1 <= nap <= 2 for nap in naps)


# --- pages that are kept ----------------------------------------------------------------------------------------------


def test_a_page_that_has_not_changed_comes_from_memory() -> None:
    memory = Memory()
    played = Played(NO_ROBOTS, answer(ETag='"v1"', Last_Modified="Mon, 05 Oct 2015 10:00:00 GMT"), answer(304, ""))
    first = fetch(played, memory=memory)
    again = fetch(played, memory=memory)
    assert (again.content, again.charset, again.url) == (first.content, first.charset, first.url)
    assert again.fetched_at > first.fetched_at
    assert 'If-None-Match: "v1"\r\n' in played.requests[2]
    assert "If-Modified-Since: Mon, 05 Oct 2015 10:00:00 GMT\r\n" in played.requests[2]


def test_a_page_that_must_not_be_stored_is_forgotten() -> None:
    memory = Memory()
    played = Played(NO_ROBOTS, answer(ETag='"v1"'), answer(ETag='"v2"', Cache_Control="private, No-Store"))
    fetch(played, memory=memory)
    assert list(memory.pages) == ["http://example.org/a"]
    fetch(played, memory=memory)
    assert memory.pages == {}


# --- headers ----------------------------------------------------------------------------------------------------------

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Fri, 02 Jan 2026 03:05:05 GMT", 60),
        ("Fri, 02 Jan 2026 02:05:05 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("٣", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(httpx.Headers({"Retry-After": value.encode()}), NOW) == seconds


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("text/html", ("text/html", None)),
        ('TEXT/HTML; Charset="windows-1252"', ("text/html", "windows-1252")),
        ("text/html; charset=", ("text/html", None)),
        ("text/html; charset=" + "x" * 65, ("text/html", None)),
        ("text/html, text/html; charset=utf-8", ("text/html", None)),
        ("", ("", None)),
        (";", ("text/plain", None)),
    ],
)
def test_media_types(value: str, found: tuple[str, str | None]) -> None:
    assert media_type(httpx.Headers({"Content-Type": value})) == found


def test_validators() -> None:
    assert validators(httpx.Headers({"ETag": 'W/"1"'})) == {"If-None-Match": 'W/"1"'}
    assert validators(httpx.Headers({"ETag": "1", "Cache-Control": "NO-STORE"})) == {}
    assert validators(httpx.Headers()) == {}
