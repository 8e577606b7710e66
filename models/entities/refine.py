"""Finer labels than the corpora have: which place is a state, a region or a building, which MISC a nationality.

A look-up decides where it can; where it says nothing, what a ready-made model says of the very same words; else the
name keeps all the labels that it may have, and training leaves the choice to the network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from corpora import Document, Name, Sentence

from pagefacts.facts.places.gazetteer import SqliteGazetteer

Silver = Callable[[Iterable[str]], Iterable[list[tuple[int, int, str]]]]
"""Texts to the spans (start, end, label) that a ready-made model finds in each."""


def _any_of(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words.split(','))})\b", re.IGNORECASE)


_EVENTS = _any_of(
    "Cup,Open,Olympics?,Games,Championships?,Wars?,Masters,Prix,Festival,Tournament,Summit,Revolution,Marathon,Hurricane"
    ",Typhoon,Cyclone,Intifada,Uprising,Holocaust,Ramadan,Christmas,Easter,Derby"
)
# Names of arms as news writes them: makers' types, families and nerve agents.
_WEAPONS = re.compile(
    r"\b(?:AK-?47s?|Kalashnikovs?|Katyushas?|Scuds?|Grads?|RPG(?:-?7)?s?|Tomahawks?|Stingers?|Javelins?|Patriots?"
    r"|Exocets?|Iskanders?|Kinzhals?|Qassams?|Shaheds?(?:-\d+)?|HIMARS|Novichok|F-?(?:1[4568]|22|35|117)s?|T-?(?:5[45]|62|64"
    r"|72|80|90)s?|M-?16s?|MiG-?\d*s?|Su-?\d{2}s?|Mi-?\d{1,2}s?|B-?52s?|C-?130s?"
    r"|Black Hawks?|Uzis?|Glocks?|Mirages?|Hellfires?)\b"
)
_FACILITIES = _any_of(
    "Airport,Bridge,Stadium,Street,Avenue,Road,Square,Hospital,Prison,Palace,Mosque,Cathedral,Church,Temple,Station,Tower"
    ",Dam,Mall,Highway,Hall,Camp,Barracks,Airfield,Air ?Base,Hotel,Tunnel,Gate,Bazaar,Plaza,Terminal,Lane,Checkpoint"
)
_REGIONS = _any_of(
    "River,Sea,Ocean,Mountains?,Mount,Lake,Gulf,Desert,Valley,Bay,Peninsula,Strait,Islands?,Coast,Plateau,Hills?,Cape,Canal"
    ",Delta,Basin,Forest,Jungle,Middle East,Balkans,Sahel,Asia,Africa,Europe,Antarctica,Caucasus"
)
_SAME: Final = 0.6
"""Overlap from which the ready-made model means the same name: it keeps articles that the corpora leave out."""
_LEAST_KNOWN: Final = 15_000
"""Inhabitants from which a town is taken for the place that is meant."""
_PLACES: Final = frozenset({"GPE", "LOC", "FAC"})
_FEATURES: Final = {"ADM": "GPE", "PPL": "GPE", "AIR": "FAC", "BDG": "FAC", "STDM": "FAC"}
"""What GeoNames' feature codes are of which a name can be a state or a building; all others are regions."""
_SILVER_OTHERS: Final = {
    "NORP": "NORP",
    "EVENT": "EVENT",
    "PRODUCT": "MISC",
    "LAW": "MISC",
    "WORK_OF_ART": "MISC",
    "LANGUAGE": "MISC",
}


def refined(documents: Iterable[Document], gazetteer: SqliteGazetteer, silver: Silver) -> list[Document]:
    """Return ``documents`` with the labels of their names narrowed where something tells."""
    documents = list(documents)
    texts = [" ".join(sentence.words) for document in documents for sentence in document.sentences]
    spans = iter(silver(texts))
    return [
        replace(document, sentences=tuple(_sentence(each, gazetteer, next(spans)) for each in document.sentences))
        for document in documents
    ]


def _sentence(sentence: Sentence, gazetteer: SqliteGazetteer, found: list[tuple[int, int, str]]) -> Sentence:
    starts = [0]
    for word in sentence.words:
        starts.append(starts[-1] + len(word) + 1)
    names = []
    for name in sentence.names:
        span = starts[name.start], starts[name.end] - 1
        hint = next((label for first, last, label in found if _overlap(span, (first, last)) >= _SAME), "")
        names.append(_name(name, " ".join(sentence.words[name.start : name.end]), gazetteer, hint))
    return replace(sentence, names=tuple(names))


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return the characters that two spans share, over those that either has."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared / (max(one[1], other[1]) - min(one[0], other[0]))


def _name(name: Name, text: str, gazetteer: SqliteGazetteer, hint: str) -> Name:
    if name.labels == _PLACES:
        label = _place(text, gazetteer, hint)
        return replace(name, labels=frozenset({label}) if label else _PLACES)
    if "MISC" in name.labels:
        return replace(name, labels=frozenset({_other(text, gazetteer, hint)}))
    return name


def _place(text: str, gazetteer: SqliteGazetteer, hint: str) -> str:
    """Return GPE, LOC or FAC; nothing where that cannot be told."""
    first = next(iter(gazetteer.candidates(text)), None)
    feature = first.feature if first is not None else ""
    if feature.startswith("PCL"):
        return "GPE"
    if len(text.split()) > 1 and _FACILITIES.search(text):
        return "FAC"
    if _REGIONS.search(text):
        return "LOC"
    if first is None or (feature.startswith("PPL") and first.population < _LEAST_KNOWN):
        return hint if hint in _PLACES else "GPE" if first is not None else ""
    return next((label for kind, label in _FEATURES.items() if feature.startswith(kind)), "LOC")


def _other(text: str, gazetteer: SqliteGazetteer, hint: str) -> str:
    if _WEAPONS.search(text):
        return "WEAPON"
    if gazetteer.demonym(text) is not None:
        return "NORP"
    if _EVENTS.search(text) and len(text.split()) > 1:
        return "EVENT"
    return _SILVER_OTHERS.get(hint, "MISC")
