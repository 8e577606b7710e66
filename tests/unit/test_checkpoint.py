"""How far an input was enqueued: kept for the same input on the same server, and never in the way."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from config.settings import Settings
from worker.checkpoint import Checkpoint, Progress, checkpoint_of
from worker.inputs import Source, sources_of

SOME = Progress(enqueued=3, next=(0, 4), refused=((0, 2),))


@pytest.fixture
def jobs(tmp_path: Path) -> Path:
    path = tmp_path / "jobs.jsonl"
    path.write_text('{"id":"a"}\n')
    return path


def settings(tmp_path: Path, url: str = "redis://localhost:6379/0", namespace: str = "pagefacts") -> Settings:
    given = {"REDIS_URL": url, "PAGEFACTS_NAMESPACE": namespace, "PAGEFACTS_DATA_DIR": str(tmp_path / "data")}
    return Settings.from_env(given)


def kept(chosen: Settings, path: Path) -> Checkpoint:
    found = checkpoint_of(chosen, sources_of([str(path)], []))
    assert found is not None
    return found


def test_the_same_input_goes_on_and_begins_anew_when_it_is_done(tmp_path: Path, jobs: Path) -> None:
    assert kept(settings(tmp_path), jobs).read() == Progress()
    assert kept(settings(tmp_path), jobs).write(SOME)
    assert kept(settings(tmp_path, "redis://user:changed@localhost:6379/0"), jobs).read() == SOME
    kept(settings(tmp_path), jobs).remove()
    assert kept(settings(tmp_path), jobs).read() == Progress()
    assert list((tmp_path / "data" / "enqueue").iterdir()) == []


def test_another_input_server_or_namespace_has_its_own(tmp_path: Path, jobs: Path) -> None:
    assert kept(settings(tmp_path), jobs).write(SOME)
    assert kept(settings(tmp_path, "redis://localhost:6379/1"), jobs).read() == Progress()
    assert kept(settings(tmp_path, namespace="other"), jobs).read() == Progress()
    os.utime(jobs, (0, 0))
    assert kept(settings(tmp_path), jobs).read() == Progress()


def test_what_can_be_read_only_once_is_not_gone_on_with(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in ("-", str(tmp_path / "pipe")):
        assert checkpoint_of(settings(tmp_path), [Source(path, None)]) is None


@pytest.mark.parametrize("content", [b"", b"{", b'{"enqueued":-1,"next":[0,-1]}', b'{"more":1}', b"\xff"])
def test_a_damaged_one_is_as_none(tmp_path: Path, jobs: Path, content: bytes) -> None:
    assert kept(settings(tmp_path), jobs).write(SOME)
    (file,) = (tmp_path / "data" / "enqueue").iterdir()
    file.write_bytes(content)
    assert kept(settings(tmp_path), jobs).read() == Progress()


def test_where_it_cannot_be_kept_it_says_so(tmp_path: Path, jobs: Path) -> None:
    (tmp_path / "data").write_text("a file, and no folder")
    assert not kept(settings(tmp_path), jobs).write(SOME)


def test_those_of_last_month_are_forgotten(tmp_path: Path, jobs: Path) -> None:
    assert kept(settings(tmp_path), jobs).write(SOME)
    (file,) = (tmp_path / "data" / "enqueue").iterdir()
    long_ago = time.time() - 31 * 86_400
    os.utime(file, (long_ago, long_ago))
    assert kept(settings(tmp_path), jobs).read() == Progress()
    assert not file.exists()
