"""The formats that answers are written in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, ClassVar, Final, Protocol

from pagefacts.contracts import FailureEvent, ResultEvent
from pagefacts.render import geojson
from pagefacts.render.figures import page_of
from pagefacts.render.rows import rows_of
from pagefacts.render.tables import ParquetTable, csv_header, csv_lines


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
    """Whether the file is whole after each answer, so that more can be appended to it later."""
    begins_with: ClassVar[bytes] = b""
    """How a file begins that grows."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.answers = 0
        """How many were written or left out."""
        self.failures = 0
        """Those left out: a failure has no figures."""

    def begin(self) -> None:  # noqa: B027 - most formats have none
        """Write the beginning of a new file."""

    @abstractmethod
    def write(self, answers: Iterable[Answer]) -> None:
        """Append ``answers``."""

    def end(self) -> None:  # noqa: B027 - most formats have none
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
    begins_with = b'{"specversion"'

    def write(self, answers: Iterable[Answer]) -> None:
        """Append ``answers``."""
        self.file.write("".join(f"{answer.json}\n" for answer in answers).encode())


class Csv(Writer):
    """A row for each figure."""

    grows = True
    begins_with = csv_header().encode()

    def begin(self) -> None:
        """Write the names of the columns."""
        self.file.write(self.begins_with)

    def write(self, answers: Iterable[Answer]) -> None:
        """Append ``answers``."""
        self.file.write(csv_lines(row for event in self._results(answers) for row in rows_of(event)).encode())


class Parquet(Writer):
    """A row for each figure, with the types of its columns."""

    _table: ParquetTable

    def begin(self) -> None:
        """Write the beginning of the file."""
        self._table = ParquetTable(self.file)

    def write(self, answers: Iterable[Answer]) -> None:
        """Append ``answers``."""
        self._table.write(row for event in self._results(answers) for row in rows_of(event))

    def end(self) -> None:
        """Write the end of the file."""
        self._table.close()


class GeoJson(Writer):
    """A feature for each figure, and for each place without one."""

    _between = ""

    def begin(self) -> None:
        """Write the beginning of the collection."""
        self.file.write(geojson.BEFORE.encode())

    def write(self, answers: Iterable[Answer]) -> None:
        """Append ``answers``."""
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
