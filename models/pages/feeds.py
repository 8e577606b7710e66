"""The beginnings of other articles, as sites show them below one and above it, made up for training.

They read like an article, and their facts are another's: the costliest lines to take for the body.
"""

from __future__ import annotations

import random
from calendar import day_name, month_name
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

_HEADS: Final = ("Related", "Latest news", "More stories", "Most read", "You may also like", "Up next")
_HEADED: Final = 0.6
_SECTIONS: Final = tuple("News World Opinion Politics Sport Business Health Culture Tech".split())
_GIVEN: Final = tuple("James Mary Robert Linda Ahmed Fatima Wei Maria Carlos Anna Kofi Priya John Omar Elena".split())
_FAMILY: Final = tuple("Smith Garcia Khan Chen Mensah Novak Rossi Adams Okafor Tanaka Silva Brown Haddad Kim".split())
_MORE: Final = ("Read more", "Read More »", "Continue reading", "More")
_ORDERS: Final = tuple(
    # headline, text, author, date, section, more
    order.split()
    for order in (
        "h t|h a t|h d t|h a d t|d h t|h t d|h t a|h t d a|h|h d|s h t|s h t d a|h a t m|h t m|t"  # each as likely
    ).split("|")
)
_LENGTHS: Final = (None, None, 100, 160, 220)
"""Characters after which the text of a teaser is cut; None where it is not."""
_CUTS: Final = ("...", "…", " […]", "")
_SECOND: Final = 0.2
"""How often a teaser shows the second paragraph of its article instead of the first."""
_PARAGRAPH: Final = 12
"""Words of a line that may be the text of a teaser."""


@dataclass(frozen=True)
class Story:
    """An article that is hinted at on the pages of others."""

    url: str
    headline: str
    paragraphs: Sequence[str]

    @classmethod
    def of(cls, url: str, headline: str, body: Sequence[str]) -> Story:
        """Return what teasers show of an article; ``body`` are its lines."""
        return cls(url, headline, [line for line in body if len(line.split()) >= _PARAGRAPH][:2])


def feed(stories: Sequence[Story], chance: random.Random) -> list[str]:
    """Return the lines of three to fourteen teasers of ``stories``, which all look alike."""
    order, teaser = chance.choice(_ORDERS), _teaser(chance)
    head = [chance.choice(_HEADS)] if chance.random() < _HEADED else []
    shown = chance.choices(stories, k=chance.randint(3, 14))
    return [*head, *(line for story in shown for line in teaser(story, order))]


def _teaser(chance: random.Random) -> Callable[[Story, Sequence[str]], Iterator[str]]:
    """Return what writes the teasers of one site."""
    length, cut, more, dated = chance.choice(_LENGTHS), chance.choice(_CUTS), chance.choice(_MORE), _dates(chance)
    by, sections = chance.choice(("", "By ", "by ")), chance.sample(_SECTIONS, 3)

    def text(story: Story) -> str:
        line = story.paragraphs[-1 if chance.random() < _SECOND else 0]
        return line if length is None or len(line) <= length else line[:length].rpartition(" ")[0] + cut

    parts: dict[str, Callable[[Story], str]] = {
        "h": lambda story: story.headline,
        "t": text,
        "a": lambda _: f"{by}{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}",
        "d": lambda _: dated(),
        "s": lambda _: chance.choice(sections),
        "m": lambda _: more,
    }

    def lines(story: Story, order: Sequence[str]) -> Iterator[str]:
        yield from (line for part in order if (line := parts[part](story)).strip())

    return lines


def _dates(chance: random.Random) -> Callable[[], str]:
    """Return what writes the dates of one site, all of one month."""
    year, month, form = chance.randint(2008, 2025), chance.randint(1, 12), chance.randrange(6)

    def written() -> str:
        day = date(year, month, chance.randint(1, 28))
        name = month_name[month]
        return (
            f"{name} {day.day}, {year}",
            f"{day_name[day.weekday()]} {name} {day.day}, {year}",
            f"{day.day} {name} {year}",
            f"{name[:3]} {day.day}, {year} {chance.randint(1, 12)}:{chance.randint(0, 59):02} pm",
            f"{day.day:02}/{month:02}/{year}",
            f"{chance.randint(1, 23)} hours ago",
        )[form]

    return written
