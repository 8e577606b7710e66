"""What is fuzzed: functions of bytes, each of which fails by an exception where a promise is broken.

``fuzz.py`` runs them under atheris, ``test_harnesses.py`` over the inputs in ``corpus`` without it. Input is read as
UTF-8 where text is wanted; of its first two bytes one says whether a chunk repeats (`_text`), which shows what
takes more than linear time, which the fuzzer's own small inputs would not, and one chooses between variants.
"""

from __future__ import annotations

import atexit
import base64
import functools
import itertools
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from pagefacts.contracts import Job, Precision, Published, identify, parse_job
from pagefacts.contracts.job import decode
from pagefacts.errors import DataError, InvalidJob, UnknownVersion
from pagefacts.extraction import Extraction, extract
from pagefacts.extraction.charset import decode as decode_page
from pagefacts.extraction.metadata import published as page_dates
from pagefacts.extraction.scraped.markdown import marked, without_marks
from pagefacts.facts.dates import find_dates
from pagefacts.facts.numbers import CARDINAL, cardinal
from pagefacts.facts.sentences import sentences
from pagefacts.locales import Locale, locale_of
from worker.answers import failed, failure_event
from worker.connection import connect
from worker.dead import DeadLetters
from worker.embedded import embedded_server
from worker.keys import Keys
from worker.ledger import GROUP, Admission, Answer, Delivery, Holder, Ledger, Superseded

LONGEST: Final = 30_000
"""Characters of a repeated chunk."""
_REPEATED: Final = 32
"""One input of so many has its text repeated."""
_URLS: Final = (
    None,
    "https://www.echo.example/world/2015/09/29/dam-bursts-in-the-north",
    "http://[::1]/?a",
    "https://x",
)
_LOCALES: Final = (Locale(), locale_of("https://a.co.uk/"), locale_of(None, "en-US"), locale_of("https://a.co.in/"))
_NUMBER = re.compile(rf"(?<![\w.,]){CARDINAL}\b", re.IGNORECASE)


