"""A table of URLs, as a spreadsheet saves it, as jobs: a row a job."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, BinaryIO, Final

from pagefacts.contracts import Job
from pagefacts.contracts.job import MAX_JOB, PAGE_FIELDS
from worker.inputs.report import InputError, say_left_out

_FIELDS: Final = frozenset(Job.model_fields) - {"attributes"}
_DELIMITERS: Final = ",;\t"
_SCHEMES: Final = ("http://", "https://")


def read_table(stream: BinaryIO, path: str, delimiter: str | None) -> Iterator[bytes]:
    """Yield a job, JSON, for each row of a CSV table in UTF-8, whose cells ``delimiter`` parts (None: its first line).

    The first row names the columns, in whatever case, or is a URL itself: then there is one column. A column that has
    the name of a job's field is that field; the others go into the job's ``attributes``. Empty cells are left out, and
    rows without a URL and a page counted on stderr. Raises `InputError`, which names the line.
    """
    csv.field_size_limit(MAX_JOB)
    lines = _decoded(stream, path)
    first = next(lines, "")
    reader = csv.reader(chain([first], lines), delimiter=delimiter or _delimiter_of(first), strict=True)
    without: list[int] = []
    try:
        for job in _jobs(reader, path):
            if job.keys().isdisjoint({"url", *PAGE_FIELDS}):
                without.append(reader.line_num)
            else:
                yield json.dumps(job).encode()
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num:,}: {error}") from error
    finally:
        if without:
            say_left_out(path, {f"rows without a url, the first in line {without[0]:,}": len(without)})


def _decoded(stream: Iterable[bytes], path: str) -> Iterator[str]:
    for number, line in enumerate(stream, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise InputError(f"{path}, line {number:,}: no UTF-8; save the table as CSV UTF-8") from None


def _delimiter_of(first: str) -> str:
    return max(_DELIMITERS, key=first.count)


def _jobs(reader: Any, path: str) -> Iterator[dict[str, Any]]:
    columns: Sequence[str] = ()
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        if not columns:
            columns, is_heading = _columns(row, path)
            if is_heading:
                continue
        if len(row) > len(columns):
            raise InputError(f"{path}, line {reader.line_num:,}: {len(row)} cells under {len(columns)} columns")
        yield _job(zip(columns, row, strict=False))


def _columns(row: Sequence[str], path: str) -> tuple[list[str], bool]:
    """Return the names of the columns, and whether the first row has them."""
    if len(row) == 1 and row[0].strip().lower().startswith(_SCHEMES):
        return ["url"], False
    names = [name if (name := cell.strip()).lower() not in _FIELDS else name.lower() for cell in row]
    if twice := [name for name, count in Counter(names).items() if name and count > 1]:
        raise InputError(f"{path}, line 1: two columns are called {twice[0]!r}")
    if set(names).isdisjoint({"url", *PAGE_FIELDS}):
        raise InputError(f"{path}, line 1: no column is called url; a table without names has one URL a line")
    return names, True


def _job(cells: Iterable[tuple[str, str]]) -> dict[str, Any]:
    given = {name: cell if name in PAGE_FIELDS else cell.strip() for name, cell in cells if cell.strip()}
    job: dict[str, Any] = {name: cell for name, cell in given.items() if name in _FIELDS}
    if attributes := {name: cell for name, cell in given.items() if name not in _FIELDS}:
        job["attributes"] = attributes
    return job
