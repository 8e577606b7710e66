"""Hostile pages, each through a real server and a real worker in its own process.

Each is answered by a result or a typed failure that is not `time_limit`, within 500 MB, and the same process answers
a good page afterwards. The pages stand at or beyond the limits, where the parser, trafilatura, htmldate, the tagger and
regular expressions are slowest: some 2 to 6 s of processor each, far below the time that a step has.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support import Worker, environment_of, until

from config.settings import Settings
from worker.connection import open_ledger
from worker.ledger import Ledger

MEGABYTES = 500
TYPED = {"page_too_large", "unreadable_page", "no_article"}

SENTENCE = "At least 34 people were killed in Aleppo on Monday, officials said. "
GOOD = "".join(f"<p>{SENTENCE}The number may rise, as {n} are missing under the rubble.</p>" for n in range(2, 8))
LD = '<script type="application/ld+json">'


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>Market hit</title>{head}</head><body>{body}{GOOD}</body></html>"


def times(text: str, characters: int) -> str:
    return text * (characters // len(text))


def entities() -> str:
    nested = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    return f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY l0 "ha">{nested}]>' + page("<p>&l29;</p>")


def encoded(raw: bytes, charset: str) -> dict[str, str]:
    return {"html_base64": base64.b64encode(raw).decode(), "charset": charset}


PAGES: dict[str, Callable[[], dict[str, str]]] = {
    # Size
    "50 MB": lambda: {"html": page(times(GOOD, 50_000_000))},
    "10 MB of text in one line": lambda: {"html": page("<p>" + times(SENTENCE, 9_900_000))},
    "10 MB of scraped text in one line": lambda: {"text": times(SENTENCE, 9_990_000)},
    "a body as long as they may be": lambda: {"body": times(SENTENCE, 150_000)},
    "a body of 3,000 figures": lambda: {"body": "ten killed and " * 3_000},
    "a body of one character": lambda: {"body": "1," * 75_000},
    # Elements
    "100,000 nested divs": lambda: {"html": page("<div>" * 100_000)},
    "nested headings": lambda: {"html": page("<h1>" * 1_500 + "x" * 290_000)},
    "nested lists": lambda: {"html": page("<ul><li>a" * 900)},
    "nested tables": lambda: {"html": page("<table><tr><td>" * 500)},
    "100,000 links": lambda: {"html": page('<a href="https://example.com/a">Link text here</a> ' * 100_000)},
    "24,000 links": lambda: {"html": page('<a href="https://example.com/a">Link text here</a> ' * 24_000)},
    "24,000 paragraphs": lambda: {"html": page("<p>Ten people died here.</p>" * 24_000)},
    "24,000 bylines": lambda: {"html": page('<div class="byline author date">By Ann Lee</div>' * 24_000)},
    "misnested tags": lambda: {"html": page("<b><i></b></i>" * 300_000)},
    # Attributes
    "a million attributes": lambda: {"html": page("<div " + " ".join(f"a{n}=1" for n in range(1_000_000)) + ">")},
    "a million attributes over all": lambda: {"html": page(f"<i {' '.join(f'a{n}' for n in range(99))}></i>" * 10_000)},
    "a long class": lambda: {"html": page(f'<div class="{"byline date " * 400_000}">')},
    # Entities, and what is not closed
    "entities": lambda: {"html": entities()},
    "ampersands": lambda: {"html": page("<p>" + "&" * 990_000)},
    "angle brackets": lambda: {"html": page("<" * 990_000)},
    "comments that are not closed": lambda: {"html": page("<!--" * 2_000_000)},
    "quotes that are not closed": lambda: {"html": page("<div " + "\"'" * 2_000_000)},
    # JSON-LD
    "JSON-LD that is not closed": lambda: {"html": page("", f'{LD}{{"headline": "{"a" * 900_000}</script>' * 9)},
    "JSON-LD nested deep": lambda: {"html": page("", f"{LD}{'[' * 10_000}{']' * 10_000}</script>" * 9)},
    # Scraped text
    "19,000 lines": lambda: {"text": "".join(f"Ten people, {n} of them children, died.\n" for n in range(19_000))},
    "19,000 links in Markdown": lambda: {"text": "[Ten people died.](https://example.com/a \"b\")\n" * 19_000},
    "brackets that are not closed": lambda: {"text": times("[", 900_000) + f"](/) {SENTENCE}"},
    "pictures that are not closed": lambda: {"text": times("![a](b", 900_000) + f"[c](/) {SENTENCE}"},
    "titles that are not closed": lambda: {"text": times('](/ "a', 900_000) + f"[c](/) {SENTENCE}"},
    "emphasis that is not closed": lambda: {"text": times("**", 900_000) + f"[c](/) {SENTENCE}"},
    "a million blanks": lambda: {"text": f"{SENTENCE}{' ' * 900_000}{SENTENCE}"},
    # Bytes
    "10 MB in no encoding": lambda: encoded(b"<p>" + b"\xff\x81\x1b$" * 2_400_000, "iso-2022-jp"),
}  # fmt: skip


class Patient:
    """A worker with one child, and the ledger through which it is given pages."""

    def __init__(self, worker: Worker, ledger: Ledger) -> None:
        self.worker = worker
        self.ledger = ledger
        self.last = b"0-0"

    def answer(self, job_id: str, **fields: str) -> dict[str, Any]:
        self.ledger.enqueue(json.dumps({"id": job_id, "language": "en", **fields}))
        [(self.last, event)] = until(self._new, seconds=240, what=f"the answer to {job_id}")
        return json.loads(event[b"event"])

    def _new(self) -> list[tuple[bytes, dict[bytes, bytes]]]:
        return self.ledger.client.xrange(self.ledger.keys.results, min=b"(" + self.last)

    def processes(self) -> list[int]:
        """The worker and its child."""
        return [self.worker.process.pid, *self.worker.children()]


@pytest.fixture(scope="module")
def patient(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Patient]:
    environment = environment_of(server, "hostile")
    ledger = open_ledger(Settings.from_env(environment))
    ledger.open()
    worker = Worker(environment, tmp_path_factory.mktemp("hostile") / "worker.log")
    patient = Patient(worker, ledger)
    patient.answer("warm", html=page(""))
    yield patient
    worker.kill()
    ledger.client.close()


def megabytes(pid: int, what: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="memory is read where Linux tells it")
@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_is_answered_and_harms_nothing(patient: Patient, name: str) -> None:
    fields = PAGES[name]()
    processes = patient.processes()
    before = {}
    for pid in processes:
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak is counted anew (proc(5))
        before[pid] = megabytes(pid, "VmRSS")

    event = patient.answer(name, **fields)

    failure = event["data"].get("failure")
    assert failure is None or failure["code"] in TYPED, failure
    assert {pid: megabytes(pid, "VmHWM") - before[pid] < MEGABYTES for pid in processes} == dict.fromkeys(
        processes, True
    )
    good = patient.answer(f"after {name}", html=page(""))
    assert len(good["data"]["casualties"]) > 0
    assert patient.processes() == processes
