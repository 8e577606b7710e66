"""One shard's jobs on their way into a worker: read, validated, claimed, and sent to Celery or refused."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final, cast

from celery.utils.log import get_logger
from kombu.exceptions import OperationalError
from redis import RedisError

from config.settings import Fetch, Settings
from pagefacts.contracts import Job, JobHead, Stage, identify, parse_job
from pagefacts.errors import DataError, InternalError, InvalidJob, PagefactsError, TooManyDeliveries
from worker import traces
from worker.answers import failed, failure_event
from worker.connection import check_server
from worker.fetching import is_wanted
from worker.ledger import FETCHER, Admission, Delivery, Holder, Ledger
from worker.observed import Taking, publishing
from worker.retention import full_stream, trim_results

Dispatch = Callable[[str, int, bool], None]
"""Sends the tasks of a job's attempt; with those of a page that is to be fetched first."""

_HOUSEKEEPING: Final = 60.0
"""Seconds between trims of the results stream."""
_LIMITS_LOOK: Final = 0.1
"""Seconds between looks at the operator's limits."""
_SHOW: Final = 1.0
"""Seconds between signs of life while no jobs are taken in."""
_LOST_ON_THE_WAY: Final = 10
"""Deliveries for each time that a job may end its process: one delivered more often is parked, although no step of it
was seen to fail. It may be the intake itself that it ends."""

SERVER_ERRORS: Final = (RedisError, OperationalError, OSError)
"""What is tried again: the server is away, or full."""

logger = get_logger(__name__)


