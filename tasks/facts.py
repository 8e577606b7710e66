"""Article and entities to facts, and the answer."""

from celery import shared_task

from config.celeryconfig import FACTS
from pagefacts.contracts import Article, Dating, JobHead, load_entities
from pagefacts.facts import find_facts
from pagefacts.pipeline import assemble
from worker import runtime
from worker.step import EXPECTED, Step


@shared_task(name=FACTS, throws=EXPECTED)
def facts(job_id: str, attempt: int) -> str:
    """Find the facts in the article, and answer the job."""
    wanted = ["head", "article", "dating", "entities", "tagger", "extract_ms", "tag_ms"]
    with Step(runtime.ledger(), job_id, attempt, "facts", wanted) as step:
        job, article = JobHead.model_validate_json(step["head"]), Article.model_validate_json(step["article"])
        dating = Dating.model_validate_json(step["dating"])
        entities, gazetteer = load_entities(step["entities"]), runtime.gazetteer()
        found = find_facts(article, entities, gazetteer)
        versions = {"tagger": step["tagger"].decode(), "gazetteer": gazetteer.version}
        step.answer(job, assemble(job, article, dating, entities, found, versions, step.milliseconds))
    return job_id
