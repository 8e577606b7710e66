"""What the words around a statement say of its truth: hedges, history, dispute, and who said it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from pagefacts.contracts import Source, SourceKind, Status
from pagefacts.tables import rows


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words before a verb that take it out of the actual world (modality; Saurí & Pustejovsky, FactBank, 2009).
_HYPOTHETICAL = re.compile(
    r"""\b(?:could|may|might|would|will|can|cannot|shall|should|must|if|unless|fear(?:s|ed|ing)?|presumed|risk(?:s|ed|ing)?
      |threat(?:s|en\w*)?|plan(?:s|ned|ning)?|plot(?:s|ted|ting)?|attempt\w*|tr(?:y|ies|ied|ying)|want(?:s|ed|ing)?
      |intend\w*|intent|intention|vow(?:s|ed)?|aim(?:s|ed|ing)?|hop(?:es|ed|ing)|prepar(?:es|ed|ing)|seek(?:s|ing)?
      |sought|conspir\w*|designed|enough|capable|likely|expected|potential(?:ly)?|possibl[ey]|warn(?:s|ed|ing)?|going
      |about)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_CONDITION = re.compile(
    r"\b(?:if|unless|whether|in case|fears? (?:that|of)|feared that|it (?:is|was) feared|warned that|risk that)\b",
    re.IGNORECASE,
)
_LEADS_TO = re.compile(
    r"\binformation (?:that )?lead(?:s|ing) to (?:the )?(?:arrest (?:and|or) )?$"
    r"|\b(?:could|may|might|would)\s(?:lead to|result in|cause|mean|trigger|bring|have (?:led to|caused|meant))"
    r"\s(?:the\s)?$",
    re.IGNORECASE,
)
_TO_VERB = re.compile(r"(?:(?P<head>[\w-]+)\s)?\bto\s$", re.IGNORECASE)
# After these "to" + verb tells what did happen (implicative and causative verbs; Karttunen 1971).
_IMPLICATIVE: Final = _words(
    "managed manage went continued began started ordered forced forcing prompted prompting compelled obliged led "
    "leading causing caused had made helped proceeded asked told hurried rushed said reported believed known "
    "thought able according people persons residents others thousands hundreds families"
)
_NEGATION = re.compile(r"\b(?:not(?! only)|never)\b|n['’]t\b", re.IGNORECASE)

