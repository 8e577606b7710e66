"""The formats that answers are written in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import BinaryIO, ClassVar, Final, Protocol

from pagefacts.contracts import FailureEvent, ResultEvent
from pagefacts.render.figures import page_of
from pagefacts.render.geojson import FeatureCollection
from pagefacts.render.rows import rows_of
from pagefacts.render.tables import ParquetTable, csv_header, csv_lines
from worker.errors import OperatorError


class NotOurs(OperatorError):
    """There is a file that these answers cannot be appended to."""


class Answer(Protocol):
    """An answer, as it stands on the results stream or in a file."""

    @property
    def json(self) -> str:
        """The event."""

    @property
    def event(self) -> ResultEvent | FailureEvent:
        """The same, parsed."""


class Writer(ABC):
    """Writes answers to a file."""

    grows: ClassVar[bool] = False
    """Whether the file is whole after each answer, so that more can be appended later."""
    beginning: ClassVar[bytes] = b""
    """How a file begins that grows."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.failures = 0
        """Answers left out, as they are failures and have no figures."""
        self.answers = 0

    @abstractmethod
    def write(self, answers: Iterable[Answer]) -> None:
        """Append ``answers``."""

    def close(self) -> None:
        """Write the end; the file itself stays open."""

    def _results(self, answers: Iterable[Answer]) -> Iterator[ResultEvent]:
        for answer in answers:
            event = answer.event
            self.answers += 1
            if isinstance(event, ResultEvent):
                yield event
            else:
                self.failures += 1


class JsonLines(Writer):
    """The answers themselves, failures too, one a line."""

    grows = True
    beginning = b'{"specversion"'

    def write(self, answers: Iterable[Answer]) -> None:
        """Append ``answers``."""
        self.file.writelines(f"{answer.json}\n".encode() for answer in answers)


class Csv(Writer):
    """A row for each figure."""

    grows = True
    beginning = csv_header().encode()

    def __init__(self, file: BinaryIO, *, begins: bool = True)
