"""What a digest is said in, on a page and at a terminal."""

from __future__ import annotations

from typing import Final

from pagefacts.contracts import Unit
from pagefacts.render.digest import Cell, Claim, Digest, Kind, Text, Verdict, What, Where
from pagefacts.render.figures import heading
from pagefacts.render.words import country_name, days, effect_words, plural, status_words

SECTIONS: Final = {
    Kind.EVENT: ("Day by day", "By the day that the text states, else by the day of publication, and then it says so."),
    Kind.PERIOD: ("Totals of longer times", "These include events of their own: they belong to no day."),
    Kind.HISTORICAL: ("Other events, long before", "Told as background. Not compared with the figures of the day."),
    Kind.HYPOTHETICAL: ("Feared or possible", "Nobody says that this happened."),
    Kind.NEGATED: ("Denied", "It is said that this did not happen."),
}
"""Heading and explanation of each kind of figures."""

_VERDICTS: Final = {
    Verdict.AGREE: "claims agree",
    Verdict.UPDATED: "updated",
    Verdict.CONFLICT: "conflict",
}


def summary(digest: Digest) -> str:
    """Return how much the digest is of, in a sentence."""
    verdicts = [cell.verdict for cell in digest.cells]
    figures = sum(len(cell.claims) for cell in digest.cells)
    said = f"{plural(figures, 'figure')} of {plural(digest.texts, 'text')} on {plural(digest.results, 'page')}"
    copies = " (copies are counted once)" if digest.texts < digest.results else ""
    conflicts = plural(verdicts.count(Verdict.CONFLICT), "conflict")
    return f"{said}{copies}: {conflicts}, {verdicts.count(Verdict.UPDATED):,} updated. No figures are added up."


def day_words(cell: Cell) -> str:
    """Return the days of ``cell`` in words."""
    if cell.days[0] is not None:
        return days(*cell.days)
    words = cell.claims[0].when.words
    return f"“{words}”" if words else "Day not known"


def country_words(where: Where) -> str:
    """Return the country of ``where``, or what stands for one."""
    if where.country is not None:
        return country_name(where.country)
    return "no country" if where.name else "place not said, or not decided"


def place_words(where: Where) -> str:
    """Return the place of ``where``: ``Homs, Syria``, ``Syria``."""
    return ", ".join(dict.fromkeys(filter(None, (where.name, country_words(where)))))


def what_words(what: What) -> str:
    """Return what is counted: ``killed (children)``, ``displaced households``, ``of these killed``."""
    effect = what.term.value if what.term is not None else effect_words(what.effect)
    unit = None if what.unit is Unit.PERSONS else what.unit.value
    of_them = [group.value.replace("_", " ") for group in what.groups]
    of_them += [f"of {country_name(what.nationality)}"] if what.nationality else []
    named = f"({', '.join(of_them)})" if of_them else None
    return " ".join(part for part in ("of these" if what.part else None, effect, unit, named) if part)


def verdict_words(cell: Cell) -> str:
    """Return the verdict on the claims of ``cell``, of several voices, and the range that they span."""
    current = " current" if cell.outdated else ""
    return f"{_VERDICTS[cell.verdict]}: {range_words(*cell.range)} over all{current} claims"


def range_words(low: int, high: int | None) -> str:
    """Return a range in words: ``28``, ``28 to 60``, ``28 or more``."""
    return f"{low:,} or more" if high is None else f"{low:,}" if low == high else f"{low:,} to {high:,}"


def source_words(claim: Claim) -> str:
    """Return who says so, as the text names it."""
    source = claim.fact.source
    return source.text if source else "not said"


def title_words(text: Text) -> str:
    """Return what a text is called."""
    return text.title or text.url or "(no title)"


def page_words(claim: Claim) -> str:
    """Return where it stands: site, time of publication, and on how many pages."""
    text = claim.text
    copies = plural(text.copies, "page") + " have this text" if text.copies > 1 else None
    return " · ".join(
        filter(None, (text.site, (text.published or "").replace("T", " ") or "day of publication not known", copies))
    )


def remarks(claim: Claim, outdated: bool) -> list[str]:
    """Return what must be known of the claim besides its number: status, day, update, and what it is part of."""
    fact, whole = claim.fact, claim.whole
    return [
        status_words(fact),
        *(["outdated by a later claim"] if outdated else []),
        *(["rising toll"] if fact.cumulative else []),
        *([f"up from {fact.previous:,}"] if fact.previous is not None else []),
        *([f"part of {heading(whole)}"] if whole else []),
        *([] if claim.when.stated else ["day not stated"]),
        *([f"stated {claim.stated} times"] if claim.stated > 1 else []),
    ]
