"""What many results claim, by day and place, with conflicting claims side by side."""

from pagefacts.render.digest.claims import Claim, Text, Where
from pagefacts.render.digest.days import When
from pagefacts.render.digest.timeline import Cell, Digest, Kind, What, digest
from pagefacts.render.digest.verdicts import Verdict

__all__ = ["Cell", "Claim", "Digest", "Kind", "Text", "Verdict", "What", "When", "Where", "digest"]
