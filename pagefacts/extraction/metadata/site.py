"""The publication: its name, and titles without it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

_WORD: Final = r"[A-Z][\w&’'-]*(?:\.[a-z]\w*)*"
_NAME: Final = rf"((?-i:(?:[Tt]he )?{_WORD}(?:(?: of| and| &| for)? {_WORD}){{0,4}}))"
_YEARS: Final = r"(?:19|20)\d\d(?: ?[-–] ?(?:19|20)?\d\d)?"
_WEIGHTS: Final = (3, 2, 1, 1)
_SUREST: Final = _WEIGHTS[0]
# Phrases in which a page names itself, the surest first.
_PHRASES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:©|\(c\)|copyright)(?: copyright)?(?: (?:©|\(c\)))?,? ?{_YEARS},? {_NAME}",
        rf"\b(?:notifications|alerts|newsletters?|emails|updates|headlines|news|stories|offers|more) from {_NAME}",
        rf"\b(?:sign (?:up (?:to|for)|in to)|subscribe to|support|follow|download|welcome to|register with) {_NAME}",
        rf"\b{_NAME}(?:'s|’s)? (?:newsletters?|app\b|is not responsible|journalism|website|commenting|readers\b)",
    )
)
_NO_NAME = re.compile(r"(?:all|our|the|us|your|this|now|more|here|my)\b\W*$", re.IGNORECASE)
# Whom pages also name in such phrases, without being theirs.
_OTHERS = re.compile(
    r"(?:getty|reuters|associated press|afp|facebook|twitter|google|whatsapp|instagram|youtube|x|apple|telegram"
    r"|linkedin)\b",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:'s|’s)?(?:\s+(?:All|Newsletters?|App|Website|Group Limited|Limited|Ltd|Inc|LLC|Corporation|Company))*$"
)
_TITLE_PARTS = re.compile(r"\s+[|–—·•«»‹›:~-]+\s+|\s*[|»›]\s*")
_PART_WORDS: Final = 6
"""Words of a part of a title that may be a publication's name."""
# Second labels that belong to the suffix of a host under a two-letter top-level domain.
_SECOND_LEVEL: Final = frozenset({"co", "com", "org", "net", "gov", "gob", "edu", "ac", "go", "or", "ne"})


def site_name(lines: Iterable[str]) -> str | None:
    """Return the name that most of the phrases in ``lines``, a page's boilerplate, give to the publication."""
    names: Counter[str] = Counter()
    for line in lines:
        for weight, phrase in zip(_WEIGHTS, _PHRASES, strict=True):
            for match in phrase.finditer(" ".join(line[:1_000].split())):
                name = _TAIL.sub("", match[1])
                if len(name) > 1 and not _NO_NAME.match(name) and (weight == _SUREST or not _OTHERS.match(name)):
                    names[name[:1].upper() + name[1:]] += weight
    if not names:
        return None
    best = max(names, key=lambda name: names[name] + names[f"The {name}"])
    return f"The {best}" if names[f"The {best}"] > names[best] else best


def title_parts(title: str) -> list[str]:
    """Return what stands between the bars and dashes of a title: headline, section, publication."""
    return [part.strip() for part in _TITLE_PARTS.split(title)]


def short_name(name: str) -> str:
    """Return a publication's name without the motto or the section behind it: "Echo | News, sport" is "Echo"."""
    return next(filter(None, title_parts(name)), name).strip(" |–—-")


def same_name(name: str, site: str | None) -> bool:
    """Return whether both are one name: "The Hillside Echo" and "hillside-echo"."""
    return site is not None and _key(name) == _key(site)


def is_of_host(name: str, url: str | None) -> bool:
    """Return whether a publication's name and its host have one in the other: "BBC News" and "bbc.co.uk"."""
    key, label = _key(name), _key(host(url).partition(".")[0]) if url else ""
    return len(key) >= 2 and len(label) >= 2 and (key in label or label in key)


def without_site(title: str, site: str | None, url: str | None) -> str:
    """Return ``title`` without the publication's name at either end: "Dam bursts - BBC News" is "Dam bursts"."""
    head, colon, rest = title.partition(": ")
    if colon and _key(head) in _keys(site, url):
        return rest.strip()
    parts, gaps = _TITLE_PARTS.split(title), _TITLE_PARTS.findall(title)
    while len(parts) > 1 and _names_site(parts[-1], site, url):
        parts.pop()
        gaps.pop()
    while len(parts) > 1 and _names_site(parts[0], site, url):
        parts.pop(0)
        gaps.pop(0)
    return "".join(text for pair in zip(parts, [*gaps, ""], strict=True) for text in pair).strip()


def _names_site(part: str, site: str | None, url: str | None) -> bool:
    """Return whether ``part`` and a name of the publication, as it gives it or as its host has it, hold each other."""
    key = _key(part)
    if not key:
        return True
    short = len(part.split()) <= _PART_WORDS
    return any(
        key == name or (len(key) >= 4 and key in name) or (len(name) >= 3 and short and name in key)
        for name in _keys(site, url)
    )


def _keys(site: str | None, url: str | None) -> list[str]:
    """Return what tells the names of the publication: as it gives it, and as its host has it."""
    return [key for key in (_key(site or ""), _key(host(url).partition(".")[0]) if url else "") if key]


def _key(text: str) -> str:
    """Return the letters and digits of a name, without accents, as they stand in a host."""
    return re.sub(r"^the\s|[\W_]+", "", unicodedata.normalize("NFKD", text.lower()))


def host(url: str) -> str:
    """Return the registrable name of a URL's host, by rule: that of "https://www.news.co.uk/x" is "news.co.uk"."""
    labels = (urlsplit(url).hostname or "").rstrip(".").split(".")
    if labels[-1].isdigit() or ":" in labels[-1]:
        return ".".join(labels)
    keep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-keep:])
