"""Whether everybody may read all of an HTML page."""

from __future__ import annotations

from typing import Final

from pagefacts.extraction.metadata.jsonld import truth
from pagefacts.extraction.metadata.page import Page, first_elements

_TIERS: Final = {"free": False, "metered": True, "locked": True}
"""By the value of ``article:content_tier`` (Facebook for Developers, "Subscription attribution")."""
_MARKED: Final = first_elements("//*[@itemprop='isAccessibleForFree']", 50)
_FREE: Final = ("isaccessibleforfree", "article:isaccessibleforfree", "cxenseparse:isaccessibleforfree")


def is_paywalled(page: Page) -> bool | None:
    """Return whether only subscribers see all of the page, as its JSON-LD, meta elements or microdata say; else None.

    A metered page counts as paywalled, as schema.org's ``isAccessibleForFree`` has it.
    """
    if page.stated.is_free is not None:
        return not page.stated.is_free
    tier = page.metas.get("article:content_tier", "").lower()
    if tier in _TIERS:
        return _TIERS[tier]
    for name in (*_FREE, *_paywalls(page)):
        stated = truth(page.metas.get(name))
        if stated is not None:
            return not stated if name in _FREE else stated
    marked = {truth(element.get("content") or element.get("href") or element.text) for element in _MARKED(page.tree)}
    return None if marked <= {None} else False in marked


def _paywalls(page: Page) -> list[str]:
    """Return the names of the meta elements that speak of a paywall: ``cXenseParse:recs:paywall``, ``is_paywalled``."""
    return [name for name in page.metas if "paywall" in name]
