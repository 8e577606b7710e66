"""What a result of pagefacts says, in the terms that it is scored in. A page that has no result says nothing."""

from __future__ import annotations

from typing import Final

from scores import Figure, Name, Page, Timex, Toponym

from pagefacts.contracts import Label, Result
from pagefacts.contracts.facts import Status

ENTITY_LABELS: Final = {
    Label.PERSON.value: "PER",
    Label.GPE.value: "LOC",
    Label.LOC.value: "LOC",
    Label.FAC.value: "LOC",
    Label.ORG.value: "ORG",
}
"""The OntoNotes labels that are scored, as the sets name them."""


def figures(result: Result | None) -> list[Figure]:
    """Return the casualty figures."""
    facts = result.casualties if result else ()
    return [Figure(fact.effect.value, fact.min, fact.max, fact.status is Status.HYPOTHETICAL) for fact in facts]


def names(result: Result | None) -> list[Name]:
    """Return the entities with a label that is scored."""
    entities = result.entities if result else ()
    return [Name(each.start, each.end, ENTITY_LABELS[each.label]) for each in entities if each.label in ENTITY_LABELS]


def dates(result: Result | None) -> list[Timex]:
    """Return the temporal expressions."""
    return [Timex(fact.start, fact.end, fact.value) for fact in (result.dates if result else ())]


def places(result: Result | None) -> list[Toponym]:
    """Return every mention of a place."""
    facts = result.locations if result else ()
    return [
        Toponym(mention.start, mention.end, place.latitude, place.longitude)
        for place in facts
        for mention in place.mentions
    ]


def page(result: Result | None) -> Page:
    """Return the article."""
    if result is None:
        return Page("")
    article = result.article
    day = article.published.value[:10] if article.published else ""
    return Page(article.text, article.title or "", day, " ".join(article.authors))