_MONTHS: Final = "january|february|march|april|may|june|july|august|september|october|november|december"
_HISTORY = re.compile(
    rf"""\b(?:(?:last|previous|earlier)\ year(?!['’]s)|(?:in|of|during)\ last\ (?:{_MONTHS})|(?:{_MONTHS}),?\ last\ year
      |(?:years|decades|a\ year|a\ decade|months)\ (?:ago|earlier|before(?!\ (?:his|her|their|its|the|being)\b))
      |anniversary|in\ memory\ of|commemorat\w+
      |back\ in|before\ that|a\ similar|in\ (?:a\ |an\ )?(?:previous|earlier|separate\ earlier|past)
      (?!\ (?:[\w-]+\ )?(?:hours?|days?|nights?|weeks?|months?|years?)\b)
      |in\ modern\ (?:times|history)|previously|historical\w*)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# What follows these came before: "merely weeks after seven workers were killed", "the worst since 2007, when 32 died".
_AFTER = re.compile(r"\b(?:weeks?|months?|years?|decades?) after\b", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:when|which)\b", re.IGNORECASE)
_PAST = re.compile(r"\b(?:\w+ed|fell|sank|hit|struck|blew|burst|went)\b", re.IGNORECASE)
_SHORT: Final = 3  # words that may stand between "since" and the figure that it governs
_SUPERLATIVE_SINCE = re.compile(
    r"\b(?:deadliest|worst|largest|biggest|bloodiest|first|strongest|most \w+)\b[^.;]{0,80}?\bsince\b", re.IGNORECASE
)
_COMPARED = re.compile(r"\b(?:compared|(?:up|down) from|than)\b", re.IGNORECASE)
_DISPUTED = re.compile(
    r"""\b(?:den(?:y|ies|ied|ying)|disput(?:ed|ing)|disputes(?=\ (?:the|that|this|those|these|reports?|claims?)\b)
      |(?:could\ not|unable\ to|can\s?not)\ (?:\w+ly\ )?(?:verify|confirm)|no\ (?:\w+\ )?confirmation\ (?:that|of)
      |could\ not\ (?:independently\ )?be
      \ (?:independently\ )?(?:verified|confirmed)
      |not\ (?:been\ )?(?:independently\ )?(?:verified|confirmed)|unverified|unconfirmed|conflicting)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_CLAIMED = re.compile(
    r"""\b(?:claim(?:s|ed|ing)?(?=,?\ (?:to|that|they|it|he|she|its|their|his|her)\b)
      (?!\ (?:the|their|his|her|its)\ (?:lives|life))|alleg(?:es|ed)\ (?:that|to))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ALLEGEDLY = re.compile(r"\b(?:allegedly|purportedly|reputedly)\b", re.IGNORECASE)
_NEAR: Final = 30  # code points before a figure in which "allegedly" is about it
_CONFIRMED = re.compile(r"\bconfirm(?:s|ed|ing)?\b", re.IGNORECASE)

_CLAIM: Final = (
    r"claim(?:ed|s)(?=,? (?:to|that|they|it|he|she|its|their|his|her)\b| [^.;]{1,60}? (?:were|was|had|have|died)\b)"
    r"(?! (?:[\w,.-]+ ){0,5}?(?:lives?|victims|responsibility|credit|victory)\b)"
)
_SAY: Final = (
    r"(?:said|says?|reported(?! (?:killed|dead|missing|injured|wounded|hurt))|announced|stated|added|confirmed"
    rf"|{_CLAIM}|alleged|denied|declared|acknowledged|reports(?=[.,]?$))"
)
_SAYING = re.compile(rf"\b(?:{_SAY}|told|puts?(?= the (?:[\w-]+ ){{0,2}}(?:toll|number|figure)))\b", re.IGNORECASE)
# A party to the conflict on what it did or suffered itself: "the army said it had killed", "said its fighters".
_OWN_DEED = re.compile(
    r"\b(?:said|says|announced|reported|stated|added|confirmed),?(?: that)? (?:it|they|its|their|we|our)\b",
    re.IGNORECASE,
)
_ACCORDING = re.compile(r"\baccording to (?P<who>[^,.;:()\n]{2,80})", re.IGNORECASE)
_SAID_WHO = re.compile(
    rf"[,”\"] ?{_SAY} (?P<who>(?:(?:a|an|the) )?[^\W\d]\w*(?: [^\W\d][\w'’-]*){{0,5}})(?=[.,]|$)", re.IGNORECASE
)
_TRAILER = re.compile(r"(?::| [-–—]|[-–—](?= ))\s{0,3}(?P<who>[A-Za-z][\w'’ ]{1,40})$")
_CONTRAST = re.compile(r"; |,? (?:but|while|whereas|although) ", re.IGNORECASE)
_BREAK = re.compile(r"[\[\],;:\"“”()\n]| [-–—]+ ")
_LONGEST_SPEAKER: Final = 10  # words
_SPEAKER_STOPS: Final = _words(
    "that which who when while where after as but on by with to since because if it he she they we i was were is "
    "are be been not quoting citing"
)
_AFTER_SPEAKER: Final = _words("has have had also later today yesterday earlier immediately")
_BEFORE_SPEAKER: Final = _words(
    "in at from for and meanwhile however today yesterday monday tuesday wednesday thursday friday saturday sunday"
)
_AFTER_NAME: Final = _words("that which who when after as on said while today yesterday")


@dataclass(frozen=True, slots=True)
class Reading:
    """The status of a statement and the words that set it."""

    status: Status
    cue: str | None = None


def modality(before_verb: str, clause: str) -> Reading:
    """Return whether a statement is actual: ``before_verb`` are the words right before its verb, ``clause`` up to it.

    Hypothetical where a modal, a fear or a plan governs the verb; negated where "not" does; else reported.
    """
    if match := _NEGATION.search(before_verb):
        return Reading(Status.NEGATED, match[0])
    if match := _HYPOTHETICAL.search(before_verb) or _LEADS_TO.search(clause) or _CONDITION.search(clause):
        return Reading(Status.HYPOTHETICAL, match[0].strip())
    return Reading(Status.REPORTED)


def prospect(before: str) -> Reading:
    """Return hypothetical where an event is told as what may come: "could lead to *the death of six*"."""
    match = _LEADS_TO.search(before)
    return Reading(Status.HYPOTHETICAL, match[0].strip()) if match else Reading(Status.REPORTED)


def bare_infinitive(before_verb: str, clause: str) -> Reading:
    """Return hypothetical for a purpose ("a plan to kill six"), reported after a verb that implies it happened.

    "A plan to bomb the church *and kill* six" shares the purpose of the verb before "and".
    """
    if before_verb.rstrip().lower().endswith((" and", " or")) and (shared := _HYPOTHETICAL.search(clause)):
        return Reading(Status.HYPOTHETICAL, shared[0])
    match = _TO_VERB.search(before_verb)
    if match is None or (match["head"] or "").lower() in _IMPLICATIVE:
        return Reading(Status.REPORTED)
    return Reading(Status.HYPOTHETICAL, match[0].strip())


def attribution(sentence: str, span: tuple[int, int], source: Source | None, *, presupposed: bool = False) -> Reading:
    """Return how far the sentence vouches for what stands at ``span`` of it.

    What is ``presupposed`` ("the murder of six") is disputed only by what stands right before it.

    Disputed, historical ("the worst since 2007, when 32 died"), claimed, confirmed or reported.
    """
    position = span[0]
    whole = (max(0, position - _NEAR), position) if presupposed else (0, len(sentence))
    if match := _AFTER.search(sentence, 0, position):
        return Reading(Status.HISTORICAL, match[0])
    since = _SUPERLATIVE_SINCE.search(sentence, 0, position)
    if since is not None and _of_then(sentence[since.end() : position]):
        return Reading(Status.HISTORICAL, since[0])
    for status, pattern in (
        (Status.DISPUTED, _DISPUTED),
        (Status.HISTORICAL, _HISTORY),
        (Status.CLAIMED, _CLAIMED),
        (Status.CONFIRMED, _CONFIRMED),
    ):
        match = pattern.search(sentence, *(whole if status is Status.DISPUTED else _part(sentence, span)))
        # "1,000 died this year, compared with 2,000 last year"
        if match is not None and not _COMPARED.search(sentence, position, max(position, match.start())):
            return Reading(status, match[0])
    return _claim(sentence, span, source)


def _part(sentence: str, span: tuple[int, int]) -> tuple[int, int]:
    """Return the part of a sentence between contrasts that ``span`` stands in: "but X confirmed" is apart."""
    starts = [match.end() for match in _CONTRAST.finditer(sentence, 0, span[0])]
    after = _CONTRAST.search(sentence, span[1])
    return max(starts, default=0), after.start() if after else len(sentence)


def _claim(sentence: str, span: tuple[int, int], source: Source | None) -> Reading:
    if match := _ALLEGEDLY.search(sentence, max(0, span[0] - _NEAR), span[1]):
        return Reading(Status.CLAIMED, match[0])
    kind = source.kind if source is not None else None
    if source is not None and kind is SourceKind.ARMED_GROUP:
        return Reading(Status.CLAIMED, source.text)
    if kind is SourceKind.MILITARY and (match := _OWN_DEED.search(sentence)):
        return Reading(Status.CLAIMED, match[0])
    return Reading(Status.REPORTED)


def _of_then(between: str) -> bool:
    """Whether a figure that ``between`` parts from "the worst since" is of then.

    So in "since 2001, when 12 died", "since 12 died", "since a jet fell, killing 12"; not in "since 2001, killing 12".
    """
    clause, comma, _ = between.partition(",")
    if _WHEN.search(between) or (comma and _PAST.search(clause)):
        return True
    return not comma and len(between.split()) <= _SHORT and not any(map(str.isdigit, between))


@dataclass(frozen=True, slots=True)
class Statement:
    """A part of a sentence, ``start`` to ``end`` in it, and who says it."""

    start: int
    end: int
    source: Source | None


def statements(sentence: str) -> tuple[Statement, ...]:
    """Return the parts of a sentence that may have sources of their own.

    Of "30 died, the hospital said, *but* the army put it at 11" each part has its own.
    """
    parts, start = [], 0
    for match in _CONTRAST.finditer(sentence):
        parts.append((start, match.start()))
        start = match.end()
    parts.append((start, len(sentence)))
    return tuple(Statement(first, last, _source(sentence[first:last])) for first, last in parts)


def source_kind(words: str) -> SourceKind | None:
    """Return the kind of source that ``words`` name; None where they do not tell."""
    return next((kind for kind, pattern in _kinds() if pattern.search(words)), None)


@cache
def _kinds() -> tuple[tuple[SourceKind, re.Pattern[str]], ...]:
    table = rows("casualties_sources.tsv")
    return tuple((SourceKind(kind), re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for kind, words in table)


def _source(part: str) -> Source | None:
    who = _who(part)
    kind = source_kind(who) if who is not None else None
    if who is None or (kind is None and who.islower()):  # neither a kind of speaker nor a name
        return None
    return Source(text=who, kind=kind)


def _who(part: str) -> str | None:
    if match := _ACCORDING.search(part) or _SAID_WHO.search(part):
        return _until_stop(match["who"])
    for match in _SAYING.finditer(part):
        if who := _speaker(part[max(0, match.start() - 80) : match.start()]):
            return who
    if match := _TRAILER.search(part):
        return match["who"].strip()
    return None


def _speaker(before: str) -> str | None:
    """Return the noun phrase that ends ``before``, the words in front of "said"."""
    words = _BREAK.split(before.rstrip().removesuffix(","))[-1].split()
    while words and words[-1].lower() in _AFTER_SPEAKER:
        words.pop()
    stop = max((place for place, word in enumerate(words) if word.lower() in _SPEAKER_STOPS), default=-1)
    speaker = words[stop + 1 :]
    while speaker and speaker[0].lower() in _BEFORE_SPEAKER:
        speaker.pop(0)
    return " ".join(speaker) if _may_speak(speaker) else None


def _may_speak(words: list[str]) -> bool:
    if not 1 <= len(words) <= _LONGEST_SPEAKER or words[0].lower() in {"no", "none"}:
        return False
    last = words[-1]
    return last[0].isalpha() and last.lower() not in {"a", "an", "the"} and not last.endswith("ly")


def _until_stop(words: str) -> str | None:
    kept = []
    for word in words.split():
        if word.lower() in _AFTER_NAME:
            break
        kept.append(word)
    return " ".join(kept) or None
