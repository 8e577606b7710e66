"""Log lines say what happened, and quote neither pages nor passwords."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from billiard.util import get_logger

from config import logs
from config.settings import LogFormat, SettingsError

QUOTE = "quoted-from-the-page"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.level, root.handlers[:])
    lines = io.StringIO()
    monkeypatch.setattr("sys.stderr", lines)
    for hook in ("sys.excepthook", "sys.unraisablehook", "threading.excepthook"):  # put back at the end
        monkeypatch.setattr(hook, None)
    for about in (logs.JOB, logs.STAGE):
        about.set("")  # a step that failed in this process has left its own
    logs.configure("DEBUG")
    yield lines
    logging.captureWarnings(False)
    logging.raiseExceptions = True
    root.level, root.handlers[:] = before[0], before[1]
    for name in (*logs._LEAST, *logs._A_LINE_A_TASK):  # noqa: SLF001 - what was set
        logging.getLogger(name).setLevel(logging.NOTSET)


def configure(written: io.StringIO, form: LogFormat = LogFormat.AUTO) -> None:
    logs.configure("INFO", form)
    logging.getLogger().handlers[0].setStream(written)  # type: ignore[attr-defined]


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_is_json_with_its_fields(written: io.StringIO) -> None:
    logging.getLogger("worker.intake").warning("%d jobs", 2, extra={"fields": {"job": "a-1", "ms": 1.5}})
    (line,) = lines(written)
    assert line.pop("timestamp")[-5] == "."
    assert line == {
        "level": "warning",
        "event": "2 jobs",
        "logger": "worker.intake",
        "process": "MainProcess",
        "job": "a-1",
        "ms": 1.5,
    }


def test_fields_that_libraries_give_are_not_written(written: io.StringIO) -> None:
    logging.getLogger("a.library").error("see", extra={"fields": {"code": QUOTE}})
    logging.getLogger("celery.app").error("see", extra={"fields": {"code": QUOTE}})
    assert len(lines(written)) == 2
    assert QUOTE not in written.getvalue()


FORGED = "a\n2026-01-01T00:00:00.000Z [info] \x1b[2J\u2028\u202e stage=facts"


@pytest.mark.parametrize("form", list(LogFormat))
def test_an_id_cannot_forge_a_line_or_a_field(written: io.StringIO, form: LogFormat) -> None:
    configure(written, form)
    token = logs.JOB.set(FORGED)
    try:
        logging.getLogger("worker.step").info("of %s", FORGED)
    finally:
        logs.JOB.reset(token)
    (line,) = written.getvalue().splitlines()
    assert line.isprintable()
    if form is LogFormat.TEXT:
        assert re.search(r"job='.* stage=facts'$", line)
    else:
        assert json.loads(line)["job"] == FORGED


def test_text_is_for_people(written: io.StringIO) -> None:
    configure(written, LogFormat.TEXT)
    with pytest.raises(KeyError) as raised:
        _fail()
    logging.getLogger("worker.step").error("it failed", exc_info=raised.value, extra={"fields": {"outcome": "again"}})
    first, *rest = written.getvalue().splitlines()
    assert "[error" in first
    assert first.endswith("outcome=again")
    assert all(line.startswith("  ") for line in rest)
    assert QUOTE not in written.getvalue()


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("no_color", ["", "1"])
def test_no_color_is_heeded(written: io.StringIO, monkeypatch: pytest.MonkeyPatch, no_color: str) -> None:
    monkeypatch.setattr("sys.stderr", terminal := _Terminal())
    monkeypatch.setenv("NO_COLOR", no_color)
    logs.configure("INFO")
    logging.getLogger("worker.step").info("a line")
    assert "a line" in terminal.getvalue()
    assert ("\x1b[" in terminal.getvalue()) is not bool(no_color)


def test_celery_says_of_a_task_only_what_went_wrong(written: io.StringIO) -> None:
    configure(written)
    log = logging.getLogger("celery.app.trace")
    log.info("Task succeeded")
    log.error("Task raised")
    assert [line["event"] for line in lines(written)] == ["Task raised"]


def _fail() -> None:
    try:
        float(QUOTE)
    except ValueError as error:
        raise KeyError(QUOTE) from error


def test_an_error_is_written_with_its_stack_and_without_its_value(written: io.StringIO) -> None:
    with pytest.raises(KeyError) as raised:
        _fail()
    logging.getLogger("worker.step").error("it failed: %r", raised.value, exc_info=raised.value)
    (line,) = lines(written)
    assert line["event"] == "it failed: KeyError"
    stack = line["exception"]
    assert stack.index("float(QUOTE)\n") < stack.index("ValueError\n") < stack.index("raise KeyError(QUOTE)")
    assert stack.endswith("KeyError")
    assert QUOTE not in written.getvalue()


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (redis.ConnectionError("Error 111 connecting to 10.0.0.1:6379."), "Error 111 connecting to 10.0.0.1:6379."),
        (SettingsError("PAGEFACTS_FETCH: must be on or off"), "PAGEFACTS_FETCH: must be on or off"),
    ],
)
def test_errors_that_quote_nothing_are_written_whole(written: io.StringIO, error: Exception, text: str) -> None:
    logging.getLogger("worker.intake").critical("%s", error)
    assert text in written.getvalue()


def test_of_what_celery_says_of_a_task_the_type_of_its_error_is_written(written: io.StringIO) -> None:
    log = logging.getLogger("celery.app.trace")
    for said in (f"ValueError('{QUOTE}')", f"<an error of {QUOTE}>", QUOTE, "Retry in 4s"):
        log.info("Task %(name)s raised: %(exc)s", {"name": "pagefacts.tag", "exc": said})
    log.error("Can't take this message body: %r\n\nbody: %s", ValueError(QUOTE), QUOTE)
    texts = [line["event"] for line in lines(written)]
    begins = "Task pagefacts.tag raised: "
    assert [text.removeprefix(begins) for text in texts] == [
        "ValueError",
        "an error",
        "an error",
        "Retry in 4s",
        "Can't take this message body:",
    ]


class _Broken:
    def __del__(self) -> None:
        _fail()


def test_what_nobody_catches_is_a_line_without_its_value(written: io.StringIO) -> None:
    thread = threading.Thread(target=_fail)
    thread.start()
    thread.join()
    _Broken()
    try:
        _fail()
    except KeyError as error:
        sys.excepthook(KeyError, error, error.__traceback__)
    found = lines(written)
    assert [line["event"] for line in found] == ["a thread ends", "an error that cannot be raised", "this process ends"]
    assert all(line["exception"].endswith("KeyError") for line in found)
    assert QUOTE not in written.getvalue()


def test_what_the_pool_says_of_its_processes_is_a_line(written: io.StringIO) -> None:
    get_logger().error("Process %r pid:%r exited with %r", "ForkPoolWorker-1", 7, "signal 9 (SIGKILL)")
    assert [line["event"] for line in lines(written)] == [
        "Process 'ForkPoolWorker-1' pid:7 exited with 'signal 9 (SIGKILL)'"
    ]


def test_a_line_that_cannot_be_written_is_not_written_in_another_way(written: io.StringIO) -> None:
    logging.getLogger("worker.step").info("%d pages", QUOTE)
    assert written.getvalue() == ""


def test_of_libraries_only_the_place_of_an_error_is_written(written: io.StringIO) -> None:
    log = logging.getLogger("trafilatura.xml")
    log.debug("%s", QUOTE)
    log.warning(QUOTE)
    assert written.getvalue() == ""
    log.error("no tree in %s", QUOTE)
    assert lines(written)[0]["event"].startswith("see test_logs, line ")
    assert QUOTE not in written.getvalue()
