"""Where a page speaks from: its local paper names the town nearby, not its famous namesake."""

from __future__ import annotations

from pagefacts.facts.places.base import Gazetteer, Place
from pagefacts.facts.places.mentions import find_toponyms
from pagefacts.locales import locale_of


def home_names(url: str | None, site: str | None, gazetteer: Gazetteer) -> list[tuple[Place, ...]]:
    """Return the meanings of each name that tells where the publication is at home.

    These are the country of its domain ("oxfordmail.co.uk") and the places in its name ("Houston Chronicle", "The Irish
    Times"). They count as much as names in the text do, and no more.
    """
    code = locale_of(url).country
    country = gazetteer.country(code) if code else None
    named = [toponym.candidates for toponym in find_toponyms(site or "", (), gazetteer)]
    return [(country,), *named] if country else named
