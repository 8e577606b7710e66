"""The job: one page to be processed, as a producer sends it."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, Field, JsonValue, ValidationError, model_validator
from pydantic_core import from_json

from pagefacts.contracts.base import Message
from pagefacts.errors import InvalidJob, UnknownVersion

PAGE_FIELDS: Final = ("html", "html_base64", "text", "body")
"""The fields that carry a page; a job has exactly one of them, or only a ``url``."""

MAX_JOB: Final = 64 * 1024 * 1024
"""Bytes of a job's JSON at most: a page of the largest size in base64, and room to spare."""
_MAX_ATTRIBUTES: Final = 65_536
_MAX_DEPTH: Final = 32
_DEEPEST: Final = 100
"""Levels of JSON that a job may have: where Python's decoder gives up depends on who calls it, and an id must not."""
_MOST_VALUES: Final = 65_536
"""Values of JSON that a job may have: more than its attributes have room for. Each costs a hundred bytes and more."""
_FEW_COMMAS: Final = _MOST_VALUES // 256
"""So few cannot part more values than that: pydantic's decoder opens no more than some 200 brackets in one another."""
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""A string of JSON, or one that is not closed, to the end: so that no part of the text is looked at twice."""
_ID = re.compile(r"[^\x00-\x20\x7f]([^\x00-\x1f\x7f]{0,254}[^\x00-\x20\x7f])?")


def _http_url(value: str) -> str:
    parts = urlsplit(value)  # raises ValueError for a malformed one
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an absolute http or https URL")
    return value


def _iso_date(value: str) -> str:
    try:
        if len(value) == len("YYYY-MM-DD"):
            date.fromisoformat(value)
        else:
            datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(
            "must be an ISO 8601 date or date and time, such as 2015-09-29 or 2015-09-29T09:41:00+01:00"
        ) from None
    return value


def _usable_id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError("must be 1 to 256 characters without control characters or blanks at either end")
    return value


def _shallow(value: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(value)) > _MAX_ATTRIBUTES or _deeper_than(value, _MAX_DEPTH):
        raise ValueError(f"must be at most {_MAX_ATTRIBUTES} characters of JSON and {_MAX_DEPTH} levels deep")
    return value


def _deeper_than(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_deeper_than(part, levels - 1) for part in inner)


class JobHead(Message):
    """A job without its page."""

    schema_version: Literal["1"] = "1"
    """Version of this schema."""
    id: Annotated[str, AfterValidator(_usable_id)] | None = None
    """The producer's id of the job, 1 to 256 characters; without it a hash of the content serves as id.

    The same id again is answered once.
    """
    url: Annotated[str, Field(max_length=4096), AfterValidator(_http_url)] | None = None
    """Where the page was found."""
    published: Annotated[str, Field(max_length=40), AfterValidator(_iso_date)] | None = None
    """When the article was published, ISO 8601; overrides what the page says. Relative dates count from it."""
    fetched_at: AwareDatetime | None = None
    """When the page was fetched, ISO 8601 with an offset."""
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=35)] | None = None
    """BCP 47 tag of the article's language; detected when absent."""
    attributes: Annotated[dict[str, JsonValue], AfterValidator(_shallow)] | None = None
    """The producer's own data, echoed untouched in the answer; at most 65,536 characters of JSON, 32 levels deep."""
    traceparent: Annotated[str, Field(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")] | None = None
    """W3C Trace Context of the producer, echoed in the answer."""


class Job(JobHead):
    """One page to be processed.

    Exactly one of ``html``, ``html_base64``, ``text`` or ``body`` carries the page; with none of them, ``url`` names
    a page to be fetched.
    """

    html: str | None = None
    """The page as HTML."""
    html_base64: str | None = None
    """The page's bytes in base64 (RFC 4648, section 4); see ``charset``."""
    charset: Annotated[str, Field(max_length=64)] | None = None
    """The encoding of ``html_base64``'s bytes, such as windows-1252; detected when absent."""
    text: str | None = None
    """The page as scraped text, plain or Markdown, boilerplate and all."""
    body: str | None = None
    """A clean article body, taken verbatim: ``article.text`` of the result is equal to it."""

    @property
    def head(self) -> JobHead:
        """The job without its page."""
        return JobHead.model_construct(**{name: getattr(self, name) for name in JobHead.model_fields})

    @model_validator(mode="after")
    def _one_page(self) -> Self:
        given = [name for name in PAGE_FIELDS if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(
                f"{' and '.join(given)} were given: exactly one of html, html_base64, text and body is allowed"
            )
        if not given and self.url is None:
            raise ValueError("one of html, html_base64, text, body or url is required")
        if self.charset is not None and self.html_base64 is None:
            raise ValueError("charset goes with html_base64 only")
        return self


def decode(raw: bytes | str) -> Any:
    """Decode a job's JSON. Raise `InvalidJob` where it is no JSON in UTF-8 (field ``job``) or no text (its field)."""
    if len(raw) > MAX_JOB:
        raise InvalidJob(f"job: {len(raw):,} bytes; the limit is {MAX_JOB:,}", field="job")
    try:
        encoded = raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw
        _refuse_many_values(encoded)
        value = from_json(encoded, allow_inf_nan=False)
    except ValueError:  # it begins with a byte order mark, or is at fault
        return _by_hand(raw)
    _refuse_deep(value)
    return value


def _by_hand(raw: bytes | str) -> Any:
    """Decode what pydantic's decoder refuses: it takes a seventh of the time, and does not name the field at fault."""
    try:
        # Left to itself, json.loads guesses at UTF-16 and UTF-32.
        text = str(raw, "utf-8-sig") if isinstance(raw, bytes) else raw
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidJob(f"job: not JSON in UTF-8: {error}", field="job") from None
    _refuse_deep(value)
    _refuse_lone_surrogates(value)
    return value


def _refuse_many_values(encoded: bytes) -> None:
    """Say so before they are decoded: a job of 64 MiB that holds nothing but names takes five gigabytes."""
    if encoded.count(b",") > _FEW_COMMAS and _values(encoded) > _MOST_VALUES < _values(_STRING.sub(b"", encoded)):
        raise InvalidJob(f"job: more than {_MOST_VALUES:,} values", field="job")


def _values(encoded: bytes) -> int:
    return sum(map(encoded.count, (b",", b"[", b"{")))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _refuse_deep(value: Any) -> None:
    if _deeper_than(value, _DEEPEST):
        raise InvalidJob(f"job: nested deeper than {_DEEPEST} levels", field="job")


def _refuse_lone_surrogates(value: Any) -> None:
    """JSON's escapes can spell half a character, which no UTF-8 can hold."""
    parts = value if isinstance(value, dict) else {"job": value}
    for name, part in parts.items():
        try:
            json.dumps({name: part}, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            field = name.encode("ascii", "backslashreplace").decode()
            raise InvalidJob(f"{field}: holds a lone surrogate (half of a UTF-16 pair)", field=field) from None


def identify(raw: bytes | str) -> str:
    """Return the id under which a job is answered, whether or not it is valid.

    Its own ``id`` where that is usable; else ``sha256:`` and the hash of its content: of the JSON with sorted keys, so
    that the order in which a producer writes the fields makes no difference, or of the bytes where it is no JSON.
    """
    try:
        value = decode(raw)
    except InvalidJob:
        return _hash(raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass"))
    own = value.get("id") if isinstance(value, dict) else None
    if isinstance(own, str) and _ID.fullmatch(own):
        return own
    return _hash_of(value)


def _hash_of(value: Any) -> str:
    return _hash(json.dumps(value, sort_keys=True, separators=(",", ":")).encode())


def _hash(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def parse_job(raw: bytes | str) -> Job:
    """Parse and check a job as it stands on the stream; the job returned has an ``id``.

    Raises `InvalidJob`, naming every field at fault, or `UnknownVersion`.
    """
    value = decode(raw)
    if not isinstance(value, dict):
        raise InvalidJob("job: must be a JSON object", field="job")
    if value.get("schema_version", "1") != "1":
        raise UnknownVersion(f"schema_version: {value['schema_version']!r:.40}; known: '1'", field="schema_version")
    if value.get("id") is None:
        value = {**value, "id": _hash_of(value)}
    try:
        return Job.model_validate(value)
    except ValidationError as error:
        raise _invalid(error) from None


def _invalid(error: ValidationError) -> InvalidJob:
    """Say of each fault which field it is in and what is wrong with it; the job's values are not repeated."""
    faults = []
    for fault in error.errors(include_url=False, include_input=False, include_context=False):
        field = ".".join(str(part) for part in fault["loc"])[:80] or "job"
        reason = "unknown field" if fault["type"] == "extra_forbidden" else fault["msg"].removeprefix("Value error, ")
        faults.append((field, reason))
    shown = "; ".join(f"{field}: {reason}" for field, reason in faults[:10])
    return InvalidJob(shown, field=faults[0][0])
