"""Where a page is published: what decides how its dates and time zones are read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

# Country-code domains that the world uses for their letters: what search engines treat as generic
# (Google Search Central, "Managing multi-regional and multilingual sites").
_GENERIC: Final = frozenset("ad ai as bz cc cd co dj eu fm gg io la me ms nu sc sr su tv tk to ws".split())
# Short dates in English by the Unicode CLDR, release 47: month first; year first, and so no custom between the others.
_MONTH_FIRST: Final = frozenset("AS BI GU MH MP PH PR UM US VI".split())
_NO_CUSTOM: Final = frozenset("CA SE ZA".split())
_REGION = re.compile(r"\s*[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?[-_]([A-Za-z]{2})(?![A-Za-z0-9]).*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Locale:
    """What is known of where a page is published."""

    country: str | None = None
    """ISO 3166-1 alpha-2."""
    language: str | None = None
    """Primary subtag of what the page declares (ISO 639)."""

    def day_first(self, country: str | None = None) -> bool | None:
        """Return whether 09/10/2015 is the ninth of October; None where nothing tells.

        ``country`` is what the date's own time zone points to, and counts where the page's is not known.
        """
        place = self.country or country
        if place is None:
            return True if self.language not in {None, "en"} else None
        return None if place in _NO_CUSTOM else place not in _MONTH_FIRST


def locale_of(url: str | None, *tags: str | None) -> Locale:
    """Return a page's locale from the domain of its ``url``, then from language ``tags`` (BCP 47), the surest first."""
    regions = (match[1].upper() for tag in tags if tag and (match := _REGION.fullmatch(tag)))
    languages = (match[0].lower() for tag in tags if tag and (match := re.match(r"[A-Za-z]{2,3}", tag.strip())))
    return Locale(_domain_country(url) or next(regions, None), next(languages, None))


def _domain_country(url: str | None) -> str | None:
    domain = ((urlsplit(url).hostname if url else None) or "").rstrip(".").rpartition(".")[2]
    if len(domain) != 2 or not domain.isalpha() or domain in _GENERIC:
        return None
    return "GB" if domain == "uk" else domain.upper()
