"""The rows as CSV and Parquet: what Python, pandas and pyarrow read is what was written."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefacts.render.rows import COLUMNS, Row
from pagefacts.render.tables import ParquetTable, csv_header, csv_lines

FULL: dict[str, Any] = {
    "id": "job/c1",
    "effect": "killed",
    "best": None,
    "low": 20,
    "high": None,
    "qualifier": "more_than",
    "number_text": "more than 20",
    "unit": "persons",
    "status": "reported",
    "cumulative": True,
    "stated": 2,
    "groups": ("child", "woman"),
    "event_date": date(2024, 3, 11),
    "country": "Namibia",
    "country_code": "NA",
    "latitude": -22.5,
    "quote": 'He said: "20, or more",\nand wept – Šibenik',
    "quote_start": 0,
    "quote_end": 4,
    "notes": "=HYPERLINK(1)",
    "rule": "r",
    "confidence": 0.25,
    "job": "job",
    "timestamp": datetime(2024, 3, 12, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1))),
    "pagefacts": "0.1",
}


def row(**changes: Any) -> Row:
    return Row.model_validate(dict.fromkeys(COLUMNS) | FULL | {"models": ()} | changes)


def table(*rows: Row) -> str:
    return csv_header() + csv_lines(rows)


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_the_bytes_are_those_that_excel_takes_for_utf_8() -> None:
    content = table(row()).encode()
    assert content.startswith(b"\xef\xbb\xbfid,effect,best,low,high,")
    first, second = content.split(b"\r\n")[:2]
    assert first.decode("utf-8-sig") == ",".join(COLUMNS)
    assert second.startswith(b"job/c1,killed,,20,,")
    assert content.endswith(b"\r\n")
    assert b'"He said: ""20, or more"",\nand wept' in content


def test_python_reads_each_cell_as_it_was() -> None:
    (cells,) = read(table(row()))
    assert tuple(cells) == COLUMNS
    assert cells["best"] == cells["high"] == cells["event_date"][:0] == ""
    assert {name: cells[name] for name in ("low", "cumulative", "groups", "event_date", "timestamp", "latitude")} == {
        "low": "20",
        "cumulative": "true",
        "groups": "child; woman",
        "event_date": "2024-03-11",
        "timestamp": "2024-03-12T08:00:00.123Z",
        "latitude": "-22.5",
    }
    assert cells["quote"] == FULL["quote"]
    assert cells["notes"] == "'=HYPERLINK(1)"


def test_pandas_reads_numbers_truth_and_namibia(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(table(row(), row(best=3, cumulative=False)).encode())
    frame = pd.read_csv(path, keep_default_na=False, na_values=[""], parse_dates=["event_date", "timestamp"])
    assert list(frame.columns) == list(COLUMNS)
    assert frame["best"].astype("Int64").tolist() == [pd.NA, 3]
    assert frame["cumulative"].tolist() == [True, False]
    assert frame["country_code"].tolist() == ["NA", "NA"]
    assert frame["event_date"].tolist() == [pd.Timestamp("2024-03-11")] * 2
    assert frame["timestamp"].dt.tz is not None


FORMULAS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
STARTS = st.sampled_from(["", "'", "''=", '"', ",", ";", " =", *FORMULAS])
TEXTS = st.tuples(STARTS, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))).map("".join)


@given(TEXTS)
def test_no_text_is_a_formula_and_each_can_be_had_back(text: str) -> None:
    (cells,) = read(table(row(quote=text)))
    cell = cells["quote"]
    assert not cell.startswith(FORMULAS)
    guarded = cell.startswith("'") and cell.lstrip("'").startswith(FORMULAS)
    assert (cell[1:] if guarded else cell) == text


def test_a_negative_number_is_no_formula() -> None:
    assert read(table(row()))[0]["latitude"] == "-22.5"


def parquet(path: Path, *rows: Row, group: int = 10_000) -> Path:
    with path.open("wb") as file:
        written = ParquetTable(file, group)
        written.write(rows)
        written.close()
    return path


@pytest.mark.parametrize("group", [1, 2, 10_000])
def test_parquet_gives_back_what_was_written(tmp_path: Path, group: int) -> None:
    rows = [row(id=f"job/c{number}", best=number or None) for number in range(5)]
    path = parquet(tmp_path / "t.parquet", *rows, group=group)
    found = pq.read_table(path).to_pylist()
    expected = [{**dict(each), "groups": list(each.groups), "models": list(each.models)} for each in rows]
    for each in expected:  # milliseconds are what the column holds
        each["timestamp"] = each["timestamp"].astimezone(UTC).replace(microsecond=123_000)
    assert found == expected
    assert pq.ParquetFile(path).num_row_groups == -(-5 // group)


def test_parquet_types_are_those_of_the_columns(tmp_path: Path) -> None:
    schema = pq.read_schema(parquet(tmp_path / "t.parquet"))  # without any row
    assert schema.names == list(COLUMNS)
    types = {name: str(schema.field(name).type) for name in ("best", "event_date", "timestamp", "groups", "latitude")}
    assert types == {
        "best": "int64",
        "event_date": "date32[day]",
        "timestamp": "timestamp[ms, tz=UTC]",
        "groups": "list<element: string>",
        "latitude": "double",
    }
    assert schema.field("best").nullable
    assert not schema.field("id").nullable
    assert schema.field("best").metadata[b"description"].startswith(b"The number stated")


def test_pandas_reads_the_same_from_both(tmp_path: Path) -> None:
    rows = [row(id=f"job/c{number}", best=number or None) for number in range(3)]
    text = tmp_path / "t.csv"
    text.write_bytes(table(*rows).encode())
    from_csv = pd.read_csv(text, keep_default_na=False, na_values=[""])
    from_parquet = pd.read_parquet(parquet(tmp_path / "t.parquet", *rows))
    for column in ("id", "low", "best", "country_code", "latitude", "cumulative", "quote"):
        pairs = zip(from_csv[column], from_parquet[column], strict=True)
        assert all(a == b or (pd.isna(a) and pd.isna(b)) for a, b in pairs), column
