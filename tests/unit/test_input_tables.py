"""Tables of URLs, packed files and folders, as a spreadsheet and a crawler leave them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from pagefacts.contracts import parse_job
from worker.fetching.encodings import zstd
from worker.inputs import InputError, Kind, read_jobs, sources_of


def jobs_of(path: Path, stdin: Kind | None = None) -> list[dict[str, Any]]:
    found = [json.loads(raw) for raw in read_jobs([str(path)], [], lambda _: None, stdin)]
    for job in found:
        parse_job(json.dumps(job))  # the worker takes them
    return found


def table(folder: Path, content: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_columns_are_fields_or_attributes(tmp_path: Path) -> None:
    content = "URL,Outlet,language,published\nhttps://a.example/1, The Post ,en,2024-03-11\nhttps://a.example/2,,,\n"
    assert jobs_of(table(tmp_path, content)) == [
        {
            "url": "https://a.example/1",
            "language": "en",
            "published": "2024-03-11",
            "attributes": {"Outlet": "The Post"},
        },
        {"url": "https://a.example/2"},
    ]


@pytest.mark.parametrize(
    "content",
    [
        "https://a.example/1\nhttps://a.example/2\n",
        "url\r\nhttps://a.example/1\r\n\r\nhttps://a.example/2",
        "\ufeffurl;x\nhttps://a.example/1;\nhttps://a.example/2;\n",
        "x\turl\n\thttps://a.example/1\n\thttps://a.example/2\n",
        '"url"\n"https://a.example/1"\n"https://a.example/2"\n',
    ],
)
def test_tables_as_spreadsheets_save_them(tmp_path: Path, content: str) -> None:
    assert [job["url"] for job in jobs_of(table(tmp_path, content))] == ["https://a.example/1", "https://a.example/2"]


def test_a_tsv_is_parted_by_tabs_alone(tmp_path: Path) -> None:
    path = table(tmp_path, "url\ttopic\nhttps://a.example/1?a=1,2,3\twar, peace\n", "t.tsv")
    assert jobs_of(path) == [{"url": "https://a.example/1?a=1,2,3", "attributes": {"topic": "war, peace"}}]


def test_rows_without_a_url_are_left_out_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path, "url,x\nhttps://a.example/1,\n,y\n,z\nhttps://a.example/2,\n")
    assert len(jobs_of(path)) == 2
    assert capsys.readouterr().err == f"pagefacts: {path}: left out 2 rows without a url, the first in line 3\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name,x\na,b\n", "line 1: no column is called url"),
        ("url,x,x\nhttps://a.example/1,a,b\n", "line 1: two columns are called 'x'"),
        ("url\nhttps://a.example/1\nhttps://a.example/2,b\n", "line 3: 2 cells under 1 columns"),
        (b"url\nhttps://a.example/\xe9\n", "line 2: no UTF-8"),
        ('url\n"https://a.example/1\n', "line 2: unexpected end of data"),
    ],
)
def test_a_table_that_cannot_be_read_is_named_with_its_line(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = table(tmp_path, content)
    with pytest.raises(InputError, match=f"^{path}, {message}"):
        jobs_of(path)


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".ZST", zstd.compress)])
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.txt"])
def test_packed_files_are_what_is_in_them(tmp_path: Path, suffix: str, pack: Any, name: str) -> None:
    plain = {"a.jsonl": '{"url":"https://a.example/"}', "a.csv": "url\nhttps://a.example/", "a.txt": "Five died."}
    path = table(tmp_path, pack(plain[name].encode()), name + suffix)
    assert len(jobs_of(path)) == 1
    with pytest.raises(InputError, match=f"^{path}: "):
        jobs_of(table(tmp_path, path.read_bytes()[:-6], path.name))


def test_a_folder_stands_for_the_files_below_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("b.html", "a/c.txt", "a/d.txt.gz", ".git/x.html", ".x.html", "n.pdf", "e.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "link.html").symlink_to(tmp_path / "b.html")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = [(source.path, source.kind) for source in sources_of([str(tmp_path)], [])]
    assert found == [
        (str(tmp_path / "b.html"), Kind.HTML),
        (str(tmp_path / "e.csv"), Kind.CSV),
        (str(tmp_path / "a/c.txt"), Kind.TEXT),
        (str(tmp_path / "a/d.txt.gz"), Kind.TEXT),
    ]
    said = capsys.readouterr().err
    assert said == f"pagefacts: {tmp_path}: left out 1 files of other kinds, 1 hidden files, 1 links\n"
