"""Article to entities."""

from celery import shared_task

from config.celeryconfig import TAG
from pagefacts.contracts import Article, dump_entities
from worker import runtime
from worker.step import EXPECTED, Step


@shared_task(name=TAG, throws=EXPECTED)
def tag(job_id: str, attempt: int) -> str:
    """Find the names in the article."""
    with Step(runtime.ledger(), job_id, attempt, "tag", ["article"]) as step:
        entities = runtime.tagger().tag(Article.model_validate_json(step["article"]).text)
        step.save("entities", dump_entities(entities))
    return job_id
