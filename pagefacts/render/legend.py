"""The legend of a page: its effects, each with a box that hides it when it is not ticked; this needs no script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pagefacts.contracts import Effect
from pagefacts.render.glyphs import GLYPHS
from pagefacts.render.markup import Markup, join, tag
from pagefacts.render.words import effect_words


def effects_legend(effects: Iterable[Effect]) -> Markup:
    """Return a box for each of the effects that occur, with how often it does."""
    counts = Counter(effects)
    return join(*(_effect_box(effect, counts[effect]) for effect in Effect if counts[effect]))


def _effect_box(effect: Effect, number: int) -> Markup:
    return legend_box(effect.value, GLYPHS[effect].icon(effect), f"{effect_words(effect)} ({number:,})")


def legend_box(name: str, sign: Markup, words: str) -> Markup:
    """Return the box ``show-NAME`` with its sign and words."""
    return tag("label", tag("input", type="checkbox", id=f"show-{name}", checked=""), sign, tag("span", words))
