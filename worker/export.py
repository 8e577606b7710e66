"""Answers out of the results stream, or out of files, into one file; a group's are acknowledged once they are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from worker.formats import Answer, Lines, Writer
from worker.stop import Stop
from worker.targets import already_in, grown_file, new_file, stdout, sync

_AT_ONCE: Final = 1_000
"""Answers that are acknowledged in one command."""


@dataclass(frozen=True)
class Answers:
    """What is to be written."""

    batches: Iterable[Sequence[Answer]]
    """A few at a time, so that no more than these are in memory."""
    ack: Callable[..., None] | None = None
    """Acknowledges answers, or their places; None where nobody wants to know."""


def export(answers: Answers, form: type[Writer], path: Path | None, stop: Stop) -> Writer:
    """Write ``answers`` to ``path``, or to stdout; return the writer, which has counted them.

    A file is put there when it is whole, in place of what was there. That of a group grows, where its format can: each
    batch is on disk before it is acknowledged, and a process that goes on where another was killed finds in the file
    what of its first batch is there already, so that each answer is in it once.

    Raises `worker.stop.Stopped`, `worker.targets.CannotWrite`, and what the reading raises.
    """
    if issubclass(form, Lines) and path is None:
        with stdout() as file:
            writer = form(file)
            writer.begin()
            return _write_each(answers, writer, stop, lambda _: 0)
    if issubclass(form, Lines) and path and answers.ack:
        with grown_file(path, form.head, form.begins_with, quoted=form.quoted) as file:
            return _write_each(answers, form(file), stop, lambda lines: already_in(file, lines))
    return _write_whole(answers, form, path, stop)


def _write_each(answers: Answers, writer: Lines, stop: Stop, known: Callable[[Sequence[bytes]], int]) -> Lines:
    """Write batch by batch; ``known`` says how many of the first batch's lines the file has."""
    is_first = True
    for batch in filter(None, answers.batches):
        with stop.held_back():
            lines = writer.lines(batch)
            writer.file.writelines(lines[known(lines) if is_first else 0 :])
            sync(writer.file)
            if answers.ack:
                answers.ack(*batch)
        is_first = False
    return writer


def _write_whole(answers: Answers, form: type[Writer], path: Path | None, stop: Stop) -> Writer:
    """Write all, then acknowledge all."""
    places: set[str] = set()
    with new_file(path) if path else stdout() as file:
        writer = form(file)
        writer.begin()
        try:
            for batch in answers.batches:
                # What waits here for minutes until it is acknowledged is given again.
                new = [answer for answer in batch if answer.place not in places]
                writer.write(new)
                if answers.ack:
                    places.update(answer.place for answer in new)
            writer.end()
        except BaseException:
            writer.discard()
            raise
    if answers.ack:
        with stop.held_back():
            _acknowledge(answers.ack, sorted(places))
    return writer


def _acknowledge(ack: Callable[..., None], places: Sequence[str]) -> None:
    for first in range(0, len(places), _AT_ONCE):
        ack(*places[first : first + _AT_ONCE])
