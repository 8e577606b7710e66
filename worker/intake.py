"""The intake: jobs stream → validation → claim → Celery. One thread in the main process of a worker."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Collection
from typing import Any, Final, cast

from celery import Celery, bootsteps
from celery.utils.log import get_logger
from celery.worker import state
from kombu.exceptions import OperationalError
from redis import RedisError

from config.celeryconfig import ENTRY_QUEUE, FETCH, PAGE, STEPS
from config.settings import Fetch, Pipeline, Settings
from pagefacts.contracts import Job, JobHead, Stage, identify, parse_job
from pagefacts.errors import DataError, InternalError, InvalidJob, PagefactsError, TooManyDeliveries
from worker import metrics, runtime, traces
from worker.answers import failed, failure_event
from worker.broker.request import task_begun
from worker.connection import check_server, open_ledger
from worker.errors import OperatorError
from worker.fetching import is_wanted
from worker.ledger import FETCHER, Admission, Delivery, Holder, Ledger
from worker.observed import Taking, publishing
from worker.retention import full_stream, trim_results

Dispatch = Callable[[str, int, bool], None]
"""Sends the tasks of a job's attempt; with those of a page that is to be fetched first."""

_BLOCK_MS: Final = 500
"""How long one read waits for jobs; a stop waits for it too."""
_FULL_PAUSE: Final = 0.02
"""Seconds between looks while as many jobs are in flight as allowed; a task that begins here ends the pause. A job may
also end in another worker."""
_AWAY_PAUSE: Final = 1.0
"""Seconds between tries while the server is away."""
_HOUSEKEEPING: Final = 60.0
"""Seconds between trims of the results stream."""
_LIMITS_LOOK: Final = 0.1
"""Seconds between looks at the operator's limits."""
_SHOW: Final = 1.0
"""Seconds between signs of life while no jobs are taken in."""
_LOST_ON_THE_WAY: Final = 10
"""Deliveries for each time that a job may end its process: one delivered more often is parked, although no step of it
was seen to fail. It may be the intake itself that it ends."""

_SERVER_ERRORS: Final = (RedisError, OperationalError, OSError)
"""What is tried again: the server is away, or full."""

logger = get_logger(__name__)


class Intake:
    """Takes jobs in, as long as fewer of this worker's are unanswered than the settings allow its ``processes``."""

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
        self._full: str | None = None
        """Why no new jobs are taken in, where a limit of the operator's is reached."""

    def work(self) -> int:
        """Take in what was read; return how many more jobs there is room for.

        A delivery leaves ``_taken`` when it is dispatched or answered: after an error of the server the next call
        goes on with it.
        """
        self._ensure_open()
        while self._taken:
            self._take(self._taken[0])
            self._taken.popleft()
        self._keep_house()
        return self._room()

    def _room(self) -> int:
        self._look_at_limits()
        if self._full:
            return 0
        room = self._most - self._ledger.held(self._consumer, self._most)
        if not self._fetches:
            return room
        # What a job is shows only when it is read: there must be room for it whichever it is.
        return min(room, self._most_fetched - self._ledger.held(self._fetcher, self._most_fetched))

    def _look_at_limits(self) -> None:
        """Take no new jobs in while consumers or the operator are behind by as much as is allowed."""
        now = time.monotonic()
        if now < self._next_limits_look:
            return
        self._next_limits_look = now + _LIMITS_LOOK
        full = full_stream(self._ledger, self._settings)
        if full != self._full:
            logger.warning("%s", f"no jobs are taken in: {full}" if full else "jobs are taken in again")
        self._full = full
        metrics.counts().intake_stopped.set(full is not None)

    def read(self, room: int) -> None:
        """Read up to ``room`` jobs: those that were idle for too long, else new ones; wait a moment for the first.

        Lost jobs of this worker's own are taken again even where there is no room: they are what fills it.
        """
        self._taken.extend(self._reclaim(room))
        if room > 0 and not self._taken:
            self._taken.extend(self._ledger.read(self._consumer, room, _BLOCK_MS))
        # Servers before 7.2 have not seen a worker that asked for jobs and got none.
        if not self._taken and time.monotonic() >= self._next_show:
            self._next_show = time.monotonic() + _SHOW
            self._ledger.show(self._consumer)

    def reopen(self) -> None:
        """Look at the server anew before the next job: it may be another, or empty; and at the jobs held.

        Celery drops the messages that it has taken and not begun when its connection breaks, and cannot give them back
        to a server that is away. That of a step which is in another worker's hands may be sent twice for it: the step
        is then done twice, and the job answered once.
        """
        self._open = False

    def _ensure_open(self) -> None:
        if self._open:
            return
        logger.info("the ledger is on %s", check_server(self._ledger.client))
        self._ledger.open()
        if self._was_open:
            in_hand = {delivery.entry for delivery in self._taken}
            self._taken.extend(delivery for delivery in self._held() if delivery.entry not in in_hand)
        self._open = self._was_open = True

    def _held(self) -> list[Delivery]:
        fetched = self._ledger.held_by(self._fetcher, self._most_fetched) if self._fetches else []
        return [*self._ledger.held_by(self._consumer, self._most), *fetched]

    def _reclaim(self, room: int) -> list[Delivery]:
        now = time.monotonic()
        if now < self._next_reclaim:
            return []
        idle_ms = int(self._settings.claim_after * 1000)
        own = self._ledger.reclaim_own(self._consumer, self._most, idle_ms)
        if self._fetches:
            own += self._ledger.reclaim_own(self._fetcher, self._most_fetched, idle_ms)
        others = self._ledger.reclaim(self._consumer, room, idle_ms) if room > 0 else []
        if room <= 0 or len(others) < room:  # else there may be more: look again next turn
            self._next_reclaim = now + min(self._settings.claim_after / 4, 30)
        for delivery in (deliveries := [*own, *others]):
            logger.warning("entry %s was idle for too long, delivery %d", delivery.entry, delivery.count)
        return deliveries

    def _keep_house(self) -> None:
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
            except _SERVER_ERRORS:
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


