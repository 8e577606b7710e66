"""Article and entities to facts, and the answer."""

from celery import shared_task

from config.celeryconfig import FACTS
from pagefacts.contracts import load_entities
from pagefacts.extraction import Extraction
from pagefacts.facts import find_facts
from pagefacts.pipeline import assemble
from worker import runtime
from worker.step import EXPECTED, Step


@shared_task(name=FACTS, throws=EXPECTED)
def facts(job_id: str, attempt: int, shard: int | None = None) -> str:
    """Find the facts in the article, and answer the job."""
    wanted = ["version", "head", *Extraction._fields, "entities", "tagger", "fetch_ms?", "extract_ms", "tag_ms"]
    with Step(runtime.ledger(shard), job_id, attempt, "facts", wanted) as step:
        found, entities = Extraction.load(step.__getitem__), load_entities(step["entities"])
        gazetteer = runtime.gazetteer()
        known = find_facts(found.article, entities, gazetteer)
        versions = {"tagger": step["tagger"].decode(), "gazetteer": gazetteer.version}
        step.answer(step.head, assemble(step.head, found, entities, known, versions, step.milliseconds))
    return job_id