def _text(data: bytes) -> str:
    """The text of ``data``; where its first byte says so, repeated."""
    text = data[2:].decode("utf-8", "replace")
    if text and data[0] % _REPEATED == 0:
        return text * (LONGEST // len(text))
    return text


def _choice(data: bytes) -> int:
    return data[1] if len(data) > 1 else 0


# --- jobs ----------------------------------------------------------------------------------------------------------


def job(data: bytes) -> None:
    """Only typed errors come out of the decoder, and every job has one id, whoever asks for it."""
    job_id = identify(data)
    job_id.encode()
    assert identify(data) == job_id == _deep(identify, data)
    try:
        found = parse_job(data)
    except (InvalidJob, UnknownVersion) as error:
        str(error).encode()
        return
    assert found.id == job_id
    assert parse_job(found.model_dump_json(exclude_none=True)) == found
    assert parse_job(data.decode("utf-8-sig")) == found
    value = decode(data)
    assert parse_job(json.dumps(value)) == found
    found.head.model_dump_json(exclude_none=True).encode()


def _deep(call: Callable[[bytes], str], data: bytes, levels: int = 200) -> str:
    """Call from deep within the stack."""
    return _deep(call, data, levels - 1) if levels else call(data)


# --- pages ---------------------------------------------------------------------------------------------------------


def scraped(data: bytes) -> None:
    """Scraped text gives an article or a typed error; its words are those of the page, without its Markdown."""
    text, choice = _text(data), _choice(data)
    found = _extracted(Job(id="1", text=text, url=_URLS[choice % len(_URLS)]))
    if found:
        page = without_marks(text)
        if marked(page) == page:
            assert set(found.article.text.split()) <= set(page.split())
        elif "&" not in page:  # an entity is another character
            assert all(_follow(filter(str.isalnum, line), page) for line in found.article.text.splitlines())


def _follow(few: Iterable[str], many: Iterable[str]) -> bool:
    """Whether the few stand among the many in their order."""
    rest = iter(many)
    return all(each in rest for each in few)


def html(data: bytes) -> None:
    """A page in HTML, by its bytes, gives an article or a typed error."""
    choice = _choice(data)
    raw = _text(data).encode() if choice & 1 else data[2:]
    url = _URLS[(choice >> 1) % len(_URLS)]
    decode_page(raw, ("utf-8", "windows-1252", "x", None)[choice >> 3 & 3], url).encode()
    _extracted(Job(id="1", html_base64=base64.b64encode(raw).decode(), url=url))


def _extracted(given: Job) -> Extraction | None:
    try:
        found = extract(given)
    except DataError as error:
        str(error).encode()
        return None
    assert found.article.text.strip()
    kept = {name: part.encode() for name, part in found.dump().items()}
    assert Extraction.load(kept.__getitem__) == found
    return found


def published(data: bytes) -> None:
    """Whatever a page or a job gives as its date is read as one, or as none."""
    text, locale = _text(data), _LOCALES[_choice(data) % len(_LOCALES)]
    now = datetime(2015, 9, 29, 12, tzinfo=UTC) + timedelta(days=_choice(data))
    for found in (
        page_dates.from_iso(text),
        page_dates.from_words(text, locale),
        page_dates.from_markup(text, locale),
        page_dates.from_age(text, now),
        _of_job(text),
    ):
        if found:
            assert Published.model_validate(found.model_dump()) == found
            day_or_less = found.value[: len("YYYY-MM-DD")]
            date.fromisoformat(day_or_less + "0000-01-01"[len(day_or_less) :])
    page_dates.is_update(text)
    page_dates.says_update(text)
    page_dates.is_date_line(text)


def _of_job(text: str) -> Published | None:
    try:
        return page_dates.from_job(str(Job(id="1", body="x", published=text).published))
    except ValueError:
        return None


# --- facts ---------------------------------------------------------------------------------------------------------


def numbers(data: bytes) -> None:
    """Every text spells a whole number of something, or none."""
    text = _text(data)
    for part in itertools.chain([text], (match[0] for match in _NUMBER.finditer(text))):
        value = cardinal(part)
        assert value is None or value >= 0
    position = 0
    for start, end in sentences(text):
        assert position <= start < end <= len(text)
        position = end


_DAY = r"(?:[\dX]{4}(?:-(?:[01]\d|XX)(?:-(?:[0-3]\d|XX))?|-W(?:[0-5]\d|XX)(?:-(?:[1-7]|WE))?)?)"
_PERIOD = r"[\dX]{4}-(?:Q[1-4X]|H[12X]|SP|SU|FA|WI)|[\dX]{2,3}|BC\d{4}|(?:PRESENT|PAST|FUTURE)_REF"
_LENGTH = r"P(?:X|\d+(?:\.\d+)?)(?:[DWMQYECL]|Y6M)|PT(?:X|\d+(?:\.\d+)?)[HMS](?:30[MS])?"
# ISO 24617-1, TIMEX3: the values that each type may have.
_VALUES: Final = {
    "DATE": rf"{_DAY}|{_PERIOD}",
    "TIME": rf"{_DAY}T(?:[0-2]\d:[0-5]\d|MO|MI|AF|EV|NI)",
    "DURATION": _LENGTH,
    "SET": rf"{_LENGTH}|XXXX-(?:WXX-(?:[1-7]|WE)|\d\d|XX-XX|SP|SU|FA|WI)(?:T(?:MO|MI|AF|EV|NI))?",
}


def dates(data: bytes) -> None:
    """Dates quote the text, in order, and their values are those of TIMEX3; the days that they cover are in order."""
    text, choice = _text(data), _choice(data)
    day = (date.min, date(2015, 9, 29), date(2016, 2, 29), date.max)[choice % 4]
    anchor = Published(value=day.isoformat(), precision=Precision.DAY) if choice & 4 else None
    position = 0
    for fact in find_dates(text, anchor):
        assert position <= fact.start < fact.end <= len(text)
        assert text[fact.start : fact.end] == fact.text
        assert re.fullmatch(_VALUES[fact.type], fact.value, re.ASCII), fact
        assert (fact.first is None) == (fact.last is None)
        assert fact.first is None or fact.last is None or fact.first <= fact.last
        position = fact.end


# --- the ledger ----------------------------------------------------------------------------------------------------


class _Source:
    """Takes parts off the input."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def byte(self) -> int:
        return (self.take(1) or b"\0")[0]

    def take(self, length: int) -> bytes:
        part, self._data = self._data[:length], self._data[length:]
        return part

    def part(self) -> bytes:
        length = self.byte()
        return self.take(length) * (1000 if length == 255 else 1)

    def text(self) -> str:
        return self.part().decode("utf-8", "replace")

    def number(self) -> int:
        return int.from_bytes(self.take(self.byte() % 10), "big", signed=True)


@functools.cache
def _ledger() -> Ledger:
    """A ledger on a server of its own, which ends with the process."""
    folder = tempfile.TemporaryDirectory()
    server = embedded_server(folder.name)
    running = server.__enter__()
    atexit.register(folder.cleanup)
    atexit.register(server.__exit__, None, None, None)
    return Ledger(connect(running.url), Keys("fuzz"), 60)


def ledger(data: bytes) -> None:
    """Whatever bytes jobs, ids, fields and answers are of, the scripts give them back as they were."""
    books, source = _ledger(), _Source(data)
    keys = books.keys
    books.open()
    raw, head, stage, consumer = source.part(), source.text(), source.text(), source.text() or "c"
    job_id = source.text() or identify(raw)
    holder = Holder(consumer, "fetcher" if stage == "fetch" else None)
    fields: Mapping[str, bytes] = {f"{n}{source.text()}": source.part() for n in range(source.byte() % 40)} or {
        "article": b"{}"
    }
    try:
        (entry,) = books.enqueue(raw)
        (delivery,) = books.read(consumer, 1, 1)
        assert (delivery.entry, delivery.raw, delivery.count) == (entry, raw, 1)
        other = Delivery(entry, raw, source.number(), source.text())
        if other != delivery:
            assert books.admit(other, job_id, holder, head, 3) is Admission.OVER
        assert books.admit(delivery, job_id, holder, head, 3) is Admission.DISPATCH
        attempt = source.number()
        if attempt != 1:
            _refused(lambda: books.begin(job_id, attempt, stage, ["job"]), Superseded)
            _refused(lambda: books.save(job_id, attempt, entry, fields), Superseded)
        assert books.begin(job_id, 1, stage, ["job", "head"]) == (entry, [raw, head.encode()])
        assert (books.stage(job_id) or "") == stage
        books.save(job_id, 1, entry, fields)
        assert books.begin(job_id, 1, stage, list(fields))[1] == list(fields.values())
        event = source.text()
        if source.byte() & 1:
            letter = failed(failure_event(None, job_id, InvalidJob("x"), "intake", 1), raw)
            assert books.answer(entry, letter)
            ((found, content),) = DeadLetters(books).find(job_id)
            assert DeadLetters(books).retry(found, content)
            (again,) = books.read(consumer, 1, 1)
            assert again.raw == raw
            assert books.admit(again, job_id, holder, head, 3) is Admission.DISPATCH
            entry = again.entry
        assert books.answer(entry, Answer(job_id, event))
        assert not books.answer(entry, Answer(job_id, event))
        ((_, published),) = books.client.xrevrange(keys.results, count=1)
        assert published[b"event"].decode() == event
        assert (books.client.xlen(keys.jobs), books.client.xpending(keys.jobs, GROUP)["pending"]) == (0, 0)
        assert not books.client.exists(keys.claim(job_id))
    finally:
        books.client.delete(*books.client.scan_iter("{fuzz}*", count=1000))


def _refused(call: Callable[[], object], kind: type[Exception]) -> None:
    try:
        call()
    except kind:
        return
    raise AssertionError("was not refused")


HARNESSES: Final[Mapping[str, Callable[[bytes], None]]] = {
    each.__name__: each for each in (job, scraped, html, published, numbers, dates, ledger)
}