def dispatcher(app: Celery, pipeline: Pipeline) -> Dispatch:
    """Return what sends a job's tasks. Names, no imports: the worker's modules do not know the tasks."""
    tasks = [PAGE] if _in_one(pipeline, app.amqp.queues.consume_from) else [*STEPS]

    def dispatch(job_id: str, attempt: int, to_fetch: bool) -> None:
        first, *rest = [FETCH, *tasks] if to_fetch else tasks
        # As Celery's own chain does, whose other abilities cost a third of a dispatch: the next step stands last.
        following = [app.signature(name, args=(job_id, attempt), immutable=True) for name in reversed(rest)]
        app.send_task(first, (job_id, attempt), chain=following or None, ignore_result=True)

    return dispatch


def _in_one(pipeline: Pipeline, queues: Collection[str]) -> bool:
    """Tell whether one task does all steps: two trips through the broker are for those that another worker does."""
    return pipeline is Pipeline.FUSED or (pipeline is Pipeline.AUTO and all(step in queues for step in STEPS))


class IntakeStep(bootsteps.StartStopStep):  # type: ignore[misc]
    """Runs the intake beside the worker's pool, in workers that consume the entry queue."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.turned = self.served = time.monotonic()
        """When it has looked for jobs last, by the monotonic clock, and when the server has let it."""
        # A child forked while a message is being sent would inherit locks that nobody there will ever release.
        self._working = threading.Lock()
        self._reconnected = threading.Event()
        self._woken = threading.Event()

    def include_if(self, worker: Any) -> bool:
        """Leave jobs to the workers that can begin them."""
        return ENTRY_QUEUE in worker.app.amqp.queues.consume_from

    def start(self, worker: Any) -> None:
        """Start the thread."""
        settings = runtime.settings()
        # Connections of its own: the tasks' ones must be untouched when the pool forks.
        ledger = open_ledger(settings)
        processes = int(worker.max_concurrency or worker.concurrency or 1)
        intake = Intake(ledger, settings, worker.hostname, processes, dispatcher(worker.app, settings.pipeline))
        lock = self._working
        os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release)
        self._thread = threading.Thread(target=self._run, args=(intake,), name="intake", daemon=True)
        worker.intake = self
        task_begun.connect(self._wake)
        self._thread.start()

    def stop(self, worker: Any) -> None:
        """Take no more jobs in; what was taken is dispatched or will be delivered again."""
        self._stop.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(timeout=runtime.settings().grace)

    terminate = stop

    def _wake(self, **_: Any) -> None:
        """Look again: the task before in that process has ended, so there may be room for a job."""
        self._woken.set()

    def reconnected(self) -> None:
        """Be told that Celery has lost its connection and has a new one."""
        self._reconnected.set()

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def _run(self, intake: Intake) -> None:
        while not self._stop.is_set():
            self._woken.wait(self._turn(intake))
            self._woken.clear()
            self.turned = time.monotonic()
        self._turn(intake, last=True)

    def _turn(self, intake: Intake, *, last: bool = False) -> float:
        """Take in what was read, and read more unless this is the ``last`` turn; return the seconds to pause."""
        try:
            if self._reconnected.is_set():
                self._reconnected.clear()
                intake.reopen()
            with self._working:
                room = intake.work()
            if not last:
                intake.read(room)
        except OperatorError as error:
            logger.critical("%s", error)
            state.should_stop = os.EX_CONFIG
        except _SERVER_ERRORS as error:
            logger.warning("the server does not answer as it should, trying again: %s", error)
            intake.reopen()
        except Exception:
            logger.exception("the intake failed, trying again")
        else:
            self.served = time.monotonic()
            return 0 if room > 0 else _FULL_PAUSE
        return _AWAY_PAUSE


class ReconnectedStep(bootsteps.StartStopStep):  # type: ignore[misc]
    """Tells the intake of each connection of Celery's after the first."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        self._first = True

    def start(self, consumer: Any) -> None:
        """Celery starts its steps anew with each connection."""
        intake = getattr(consumer.controller, "intake", None)
        if intake is not None and not self._first:
            intake.reconnected()
        self._first = False
