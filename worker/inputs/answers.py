"""Files of answers: JSON Lines, as the commands write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pydantic import ValidationError

from pagefacts.contracts import FailureEvent, ResultEvent, read_event
from worker.inputs.files import reading, unpacked
from worker.inputs.report import InputError
from worker.inputs.sources import Kind, Source

_BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in a file."""

    entry: str
    """Its file and line."""
    json: str
    """The event as it stands there."""
    event: ResultEvent | FailureEvent
    """The event, parsed; what a newer version of pagefacts has added to it is left out."""

    @property
    def place(self) -> str:
        """The same as ``entry``."""
        return self.entry


def answer_batches(paths: Iterable[str]) -> Iterator[list[Answer]]:
    """Yield the answers in the files at ``paths``, a hundred at a time; ``-`` is stdin. Raises `InputError`."""
    answers = (answer for path in paths for answer in _answers_of(path))
    while batch := list(islice(answers, _BATCH)):
        yield batch


def _answers_of(path: str) -> Iterator[Answer]:
    with reading(Source(path, Kind.JOBS)) as file, unpacked(file, path) as lines:
        yield from answers_in(lines, path)


def answers_in(lines: Iterable[bytes | str], path: str) -> Iterator[Answer]:
    """Yield the answers in ``lines``, which are of the file at ``path``.

    Raises `InputError`, which names the line, where one is no answer.
    """
    for number, line in enumerate(lines, start=1):
        text = (line if isinstance(line, str) else line.decode("utf-8", "replace")).strip()
        if text:
            entry = f"{path}, line {number:,}"
            yield Answer(entry, text, _event(text, entry))


def _event(text: str, entry: str) -> ResultEvent | FailureEvent:
    try:
        return read_event(text)
    except ValidationError as error:
        raise InputError(f"{entry} is no answer of pagefacts: {error.errors()[0]['msg']}") from None
