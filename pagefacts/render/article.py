"""Results as one page to read: each article with what was found in it highlighted, and its facts beside it.

The page is whole without its script: every highlight is a link to its entry in the tables, and tells its bounds, source
and status where the pointer or the keyboard is. The script shows which words and which entry belong together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pagefacts.contracts import Article, Effect, FailureEvent, ResultEvent
from pagefacts.render.cards import web_link
from pagefacts.render.document import document
from pagefacts.render.entries import LETTERS, Entry, date_entries, figure_entries, name_entries, place_entries
from pagefacts.render.figures import page_of
from pagefacts.render.highlights import highlighted
from pagefacts.render.legend import effects_legend, legend_box
from pagefacts.render.markup import Markup, join, tag
from pagefacts.render.words import NO_ARTICLE, plural

Answer = ResultEvent | FailureEvent

_LEGEND: Final = {
    "date": "dates",
    "place": "places",
    "person": "people",
    "org": "organisations",
    "other": "other names",
}


def article_page(answers: Sequence[Answer]) -> Iterator[str]:
    """Yield the HTML page that shows ``answers``, one below the other; of several, a list of them stands on top."""
    alone = len(answers) == 1
    title = _title(answers[0]) if alone else plural(len(answers), "page")
    sections = (_section(answer, f"a{n}-", "h1" if alone else "h2") for n, answer in enumerate(answers, start=1))
    effects = [effect for answer in answers for effect in _effects(answer)]
    return document(
        "article",
        title=title,
        contents=Markup() if alone else _contents(answers, title),
        legend=join(effects_legend(effects), *_other_boxes()),
        letters=join(", ".join(f"{letter} {effect.value}" for effect, letter in LETTERS.items() if effect in effects)),
        main=sections,
    )


def _effects(answer: Answer) -> list[Effect]:
    """Return the effects of the figures of ``answer``, each figure once."""
    if isinstance(answer, FailureEvent):
        return []
    return [fact.effect for fact in answer.data.casualties if fact.same_as is None]


def _title(answer: Answer) -> str:
    title = answer.data.article.title if isinstance(answer, ResultEvent) else None
    return title or answer.subject or answer.id


def _contents(answers: Iterable[Answer], title: str) -> Markup:
    entries = (
        tag("li", tag("a", _title(answer), href=f"#a{number}-"), f" · {_in_short(answer)}", dir="auto")
        for number, answer in enumerate(answers, start=1)
    )
    return join(tag("h1", title), tag("nav", tag("ol", *entries), aria_label="Pages"))


def _in_short(answer: Answer) -> str:
    if isinstance(answer, FailureEvent):
        return "failed"
    if not answer.data.article.tells_facts:
        return f"no article: {NO_ARTICLE[answer.data.article.kind]}"
    return plural(len(_effects(answer)), "figure")


def _other_boxes() -> Iterator[Markup]:
    for name, words in _LEGEND.items():
        yield legend_box(name, tag("mark", "abc", class_=name, aria_hidden="true"), words)


def _section(answer: Answer, prefix: str, level: str) -> Markup:
    if isinstance(answer, FailureEvent):
        return _failure(answer, prefix, level)
    article = answer.data.article
    found = _found(answer, prefix) if article.tells_facts else []
    highlights = [highlight for _, entries in found for entry in entries for highlight in entry.highlights]
    return tag(
        "article",
        _head(answer, prefix, level),
        tag("a", "Skip to the facts", href=f"#{prefix}facts", class_="skip"),
        tag("div", highlighted(article.text, highlights), class_="text", lang=article.language or ""),
        tag(
            "section",
            _facts(article, found),
            id=f"{prefix}facts",
            class_="facts",
            aria_label=f"Facts of {_title(answer)}",
            tabindex=0,
        ),
        id=prefix,
        class_="answer",
        aria_labelledby=f"{prefix}title",
    )


def _failure(answer: FailureEvent, prefix: str, level: str) -> Markup:
    failure = answer.data.failure
    again = "The same job may succeed later." if failure.retryable else "The same job will fail again."
    return tag(
        "article",
        tag(level, _title(answer), id=f"{prefix}title", dir="auto"),
        tag("p", tag("strong", "No result"), f": failed at stage {failure.stage}, {failure.code}: {failure.message}"),
        tag("p", again),
        id=prefix,
        class_="answer failed",
        aria_labelledby=f"{prefix}title",
    )


def _head(answer: ResultEvent, prefix: str, level: str) -> Markup:
    article = answer.data.article
    url = article.url or answer.subject
    changed = f"changed {article.modified.value}" if article.modified else None
    published = article.published.value if article.published else "day of publication not known"
    about = " · ".join(filter(None, (*article.authors, article.site, published, changed)))
    title = tag(level, _title(answer), id=f"{prefix}title", lang=article.language or "", dir="auto")
    return tag(
        "header",
        title,
        tag("p", about, class_="about"),
        tag("p", web_link(url, url), class_="about") if url else None,
        tag("p", article.lead, class_="lead", lang=article.language or "", dir="auto") if article.lead else None,
    )


_Found = tuple["_Table", list[Entry]]


@dataclass(frozen=True)
class _Table:
    """What a table of facts is of."""

    name: str
    caption: str
    headings: tuple[str, ...]

    def of(self, entries: Iterable[Entry]) -> Markup:
        """Return the table with the rows of ``entries``."""
        head = tag("tr", *(tag("th", heading, scope="col") for heading in self.headings))
        body = tag("tbody", *(entry.row for entry in entries))
        return tag("table", tag("caption", self.caption), tag("thead", head), body, class_=self.name)


_FIGURES = _Table("figures", "Casualty figures", ("Figure", "Lowest", "Best", "Highest", "Circumstances"))
_DATES = _Table("dates", "Dates", ("Words", "Type", "Value", "Days"))
_PLACES = _Table("places", "Places", ("Name", "Country", "Latitude, longitude", "GeoNames"))
_NAMES = _Table("names", "Names", ("Name", "Kind", "Country"))


def _found(answer: ResultEvent, prefix: str) -> list[_Found]:
    """Return the entries of each table; what stands first is the inner one where two are of the same words."""
    result = answer.data
    return [
        (_FIGURES, list(figure_entries(result, page_of(answer).figures, prefix))),
        (_DATES, list(date_entries(result.dates, prefix))),
        (_PLACES, list(place_entries(result.locations, prefix))),
        (_NAMES, list(name_entries(result, prefix))),
    ]


def _facts(article: Article, found: Iterable[_Found]) -> Markup:
    if not article.tells_facts:
        return tag("p", f"No article: {NO_ARTICLE[article.kind]}. Names and facts were not looked for.", class_="none")
    tables = [table.of(entries) for table, entries in found if entries]
    none = None if any(table is _FIGURES and entries for table, entries in found) else "No casualty figures."
    return join(tag("p", none, class_="none") if none else None, *tables)
