"""The rows of results as CSV, for Excel and pandas, and as Parquet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from types import UnionType
from typing import IO, TYPE_CHECKING, Any, Final, get_args, get_origin

from pagefacts import __version__
from pagefacts.render.rows import COLUMNS, Row

if TYPE_CHECKING:
    import pyarrow as pa

_BOM: Final = "\ufeff"
"""Without it Excel reads a CSV file in the encoding of the machine's country."""
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""How a text begins that a spreadsheet takes for a formula (OWASP, "CSV Injection"), with quotes before it."""


def csv_header() -> str:
    """Return the first line of a CSV file, with the byte order mark."""
    return _BOM + _written([COLUMNS])


def csv_lines(rows: Iterable[Row]) -> str:
    """Return ``rows`` as lines of CSV (RFC 4180).

    A text that a spreadsheet would take for a formula gets a ``'`` before it, and so does one that begins with such
    quotes already: taking one off gives each text back as it was.
    """
    return _written([_cell(getattr(row, column)) for column in COLUMNS] for row in rows)


def _written(lines: Iterable[Iterable[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue()


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return f"'{value}" if _FORMULA.match(value) else value
        case tuple():
            return "; ".join(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case _:
            return str(value).lower()  # true and false; numbers and days have no capitals


class ParquetTable:
    """Rows that are written to a Parquet file, a group at a time: what waits in memory has a bound."""

    def __init__(self, file: IO[bytes], group: int = 10_000) -> None:
        """``group``: rows of a row group at most. Raises ImportError where pyarrow is not installed."""
        import pyarrow.parquet  # noqa: PLC0415 - an extra, and a large one

        self._schema = _schema()
        self._writer = pyarrow.parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._group = group
        self._waiting: list[dict[str, Any]] = []

    def write(self, rows: Iterable[Row]) -> None:
        """Append ``rows``."""
        for row in rows:
            self._waiting.append(dict(row))
            if len(self._waiting) == self._group:
                self._flush()

    def close(self) -> None:
        """Write what waits, and the end of the file; the file itself stays open."""
        self._flush()
        self._writer.close()

    def discard(self) -> None:
        """Let go of a file that will not be whole: else pyarrow would write its end to it, sometime."""
        self._writer.is_open = False

    def _flush(self) -> None:
        import pyarrow as pa  # noqa: PLC0415

        if self._waiting:
            self._writer.write_table(pa.Table.from_pylist(self._waiting, schema=self._schema))
            self._waiting = []


def _schema() -> pa.Schema:
    """Return the columns with their types; what each means is in its metadata."""
    import pyarrow as pa  # noqa: PLC0415

    types = {
        str: pa.string(),
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
        date: pa.date32(),
        datetime: pa.timestamp("ms", tz="UTC"),
        tuple: pa.list_(pa.string()),
    }
    fields = [
        pa.field(name, types[kind], nullable, {"description": str(field.description)})
        for name, field in Row.model_fields.items()
        for kind, nullable in [_kind(field.annotation)]
    ]
    return pa.schema(fields, {"pagefacts": __version__})


def _kind(annotation: Any) -> tuple[type, bool]:
    """Return the type of a column, and whether it may be null."""
    if isinstance(annotation, UnionType):
        return get_args(annotation)[0], True
    return get_origin(annotation) or annotation, False
