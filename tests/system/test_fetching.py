"""Pages fetched by real workers from a web site on this machine, friendly and hostile."""

from __future__ import annotations

import gzip
import json
import os
import socket
import ssl
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
import trustme
from h2.connection import H2Connection
from support import COMMAND, Worker, answered, events, until
from website import ARTICLE, Site, in_turn, reply, serving, serving_http2, serving_raw

from config.settings import Settings
from pagefacts.errors import FetchError
from worker.connection import open_ledgers
from worker.fetching import OwnMemory, SharedMemory, Trip
from worker.fetching.addresses import AddressPolicy, read_networks
from worker.fetching.encodings import zstd
from worker.fetching.fetcher import Fetcher
from worker.fetching.limits import Limits, Turn
from worker.fetching.memory import Kept
from worker.fetching.network import Wire
from worker.fetching.robots import Rules
from worker.ledger import GROUP, Ledger, Superseded
from worker.queue_state import read_state

Start = Callable[..., Worker]
LOOPBACK = "127.0.0.0/8,::1"
BOMB = bytes(100_000_000)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        found.pages["/"] = reply(ARTICLE)
        yield found


def settings(*sites: Site, **others: str) -> dict[str, str]:
    """Return the settings of a worker that may fetch from these sites, quickly."""
    ports = ",".join(each.port for each in sites)
    quick = {"RATE": "1000", "BURST": "100", "TIMEOUT": "5", "TRIES": "1", "ALLOW_NETWORKS": LOOPBACK, "PORTS": ports}
    return {
        "PAGEFACTS_FETCH": "on",
        **{f"PAGEFACTS_FETCH_{name}": value for name, value in {**quick, **others}.items()},
    }


def jobs(site: Site, *paths: str) -> list[str]:
    return [json.dumps({"id": path, "url": site.url + path}) for path in paths]


