"""WARC files (ISO 28500), as a crawler leaves them, as jobs: one for each HTML page that was answered with 200."""

from __future__ import annotations

import base64
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Final

import httpx
from fastwarc import ArchiveIterator, WarcRecord, WarcRecordType

from pagefacts.errors import FetchError
from worker.fetching.answers import is_html, media_type
from worker.fetching.encodings import decoded
from worker.fetching.urls import MAX_URL
from worker.inputs.report import InputError, say_left_out

_MAX_PAGE: Final = 10 * 1024 * 1024
"""Bytes of a page at most, with and without its content encoding: what a fetch allows."""
_MAX_CHUNK_LINE: Final = 1_024
_KINDS: Final = frozenset("warcinfo resource request metadata revisit conversion continuation".split())


class WarcDamaged(InputError):
    """The file cannot be read to its end."""


def read_warc(file: BinaryIO, path: str, name: Callable[[str], str | None]) -> Iterator[bytes]:
    """Yield a job, JSON, for each HTML page of ``file``, which lies at ``path``; ``name`` gives its id.

    What is left out is counted on stderr. Raises `WarcDamaged` where the file cannot be read on, after all pages
    before that place.
    """
    left_out: Counter[str] = Counter()
    try:
        for record in _records(file, path):
            job = _job(record, left_out)
            if job is not None:
                job_id = name(path)
                job["attributes"] = {"path": path, "warc_record_id": record.record_id}
                yield json.dumps(job if job_id is None else {**job, "id": job_id}).encode()
    finally:
        say_left_out(path, left_out)


def _records(file: BinaryIO, path: str) -> Iterator[WarcRecord]:
    place = 0
    try:
        for record in ArchiveIterator(file, parse_http=False):
            place = record.stream_pos
            # The reader takes a record that is cut short for a short one.
            if record.headers.get("Content-Length") is None:
                raise _torn(path, place)
            yield record
            if record.reader.tell() + record.consume() != record.content_length:
                raise _torn(path, place)
    except OSError as error:
        raise WarcDamaged(f"{path}: no record can be read after the one at byte {place:,}") from error
    if (place_of_member := _open_member(file, place)) is not None:
        raise _torn(path, place_of_member)


def _torn(path: str, place: int) -> WarcDamaged:
    return WarcDamaged(f"{path}: the file ends within the record at byte {place:,}")


def _open_member(file: BinaryIO, start: int) -> int | None:
    """Return where the gzip member begins that has no end, at or after ``start``; None where all have one."""
    file.seek(start)
    decoder, begin, rest = zlib.decompressobj(16 + zlib.MAX_WBITS), start, b""
    try:
        while rest or (rest := file.read(65_536)):
            decoder.decompress(rest, 65_536)
            rest = decoder.unconsumed_tail
            if decoder.eof:
                rest = decoder.unused_data
                begin = file.tell() - len(rest)
                decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)
    except zlib.error:  # no gzip, or no member begins there: all records are in one, and it was read to its end
        return None
    return begin if begin < file.tell() else None


def _job(record: WarcRecord, left_out: Counter[str]) -> dict[str, Any] | None:
    """Return the job of a record; None, and counted as ``left_out``, where it is no page."""
    if record.record_type != WarcRecordType.response:
        kind = (record.headers.get("WARC-Type") or "").lower()
        left_out[f"{kind if kind in _KINDS else 'unknown'} records"] += 1
        return None
    try:
        return _page(record)
    except _CutShort:  # said by the one who reads the records
        return None
    except _NoPage as reason:
        left_out[str(reason)] += 1
    except (FetchError, OSError):
        left_out["pages that are too large or cannot be decoded"] += 1
    return None


class _NoPage(Exception):
    """The record holds something else."""


class _CutShort(Exception):
    """The file ends within the record."""


def _page(record: WarcRecord) -> dict[str, Any]:
    # Older crawlers put the URL between angle brackets.
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    if not url.startswith(("http://", "https://")) or len(url) > MAX_URL:
        raise _NoPage("responses without an http or https URL")
    record.parse_http()
    headers = httpx.Headers(list(record.http_headers.to_tuples()))
    kind, charset = media_type(headers)
    if record.http_headers.status_code != httpx.codes.OK:
        raise _NoPage("responses of another status")
    if not is_html(kind):
        raise _NoPage("responses of another type")
    payload = record.reader.read(_MAX_PAGE + 1)
    if len(payload) < min(record.content_length, _MAX_PAGE + 1):
        raise _CutShort
    content = _content(payload, headers)
    job: dict[str, Any] = {"url": url, "html_base64": base64.b64encode(content).decode("ascii")}
    if charset is not None:
        job["charset"] = charset
    if record.record_date is not None:
        job["fetched_at"] = record.record_date.isoformat()
    return job


def _content(payload: bytes, headers: httpx.Headers) -> bytes:
    """Return the page as its server meant it. Some crawlers undo an encoding and leave the header that names it."""
    body = payload
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = _joined(payload) or payload
    try:
        return b"".join(decoded([body], headers.get("content-encoding", ""), _MAX_PAGE))
    except FetchError:
        if body.lstrip().startswith(b"<") and len(body) <= _MAX_PAGE:
            return body
        raise


def _joined(payload: bytes) -> bytes | None:
    """Return what was sent in chunks (RFC 9112, 7.1), as far as it came; None where it is not in chunks."""
    parts: list[bytes] = []
    place = 0
    while True:
        end = payload.find(b"\r\n", place, place + _MAX_CHUNK_LINE)
        try:
            size = int(payload[place:end].partition(b";")[0], 16) if end >= 0 else -1
        except ValueError:
            size = -1
        if size < 0 and not parts:
            return None
        if size <= 0:
            return b"".join(parts)
        parts.append(payload[end + 2 : end + 2 + size])
        place = end + 2 + size + 2
