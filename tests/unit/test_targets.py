"""Files of answers: whole or not there, and going on where another process was killed."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.targets import CannotWrite, already_in, grown_file, new_file, sync

HEAD = b"a,b\r\n"


def grow(path: Path, *lines: bytes) -> None:
    with grown_file(path, HEAD, HEAD, quoted=True) as file:
        file.writelines(lines[already_in(file, lines) :])


def test_a_new_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"old")
    with new_file(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"old")
    with suppress(ZeroDivisionError), new_file(path) as file:
        file.write(b"new")
        raise ZeroDivisionError
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_followed_and_a_device_written_to(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    with new_file(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    with new_file(Path(os.devnull)) as file:
        file.write(b"x")
        sync(file)
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("name", ["missing/f", "folder"])
def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    path = tmp_path / name
    with pytest.raises(CannotWrite, match=f"^{path}: "), grown_file(path, HEAD, HEAD, quoted=True):
        pass
    with pytest.raises(CannotWrite, match=f"^{path}: "), new_file(path) as file:
        file.write(b"x")


def test_a_full_disk_is_named() -> None:
    with pytest.raises(CannotWrite, match=r"^/dev/full: No space left"), new_file(Path("/dev/full")) as file:
        file.write(b"x")


@pytest.mark.parametrize("content", [b"a,c\r\n1,2\r\n", b"hello", b"\x00"])
def test_nothing_is_appended_to_another_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "f"
    path.write_bytes(content)
    with pytest.raises(CannotWrite, match="nothing that these answers can be appended to"):
        grow(path, b"1,2\r\n")
    assert path.read_bytes() == content


def test_two_do_not_append_at_once(tmp_path: Path) -> None:
    path = tmp_path / "f"
    with grown_file(path, HEAD, HEAD, quoted=True), pytest.raises(CannotWrite, match="another process"):
        grow(path, b"1,2\r\n")


CELLS = st.text(st.sampled_from('ab"\n,'), max_size=4).map(lambda text: '"' + text.replace('"', '""') + '"')
ROWS = st.lists(st.tuples(st.integers(0, 9), CELLS).map(lambda row: f"{row[0]},{row[1]}\r\n".encode()), max_size=6)


@given(ROWS, ROWS, st.data())
def test_a_batch_that_was_cut_anywhere_is_in_the_file_once(
    tmp_path_factory: pytest.TempPathFactory, before: list[bytes], rows: list[bytes], data: st.DataObject
) -> None:
    before, rows = ([b"%d," % n + row for n, row in enumerate(each, at)] for at, each in ((0, before), (10, rows)))
    whole = HEAD + b"".join(before + rows)
    least = len(HEAD) + len(b"".join(before)) if before else 0  # what was acknowledged is on disk
    path = tmp_path_factory.mktemp("f") / "f.csv"
    path.write_bytes(whole[: data.draw(st.integers(least, len(whole)))])
    grow(path, *rows)
    assert path.read_bytes() == whole


def test_what_is_written_is_seen_by_others_after_a_batch(tmp_path: Path) -> None:
    path = tmp_path / "f"
    with suppress(ZeroDivisionError), grown_file(path, HEAD, HEAD, quoted=True) as file:
        file.write(b"1,2\r\n")
        sync(file)
        assert path.read_bytes() == HEAD + b"1,2\r\n"
        raise ZeroDivisionError
    assert path.read_bytes() == HEAD + b"1,2\r\n"