def by_id(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {event["id"]: event["data"] for event in found}


# --- what hostile servers do ------------------------------------------------------------------------------------------


def drip(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.2)


def drip_header(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.2)


def hang(handler: Any) -> None:
    time.sleep(30)


def endless(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        handler.wfile.write(bytes(65_536))


def endless_chunks(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        handler.wfile.write(b"10000\r\n" + bytes(65_536) + b"\r\n")


def huge_header(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for n in range(1_000_000):
        handler.wfile.write(b"X-%d: %d\r\n" % (n, n) * 100)


def early_hints(handler: Any) -> None:
    while True:
        handler.wfile.write(b"HTTP/1.1 103 Early Hints\r\nX: %s\r\n\r\n" % (b"y" * 1000) * 50)


def cut(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\nshort")


def garbage(handler: Any) -> None:
    handler.wfile.write(os.urandom(1000) + b"\r\n\r\n")


def redirect(target: str) -> Callable[[Any], None]:
    return reply(b"", 302, Location=target)


HOSTILE: dict[str, tuple[Callable[[Any], None], str]] = {
    "/drip": (drip, "fetch_timeout"),
    "/drip-header": (drip_header, "fetch_timeout"),
    "/hang": (hang, "fetch_timeout"),
    "/endless": (endless, "fetch_too_large"),
    "/endless-chunks": (endless_chunks, "fetch_too_large"),
    "/huge-header": (huge_header, "fetch_bad_response"),
    "/early-hints": (early_hints, "fetch_too_large"),
    "/cut": (cut, "fetch_connect"),
    "/garbage": (garbage, "fetch_bad_response"),
    "/gzip-bomb": (reply(gzip.compress(BOMB), Content_Encoding="gzip"), "fetch_too_large"),
    "/gzip-gzip-bomb": (reply(gzip.compress(gzip.compress(BOMB)), Content_Encoding="gzip, gzip"), "fetch_too_large"),
    "/br-bomb": (reply(brotli.compress(BOMB, quality=1), Content_Encoding="br"), "fetch_too_large"),
    "/zstd-bomb": (reply(zstd.compress(BOMB), Content_Encoding="zstd"), "fetch_too_large"),
    "/three-times": (reply(b"x", Content_Encoding="gzip, br, zstd"), "fetch_bad_encoding"),
    "/loop": (redirect("/loop"), "fetch_redirects"),
    "/pdf": (reply(b"%PDF", Content_Type="application/pdf"), "fetch_unsupported_type"),
    "/to-private": (redirect("http://10.0.0.1/"), "fetch_refused"),
    "/to-metadata": (redirect("http://169.254.169.254/latest/meta-data/"), "fetch_refused"),
    "/to-mapped": (redirect("http://[::ffff:127.0.0.1]/"), "fetch_refused"),
    "/to-decimal": (redirect("http://2130706433/"), "fetch_refused"),
    "/to-unspecified": (redirect("http://0.0.0.0/"), "fetch_refused"),
    "/to-file": (redirect("file:///etc/passwd"), "fetch_refused"),
    "/to-redis": (redirect("http://127.0.0.1:6379/"), "fetch_refused"),
    "/gone": (reply(b"", 410), "http_410"),
    "/broken": (reply(b"", 500), "http_500"),
}


def test_hostile_pages_are_each_answered_with_their_failure_and_the_worker_lives_on(
    ledger: Ledger, start_worker: Start, site: Site
) -> None:
    site.pages |= {path: act for path, (act, _) in HOSTILE.items()}
    worker = start_worker("--concurrency", "2", **settings(site, MAX_MB="2", PORTS=f"80,{site.port}"))
    ledger.enqueue(*jobs(site, *HOSTILE, "/"))

    found = by_id(answered(ledger, len(HOSTILE) + 1))

    assert {path: found[path]["failure"]["code"] for path in HOSTILE} == {p: code for p, (_, code) in HOSTILE.items()}
    assert {found[path]["failure"]["stage"] for path in HOSTILE} == {"fetch"}
    assert found["/"]["casualties"]
    assert read_state(ledger).dead == len(HOSTILE)
    assert read_state(ledger).in_flight == 0
    assert worker.process.poll() is None
    assert "meta-data" not in worker.log.read_text()
    peak = max(rss_peak(child) for child in [worker.process.pid, *worker.children()])
    assert peak < 500_000, f"{peak} kB"


def rss_peak(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def test_nothing_of_this_machine_is_asked_unless_it_is_listed(ledger: Ledger, start_worker: Start, site: Site) -> None:
    hosts = ["127.0.0.1", "localhost", "127.1", "0x7f000001", "[::1]", "[::ffff:7f00:1]", "localhost.", "0"]
    urls = [f"http://{host}:{site.port}/" for host in hosts]
    start_worker(**settings(site, ALLOW_NETWORKS=""))
    ledger.enqueue(*(json.dumps({"id": url, "url": url}) for url in urls))
    found = by_id(answered(ledger, len(urls)))
    codes = {url: found[url]["failure"]["code"] for url in urls}
    assert {*codes.values()} <= {"fetch_refused", "fetch_dns"}, codes
    assert codes[urls[1]] == "fetch_refused"
    assert site.asked == []


@pytest.mark.parametrize("pipeline", ["chain", "fused"])
def test_a_url_comes_back_as_facts(ledger: Ledger, start_worker: Start, site: Site, pipeline: str) -> None:
    site.pages["/old"] = redirect("/new?a=1")
    site.pages["/new"] = reply(gzip.compress(ARTICLE), Content_Encoding="gzip")
    site.pages["/text"] = reply(b"Three people were killed in Kabul on Friday.\n" * 2, Content_Type="text/plain")
    site.pages["/windows"] = reply(
        ARTICLE.replace(b"police", b"caf\xe9"), Content_Type="text/html; charset=windows-1252"
    )
    worker = start_worker(**settings(site), PAGEFACTS_PIPELINE=pipeline, PAGEFACTS_LOG_LEVEL="DEBUG")
    ledger.enqueue(*jobs(site, "/old", "/text", "/windows"), '{"id":"body","body":"Two people died."}')

    found = answered(ledger, 4)

    data = by_id(found)
    assert data["/old"]["article"]["url"] == f"{site.url}/new?a=1"
    assert {event["id"]: event.get("subject") for event in found}["/old"] == f"{site.url}/old"
    assert [(fact["effect"], fact["min"]) for fact in data["/old"]["casualties"]][:1] == [("killed", 12)]
    assert set(data["/old"]["provenance"]["milliseconds"]) == {"fetch", "extract", "tag", "facts"}
    assert set(data["body"]["provenance"]["milliseconds"]) == {"extract", "tag", "facts"}
    assert "Kabul" in data["/text"]["article"]["text"]
    assert "café" in data["/windows"]["article"]["text"]
    assert site.headers[-1]["User-Agent"].startswith("pagefacts/")
    assert "a=1" not in worker.log.read_text()
    assert not ledger.client.exists(*(ledger.keys.claim(job_id) for job_id in data))


def test_robots_txt_is_kept_for_all_pages_of_a_site(ledger: Ledger, start_worker: Start, site: Site) -> None:
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: pagefacts\nDisallow: /private"
    site.pages |= {"/robots.txt": reply(rules, Content_Type="text/plain"), "/private": reply(ARTICLE)}
    start_worker("--concurrency", "2", **settings(site))
    ledger.enqueue(*jobs(site, "/", "/private", "/?2", "/private?2"))
    found = by_id(answered(ledger, 4))
    codes = {path: data.get("failure", {}).get("code") for path, data in found.items()}
    assert codes == {"/": None, "/?2": None, "/private": "fetch_robots", "/private?2": "fetch_robots"}
    assert site.count("/private") == 0
    assert site.count("/robots.txt") <= 2  # both processes may begin at once


def test_what_may_pass_is_tried_again_and_then_answered(ledger: Ledger, start_worker: Start, site: Site) -> None:
    site.pages["/soon"] = in_turn(reply(b"", 503), reply(b"", 429, Retry_After="1"), reply(ARTICLE))
    site.pages["/never"] = reply(b"", 503)
    site.pages["/missing"] = reply(b"", 404)
    start_worker(**settings(site, TRIES="3"))
    ledger.enqueue(*jobs(site, "/soon", "/never", "/missing"))
    found = by_id(answered(ledger, 3))
    assert found["/soon"]["casualties"]
    failure = found["/never"]["failure"]
    assert (failure["code"], failure["retryable"], failure["deliveries"]) == ("http_503", True, 1)
    assert found["/missing"]["failure"]["retryable"] is False
    assert [site.count(path) for path in ("/soon", "/never", "/missing")] == [3, 3, 1]


def test_a_page_that_waits_is_not_taken_for_lost(ledger: Ledger, start_worker: Start, site: Site) -> None:
    """It waits for twice as long as a job may be idle, and its one delivery is all that it has."""
    site.pages["/busy"] = in_turn(reply(b"", 503, Retry_After="17"), reply(ARTICLE))
    limits = {"PAGEFACTS_SOFT_TIME_LIMIT": "3.4", "PAGEFACTS_HARD_TIME_LIMIT": "3.5", "PAGEFACTS_CLAIM_AFTER": "8"}
    others = {"PAGEFACTS_IN_FLIGHT": "1", "PAGEFACTS_MAX_DELIVERIES": "1"}
    start_worker(**settings(site, TRIES="2", TIMEOUT="2"), **limits, **others)
    ledger.enqueue(*jobs(site, "/busy"))
    (event,) = answered(ledger, 1)
    assert event["type"] == "pagefacts.result.v1"
    assert site.count("/busy") == 2
    assert read_state(ledger).in_flight == 0


def test_jobs_that_wait_for_a_slow_host_hold_up_no_others(ledger: Ledger, start_worker: Start, site: Site) -> None:
    """Twelve pages of a host that is asked once in a hundred seconds, in front of one that needs no fetching."""
    start_worker(**settings(site, RATE="0.01", BURST="2"), PAGEFACTS_IN_FLIGHT="1")
    ledger.enqueue(*jobs(site, *(f"/?{n}" for n in range(12))), '{"id":"body","body":"Two people died."}')
    until(lambda: {event["id"] for event in events(ledger)} == {"/?0", "body"})
    assert site.asked == ["/robots.txt", "/?0"]
    until(lambda: (read_state(ledger).in_flight, read_state(ledger).waiting) == (11, 0))


def test_two_workers_share_the_turns_of_a_host(ledger: Ledger, start_worker: Start, site: Site) -> None:
    moments: list[float] = []

    def note(handler: Any) -> None:
        moments.append(time.monotonic())
        reply(ARTICLE)(handler)

    site.pages |= {"/": note, "/robots.txt": note}
    for _ in range(2):
        start_worker("--concurrency", "2", **settings(site, RATE="4", BURST="1"))
    ledger.enqueue(*jobs(site, *(f"/?{n}" for n in range(24))))
    answered(ledger, 24)
    assert len(ledger.client.xinfo_consumers(ledger.keys.jobs, GROUP)) >= 2
    # One request may be longer on its way than another. Were the turns not shared, it would be half the time.
    assert moments[-1] - moments[0] > (len(moments) - 1) * 0.25 * 0.75


def test_a_worker_killed_while_it_fetches_is_followed_by_one_that_answers_once(
    ledger: Ledger, start_worker: Start, site: Site
) -> None:
    slow = threading.Event()

    def act(handler: Any) -> None:
        if site.count("/slow") == 1:
            slow.wait(60)
        reply(ARTICLE)(handler)

    site.pages["/slow"] = act
    limits = settings(site, TIMEOUT="20")
    first = start_worker(**limits)
    ledger.enqueue(*jobs(site, "/slow"))
    until(lambda: site.count("/slow") == 1)
    assert ledger.stage("/slow") == "fetch"
    first.kill()
    slow.set()
    ((entry, _),) = ledger.client.xrange(ledger.keys.jobs)
    ledger.client.xclaim(ledger.keys.jobs, GROUP, "w0@gone:fetch", 0, [entry], idle=301_000, justid=True)

    start_worker(**limits)

    (event,) = answered(ledger, 1)
    assert event["type"] == "pagefacts.result.v1"
    until(lambda: read_state(ledger).in_flight == 0)
    time.sleep(1)  # for a second answer, were there one
    assert len(events(ledger)) == 1


def test_a_worker_of_fetches_alone(ledger: Ledger, start_worker: Start, site: Site) -> None:
    start_worker("-Q", "pagefacts.extract,pagefacts.tag,pagefacts.facts", **settings(site))
    ledger.enqueue(*jobs(site, "/"), '{"id":"body","body":"Two people died."}')
    assert [event["id"] for event in answered(ledger, 1)] == ["body"]
    start_worker("-Q", "pagefacts.fetch", **settings(site))
    assert by_id(answered(ledger, 2))["/"]["casualties"]


def test_a_dead_letter_keeps_the_url_and_is_fetched_again(
    ledger: Ledger, environment: dict[str, str], start_worker: Start, site: Site
) -> None:
    site.pages["/late"] = in_turn(reply(b"", 404), reply(ARTICLE))
    start_worker(**settings(site))
    ledger.enqueue(*jobs(site, "/late"))
    answered(ledger, 1)
    ((_, fields),) = ledger.client.xrange(ledger.keys.dead)
    assert json.loads(json.loads(fields[b"dead"])["job"]) == {"id": "/late", "url": f"{site.url}/late"}
    subprocess.run([*COMMAND, "dead", "retry", "all"], env=environment, check=True, timeout=60)
    assert answered(ledger, 2)[1]["data"]["casualties"]


def test_in_process(site: Site, environment: dict[str, str]) -> None:
    site.pages["/busy"] = in_turn(reply(b"", 503), reply(ARTICLE))
    lines = "\n".join(jobs(site, "/", "/missing", "/busy"))
    command = [*COMMAND, "process", "--in-process", "--jobs", "-"]
    done = subprocess.run(
        command, env={**environment, **settings(site, TRIES="2")}, input=lines, capture_output=True, text=True
    )
    assert done.returncode == 3, done.stderr
    found = by_id([json.loads(line) for line in done.stdout.splitlines()])
    assert found["/"]["casualties"]
    assert found["/busy"]["casualties"]
    assert (found["/missing"]["failure"]["code"], found["/missing"]["failure"]["stage"]) == ("http_404", "fetch")
    assert "fetch" in found["/"]["provenance"]["milliseconds"]


# --- TLS and HTTP/2 ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA) -> ssl.SSLContext:
    """What trusts the certificates of ``authority``."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def served_as(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_https_with_a_certificate_of_the_name_and_of_another(
    ledger: Ledger, start_worker: Start, authority: trustme.CA, tmp_path: Path
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with serving(served_as(authority, "localhost")) as good, serving(served_as(authority, "other.example")) as bad:
        good.pages["/"] = bad.pages["/"] = reply(ARTICLE)
        start_worker(SSL_CERT_FILE=str(tmp_path / "ca.pem"), **settings(good, bad))
        for name, site in (("good", good), ("bad", bad)):
            ledger.enqueue(json.dumps({"id": name, "url": site.url.replace("127.0.0.1", "localhost") + "/"}))
        found = by_id(answered(ledger, 2))
    assert found["good"]["casualties"]
    assert (found["bad"]["failure"]["code"], found["bad"]["failure"]["retryable"]) == ("fetch_tls", False)
    assert bad.asked == []


def silent(_: socket.socket) -> None:
    time.sleep(10)


def dripped_handshake(connection: socket.socket) -> None:
    connection.recv(65_536)
    connection.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc\x03\x03")
    while True:
        connection.sendall(b"x")
        time.sleep(0.2)


def no_tls(connection: socket.socket) -> None:
    connection.recv(65_536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def hung_up(connection: socket.socket) -> None:
    connection.recv(65_536)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (silent, "fetch_timeout"),
        (dripped_handshake, "fetch_timeout"),
        (no_tls, "fetch_tls"),
        (hung_up, "fetch_connect"),
    ],
)
def test_handshakes_that_come_to_nothing(act: Callable[[socket.socket], None], code: str) -> None:
    with serving_raw(act) as port, pytest.raises(FetchError) as raised:
        Fetcher(local_limits(port, seconds=1.5)).fetch(Trip((f"https://127.0.0.1:{port}/",)), NoRobots())
    assert raised.value.code == code


HEAD = [(":status", "200"), ("content-type", "text/html")]


def plain_page(h2: H2Connection, stream: int, _: socket.socket) -> None:
    h2.send_headers(stream, HEAD)
    h2.send_data(stream, ARTICLE, end_stream=True)


def pings_for_ever(h2: H2Connection, stream: int, connection: socket.socket) -> None:
    h2.send_headers(stream, HEAD)
    while True:
        h2.ping(b"12345678")
        connection.sendall(h2.data_to_send() * 1000)


def headers_for_ever(h2: H2Connection, stream: int, connection: socket.socket) -> None:
    """As in the attack "CONTINUATION flood": a header that has no end."""
    connection.sendall(h2.data_to_send())
    frame = b"\x00\x40\x00%c\x00" + stream.to_bytes(4, "big") + bytes(16_384)
    connection.sendall(frame % 1)
    while True:
        connection.sendall(frame % 9)


def cancelled(h2: H2Connection, stream: int, _: socket.socket) -> None:
    h2.reset_stream(stream)


def no_frames(_: H2Connection, __: int, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" * 100)


@pytest.mark.parametrize(
    ("act", "codes"),
    [
        (plain_page, {"page"}),
        (pings_for_ever, {"fetch_too_large", "fetch_bad_response"}),
        (headers_for_ever, {"fetch_too_large", "fetch_bad_response"}),
        (cancelled, {"fetch_connect", "fetch_bad_response"}),
        (no_frames, {"fetch_timeout"}),
    ],
)
def test_http_2(authority: trustme.CA, trusted: ssl.SSLContext, act: Callable[..., None], codes: set[str]) -> None:
    with serving_http2(served_as(authority, "localhost"), act) as url:
        limits = local_limits(url.rpartition(":")[2], seconds=4, size=2_000_000)
        try:
            found = Fetcher(limits, wire=Wire(trusted=trusted)).fetch(Trip((url + "/",)), NoRobots())
        except FetchError as error:
            assert error.code in codes
        else:
            assert codes == {"page"}
            assert found.content == ARTICLE


def test_an_http_2_connection_that_ends_is_made_anew(authority: trustme.CA, trusted: ssl.SSLContext) -> None:
    asked = []

    def once(h2: H2Connection, stream: int, connection: socket.socket) -> None:
        asked.append(stream)
        if stream == 1:
            plain_page(h2, stream, connection)
        else:
            h2.close_connection(last_stream_id=1)

    with serving_http2(served_as(authority, "localhost"), once) as url:
        limits = local_limits(url.rpartition(":")[2])
        found = Fetcher(limits, wire=Wire(trusted=trusted)).fetch(Trip((url + "/",)), OwnMemory())
    assert found.content == ARTICLE
    assert asked == [1, 3, 1]


PLAIN_PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(ARTICLE), ARTICLE)


def path_of_request(connection: socket.socket) -> str:
    """Read a request; return its path, or nothing where none comes."""
    said = b""
    while not said.endswith(b"\r\n\r\n"):
        if not (more := connection.recv(65_536)):
            return ""
        said += more
    return said.split()[1].decode()


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.mark.parametrize("end", [socket.socket.close, reset])
def test_a_connection_that_is_kept_and_ends_is_made_anew(end: Callable[[socket.socket], None]) -> None:
    asked = []

    def act(connection: socket.socket) -> None:
        asked.append(path_of_request(connection))
        connection.sendall(PLAIN_PAGE)
        if path := path_of_request(connection):
            asked.append(path)
            end(connection)

    with serving_raw(act) as port:
        found = Fetcher(local_limits(port)).fetch(Trip((f"http://127.0.0.1:{port}/",)), OwnMemory())
    assert found.content == ARTICLE
    assert asked == ["/robots.txt", "/", "/"]


@pytest.mark.parametrize("end", [socket.socket.close, reset])
def test_a_new_connection_that_ends_is_a_failure(end: Callable[[socket.socket], None]) -> None:
    asked = []

    def act(connection: socket.socket) -> None:
        while path := path_of_request(connection):
            asked.append(path)
            if path == "/":
                end(connection)
                return
            connection.sendall(PLAIN_PAGE)

    with serving_raw(act) as port, pytest.raises(FetchError) as raised:
        Fetcher(local_limits(port)).fetch(Trip((f"http://127.0.0.1:{port}/",)), OwnMemory())
    assert raised.value.code == "fetch_connect"
    assert asked == ["/robots.txt", "/", "/"]


class NoRobots(OwnMemory):
    """Knows of every origin that it forbids nothing."""

    def robots(self, origin: str) -> Rules:
        return Rules()


def local_limits(port: str, **others: Any) -> Limits:
    policy = AddressPolicy(read_networks(LOOPBACK))
    return Limits(**{"policy": policy, "ports": frozenset({int(port)}), "turn": Turn(0.001, 100), "tries": 1, **others})


# --- what workers share, against a real server ------------------------------------------------------------------------


def claimed(ledger: Ledger, *job_ids: str) -> None:
    for job_id in job_ids:
        ledger.client.hset(ledger.keys.claim(job_id), mapping={"attempt": 1})


def test_turns_are_given_in_order_and_are_a_jobs_own(ledger: Ledger) -> None:
    memory, turn = SharedMemory(ledger, 0), Turn(10, 2)
    claimed(ledger, "a", "b", "c", "d")
    assert [memory.wait("h", turn, job_id, 1) for job_id in ("a", "b")] == [0, 0]
    waits = [memory.wait("h", turn, job_id, 1) for job_id in ("c", "d", "c")]
    assert 9 < waits[2] <= waits[0] <= 10
    assert 19 < waits[1] <= 20
    assert memory.wait("other", turn, "d", 1) == 0
    with pytest.raises(Superseded):
        memory.wait("h", turn, "d", 2)


def test_a_turn_that_has_come_is_used_up_once(ledger: Ledger) -> None:
    memory, turn = SharedMemory(ledger, 0), Turn(0.05, 1)
    claimed(ledger, "a")
    assert memory.wait("h", turn, "a", 1) == 0
    wait = memory.wait("h", turn, "a", 1)
    assert 0 < wait <= 0.05
    time.sleep(wait)
    assert memory.wait("h", turn, "a", 1) == 0
    assert memory.wait("h", turn, "a", 1) > 0


def test_jobs_of_all_shards_take_turns_at_a_host(ledger: Ledger, environment: dict[str, str]) -> None:
    first, second = open_ledgers(Settings.from_env({**environment, "PAGEFACTS_SHARDS": "2"}))
    memory, turn = SharedMemory(first, 0), Turn(10, 1)
    claimed(first, "a", "c")
    claimed(second, "b")
    assert memory.of_job(first, "a", 1).wait("h", turn) == 0
    of_second = memory.of_job(second, "b", 1)
    waits = [of_second.wait("h", turn), memory.of_job(first, "c", 1).wait("h", turn), of_second.wait("h", turn)]
    assert 9 < waits[2] <= waits[0] <= 10
    assert 19 < waits[1] <= 20
    assert first.client.ttl(first.keys.turns("b")) > 600
    with pytest.raises(Superseded):
        memory.of_job(second, "b", 2).wait("h", turn)


def test_a_pause_that_a_host_asks_for_makes_all_turns_void(ledger: Ledger) -> None:
    memory, turn = SharedMemory(ledger, 0), Turn(1, 3)
    claimed(ledger, "a", "b", "c", "d", "e")
    for job_id in "abc":
        assert memory.wait("h", turn, job_id, 1) == 0
    assert memory.wait("h", turn, "d", 1) <= 1
    memory.hold("h", 60, turn)
    memory.hold("h", 5, turn)  # a shorter one does not end it
    assert 59 < memory.wait("h", turn, "d", 1) <= 60
    assert 60 < memory.wait("h", turn, "e", 1) <= 61


def test_pages_are_kept_within_their_room(ledger: Ledger) -> None:
    memory = SharedMemory(ledger, 1)
    with serving() as site:
        site.pages["/"] = reply(os.urandom(200_000).hex().encode(), ETag='"1"')
        page = Fetcher(local_limits(site.port)).fetch(Trip((site.url + "/",)), OwnMemory())
    for n in range(10):
        memory.keep(str(n), Kept(page, {"If-None-Match": '"1"'}))
    kept = [n for n in range(10) if memory.kept(str(n))]
    assert kept[-1] == 9
    assert 2 <= len(kept) <= 5
    assert memory.kept("9") == Kept(page, {"If-None-Match": '"1"'})
    memory.keep("9", None)
    assert memory.kept("9") is None
    assert int(ledger.client.get(ledger.keys.kept_bytes)) <= 1024 * 1024
    assert 0 < ledger.client.ttl(ledger.keys.kept) <= 86_400
    assert SharedMemory(ledger, 0).kept("8") is None


def test_a_page_that_has_not_changed_is_not_sent_again(ledger: Ledger, start_worker: Start, site: Site) -> None:
    def act(handler: Any) -> None:
        (reply(b"", 304) if handler.headers.get("If-None-Match") == '"v1"' else reply(ARTICLE, ETag='"v1"'))(handler)

    site.pages["/"] = act
    start_worker(**settings(site))
    for name in ("first", "second"):
        ledger.enqueue(json.dumps({"id": name, "url": f"{site.url}/"}))
        answered(ledger, 1 if name == "first" else 2)
    found = by_id(events(ledger))
    assert found["first"]["article"]["text"] == found["second"]["article"]["text"]
    assert "If-None-Match" in site.headers[-1]


# --- WARC --------------------------------------------------------------------------------------------------


def warc_record(n: int) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + ARTICLE
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{n}>\r\nWARC-Date: 2015-10-05T12:00:00Z\r\n"
        f"WARC-Target-URI: http://example.org/{n}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n")


def test_a_crawl_is_enqueued_and_a_torn_one_as_far_as_it_goes(
    ledger: Ledger, environment: dict[str, str], start_worker: Start, tmp_path: Path
) -> None:
    crawl = b"".join(warc_record(n) for n in range(3))
    (tmp_path / "whole.warc.gz").write_bytes(crawl)
    (tmp_path / "torn.warc.gz").write_bytes(crawl[: -len(warc_record(2)) // 2])
    start_worker()

    def run(command: str, name: str) -> subprocess.CompletedProcess[str]:
        path = str(tmp_path / name)
        return subprocess.run([*COMMAND, command, path], env=environment, capture_output=True, text=True, timeout=120)

    done = run("enqueue", "whole.warc.gz")
    assert (done.returncode, len(set(done.stdout.split()))) == (0, 3), done.stderr
    found = answered(ledger, 3)
    assert sorted(event["subject"] for event in found) == [f"http://example.org/{n}" for n in range(3)]
    assert {event["data"]["attributes"]["warc_record_id"] for event in found} == {f"<urn:uuid:{n}>" for n in range(3)}
    assert all(event["data"]["casualties"] for event in found)

    done = run("enqueue", "torn.warc.gz")
    assert (done.returncode, len(done.stdout.split())) == (1, 2)
    assert "the file ends within the record at byte" in done.stderr
    assert "Traceback" not in done.stderr

    done = run("process", "torn.warc.gz")
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 2)
    assert "the file ends within the record at byte" in done.stderr
