"""Numbers of a sentence, with the bounds that the words around them set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pagefacts.contracts import DateFact, Qualifier
from pagefacts.facts.casualties.lexicon import NounClass, noun
from pagefacts.facts.numbers import CARDINAL, cardinal

# Floors of vague words, after ACLED's codebook (dozens 12, hundreds 100, several 3) and the dictionary (a score is 20).
_FLOORS: Final = {
    "dozens": 12, "scores": 20, "tens": 10, "hundreds": 100, "thousands": 1_000, "millions": 1_000_000,
    "tens of thousands": 10_000, "hundreds of thousands": 100_000, "tens of millions": 10_000_000,
    "several": 3, "a few": 3, "a handful": 3,
}  # fmt: skip
_MULTIPLES: Final = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
_WORDS: Final = {
    "half a million": 500_000,
    "half a dozen": 6,
    "half-a-dozen": 6,
    "both": 2,
    "another": 1,
    "a couple": 2,
}
_MOST: Final = 10_000_000_000  # more people than there are: the figure counts something else

_NUMBER = re.compile(
    rf"""(?<![\w.,'’])(?:
      (?P<zero>no(?:\ \w+)?\ (?:reports?|indications?|signs?)\ (?:of|on|about)(?:\ any)?|no[ -]one|nobody|none
        |not\ a\ single|zero|without(?:\ any)?|no(?!\ (?:more|less|fewer|longer|matter|doubt)\b)(?!\.?\ ?\d))
      |(?P<vague>(?:tens|hundreds)\ of\ (?:thousands|millions)|dozens|scores|tens(?=\ of)|hundreds|thousands|millions
        |(?:several|a\ few)(?:\ (?:hundred|thousand|million|dozen))?|a\ handful)
      |(?P<reciprocal>one\ another|one\ by\ one|one\ after\ the\ other|both\ [\w-]+(?:\ [\w-]+)?\ and\b)
      |(?P<word>half[ -]a[ -](?:million|dozen)|both|another|a\ couple)
      |(?P<dozens>(?:a|(?:{CARDINAL}))[ -]dozen)
      |(?P<cardinal>{CARDINAL})
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_RANGE = re.compile(rf"(\ ?[-–]\ ?|\ to\ |\ or\ |\ and\ )({CARDINAL})(?!\w)", re.IGNORECASE | re.VERBOSE)

_BOUND = re.compile(
    r"""\b(?:
      (?P<fewer_than>fewer\ than|less\ than|under|below|(?:just|well)\ under|nearly|almost|close\ to|approaching)
      |(?P<at_least>at\ least|no\ (?:fewer|less)\ than|not\ (?:fewer|less)\ than|a\ minimum\ of)
      |(?P<at_most>up\ to|as\ many\ as|at\ most|(?:no|not)\ more\ than|a\ maximum\ of|upto)
      |(?P<more_than>(?:just\ |well\ |far\ |slightly\ |a\ little\ )?(?:more\ than|over|above)|upwards?\ of
        |in\ excess\ of|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|topp(?:ed|ing)|tops|pass(?:es|ed|ing))
      |(?P<about>about|around|approximately|some|roughly|(?:an?\ )?estimated|circa|maybe|perhaps|an\ average\ of)
      |(?P<between>between)
    )(?:\ (?:a|an|the|as|total\ of|estimated|further|additional|another|other|some|about|around))*\ [\[(]?$""",
    re.IGNORECASE | re.VERBOSE,
)
_BOUND_AFTER = re.compile(
    r"(?P<at_least>\ or\ more\b|\+|[- ]plus\b)|(?P<about>\ or\ so\b)|(?P<at_most>\ or\ (?:fewer|less)\b)",
    re.IGNORECASE | re.VERBOSE,
)

_RATIO = re.compile(rf"\ (?:in|out\ of)\ (?:every\ )?(?P<of>{CARDINAL})\b(?:\ (?P<noun>[a-z-]+))?", re.IGNORECASE)
_RATIO_BASES: Final = frozenset({*range(2, 11), 20, 100, 1_000})

_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may(?!\s+(?:have|be|also|well))|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
# A number after these is a label, a sum of money, an age or a date, never a count of people.
_LABEL_BEFORE = re.compile(
    r"""(?:[$£€¥₹]\s?|\b(?:us|rs\.?|eur|usd|gbp|aud|inr)\s?|[\w]-|[\d]/|\#
      |\bage[ds]?\s[\d,\s]{1,20}(?:and|to|or)\s
      |\b(?:aged?|ages|no\.?|nos\.?|number|article|section|flight|route|highway|page|chapter|room|channel|category|grade
        |resolution|decree|update|magnitude|boeing|airbus|interstate|version|ak|mig)\s
      |\b(?:one|two|three|four|five|six|seven|eight|nine|\d)\s(?:in|out\sof)(?:\severy)?\s
      |\b(?:children|child|people|those|youths?|boys|girls|men|women|males?|females?|kids|anyone|everyone)\s(?:aged\s)?
        (?:under|over|below|above|between)\s(?:the\sages?\sof\s)?)$""",
    re.IGNORECASE | re.VERBOSE,
)
_UNIT_AFTER = re.compile(
    r"""\s?(?:%|°|per\s?cent\b|percent|pct\b|[ap]\.?m\b|hrs?\b|gmt\b|o['’]clock|years?[\s-]old|[-–]\w|:\d|/\d|[.,]\d
      |(?:st|nd|rd|th)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_MONEY_AFTER = re.compile(
    r"\ (?:(?:more\ )?(?:in|of)\ (?:losses|damages?|cash|aid|property|funds?|revenues?|dollars|euros|compensation|bail"
    r"|rewards?|debts?|taxes|savings|sales|profits)|worth)\b",
    re.IGNORECASE | re.VERBOSE,
)
_PRONOUN_BEFORE = re.compile(r"\b(?:the|this|that|which|each|every|any)\s$", re.IGNORECASE)  # "the one that ..."
_NEXT_WORD = re.compile(r"\s([^\W\d_]+)")
_AGE_AFTER = re.compile(r"\s?(?:[,)\n]|\.|$)")
_DAY_BEFORE_MONTH = re.compile(rf"\s(?:of\s)?{_MONTH}", re.IGNORECASE)
_MONTH_BEFORE_DAY = re.compile(rf"(?P<day>\b\d{{1,2}}\s)?\b{_MONTH}\s$", re.IGNORECASE)
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|of|by|until|till|from|during|year|years|early|late|mid|before|after|between|and|to|fall|autumn|spring"
    r"|summer|winter|through|than|the|that)\s|[-–/(,]\s?)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its bounds. ``low``, ``high`` and ``best`` as ``min``, ``max`` and ``best`` of a casualty fact."""

    start: int
    """First code point, with the words that bound it: "more than 40"."""
    end: int
    number_start: int
    number_end: int
    low: int
    high: int | None
    best: int | None
    qualifier: Qualifier
    counts: bool = True
    """False for a span of ages, times or distances."""
    without: bool = False
    """Whether it is the zero of "without casualties", which no verb can have for its subject or object."""


def single(start: int, end: int) -> Figure:
    """Return the figure of one victim named without a number; the article "a" or nothing stands for it."""
    return Figure(start, end, start, end, 1, 1, 1, Qualifier.EXACTLY)


def figures(text: str, span: tuple[int, int], dates: Sequence[DateFact]) -> list[Figure]:
    """Return the numbers of the sentence ``text[slice(*span)]`` that may count people, in order, without overlaps.

    ``dates`` are the dates of the sentence; their numbers count nobody.
    """
    found: list[Figure] = []
    for match in _NUMBER.finditer(text, *span):
        if found and match.start() < found[-1].end:
            continue
        figure = _Reader(text, span, match).figure()
        if figure is not None and not _dated(figure, dates):
            found.append(figure)
    return found


def _dated(figure: Figure, dates: Sequence[DateFact]) -> bool:
    return any(date.start <= figure.number_start and figure.number_end <= date.end for date in dates)


class _Reader:
    """Reads one number with the words around it."""

    def __init__(self, text: str, span: tuple[int, int], match: re.Match[str]) -> None:
        self.text, self.match, self.end = text, match, span[1]
        self.left, self.right = match.span()
        self.before = text[max(span[0], self.left - 60) : self.left]
        self.bound = _BOUND.search(self.before)
        self.first = self.left - (len(self.before) - self.bound.start()) if self.bound else self.left

    def figure(self) -> Figure | None:
        """Return the figure, or None where the number counts nobody."""
        if _MONEY_AFTER.match(self.text, self.right, self.end):
            return None
        match self.match.lastgroup:
            case "reciprocal":  # "killed one another", "both rebels and soldiers"
                return None
            case "zero":
                nobody = self._make(self.right, 0, 0, Qualifier.EXACTLY)
                return replace(nobody, without=self.match[0].lower().startswith("without"))
            case "vague":
                return self._make(self.right, _floor(self.match[0].lower()), None, Qualifier.VAGUE)
            case kind:
                value = _value(self.match[0].lower(), kind)
                return None if value is None or value > _MOST else self._stated(value)

    def _stated(self, value: int) -> Figure | None:
        upper = self._upper(value) if self.match.lastgroup == "cardinal" else None
        labelled = self._labelled()
        if upper is not None:
            return self._range(value, *upper, counts=not labelled)
        if labelled or self._is_unit(self.right) or _ratio(self.text, self.right, value) or self._is_other():
            return None
        return self._bounded(value)

    def _make(self, last: int, low: int, high: int | None, qualifier: Qualifier) -> Figure:
        """Return the figure that ends at ``last``; a number that is its own lower and upper bound is the best."""
        best = low if low == high else None
        return Figure(self.first, last, self.left, self.right, low, high, best, qualifier)

    def _bounded(self, value: int) -> Figure:
        after = _BOUND_AFTER.match(self.text, self.right, self.end)
        last = after.end() if after else self.right
        name = (self.bound and self.bound.lastgroup) or (after and after.lastgroup) or "exactly"
        qualifier = Qualifier.EXACTLY if name == "between" else Qualifier(name)  # the other end of "between" is missing
        if qualifier in {Qualifier.MORE_THAN, Qualifier.AT_LEAST}:
            return self._make(last, value, None, qualifier)
        if qualifier in {Qualifier.FEWER_THAN, Qualifier.AT_MOST}:
            return self._make(last, 0, value, qualifier)
        return self._make(last, value, value, qualifier)

    def _upper(self, low: int) -> tuple[int, int] | None:
        """Return the end and the upper value of a range that begins with ``low``, or None."""
        match = _RANGE.match(self.text, self.right, self.end)
        high = cardinal(match[2]) if match else None
        if match is None or high is None or not low < high <= _MOST:
            return None
        before = self.before.lower()
        match match[1].strip():
            case "and":
                joined = before.endswith("between ")
            case "or":  # "two or three", not "killed one or 40"
                joined = high <= 2 * low + 1
            case "to":  # "from 35 to 41" is a rise
                joined = not before.endswith("from ")
            case _:  # "20-30", not "UPDATE 1-Three dead"
                joined = match[2][0].isdigit()
        return (match.end(), high) if joined else None

    def _range(self, low: int, last: int, high: int, *, counts: bool) -> Figure:
        unit = _UNIT_AFTER.match(self.text, last, self.end)
        end = unit.end() if unit else last
        counted = counts and unit is None
        return Figure(self.first, end, self.left, last, low, high, None, Qualifier.BETWEEN, counts=counted)

    def _labelled(self) -> bool:
        """Whether the words before make the number a label, a sum or an age; "UPDATE 1-Three dead" does not."""
        label = _LABEL_BEFORE.search(self.before)
        return label is not None and (self.match[0][0].isdigit() or not label[0].endswith("-"))

    def _is_unit(self, right: int) -> bool:
        return _UNIT_AFTER.match(self.text, right, self.end) is not None

    def _is_other(self) -> bool:
        """Whether it is a pronoun, a date or an age."""
        digits = self.match[0]
        if not digits.isdigit():
            return digits.lower() == "one" and self._is_pronoun()
        return digits.startswith("0") or self._is_age(int(digits)) or self._is_date(digits)

    def _is_pronoun(self) -> bool:
        """Whether no noun follows in "the one", "that one", "each one"."""
        after = _NEXT_WORD.match(self.text, self.right, self.end)
        return _PRONOUN_BEFORE.search(self.before) is not None and (after is None or noun(after[1].lower()) is None)

    def _is_age(self, value: int) -> bool:
        """Whether a bare number stands between commas, as an age does: "John Smith, 45, was killed"."""
        after = _AGE_AFTER.match(self.text, self.right, self.end)
        return value < 120 and self.before.endswith((", ", "(")) and after is not None

    def _is_date(self, digits: str) -> bool:
        month = _MONTH_BEFORE_DAY.search(self.before)
        if len(digits) == 4:
            clock = self.before.lower().endswith(" at ") and int(digits[:2]) < 24 and int(digits[2:]) < 60
            return clock or (1900 <= int(digits) < 2100 and bool(_YEAR_BEFORE.search(self.before) or month))
        if len(digits) > 2 or int(digits) > 31:
            return False
        # "on 23 September 28 bodies": a month that already has its day takes no other.
        takes_day = month is not None and month["day"] is None
        return takes_day or _DAY_BEFORE_MONTH.match(self.text, self.right, self.end) is not None


def _value(words: str, kind: str | None) -> int | None:
    if kind == "word":
        return _WORDS[words.replace("-", " ")]
    if kind == "dozens":
        count = words[: -len(" dozen")]
        number = 1 if count == "a" else cardinal(count)
        return None if number is None else 12 * number
    return cardinal(words)


def _floor(words: str) -> int:
    if words in _FLOORS:
        return _FLOORS[words]
    if words.startswith(("several ", "a few ")):
        return 3 * _MULTIPLES[words.rpartition(" ")[2]]
    return 100_000_000  # hundreds of millions


def _ratio(text: str, right: int, value: int) -> bool:
    """Whether a number is a rate: "one in four", "nine out of 10 people"; not "killed five in two attacks"."""
    match = _RATIO.match(text, right)
    if match is None or value >= 10 or (cardinal(match["of"]) or 0) not in _RATIO_BASES:
        return False
    known = noun((match["noun"] or "").lower())
    return known is None or known.kind not in {NounClass.THING, NounClass.MEASURE}
