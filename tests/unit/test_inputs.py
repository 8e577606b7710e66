"""Files and streams as jobs."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from worker.inputs import read_jobs, readable


def test_each_kind_of_file(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<p>caf\xe9</p>")
    (tmp_path / "b.txt").write_text("text é", encoding="utf-8")
    (tmp_path / "c.jsonl").write_text('{"id":"1"}\n\n  {"id":"2"}\n')
    paths = [str(tmp_path / name) for name in ("a.html", "b.txt", "c.jsonl")]

    html, text, *jobs = read_jobs(paths, [paths[2]], lambda path: f"id of {Path(path).name}")

    assert json.loads(html)["id"] == "id of a.html"
    assert base64.b64decode(json.loads(html)["html_base64"]) == b"<p>caf\xe9</p>"
    assert json.loads(text) == {"attributes": {"path": paths[1]}, "id": "id of b.txt", "text": "text é"}
    assert jobs == [b'{"id":"1"}', b'{"id":"2"}'] * 2


def test_without_a_name_the_content_will_be_the_id(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("x")
    (job,) = read_jobs([str(tmp_path / "b.txt")], [], lambda _: None)
    assert "id" not in json.loads(job)


def test_names_are_usable_as_ids() -> None:
    assert readable("/tmp/A page, with  blanks.html") == "A_page_with_blanks.html"  # noqa: S108 - no file
    assert readable("-") == "-"
    assert readable("…") == "page"
