"""What is said of an input: that it cannot be read on, and what was left out of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from worker.errors import OperatorError


class InputError(OperatorError):
    """The input cannot be read to its end: the message names the file, and the line or byte."""


def say_left_out(path: str, left_out: Mapping[str, int]) -> None:
    """Tell a person how many of what are no jobs, where there are any."""
    if left_out:
        counted = ", ".join(f"{count:,} {what}" for what, count in sorted(left_out.items()))
        sys.stderr.write(f"pagefacts: {path}: left out {counted}\n")
