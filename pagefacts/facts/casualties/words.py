"""Small closed classes of English words that bound clauses and noun phrases (Quirk et al. 1985, 2.34 ff.)."""

from __future__ import annotations

from typing import Final


def word_set(words: str) -> frozenset[str]:
    """Return the words of a list written as prose."""
    return frozenset(words.split())


ARTICLES: Final = word_set("a an")
SINGULAR_DETERMINERS: Final = ARTICLES | word_set("the his her their its our my")
DETERMINERS: Final = SINGULAR_DETERMINERS | word_set("this that these those")
BE: Final = word_set("be is are was were been being am get gets got getting remain remained remains 're 's")
HAVE: Final = word_set("have has had having")
MODALS: Final = word_set("will would can could may might shall should must")
PREPOSITIONS: Final = word_set(
    "of in on at by with from for after before during near to against into than like between under within through "
    "inside outside across since until till over off above below behind beside beyond around along amid among "
    "despite without upon onto toward towards via per about throughout following aboard"
)
CONJUNCTIONS: Final = word_set("and or but nor & plus yet")
DASHES: Final = frozenset({"-", "--", "—", "–"})
RELATIVES: Final = word_set("who which whom whose")
SUBORDINATORS: Final = word_set(
    "that when while where after before because if unless although though whereas since as until whether once what "
    "how why"
)
PRONOUNS: Final = word_set(
    "he she it they we you i him them us me himself herself themselves itself everyone someone anyone there"
)
REPORTING: Final = word_set(
    "said says say reported reports report told tells announced announces stated states added adds confirmed "
    "confirms claimed claims denied denies alleged alleges believe believes believed estimated estimates warned "
    "warns showed shows acknowledged declared explained revealed noted"
)
# Frequent verbs that end a noun phrase; their other sense is rarely a noun after a number.
VERBS: Final = word_set(
    "did do does took take takes taken went go goes came come comes left leave leaves made make makes gave found "
    "find finds saw see sees became become becomes began begin held hold holds brought put ran got sent fell hit "
    "shot fought burst blew blow blows opened fired tried led met lost won kept set let let's seen known need needs "
    "want wants threw struck caused led including includes included include"
)
# May stand between victims and what happened to them: "12 people have also been reported killed".
SKIPPED: Final = (
    BE
    | HAVE
    | MODALS
    | RELATIVES
    | word_set(
        "that also still since now then later already more others other else all both to reported confirmed feared "
        "believed presumed found listed pronounced declared thought known said considered classified as either just "
        "even first not never there left lay lying forced so far who've people persons again soon almost instantly"
    )
)
TIME_WORDS: Final = word_set(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday overnight tonight last this when "
    "while early late there here earlier recently that january february march april may june july august september "
    "october november december so each every"
)
_NO_ADVERBS: Final = word_set("family july italy bully ally assembly")


def is_adverb(word: str) -> bool:
    """Return whether ``word`` is an adverb by its ending: "reportedly"; not "family" or "July"."""
    return word.endswith("ly") and len(word) > 4 and word not in _NO_ADVERBS


ENDS_NOUN_PHRASE: Final = (
    DETERMINERS
    | BE
    | HAVE
    | MODALS
    | PREPOSITIONS
    | CONJUNCTIONS
    | RELATIVES
    | SUBORDINATORS
    | PRONOUNS
    | REPORTING
    | VERBS
)
