"""Files and streams as jobs."""

from __future__ import annotations

import base64
import gzip
import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest

from pagefacts.contracts import parse_job
from worker.fetching.encodings import zstd
from worker.inputs import read_jobs, readable
from worker.inputs.warc import WarcDamaged


def test_each_kind_of_file(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<p>caf\xe9</p>")
    (tmp_path / "b.txt").write_text("text é", encoding="utf-8")
    (tmp_path / "c.jsonl").write_text('{"id":"1"}\n\n  {"id":"2"}\n')
    paths = [str(tmp_path / name) for name in ("a.html", "b.txt", "c.jsonl")]

    html, text, *jobs = read_jobs(paths, [paths[2]], lambda path: f"id of {Path(path).name}")

    assert json.loads(html)["id"] == "id of a.html"
    assert base64.b64decode(json.loads(html)["html_base64"]) == b"<p>caf\xe9</p>"
    assert json.loads(text) == {"attributes": {"path": paths[1]}, "id": "id of b.txt", "text": "text é"}
    assert jobs == [b'{"id":"1"}', b'{"id":"2"}'] * 2


def test_without_a_name_the_content_will_be_the_id(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("x")
    (job,) = read_jobs([str(tmp_path / "b.txt")], [], lambda _: None)
    assert "id" not in json.loads(job)


def test_names_are_usable_as_ids() -> None:
    assert readable("/tmp/A page, with  blanks.html") == "A_page_with_blanks.html"  # noqa: S108 - no file
    assert readable("-") == "-"
    assert readable("…") == "page"


# --- WARC ----------------------------------------------------------------------------------------------------

HTML = "<html><p>Zwölf Menschen starben.</p></html>" * 20


def record(block: bytes, kind: str = "response", **headers: str) -> bytes:
    named = {
        "WARC-Type": kind,
        "WARC-Record-ID": "<urn:uuid:b5a3b7a0-0000-4000-8000-000000000001>",
        "WARC-Date": "2015-10-05T12:00:00Z",
        "WARC-Target-URI": "http://example.org/a?b=c",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    return f"WARC/1.1\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def response(body: bytes, status: int = 200, **headers: str) -> bytes:
    named = {"Content-Type": "text/html; charset=windows-1252"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + body


def chunked(body: bytes) -> bytes:
    half = len(body) // 2
    parts = (body[:half], body[half:])
    return b"".join(b"%X;x=y\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\nX: y\r\n\r\n"


PAGE = HTML.encode("windows-1252")
PACKED: dict[str, Callable[[bytes], bytes]] = {".warc": bytes, ".warc.gz": gzip.compress, ".WARC.ZST": zstd.compress}


def write(folder: Path, records: list[bytes], suffix: str = ".warc.gz") -> str:
    path = folder / f"crawl{suffix}"
    path.write_bytes(b"".join(PACKED[suffix](each) for each in records))
    return str(path)


def jobs_of(path: str) -> Iterator[dict[str, Any]]:
    return (json.loads(raw) for raw in read_jobs([path], [], lambda _: None))


def page_of(job: dict[str, Any]) -> bytes:
    return base64.b64decode(job["html_base64"])


@pytest.mark.parametrize("suffix", PACKED)
def test_a_warc_gives_a_job_for_each_page(tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    records = [
        record(b"software: x\r\n", "warcinfo", Content_Type="application/warc-fields"),
        record(b"GET / HTTP/1.1\r\n\r\n", "request"),
        record(response(PAGE)),
        record(response(PAGE, 404)),
        record(response(PAGE, 301, Location="/x")),
        record(response(b"%PDF", Content_Type="application/pdf")),
        record(b"HTTP/1.1 200 OK\r\n\r\n", "revisit"),
        record(b"1 2 3", WARC_Target_URI="dns:example.org", Content_Type="text/dns"),
        record(response(PAGE, Content_Type="application/xhtml+xml"), WARC_Target_URI="<https://example.org/second>"),
    ]
    path = write(tmp_path, records, suffix)

    first, second = jobs_of(path)

    assert first == {
        "url": "http://example.org/a?b=c",
        "html_base64": base64.b64encode(PAGE).decode(),
        "charset": "windows-1252",
        "fetched_at": "2015-10-05T12:00:00+00:00",
        "attributes": {"path": path, "warc_record_id": "<urn:uuid:b5a3b7a0-0000-4000-8000-000000000001>"},
    }
    assert (second["url"], "charset" in second) == ("https://example.org/second", False)
    parse_job(json.dumps(first))
    assert capsys.readouterr().err == (
        f"pagefacts: {path}: left out 1 request records, 2 responses of another status, 1 responses of another type, "
        "1 responses without an http or https URL, 1 revisit records, 1 warcinfo records\n"
    )


@pytest.mark.parametrize(
    "block",
    [
        response(chunked(PAGE), Transfer_Encoding="chunked"),
        response(gzip.compress(PAGE), Content_Encoding="gzip"),
        response(chunked(brotli.compress(PAGE)), Transfer_Encoding="Chunked", Content_Encoding="br"),
        response(PAGE, Transfer_Encoding="chunked"),
        response(PAGE, Content_Encoding="gzip"),
        response(PAGE, Content_Encoding="gzip", Transfer_Encoding="chunked"),
    ],
)
def test_what_the_transfer_did_is_undone_unless_the_crawler_has(tmp_path: Path, block: bytes) -> None:
    (job,) = jobs_of(write(tmp_path, [record(block)]))
    assert page_of(job) == PAGE


def test_each_page_of_a_warc_has_an_id_of_its_own(tmp_path: Path) -> None:
    path = write(tmp_path, [record(response(PAGE))] * 2)
    names = iter("ab")
    assert [json.loads(raw)["id"] for raw in read_jobs([path], [], lambda _: next(names))] == ["a", "b"]


def test_a_bomb_in_a_warc_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bomb = response(gzip.compress(bytes(200_000_000)), Content_Encoding="gzip")
    large = response(b"<html>" + bytes(30_000_000))
    path = write(tmp_path, [record(bomb), record(large), record(response(PAGE))])
    tracemalloc.start()
    try:
        (job,) = jobs_of(path)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    assert page_of(job) == PAGE
    assert "2 pages that are too large or cannot be decoded" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", PACKED)
def test_a_warc_that_ends_early_gives_what_it_has_and_says_where(tmp_path: Path, suffix: str) -> None:
    whole = PACKED[suffix](record(response(PAGE)))
    rest = PACKED[suffix](record(response(bytes(range(256)) * 40)))
    for missing in (1, 20, len(rest) // 2, len(rest) - 8):
        path = tmp_path / f"crawl{suffix}"
        path.write_bytes(whole + rest[:-missing])
        found = jobs_of(str(path))
        assert page_of(next(found)) == PAGE
        if missing == 1 and suffix == ".warc":
            continue  # the blank lines after a record are not missed
        read_on = next if missing > 20 else list  # what is cut short itself is no page
        with pytest.raises(WarcDamaged, match=rf"crawl.*(byte {len(whole):,}|after the one at byte 0)"):
            read_on(found)


def test_a_damaged_warc_gives_what_stands_before_the_damage(tmp_path: Path) -> None:
    path = write(tmp_path, [record(response(PAGE))] * 3)
    content = bytearray(Path(path).read_bytes())
    third = len(content) * 2 // 3
    content[third + 40 : third + 60] = bytes(20)
    Path(path).write_bytes(content)
    found = jobs_of(path)
    assert [page_of(next(found)) for _ in range(2)] == [PAGE] * 2
    with pytest.raises(WarcDamaged):
        list(found)


@pytest.mark.parametrize("content", [b"hello world\r\n" * 100, gzip.compress(b"hello\r\n" * 100, mtime=0), bytes(1000)])
def test_a_file_that_is_no_warc(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "crawl.warc"
    path.write_bytes(content)
    with pytest.raises(WarcDamaged, match="byte 0"):
        list(jobs_of(str(path)))


def test_an_empty_warc(tmp_path: Path) -> None:
    assert list(jobs_of(write(tmp_path, []))) == []
