"""The lines of a scraped page, and what single lines are.

Nothing here knows a site: a line is told by its words (tables in ``resources/en/boilerplate.json``), its length and
its end.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Final

from pagefacts.extraction.names import is_personal_name
from pagefacts.extraction.published import is_date_line

_WORD = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_QUOTED = re.compile(r"“[^“”]*(?:”|$)|\"[^\"]*(?:\"|$)|(?<!\w)‘[^‘’]*(?:’(?!\w)|$)")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*(?:\s?[(\[][\w /]{2,30}[)\]])?$")
_BRACKETED_END = re.compile(r"[(\[]([^()\[\]]{2,80})[)\]]\.?$")
_OPEN_CREDIT = re.compile(
    r"\b(?:REUTERS|AP Photo|AFP|EPA)/"
    r"|(?:Photograph|Photo|Picture|Image|Illustration|Credit)(?:\s(?:by|courtesy of)|:|\.{3}|…)\s?[A-Z][^.!?]{0,80}$"
    r"|(?:/|\bvia )(?:Getty(?: Images)?|AFP|AP|EPA|Reuters|REUTERS|Shutterstock|Alamy|Anadolu(?: Agency)?)"
    r"(?:/[^.!?]{0,40})?$"
)
_BY = re.compile(r"by\s+[A-Z][\w.'’-]+(?:\s|$)", re.IGNORECASE)
_CREDIT_PARTS = re.compile(r"\s*[/,|]\s*|\s+(?:via|for)\s+")
_CREDIT_WORD = re.compile(
    r"(?:file|photo|picture|image|courtesy|credit|pic)\b|.{0,20}\bphoto(?:graph)? by\b", re.IGNORECASE
)
_LONG: Final = 20
"""Words from which a line counts as running text even without a full stop."""
_STEM: Final = 5
"""Letters of a word that stay the same in its forms: kills, killed."""
_SHORT: Final = 3
"""Words from which a line that ends like a sentence counts as one."""


@dataclass(frozen=True)
class Tables:
    """Words and patterns of boilerplate."""

    words: dict[str, frozenset[str]]
    starts: dict[str, re.Pattern[str]]
    closing: re.Pattern[str]


@cache
def tables() -> Tables:
    """Return the tables of ``boilerplate.json``, compiled."""
    data = json.loads(files("pagefacts").joinpath("resources/en/boilerplate.json").read_text(encoding="utf-8"))
    sets = {name: frozenset(word.lower() for word in data[name]) for name in _WORD_TABLES}
    starts = {
        name: re.compile("|".join(f"(?:{entry})" for entry in data[name]), re.IGNORECASE) for name in _PATTERN_TABLES
    }
    return Tables(sets, starts, re.compile("(?:" + "|".join(data["closing"]) + r")\W*", re.IGNORECASE))


_WORD_TABLES: Final = (
    "address",
    "outlet",
    "ask",
    "media",
    "device",
    "furniture",
    "sections",
    "agencies",
    "wires",
    "stop",
)
_PATTERN_TABLES: Final = ("imperative", "pointer", "notice", "caption")


@dataclass(frozen=True)
class Line:
    """One line without the blanks around it."""

    text: str

    @cached_property
    def words(self) -> list[str]:
        """The words, lower-cased, with straight apostrophes."""
        return [word.replace("’", "'") for word in _WORD.findall(self.text.lower())]

    @cached_property
    def key(self) -> str:
        """The words as one string: lines of the same key say the same."""
        return " ".join(self.words)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The beginnings of the words that carry meaning: what a line is about."""
        return frozenset(word[:_STEM] for word in self.words if len(word) >= 4 and word not in tables().words["stop"])

    @cached_property
    def is_sentence(self) -> bool:
        """Whether the line is running text: it ends like a sentence, or is long and full of common words."""
        if len(self.words) < _SHORT or self.ends_like_sentence:
            return len(self.words) >= _SHORT
        return len(self.words) >= _LONG and 8 * sum(word in tables().words["stop"] for word in self.words) >= len(
            self.words
        )

    @cached_property
    def ends_like_sentence(self) -> bool:
        """Whether the line ends in a full stop or its like."""
        return _SENTENCE_END.search(self.text) is not None

    @cached_property
    def is_dateline(self) -> bool:
        """Whether the line dates an article or names its author ("By Ann Lee")."""
        by = len(self.words) <= 8 and _BY.match(self.text) is not None and not self.ends_like_sentence
        return by or is_date_line(self.text)

    @cached_property
    def is_teaser(self) -> bool:
        """Whether the line, below an article, is of a list of others: a cut-off text, a byline, a date."""
        return self.text.endswith(("...", "…")) or self.is_dateline

    @cached_property
    def is_furniture(self) -> bool:
        """Whether the line is a button, a counter or an entry of a menu."""
        words = [word for word in self.words if not word.isdecimal()]
        return len(words) <= 6 and all(word in tables().words["furniture"] for word in words)

    @cached_property
    def is_pointer(self) -> bool:
        """Whether the line points to another page ("Read more: …"); a sentence does so only with a colon."""
        if len(self.words) > 30 or not tables().starts["pointer"].match(self.text.lstrip("[(>»•*- ")):
            return False
        return not self.text.endswith(".") or self.text.endswith("...") or ":" in self.text[:30]

    @cached_property
    def is_closing(self) -> bool:
        """Whether the line heads what stands after an article ("Related topics")."""
        return (
            len(self.words) <= 10 and not self.text.endswith(".") and tables().closing.fullmatch(self.text) is not None
        )

    @cached_property
    def is_notice(self) -> bool:
        """Whether the line is a legal, technical or editorial notice."""
        return len(self.words) <= 120 and tables().starts["notice"].match(self.text) is not None

    @cached_property
    def is_caption(self) -> bool:
        """Whether the line is the caption or the credit of a picture."""
        if len(self.words) > 60:
            return False
        if tables().starts["caption"].match(self.text) or _OPEN_CREDIT.search(self.text):
            return True
        end = _BRACKETED_END.search(self.text)
        if end is None or not is_credit(end[1]):
            return False
        signed = end[1].lower() in tables().words["wires"] and self.text[: end.start()].rstrip().endswith(
            (".", "”", '"')
        )
        return not signed and (len(self.words) <= 35 or "/" in end[1])

    @cached_property
    def voice(self) -> int:
        """How often the line says "we" or "you" outside quotations."""
        return self._count("address") + self._count("outlet")

    @cached_property
    def is_appeal(self) -> bool:
        """Whether the outlet speaks to its readers: to pay, to subscribe, to register, to follow.

        Told by how densely the words of such appeals stand, quotations apart, and by who speaks to whom.
        """
        ask, media, device = self._count("ask"), self._count("media"), self._count("device")
        imperative = tables().starts["imperative"].match(self.text) is not None
        score = self.voice + 2 * (ask + media + device + imperative)
        size = len(self.words)
        if size > _LONG:
            return self.voice >= 2 and ask >= 1 and media + device >= 1 and score >= 8 and score >= 0.12 * size
        addressed = self.voice >= 1 or imperative or device >= 2
        return addressed and ask + media + device >= 1 and score >= 4 and score >= size / 4

    @cached_property
    def is_plain_appeal(self) -> bool:
        """Whether the line is an appeal even on a page that speaks to its readers throughout."""
        return self.is_appeal and self._count("ask") >= 2 and self._count("media") + self._count("device") >= 2

    @cached_property
    def is_weak_appeal(self) -> bool:
        """Whether the line would do as the heading or the end of an appeal: short, to the reader, asking."""
        return len(self.words) <= 12 and self.voice >= 1 and self._count("ask") >= 1

    @cached_property
    def is_boilerplate(self) -> bool:
        """Whether the line, by itself, is no part of an article; appeals are told with their page in view."""
        return self.is_furniture or self.is_pointer or self.is_closing or self.is_notice or self.is_caption

    @cached_property
    def _unquoted(self) -> list[str]:
        return [word.replace("’", "'") for word in _WORD.findall(_QUOTED.sub(" ", self.text).lower())]

    def _count(self, table: str) -> int:
        words = tables().words[table]
        return sum(word in words for word in self._unquoted)


def is_credit(text: str) -> bool:
    """Return whether ``text``, found in brackets at the end of a line, names the source of a picture."""
    parts = [part.strip() for part in _CREDIT_PARTS.split(text)]
    if any(part.lower() in tables().words["agencies"] for part in parts) or _CREDIT_WORD.match(text):
        return True
    return len(parts) > 1 and is_personal_name(parts[0])  # "Ann Lee for The Herald", "Ann Lee/Herald"


def is_name_line(text: str) -> bool:
    """Return whether ``text`` may be a person's name that stands alone on its line, and not a section or a button."""
    words = [word.lower() for word in _WORD.findall(text)]
    menu = tables().words["furniture"] | tables().words["sections"]
    return is_personal_name(text) and words[0] != "the" and 2 * sum(word in menu for word in words) <= len(words)
