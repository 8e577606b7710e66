"""Casualty figures: how many people, what happened to them, who says so."""

from pagefacts.facts.casualties.finder import find_casualties

__all__ = ["find_casualties"]
