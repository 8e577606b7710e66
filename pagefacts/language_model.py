"""The model that tells languages: py3langid's, which is unpacked when it is loaded."""

from __future__ import annotations

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_IN_TURN: Final = 0.0005
"""Seconds; Python's own are .005."""


@cache
def begin_loading() -> Future[LanguageIdentifier]:
    """Begin to load the model in a thread of its own, where that has not been done.

    It takes a second and 90 MB, most of it for the unpacking, beside which other threads can run. The import stays in
    the caller's thread: two that import the same modules from different ends might each see half of one.
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - numpy, which not all processes need

    thread = ThreadPoolExecutor(1, "language model")
    loading = thread.submit(LanguageIdentifier.from_model_file, MODEL_FILE, norm_probs=True)
    thread.shutdown(wait=False)
    # It asks for the interpreter after each of 700 pieces, and a thread at work there gives it up after this time only.
    before = sys.getswitchinterval()
    sys.setswitchinterval(_IN_TURN)
    loading.add_done_callback(lambda _: sys.setswitchinterval(before))
    return loading


@cache
def language_model() -> LanguageIdentifier:
    """Return the model; wait for it where it is not there yet."""
    return begin_loading().result()
