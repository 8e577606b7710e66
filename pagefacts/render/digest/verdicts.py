"""Whether claims about the same thing agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from enum import StrEnum
from math import inf

from pagefacts.contracts import CasualtyFact, Qualifier
from pagefacts.render.digest.claims import Claim

Range = tuple[int, int | None]
"""The lowest and the highest number; None: open."""
Voice = tuple[str, str]
"""A text and a source that it names; the empty string where it speaks for itself."""


class Verdict(StrEnum):
    """What the claims of a cell say together."""

    ALONE = "alone"
    """One voice: there is nothing to compare."""
    AGREE = "agree"
    """There are numbers that all of them allow."""
    UPDATED = "updated"
    """Some are outdated by later ones, and the others agree."""
    CONFLICT = "conflict"
    """No number suits all."""


def judge(claims: Sequence[Claim]) -> tuple[Verdict, frozenset[int]]:
    """Return the verdict on ``claims``, and the indices of those that later ones have outdated.

    A voice is a page, or each source of a page that names one for all its claims here. A page may count several groups
    of people, so of a voice with several claims one that suits the others is enough.
    """
    voices = _voices(claims)
    if len(set(voices)) < 2:
        return Verdict.ALONE, frozenset()
    if _agree(claims, voices):
        return Verdict.AGREE, frozenset()
    outdated = _outdated(claims)
    rest = [n for n in range(len(claims)) if n not in outdated]
    if outdated and _agree([claims[n] for n in rest], [voices[n] for n in rest]):
        return Verdict.UPDATED, outdated
    return Verdict.CONFLICT, outdated


def hull(claims: Iterable[Claim]) -> Range:
    """Return the lowest ``min`` and the highest ``max`` of ``claims``. It is no sum, and no claim says so itself."""
    ranges = [(claim.fact.min or 0, claim.fact.max) for claim in claims]
    highs = [high for _, high in ranges if high is not None]
    return min(low for low, _ in ranges), max(highs) if len(highs) == len(ranges) else None


def _voices(claims: Sequence[Claim]) -> list[Voice]:
    silent = {claim.text.key for claim in claims if claim.fact.source is None}
    return [_voice(claim, silent) for claim in claims]


def _voice(claim: Claim, silent: Set[str]) -> Voice:
    source, text = claim.fact.source, claim.text.key
    return text, "" if source is None or text in silent else source.text.casefold()


def _agree(claims: Sequence[Claim], voices: Sequence[Voice]) -> bool:
    """Return whether there is a number that each of the voices allows in one of its claims."""
    edges: list[tuple[float, int, Voice]] = []
    for claim, voice in zip(claims, voices, strict=True):
        low, high = _allowed(claim.fact)
        edges += [(low, 0, voice), (high, 1, voice)]
    wanted = len(set(voices))
    speaking: Counter[Voice] = Counter()
    for _, ends, voice in sorted(edges):
        if ends:
            speaking[voice] -= 1
            if not speaking[voice]:
                del speaking[voice]
        else:
            speaking[voice] += 1
            if len(speaking) == wanted:
                return True
    return False


def _allowed(fact: CasualtyFact) -> tuple[float, float]:
    """Return the numbers that the words leave room for; "about 40" is read as a rounded number, 35 to 45."""
    low, high = fact.min or 0, inf if fact.max is None else fact.max
    slack = _last_place(fact.best) // 2 if fact.qualifier is Qualifier.ABOUT and fact.best else 0
    return low - slack, high + slack


def _last_place(number: int) -> int:
    """Return the place of the last digit that is not zero: 1,000 of 12,000."""
    place = 1
    while number % (place * 10) == 0:
        place *= 10
    return place


def _outdated(claims: Sequence[Claim]) -> frozenset[int]:
    """Return the indices of claims that a later one updates.

    It does where it stands in a later version of the same text, or says that it is an update ("rose to 41", "up from
    35") and is no lower. Later is what was published after: of two of one day without their hours neither is.
    """
    by_start = sorted(range(len(claims)), key=lambda n: claims[n].text.earliest)
    by_end = sorted(range(len(claims)), key=lambda n: claims[n].text.latest, reverse=True)
    outdated, versions, highest_update = set[int](), set[str](), -1
    for n in by_end:
        while by_start and claims[by_start[-1]].text.earliest > claims[n].text.latest:
            later = claims[by_start.pop()]
            versions.add(later.text.family)
            if later.fact.cumulative or later.fact.previous is not None:
                highest_update = max(highest_update, later.fact.min or 0)
        if claims[n].text.family in versions or highest_update >= (claims[n].fact.min or 0):
            outdated.add(n)
    return frozenset(outdated)
