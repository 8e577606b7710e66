"""The three steps in order, as plain calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from pagefacts import __version__
from pagefacts.contracts import Article, Entity, Facts, Job, JobHead, Provenance, Result, Stage
from pagefacts.extraction import Extraction, extract
from pagefacts.facts import Gazetteer, find_facts
from pagefacts.tagging.base import Tagger
from pagefacts.tagging.names import find_names


@dataclass(frozen=True, slots=True)
class Models:
    """What the steps need besides the page; loaded once a process."""

    tagger: Tagger
    gazetteer: Gazetteer

    @property
    def versions(self) -> dict[str, str]:
        """Name and version of each, for provenance."""
        return {"tagger": self.tagger.version, "gazetteer": self.gazetteer.version}


@dataclass(slots=True)
class Stopwatch:
    """Tells which step is running and how long each has taken."""

    clock: Callable[[], float]
    """Gives seconds."""
    stage: Stage = "extract"
    milliseconds: dict[str, float] = field(default_factory=dict)
    entered: Callable[[Stage], object] = lambda _: None
    """Is told of each further step before it begins."""

    @contextmanager
    def step(self, stage: Stage) -> Iterator[None]:
        """Time the block as ``stage``."""
        if stage != self.stage:
            self.entered(stage)
        self.stage = stage
        started = self.clock()
        yield
        self.milliseconds[stage] = round((self.clock() - started) * 1000, 3)


def process(job: Job, models: Models, watch: Stopwatch) -> Result:
    """Return what ``job``'s page says.

    Raises `pagefacts.errors.DataError` where the page is at fault; ``watch.stage`` then tells in which step.
    """
    with watch.step("extract"):
        extraction = extract(job)
        article = extraction.article
    with watch.step("tag"):
        entities = names_in(article, models.tagger)
    with watch.step("facts"):
        facts = find_facts(article, entities, models.gazetteer)
    return assemble(job, extraction, entities, facts, models.versions, watch.milliseconds)


def names_in(article: Article, tagger: Tagger) -> tuple[Entity, ...]:
    """Return the names in ``article``; none where the page is none."""
    return find_names(tagger, article.text) if article.tells_facts else ()


def assemble(
    job: JobHead,
    extraction: Extraction,
    entities: Sequence[Entity],
    facts: Facts,
    versions: Mapping[str, str],
    milliseconds: Mapping[str, float],
) -> Result:
    """Put the outcome of the steps together; checks that every fact stands on words of the article."""
    return Result(
        article=extraction.article,
        entities=tuple(entities),
        casualties=facts.casualties,
        dates=facts.dates,
        locations=facts.locations,
        provenance=Provenance(
            pagefacts=__version__,
            models=dict(versions),
            milliseconds=dict(milliseconds),
            published=extraction.dating,
            article=extraction.sources,
        ),
        attributes=job.attributes,
    )
