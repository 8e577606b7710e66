"""The names of a text, found and linked."""

from __future__ import annotations

from pagefacts.contracts import Entity
from pagefacts.tagging.base import Tagger
from pagefacts.tagging.linking import link


def find_names(tagger: Tagger, text: str) -> tuple[Entity, ...]:
    """Return the entities of ``text`` in its order, those that name the same person or thing with the same id."""
    return link(text, tagger.tag(text))
