"""Log lines say what happened, and quote neither pages nor passwords."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
import redis

from config import logs
from config.settings import SettingsError

QUOTE = "quoted-from-the-page"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.level, root.handlers[:])
    lines = io.StringIO()
    monkeypatch.setattr("sys.stderr", lines)
    logs.configure("DEBUG")
    yield lines
    logging.captureWarnings(False)
    logging.raiseExceptions = True
    root.level, root.handlers[:] = before[0], before[1]


def test_a_line_of_ours_is_written_as_it_is(written: io.StringIO) -> None:
    logging.getLogger("worker.intake").warning("job %s is answered with the failure %s", "a-1", "no_article")
    assert written.getvalue().endswith(" worker.intake job=- stage=- job a-1 is answered with the failure no_article\n")


def _fail() -> None:
    try:
        float(QUOTE)
    except ValueError as error:
        raise KeyError(QUOTE) from error


def test_an_error_is_written_with_its_stack_and_without_its_value(written: io.StringIO) -> None:
    with pytest.raises(KeyError) as raised:
        _fail()
    logging.getLogger("worker.step").error("it failed: %r", raised.value, exc_info=raised.value)
    line = written.getvalue()
    assert "it failed: KeyError\nTraceback" in line
    assert line.index("float(QUOTE)\n") < line.index("ValueError\n") < line.index("raise KeyError(QUOTE)")
    assert line.endswith("KeyError\n")
    assert QUOTE not in line


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
    texts = [line.partition("stage=- ")[2] for line in written.getvalue().splitlines()]
    begins = "Task pagefacts.tag raised: "
    assert [text.removeprefix(begins) for text in texts] == [
        "ValueError",
        "an error",
        "an error",
        "Retry in 4s",
        "Can't take this message body:",
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
    assert " trafilatura.xml job=- stage=- see test_logs, line " in written.getvalue()
    assert QUOTE not in written.getvalue()
