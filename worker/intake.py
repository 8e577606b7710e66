"""The intake: jobs stream → validation → claim → Celery. One thread in the main process of a worker."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Final, TypeVar

from celery import Celery, bootsteps
from celery.utils.log import get_logger
from celery.worker import state
from redis import RedisError

from config.celeryconfig import ENTRY_QUEUE, FETCH, PAGE, STEPS
from config.settings import Fetch, Pipeline, Settings
from worker import metrics, runtime
from worker.broker.request import moved_on
from worker.connection import open_ledger
from worker.errors import OperatorError
from worker.homes import Homes
from worker.shard import SERVER_ERRORS, Dispatch, Shard

_BLOCK_MS: Final = 500
"""How long one read waits for jobs; a stop waits for it too."""
_FULL_PAUSE: Final = 0.02
_FULL_PAUSE_MOST: Final = 0.16
"""Seconds until the next look while as many jobs are in flight as allowed, twice as many each time. A task that begins
or ends here ends the pause. A job may also end in another worker, which is rare where one task does all steps."""
_AWAY_PAUSE: Final = 1.0
"""Seconds between tries while the server is away."""
_ROUND: Final = 0.5
"""Seconds between looks at a shard that is not the worker's home and had nothing."""
_AWAY: Final = 2.0
"""Seconds until such a shard is tried again whose server is away."""
_RETRIES, _PATIENCE = 1, 2.0
"""Tries of a command there after the first, and the seconds that each may take: the home's jobs wait meanwhile."""

_T = TypeVar("_T")

logger = get_logger(__name__)


class Intake:
    """Takes jobs in, as long as fewer of this worker's are unanswered than the settings allow its ``processes``.

    A worker sees to its home first. What other shards have it takes where home has nothing; from those that no worker
    is at home in it takes as from its own, in turn.
    """

    def __init__(
        self, shards: Sequence[Shard], home: int, homes: Homes | None, settings: Settings, processes: int
    ) -> None:
        """``homes``: which shard each worker is at home in, where there are several."""
        self._home = shards[home]
        self._home_number = home
        self._others = [_Other(number, shard) for number, shard in enumerate(shards) if number != home]
        self._homes = homes
        self._fetches = settings.fetch is Fetch.ON
        self._most = settings.in_flight * processes
        self._most_fetched = settings.fetch_in_flight * processes
        self._waiting = self._most - processes
        """How many may be in hand beside those in work."""
        self._left: int | None = None
        """For how many jobs there is room at least; None: to be counted."""
        self._turn = 0

    def work(self) -> int:
        """Take in what was read; return how many more jobs there is room for."""
        self._home.work()
        self._home.keep_house()
        for other in self._others:
            other.work()
        if self._homes is not None:
            self._homes.keep(self._home_number)
        return self._room()

    def _room(self) -> int:
        self._home.look_at_limits()
        metrics.counts().intake_stopped.set(self._home.full is not None)
        if self._home.full:
            return 0
        left, self._left = self._left, None
        return self._count() if left is None else left

    def _count(self) -> int:
        counts = [self._home.held(), *(other.held() for other in self._others)]
        room = self._most - sum(held for held, _ in counts)
        # What a job is shows only when it is read: there must be room for it whichever it is.
        return min(room, self._most_fetched - sum(fetched for _, fetched in counts)) if self._fetches else room

    def read(self, room: int) -> None:
        """Read up to ``room`` jobs: those that were idle for too long, else new ones; wait a moment for the first.

        While processes are idle, no more than there are of them: another worker may have idle ones, too.
        """
        taken = self._reclaim(room)
        if not taken and room > 0:
            idle = room - self._waiting
            taken = self._read_new(idle if idle > 0 else room)
        # Those that are in hand can only become fewer meanwhile: most turns need no second count.
        self._left = room - taken if taken else None
        self._home.show()

    def _reclaim(self, room: int) -> int:
        return self._home.reclaim(room) or _first(other.reclaim(room) for other in self._others)

    def _read_new(self, room: int) -> int:
        if not self._others:
            return self._home.read(room, _BLOCK_MS)
        lonely = self._homes.lonely if self._homes else set()
        self._turn += 1
        alone = [other for other in self._others if other.number in lonely]
        if taken := _first(each.read(room, None) for each in _from(self._turn, [self._home, *alone])):
            return taken
        rest = [other for other in self._others if other.number not in lonely]
        taken = _first(other.read(room, None) for other in _from(self._turn, rest))
        return taken or self._home.read(room, _BLOCK_MS)

    def reopen(self) -> None:
        """Look at the servers anew before the next job, and at the jobs held: `worker.shard.Shard.reopen`."""
        self._left = None
        self._home.reopen()
        for other in self._others:
            other.reopen()