class Shard:
    """A shard's jobs, as the worker ``consumer`` takes them in."""

    def __init__(self, ledger: Ledger, settings: Settings, consumer: str, processes: int, dispatch: Dispatch) -> None:
        self._ledger = ledger
        self._settings = settings
        self._consumer = consumer
        self._fetcher = f"{consumer}{FETCHER}"
        """Holds the jobs that are fetched, or wait for that: a slow host takes no place of a page in work."""
        self._most_deliveries = settings.max_deliveries * _LOST_ON_THE_WAY
        self._fetches = settings.fetch is Fetch.ON
        self._most = settings.in_flight * processes
        self._most_fetched = settings.fetch_in_flight * processes
        self._dispatch = dispatch
        self._taken: deque[Delivery] = deque()
        self._open = self._was_open = False
        self._next_reclaim = 0.0
        self._next_housekeeping = 0.0
        self._next_limits_look = 0.0
        self._next_show = 0.0
        self._may_hold = True
        self.full: str | None = None
        """Why no new jobs are taken in, where a limit of the operator's is reached."""

    def work(self) -> None:
        """Take in what was read.

        A delivery leaves ``_taken`` when it is dispatched or answered: after an error of the server the next call
        goes on with it.
        """
        self._ensure_open()
        while self._taken:
            self._take(self._taken[0])
            self._taken.popleft()

    def held(self) -> tuple[int, int]:
        """Count the jobs in this worker's hands: those in work, and those that are fetched."""
        if not self._may_hold:
            return 0, 0
        held = self._ledger.held(self._consumer, self._most)
        fetched = self._ledger.held(self._fetcher, self._most_fetched) if self._fetches else 0
        self._may_hold = held + fetched > 0
        return held, fetched

    def look_at_limits(self) -> None:
        """Take no new jobs in while consumers or the operator are behind by as much as is allowed."""
        now = time.monotonic()
        if now < self._next_limits_look:
            return
        self._next_limits_look = now + _LIMITS_LOOK
        full = full_stream(self._ledger, self._settings)
        if full != self.full:
            logger.warning("%s", f"no jobs are taken in: {full}" if full else "jobs are taken in again")
        self.full = full

    def read(self, room: int, block_ms: int | None) -> int:
        """Read up to ``room`` new jobs, and tell how many there are; wait for the first, unless ``None``."""
        before, self._may_hold = self._may_hold, True  # also where the server's answer is lost
        found = self._ledger.read(self._consumer, room, block_ms)
        self._may_hold = before
        return self._take_up(found)

    def show(self) -> None:
        """Show that the worker is there: servers before 7.2 have not seen one that asked for jobs and got none."""
        now = time.monotonic()
        if not self._taken and now >= self._next_show:
            self._next_show = now + _SHOW
            self._ledger.show(self._consumer)

    def reopen(self) -> None:
        """Look at the server anew before the next job: it may be another, or empty; and at the jobs held.

        Celery drops the messages that it has taken and not begun when its connection breaks, and cannot give them back
        to a server that is away. That of a step which is in another worker's hands may be sent twice for it: the step
        is then done twice, and the job answered once.
        """
        self._open = False

    def _take_up(self, deliveries: list[Delivery]) -> int:
        self._taken.extend(deliveries)
        self._may_hold = self._may_hold or bool(deliveries)
        return len(deliveries)

    def _ensure_open(self) -> None:
        if self._open:
            return
        which = f"ledger {self._ledger.keys.namespace}" if self._settings.shards > 1 else "ledger"
        logger.info("the %s is on %s", which, check_server(self._ledger.client))
        self._ledger.open()
        if self._was_open:
            in_hand = {delivery.entry for delivery in self._taken}
            self._take_up([delivery for delivery in self._held() if delivery.entry not in in_hand])
        self._open = self._was_open = True

    def _held(self) -> list[Delivery]:
        fetched = self._ledger.held_by(self._fetcher, self._most_fetched) if self._fetches else []
        return [*self._ledger.held_by(self._consumer, self._most), *fetched]

    def reclaim(self, room: int) -> int:
        """Take jobs again that were idle for too long, up to ``room`` of other workers'; tell how many there are.

        Lost jobs of this worker's own are taken again even where there is no room: they are what fills it.
        """
        now = time.monotonic()
        if now < self._next_reclaim:
            return 0
        idle_ms = int(self._settings.claim_after * 1000)
        own = self._ledger.reclaim_own(self._consumer, self._most, idle_ms)
        if self._fetches:
            own += self._ledger.reclaim_own(self._fetcher, self._most_fetched, idle_ms)
        others = self._ledger.reclaim(self._consumer, room, idle_ms) if room > 0 else []
        if room <= 0 or len(others) < room:  # else there may be more: look again next turn
            self._next_reclaim = now + min(self._settings.claim_after / 4, 30)
        for delivery in (deliveries := [*own, *others]):
            logger.warning("entry %s was idle for too long, delivery %d", delivery.entry, delivery.count)
        return self._take_up(deliveries)

    def keep_house(self) -> None:
        """Trim what is done with, now and then."""
        now = time.monotonic()
        if now < self._next_housekeeping:
            return
        self._next_housekeeping = now + _HOUSEKEEPING
        self._ledger.forget_idle_consumers()
        trim_results(self._ledger, self._settings)

    def _take(self, delivery: Delivery) -> None:
        with Taking(self._ledger.keys.jobs, delivery) as taking:
            try:
                self._admit(delivery, taking)
            except DataError as error:
                self._refuse(taking, identify(delivery.raw), error)
            except SERVER_ERRORS:
                raise
            except Exception:  # a defect: this job is answered, and those behind it go on
                logger.exception("the intake failed on entry %s", delivery.entry)
                self._refuse(taking, identify(delivery.raw), InternalError())

    def _admit(self, delivery: Delivery, taking: Taking) -> None:
        if delivery.count > self._most_deliveries:
            self._give_up(delivery, taking)
            return
        job = _checked(delivery)
        job_id = str(job.id)
        head = taking.is_of(job_id, job.head, self._earlier(job_id, delivery))
        to_fetch = self._fetches and is_wanted(job)
        holder = Holder(self._consumer, self._fetcher if to_fetch else None)
        written = head.model_dump_json(exclude_none=True)
        match self._ledger.admit(delivery, job_id, holder, written, self._settings.max_deliveries):
            case Admission.DISPATCH:
                self._dispatch(job_id, delivery.count, to_fetch)
                taking.dispatched()
            case Admission.AGAIN:
                logger.warning("job %s: its tasks are sent again", job_id)
                self._dispatch(job_id, delivery.count, to_fetch)
            case Admission.PARK:
                self._give_up(delivery, taking)
            case Admission.OVER:
                pass

    def _earlier(self, job_id: str, delivery: Delivery) -> str | None:
        """Return the trace context of the attempt before, where there was one."""
        if delivery.count == 1 or traces.tracing() is None:
            return None
        head = self._ledger.head(job_id)
        return JobHead.model_validate_json(head).traceparent if head else None

    def _give_up(self, delivery: Delivery, taking: Taking) -> None:
        """Answer a job that ended its worker too often: what its page does to a worker, it shall not do again."""
        job_id = identify(delivery.raw)
        stage = cast("Stage", self._ledger.stage(job_id) or "intake")
        try:
            head: JobHead | None = parse_job(delivery.raw).head
        except DataError:
            head = None
        self._refuse(taking, job_id, TooManyDeliveries(f"({delivery.count - 1})"), stage, head)

    def _refuse(
        self, taking: Taking, job_id: str, error: PagefactsError, stage: Stage = "intake", head: JobHead | None = None
    ) -> None:
        delivery = taking.delivery
        taking.is_of(job_id, head)
        event = failure_event(head, job_id, error, stage, delivery.count)
        with publishing(self._ledger.keys.results, event, taking.traceparent) as written:
            answered = self._ledger.answer(delivery.entry, failed(written, delivery.raw))
        if answered:
            taking.refused(event)


def _checked(delivery: Delivery) -> Job:
    if not delivery.raw:
        raise InvalidJob("job: the entry has no field named job", field="job")
    return parse_job(delivery.raw)
