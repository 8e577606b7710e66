"""The formats that answers are written in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, ClassVar, Final, Protocol

from pydantic import ValidationError

from pagefacts.contracts import FailureEvent, ResultEvent
from pagefacts.render import geojson
from pagefacts.render.figures import page_of
from pagefacts.render.rows import rows_of
from pagefacts.render.tables import ParquetTable, csv_header, csv_lines
from worker.errors import OperatorError


class NotInstalled(OperatorError):
    """The format needs a library that is not installed."""


class Unreadable(OperatorError):
    """An answer of the results stream has another shape: a newer worker made it, or no worker at all."""


class Answer(Protocol):
    """An answer, of the results stream or of a file."""

    @property
    def entry(self) -> str:
        """What it is called where it was read."""

    @property
    def place(self) -> str:
        """What it is acknowledged by, where there is somebody who wants to know; else as `entry`."""

    @property
    def json(self) -> str:
        """The event as it stands there."""

    @property
    def event(self) -> ResultEvent | FailureEvent:
        """The event, parsed."""


class Writer(ABC):
    """Writes answers to a file, from its beginning to its end; a failure has no figures, and is left out."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.answers = 0
        """How many were given."""
        self.failures = 0
        """How many of them were left out."""

    @abstractmethod
    def begin(self) -> None:
        """Write the beginning of a new file."""

    @abstractmethod
    def write(self, answers: Iterable[Answer]) -> None:
        """Write ``answers`` behind those before."""

    @abstractmethod
    def end(self) -> None:
        """Write the end; the file itself stays open."""

    def discard(self) -> None:  # noqa: B027 - most hold nothing
        """Let go of a file that will not be whole."""

    def _results(self, answers: Iterable[Answer]) -> Iterator[ResultEvent]:
        for answer in answers:
            event = _event_of(answer)
            self.answers += 1
            if isinstance(event, ResultEvent):
                yield event
            else:
                self.failures += 1


def _event_of(answer: Answer) -> ResultEvent | FailureEvent:
    try:
        return answer.event
    except ValidationError as error:
        message = error.errors()[0]["msg"]
        raise Unreadable(f"{answer.entry} is no answer that this version of pagefacts reads: {message}") from None


class Lines(Writer):
    """Writes a file that is whole after each line, so that more can be appended to it later."""

    head: ClassVar[bytes]
    """The first line of a new file, where the format has one."""
    begins_with: ClassVar[bytes]
    """How every such file begins that has anything in it."""
    quoted: ClassVar[bool]
    """Whether a line goes on within quotes."""

    def begin(self) -> None:
        """Write the first line."""
        self.file.write(self.head)

    def write(self, answers: Iterable[Answer]) -> None:
        """Write ``answers`` behind those before."""
        self.file.writelines(self.lines(answers))

    def end(self) -> None:
        """There is nothing to be written."""

    @abstractmethod
    def lines(self, answers: Iterable[Answer]) -> list[bytes]:
        """Return the lines of ``answers``."""


class JsonLines(Lines):
    """The answers themselves, failures too, one a line."""

    head = b""
    begins_with = b'{"specversion"'
    quoted = False

    def lines(self, answers: Iterable[Answer]) -> list[bytes]:
        """Return the lines of ``answers``."""
        return [f"{answer.json}\n".encode() for answer in answers]


class Csv(Lines):
    """A row for each figure."""

    head = begins_with = csv_header().encode()
    quoted = True

    def lines(self, answers: Iterable[Answer]) -> list[bytes]:
        """Return the lines of ``answers``."""
        return [csv_lines([row]).encode() for event in self._results(answers) for row in rows_of(event)]


class Parquet(Writer):
    """A row for each figure, with the types of its columns."""

    _table: ParquetTable

    def begin(self) -> None:
        """Write the beginning of a new file. Raises `NotInstalled`."""
        try:
            self._table = ParquetTable(self.file)
        except ImportError:
            raise NotInstalled("parquet: pyarrow is not installed; pip install 'pagefacts[parquet]'") from None

    def write(self, answers: Iterable[Answer]) -> None:
        """Write ``answers`` behind those before."""
        self._table.write(row for event in self._results(answers) for row in rows_of(event))

    def end(self) -> None:
        """Write the end, which says where all columns are."""
        self._table.close()

    def discard(self) -> None:
        """Let go of a file that will not be whole."""
        self._table.discard()


class GeoJson(Writer):
    """A feature for each figure, and for each place without one."""

    _between = ""

    def begin(self) -> None:
        """Write the beginning of the collection."""
        self.file.write(geojson.BEFORE.encode())

    def write(self, answers: Iterable[Answer]) -> None:
        """Write ``answers`` behind those before."""
        for event in self._results(answers):
            for line in geojson.feature_lines(page_of(event)):
                self.file.write(f"{self._between}{line}".encode())
                self._between = geojson.BETWEEN

    def end(self) -> None:
        """Write the end of the collection."""
        self.file.write(f"{geojson.AFTER}\n".encode())


FORMATS: Final[Mapping[str, type[Writer]]] = {
    "jsonl": JsonLines,
    "csv": Csv,
    "parquet": Parquet,
    "geojson": GeoJson,
}
"""Each format by its name."""
