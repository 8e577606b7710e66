"""The lines of a scraped page, and what single lines are.

Nothing here knows a site: a line is told by its words (tables in ``resources/en/boilerplate.json``; for other languages
``phrases.py``), its length and its end.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Final

from pagefacts.extraction.metadata.names import MONTH, is_personal_name
from pagefacts.extraction.metadata.published import is_date_line
from pagefacts.extraction.scraped import phrases

CLASSES: Final = ("address", "outlet", "ask", "media", "device", "furniture", "sections")
"""Tables whose words are counted."""
_ADDRESS, _OUTLET, _ASK, _MEDIA, _DEVICE = range(5)
_WORD_TABLES: Final = (*CLASSES, "agencies", "wires", "mentioned", "stop")
_PATTERN_TABLES: Final = ("imperative", "pointer", "notice", "mention", "caption", "closing")

_QUOTED = re.compile(r"“[^“”]*(?:”|$)|\"[^\"]*(?:\"|$)|(?<!\w)‘[^‘’]*(?:’(?!\w)|$)")
_SAID = re.compile(r"“[^“”\s]+(?:\s[^“”\s]+){4,}”|\"[^\"\s]+(?:\s[^\"\s]+){4,}\"")
"""What somebody says: five words or more in quotation marks. Fewer are the name of a button or a policy."""
_SENTENCE_END = re.compile(r"[.!?…。！？۔।][\"'”’»)\]」』]*(?:\s?[(\[][\w /]{2,30}[)\]])?$")
_BRACKETED_END = re.compile(r"[(\[]([^()\[\]]{2,80})[)\]]\.?$")
_OPEN_CREDIT = re.compile(
    r"\b(?:REUTERS|AP Photo|AFP|EPA)/"
    r"|(?:Photograph|Photo|Picture|Image|Illustration|Credit)(?:\s(?:by|courtesy of)|:|\.{3}|…)\s?[A-Z][^.!?]{0,80}$"
    r"|(?:/|\bvia )(?:Getty(?: Images)?|AFP|AP|EPA|Reuters|REUTERS|Shutterstock|Alamy|Anadolu(?: Agency)?)"
    r"(?:/[^.!?]{0,40})?$"
)
_CREDITING: Final = ("/", "via ", "Photo", "Picture", "Image", "Illustration", "Credit")
"""One of these stands in each of them."""
_GIVEN = re.compile(
    r"\S \W?(?:submitted|courtesy|staff|contributed|provided|handout) (?:photo|image|picture)s?[)\]]*$", re.IGNORECASE
)
_CREDIT: Final = 40
"""Characters at the end of a line in which it says that its picture was given: "Ann Lee Submitted photo"."""
_BY = re.compile(r"by\s+[A-Z][\w.'’-]+(?:\s|$)", re.IGNORECASE)
_AGE = re.compile(r"\d\s?(?:[smhdw]|mins?|hrs?|minutes?|hours?|days?|weeks?|months?|years?) ago\b", re.IGNORECASE)
_MONTH: Final = rf"{MONTH}[a-z]{{0,6}}\.?"
_MOMENT = re.compile(
    rf"\b(?:{_MONTH}\s\d\d?(?:st|nd|rd|th)?|\d\d?(?:st|nd|rd|th)?\s{_MONTH}),?\s(?:at\s)?\d\d?[:.]\d\d", re.IGNORECASE
)
"""A day without its year and a time: "Ann Lee May 20th at 8:29 am" stands above a comment."""
_CREDIT_PARTS = re.compile(r"\s*[/,|]\s*|\s+(?:via|for)\s+")
_CREDIT_WORD = re.compile(
    r"(?:file|photo|picture|image|courtesy|credit|pic)\b|.{0,20}\bphoto(?:graph)? by\b", re.IGNORECASE
)
_LONG: Final = 20
"""Words from which a line counts as running text even without a full stop."""
_COMMON: Final = 1 / 8
"""Share of the words of such a line that are common ones."""
_STEM: Final = 5
"""Letters of a word that stay the same in its forms: kills, killed."""
_SHORT: Final = 3
"""Words from which a line that ends like a sentence counts as one."""
_LETTERS: Final = 2
"""Letters of a word on average in scripts that part none: of Chinese the mean is 1.5 to 1.7."""
_LONGEST: Final = 15
"""Letters of a word on average at most; so many count as one where blanks are missing."""
_BUTTON: Final = 6
"""Words of a button at most."""
_NOTICE: Final = 30
"""Words of a line in which a notice in another language says that it is one."""
_HEAD: Final = 160
"""Characters of a line in which a notice says that it is one; and of the longest date line."""


@dataclass(frozen=True)
class Tables:
    """Words and patterns of boilerplate."""

    words: dict[str, frozenset[str]]
    patterns: dict[str, re.Pattern[str]]
    classes: dict[str, tuple[int, ...]]
    """Of each word the numbers of the tables of `CLASSES` in which it stands."""


@cache
def tables() -> Tables:
    """Return the tables of ``boilerplate.json``, compiled."""
    data = json.loads(files("pagefacts").joinpath("resources/en/boilerplate.json").read_text(encoding="utf-8"))
    words = {name: frozenset(word.lower() for word in data[name]) for name in _WORD_TABLES}
    patterns = {
        name: re.compile("|".join(f"(?:{entry})" for entry in data[name]), re.IGNORECASE) for name in _PATTERN_TABLES
    }
    patterns["closing"] = re.compile(f"(?:{patterns['closing'].pattern})\\W*", re.IGNORECASE)
    known = frozenset().union(*(words[name] for name in CLASSES))
    classes = {word: tuple(n for n, name in enumerate(CLASSES) if word in words[name]) for word in known}
    return Tables(words, patterns, classes)


@dataclass(frozen=True)
class Line:
    """One line without the blanks around it."""

    text: str
    linked: float | None = None
    """Share of its letters that are in links, where the text says so."""

    @cached_property
    def forms(self) -> list[str]:
        """The words as written."""
        return phrases.WORD.findall(self.text)

    @cached_property
    def words(self) -> list[str]:
        """The words, lower-cased, with straight apostrophes."""
        return [form.lower().replace("’", "'") for form in self.forms]

    @cached_property
    def size(self) -> int:
        """The number of words; an estimate in scripts that part none."""
        count = len(self.forms)
        if not self.text.isascii() and (letters := len(phrases.UNSPACED.findall(self.text))):
            return max(count, letters // _LETTERS)
        return max(count, len(self.text) // _LONGEST)

    @cached_property
    def key(self) -> str:
        """The words as one string: lines of the same key say the same."""
        return " ".join(self.words)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The beginnings of the words that carry meaning: what a line is about."""
        stop = tables().words["stop"]
        return frozenset(word[:_STEM] for word in self.words if len(word) >= 4 and word not in stop)

    @cached_property
    def counts(self) -> list[int]:
        """How many of the words, quotations apart, stand in each table of `CLASSES`."""
        found = [0] * len(CLASSES)
        classes = tables().classes
        for word in self.unquoted:
            for number in classes.get(word, ()):
                found[number] += 1
        return found

    @cached_property
    def is_sentence(self) -> bool:
        """Whether the line is running text: it ends like a sentence, or is long and full of common words."""
        if self.size < _SHORT or self.ends_like_sentence:
            return self.size >= _SHORT
        if self.size < _LONG:
            return False
        stop = tables().words["stop"]
        return sum(word in stop for word in self.words) >= _COMMON * self.size or phrases.runs(self.words, _COMMON)

    @cached_property
    def ends_like_sentence(self) -> bool:
        """Whether the line ends in a full stop or its like."""
        return _SENTENCE_END.search(self.text[-_HEAD:]) is not None

    @cached_property
    def is_dateline(self) -> bool:
        """Whether the line dates an article or names its author ("By Ann Lee")."""
        by = len(self.words) <= 8 and _BY.match(self.text) is not None and not self.ends_like_sentence
        return by or self.is_dated

    @cached_property
    def is_dated(self) -> bool:
        """Whether the line dates an article."""
        text = self.text
        return len(text) <= _HEAD and any(map(str.isdecimal, text)) and is_date_line(text)

    @cached_property
    def is_teaser(self) -> bool:
        """Whether the line, below an article, is of a list of others: a cut-off text, a byline, a date, an age."""
        if self.text.endswith(("..", "…")) or self.is_dateline:
            return True
        return len(self.words) <= 8 and bool(_AGE.search(self.text) or _MOMENT.search(self.text))

    @cached_property
    def is_furniture(self) -> bool:
        """Whether the line is a button, a counter or an entry of a menu."""
        words = [word for word in self.words if not word.isdecimal()]
        if len(words) > _BUTTON:
            return False
        known, others = tables().words["furniture"], phrases.table("furniture")
        return all(word in known or word in others for word in words) or phrases.says("furniture", words)

    @cached_property
    def is_pointer(self) -> bool:
        """Whether the line points to another page ("Read more: …"); a sentence does so only with a colon."""
        if len(self.words) > 30:
            return False
        if not self._begins("pointer", self.text.lstrip("[(>»•*- ")) and not phrases.points(self.words):
            return False
        return not self.text.endswith(".") or self.text.endswith("...") or ":" in self.text[:30]

    @cached_property
    def is_closing(self) -> bool:
        """Whether the line heads what stands after an article ("Related topics")."""
        if len(self.words) > 10 or (self.text.endswith(".") and not self.text.endswith("..")):
            return False
        if phrases.says("closing", self.words):
            return True
        return tables().patterns["closing"].fullmatch(self.text.lstrip("#*• ")) is not None

    @cached_property
    def is_notice(self) -> bool:
        """Whether the line is a legal, technical or editorial notice."""
        if len(self.words) > 120:
            return False
        if self._begins("notice", self.text) or (self._is_labelled("closing") and not self.is_closing):
            return True
        if phrases.has_notice(self.words[:_NOTICE]):
            return True
        if tables().words["mentioned"].isdisjoint(self.words) and "©" not in self.text:
            return False
        said = _SAID.sub(" ", self.text) if self.is_sentence else self.text
        return tables().patterns["mention"].search(said, 0, _HEAD) is not None

    @cached_property
    def is_caption(self) -> bool:
        """Whether the line is the caption or the credit of a picture."""
        if len(self.words) > 60:
            return False
        if self._begins("caption", self.text) or self._is_labelled("caption"):
            return True
        may_credit = any(map(self.text.__contains__, _CREDITING))
        if (may_credit and _OPEN_CREDIT.search(self.text)) or _GIVEN.search(self.text[-_CREDIT:]):
            return True
        end = _BRACKETED_END.search(self.text)
        if end is None or not is_credit(end[1]):
            return False
        signed = end[1].lower() in tables().words["wires"] and self.text[: end.start()].rstrip().endswith(
            (".", "”", '"')
        )
        return not signed and (len(self.words) <= 35 or "/" in end[1])

    @cached_property
    def is_imperative(self) -> bool:
        """Whether the line begins like a call to action."""
        return self._begins("imperative", self.text)

    @cached_property
    def is_credit_line(self) -> bool:
        """Whether the line begins like the credit of a picture."""
        return _CREDIT_WORD.match(self.text) is not None

    @cached_property
    def voice(self) -> int:
        """How often the line says "we" or "you" outside quotations."""
        return self.counts[_ADDRESS] + self.counts[_OUTLET]

    @cached_property
    def is_appeal(self) -> bool:
        """Whether the outlet speaks to its readers: to pay, to subscribe, to register, to follow.

        Told by how densely the words of such appeals stand, quotations apart, and by who speaks to whom.
        """
        ask, media, device = self.counts[_ASK], self.counts[_MEDIA], self.counts[_DEVICE]
        score = self.voice + 2 * (ask + media + device + self.is_imperative)
        size = len(self.words)
        if size > _LONG:
            return self.voice >= 2 and ask >= 1 and media + device >= 1 and score >= 8 and score >= 0.12 * size
        addressed = self.voice >= 1 or self.is_imperative or device >= 2
        return addressed and ask + media + device >= 1 and score >= 4 and score >= size / 4

    @cached_property
    def is_plain_appeal(self) -> bool:
        """Whether the line is an appeal even on a page that speaks to its readers throughout."""
        return self.is_appeal and self.counts[_ASK] >= 2 and self.counts[_MEDIA] + self.counts[_DEVICE] >= 2

    @cached_property
    def is_weak_appeal(self) -> bool:
        """Whether the line would do as the heading or the end of an appeal: short, to the reader, asking."""
        return len(self.words) <= 12 and self.voice >= 1 and self.counts[_ASK] >= 1

    @cached_property
    def is_boilerplate(self) -> bool:
        """Whether the line, by itself, is no part of an article."""
        return self.is_furniture or self.is_pointer or self.is_closing or self.is_notice or self.is_caption

    @cached_property
    def unquoted(self) -> list[str]:
        """The words that stand in no quotation."""
        if not any(quote in self.text for quote in '“"‘'):
            return self.words
        return [word.replace("’", "'") for word in phrases.WORD.findall(_QUOTED.sub(" ", self.text).lower())]

    @cached_property
    def _label(self) -> str | None:
        return phrases.label_of(self.text)

    def _is_labelled(self, table: str) -> bool:
        return self._label is not None and self._label in phrases.table(table)

    def _begins(self, table: str, text: str) -> bool:
        return tables().patterns[table].match(text) is not None


def is_credit(text: str) -> bool:
    """Return whether ``text``, found in brackets at the end of a line, names the source of a picture."""
    parts = [part.strip() for part in _CREDIT_PARTS.split(text)]
    if any(part.lower() in tables().words["agencies"] for part in parts) or _CREDIT_WORD.match(text):
        return True
    return len(parts) > 1 and is_personal_name(parts[0])  # "Ann Lee for The Herald", "Ann Lee/Herald"


def is_name_line(text: str) -> bool:
    """Return whether ``text`` may be a person's name that stands alone on its line, and not a section or a button.

    In scripts without capitals the form of a name tells nothing.
    """
    if not any(map(str.isupper, text)) or not is_personal_name(text):
        return False
    words = phrases.words_of(text)
    menus = [known for name in ("furniture", "sections") for known in (tables().words[name], phrases.table(name))]
    entries = sum(any(word in menu for menu in menus) for word in words)
    if words[0] == "the" or 2 * entries > len(words):
        return False
    return not (phrases.says("furniture", words) or phrases.says("closing", words))
