"""Facts that tests make up, for what is shown of them."""

from __future__ import annotations

from typing import Any

from pagefacts.contracts import CasualtyFact, Effect, Evidence, Qualifier


def five_killed(
    number: int, text: str, quote: str, sentence: tuple[int, int] | None = None, **more: Any
) -> CasualtyFact:
    """Five people killed, as the ``quote`` in ``text`` says; ``more`` goes before what is said here.

    ``sentence``: where it begins and ends, the quote alone unless given.
    """
    start = text.index(quote)
    end = start + len(quote)
    sentence_start, sentence_end = sentence or (start, end)
    known: dict[str, Any] = {
        "id": f"c{number}",
        "effect": Effect.KILLED,
        "min": 5,
        "max": 5,
        "best": 5,
        "qualifier": Qualifier.EXACTLY,
        "number_text": "five",
        "evidence": Evidence(
            quote=quote, start=start, end=end, sentence_start=sentence_start, sentence_end=sentence_end
        ),
        "rule": "r",
        "confidence": 0.9,
    }
    return CasualtyFact(**(known | more))
