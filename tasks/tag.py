"""Article to entities."""

from celery import shared_task

from config.celeryconfig import TAG
from pagefacts.contracts import Article, dump_entities
from pagefacts.pipeline import names_in
from worker import runtime
from worker.step import EXPECTED, Step


@shared_task(name=TAG, throws=EXPECTED)
def tag(job_id: str, attempt: int, shard: int | None = None) -> str:
    """Find the names in the article."""
    with Step(runtime.ledger(shard), job_id, attempt, "tag", ["version", "article"]) as step:
        tagger, article = runtime.tagger(), Article.model_validate_json(step["article"])
        step.save(entities=dump_entities(names_in(article, tagger)), tagger=tagger.version)
    return job_id
