"""What the article says happened: casualty figures, dates and places."""

from __future__ import annotations

from collections.abc import Sequence

from pagefacts.contracts import Article, Entity, Facts
from pagefacts.facts.casualties import find_casualties
from pagefacts.facts.casualties.mentions import link_mentions
from pagefacts.facts.dates import find_dates
from pagefacts.facts.places import find_places
from pagefacts.facts.places.base import Gazetteer
from pagefacts.facts.places.home import home_names

__all__ = ["Gazetteer", "find_facts"]


def find_facts(article: Article, entities: Sequence[Entity], gazetteer: Gazetteer) -> Facts:
    """Return all facts of ``article``, none where the page is none.

    Relative dates are resolved against its publication date.
    """
    if not article.tells_facts:
        return Facts()

    def country_of(word: str) -> str | None:
        place = gazetteer.demonym(word)
        return place.country if place else None

    dates = find_dates(article.text, article.published)
    home = home_names(article.url, article.site, gazetteer)
    locations = find_places(article.text, entities, gazetteer, home)
    casualties = find_casualties(article.text, entities, dates, locations, country_of)
    return Facts(casualties=link_mentions(casualties, dates, locations), dates=dates, locations=locations)
