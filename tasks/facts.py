"""Article and entities to facts, and the answer."""

from celery import shared_task

from config.celeryconfig import FACTS
from pagefacts.contracts import Article, JobHead, load_entities
from pagefacts.facts import find_facts
from pagefacts.pipeline import assemble
from worker import runtime
from worker.step import EXPECTED, Step

_WANTED = ("head", "article", "entities", "extract_ms", "tag_ms")


@shared_task(name=FACTS, throws=EXPECTED)
def facts(job_id: str, attempt: int) -> str:
    """Find the facts in the article, and answer the job."""
    with Step(runtime.ledger(), job_id, attempt, "facts", _WANTED) as step:
        article, entities = Article.model_validate_json(step["article"]), load_entities(step["entities"])
        found = find_facts(article, entities, runtime.gazetteer())
        times = {"extract": float(step["extract_ms"]), "tag": float(step["tag_ms"]), "facts": step.milliseconds}
        head = JobHead.model_validate_json(step["head"])
        step.answer(head, assemble(head, article, entities, found, runtime.models().versions, times))
    return job_id
