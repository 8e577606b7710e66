"""What a tagger is."""

from __future__ import annotations

from typing import Protocol

from pagefacts.contracts import Entity


class Tagger(Protocol):
    """Finds the names in a text. Made once a process and passed in; a pure function of the text."""

    @property
    def version(self) -> str:
        """Name and version of the model, for provenance."""
        ...

    def tag(self, text: str) -> tuple[Entity, ...]:
        """Return the entities of ``text`` in its order, without overlaps; ``text[start:end] == entity.text``."""
        ...