class _Other:
    """A shard that is not this worker's home: looked at now and then; where its server is away, the rest go on."""

    def __init__(self, number: int, shard: Shard) -> None:
        self.number = number
        self._shard = shard
        self._next_look = 0.0
        self._away_until = 0.0
        self._held = 0, 0
        """As it was counted last."""

    def work(self) -> None:
        """As `Shard.work`."""
        self._try(self._work, None)

    def _work(self) -> None:
        self._shard.work()
        self._shard.keep_house()

    def held(self) -> tuple[int, int]:
        """As `Shard.held`; while its server is away, as it was before."""
        self._held = self._try(self._shard.held, self._held)
        return self._held

    def reclaim(self, room: int) -> int:
        """As `Shard.reclaim`."""
        return self._try(lambda: self._shard.reclaim(room), 0)

    def read(self, room: int, block_ms: int | None) -> int:
        """As `Shard.read`, now and then."""
        now = time.monotonic()
        if now < self._next_look:
            return 0
        found = self._try(lambda: self._read(room, block_ms), 0)
        if not found:
            self._next_look = now + _ROUND
        return found

    def _read(self, room: int, block_ms: int | None) -> int:
        self._shard.look_at_limits()
        return 0 if self._shard.full else self._shard.read(room, block_ms)

    def reopen(self) -> None:
        """As `Shard.reopen`."""
        self._shard.reopen()

    def _try(self, action: Callable[[], _T], otherwise: _T) -> _T:
        if time.monotonic() < self._away_until:
            return otherwise
        try:
            return action()
        except (RedisError, OSError) as error:  # of Celery's messages, which go through the home's, others are raised
            logger.warning("shard %d does not answer as it should, trying again: %s", self.number, error)
            self._away_until = time.monotonic() + _AWAY
            self._shard.reopen()
            return otherwise


def _first(counts: Iterable[int]) -> int:
    """Return the first that is not 0, without asking for those behind it."""
    return next((count for count in counts if count), 0)


def _from(turn: int, shards: Sequence[Shard | _Other]) -> list[Shard | _Other]:
    """Return the shards so that another one comes first each turn."""
    first = turn % len(shards) if shards else 0
    return [*shards[first:], *shards[:first]]


def dispatcher(app: Celery, pipeline: Pipeline, shard: int | None) -> Dispatch:
    """Return what sends a job's tasks. Names, no imports: the worker's modules do not know the tasks.

    ``shard``: where the job is, which its tasks are told; None where there is one only.
    """
    tasks = [PAGE] if _in_one(pipeline, app.amqp.queues.consume_from) else [*STEPS]
    where = () if shard is None else (shard,)

    def dispatch(job_id: str, attempt: int, to_fetch: bool) -> None:
        first, *rest = [FETCH, *tasks] if to_fetch else tasks
        # As Celery's own chain does, whose other abilities cost a third of a dispatch: the next step stands last.
        following = [app.signature(name, args=(job_id, attempt, *where), immutable=True) for name in reversed(rest)]
        # The queues are there: Redis makes a list with its first entry. What shows the arguments is written by whoever
        # takes the message (`worker.broker.messages`).
        slim: dict[str, Any] = {"ignore_result": True, "declare": (), "argsrepr": "", "kwargsrepr": ""}
        app.send_task(first, (job_id, attempt, *where), chain=following or None, **slim)

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
        in_one = _in_one(runtime.settings().pipeline, worker.app.amqp.queues.consume_from)
        self._first_pause = _FULL_PAUSE_MOST if in_one else _FULL_PAUSE
        self._full_pause = self._first_pause

    def include_if(self, worker: Any) -> bool:
        """Leave jobs to the workers that can begin them."""
        return ENTRY_QUEUE in worker.app.amqp.queues.consume_from

    def start(self, worker: Any) -> None:
        """Start the thread."""
        intake = _intake_of(worker, runtime.settings())
        lock = self._working
        os.register_at_fork(before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release)
        self._thread = threading.Thread(target=self._run, args=(intake,), name="intake", daemon=True)
        worker.intake = self
        moved_on.connect(self._wake)
        self._thread.start()

    def stop(self, worker: Any) -> None:
        """Take no more jobs in; what was taken is dispatched or will be delivered again."""
        self._stop.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join(timeout=runtime.settings().grace)

    terminate = stop

    def _wake(self, **_: Any) -> None:
        """Look again: there may be room for a job."""
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
            pause = self._turn(intake)
            in_vain = not self._woken.wait(pause) and pause > 0
            self._full_pause = min(2 * self._full_pause, _FULL_PAUSE_MOST) if in_vain else self._first_pause
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
        except SERVER_ERRORS as error:
            logger.warning("the server does not answer as it should, trying again: %s", error)
            intake.reopen()
        except Exception:
            logger.exception("the intake failed, trying again")
        else:
            self.served = time.monotonic()
            return 0 if room > 0 else self._full_pause
        return _AWAY_PAUSE


def _intake_of(worker: Any, settings: Settings) -> Intake:
    """Return the intake of a worker, with connections of its own: the tasks' ones must be untouched at a fork."""
    processes = int(worker.max_concurrency or worker.concurrency or 1)
    several = settings.shards > 1

    def shard(number: int) -> Shard:
        hurry: dict[str, Any] = {} if number == settings.home else {"retries": _RETRIES, "timeout": _PATIENCE}
        ledger = open_ledger(settings, shard=number, **hurry)
        dispatch = dispatcher(worker.app, settings.pipeline, number if several else None)
        return Shard(ledger, settings, worker.hostname, processes, dispatch)

    shards = [shard(number) for number in range(settings.shards)]
    return Intake(shards, settings.home, Homes.of(settings) if several else None, settings, processes)


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
