"""Injects the faults of a plan, each lane in a thread of its own."""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from typing import Final

from chaos.effects import poison_id
from chaos.faults import POISON, Fault, Kind, Lane
from chaos.producers import Book, Producers
from chaos.proxy import Proxy
from chaos.server import Server
from chaos.systems import Limits, System
from chaos.workers import Workers
from support import until

_PATIENCE: Final = 600
_TEN: Final = 10
_STEP: Final = 6
"""A clock steps by so many times the seconds of the fault."""


class Injector:
    """Knows how each fault is done."""

    def __init__(
        self,
        *,
        system: System,
        limits: Limits,
        server: Server,
        proxy: Proxy,
        workers: Workers,
        producers: Producers,
        book: Book,
    ) -> None:
        self.done: Counter[Kind] = Counter()
        self.left_out: Counter[Kind] = Counter()
        """Faults that do not apply here."""
        self.errors: list[str] = []
        """Where the harness itself failed."""
        self._system = system
        self._server = server
        self._proxy = proxy
        self._workers = workers
        self._producers = producers
        self._book = book
        self._closing = threading.Event()
        self._may: Callable[[], bool] = lambda: True
        self._how: dict[Kind, Callable[[Fault], None]] = {
            Kind.KILL_CHILD: self._kill_child,
            Kind.KILL_MAIN: self._kill_main,
            Kind.KILL_GROUP: self._kill_group,
            Kind.FREEZE_GROUP: lambda fault: self._freeze_group(fault, limits.claim_after + fault.seconds),
            Kind.FREEZE_BRIEFLY: lambda fault: self._freeze_group(fault, limits.soft + fault.seconds / 2),
            Kind.TERMINATE: self._terminate,
            **dict.fromkeys(POISON, self._poison),
            Kind.SAME_ID: self._same_id,
            Kind.SERVER_KILL: self._kill_server,
            Kind.SERVER_FREEZE: lambda fault: self._freeze_server(fault.seconds),
            Kind.SERVER_HANG: lambda fault: self._freeze_server(limits.hard + fault.seconds),
            Kind.SERVER_PAUSE: self._pause_server,
            Kind.MEMORY_FULL: self._fill_memory,
            Kind.DISK_FULL: self._fill_disk,
            Kind.CLOCK_FORWARD: lambda fault: server.step_clock(_STEP * fault.seconds),
            Kind.CLOCK_BACK: lambda fault: server.step_clock(-_STEP * fault.seconds),
            Kind.NET_RESET: lambda _: proxy.reset(),
            Kind.NET_CUT: lambda fault: proxy.cut(fault.pick % 4000),
            Kind.NET_HALF_CLOSE: lambda fault: proxy.half_close(replies=fault.pick % 2 == 0),
            Kind.NET_DELAY: self._delay,
            Kind.NET_STALL: self._stall,
            Kind.NET_REFUSE: self._refuse,
        }

    def start(self, faults: Sequence[Fault], may: Callable[[], bool]) -> list[threading.Thread]:
        """Start a thread for each lane; return them. A fault waits until it ``may`` be, so that all meet jobs."""
        self._may = may
        lanes = [[fault for fault in faults if fault.lane is lane] for lane in Lane]
        threads = [threading.Thread(target=self._run, args=(lane,), daemon=True) for lane in lanes]
        for thread in threads:
            thread.start()
        return threads

    def close(self) -> None:
        """Inject no more."""
        self._closing.set()

    @property
    def count(self) -> int:
        """How many were injected, or left out."""
        return self.done.total() + self.left_out.total()

    def _run(self, faults: Sequence[Fault]) -> None:
        for fault in faults:
            if self._closing.wait(fault.after):
                return
            until(lambda: self._may() or self._closing.is_set(), _PATIENCE, "jobs enough for the next fault")
            if not self._applies(fault.kind):
                self.left_out[fault.kind] += 1
                continue
            try:
                self._how[fault.kind](fault)
            except Exception as error:  # told at the end; the other lanes go on
                self.errors.append(f"{fault.kind.name} {fault.number}: {error!r}")
            self.done[fault.kind] += 1

    def _applies(self, kind: Kind) -> bool:
        if kind is Kind.SAME_ID:
            return self._system.by_id
        return self._server.has_clock or kind not in {Kind.CLOCK_FORWARD, Kind.CLOCK_BACK}

    # --- workers -------------------------------------------------------------------------------------------------

    def _kill_child(self, fault: Fault) -> None:
        group = self._workers[self._workers.pick(fault.pick)]
        children = group.children()
        if children:
            os.kill(children[fault.pick % len(children)], signal.SIGKILL)

    def _kill_main(self, fault: Fault) -> None:
        slot = self._workers.pick(fault.pick)
        self._workers[slot].kill_main()
        self._workers.replace(slot)

    def _kill_group(self, fault: Fault) -> None:
        slot = self._workers.pick(fault.pick)
        self._workers[slot].kill()
        self._workers.replace(slot)

    def _freeze_group(self, fault: Fault, seconds: float) -> None:
        group = self._workers[self._workers.pick(fault.pick)]
        group.signal(signal.SIGSTOP)
        try:
            self._closing.wait(seconds)
        finally:
            group.signal(signal.SIGCONT)

    def _terminate(self, fault: Fault) -> None:
        slot = self._workers.pick(fault.pick)
        self._workers[slot].terminate()
        self._workers.replace(slot)

    # --- producers -----------------------------------------------------------------------------------------------

    def _poison(self, fault: Fault) -> None:
        job_id = poison_id(POISON[fault.kind], fault.number)
        self._book.poison.add(job_id)
        self._producers.send(job_id, fault.number)

    def _same_id(self, fault: Fault) -> None:
        together = threading.Barrier(_TEN)

        def send() -> None:
            together.wait()
            self._producers.send(f"same-{fault.number}", fault.number)

        threads = [threading.Thread(target=send, daemon=True) for _ in range(_TEN)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    # --- server --------------------------------------------------------------------------------------------------

    def _kill_server(self, fault: Fault) -> None:
        self._server.kill()
        self._closing.wait(fault.seconds)
        self._server.start()

    def _freeze_server(self, seconds: float) -> None:
        self._server.freeze()
        try:
            self._closing.wait(seconds)
        finally:
            self._server.thaw()

    def _pause_server(self, fault: Fault) -> None:
        self._server.client.client_pause(int(fault.seconds * 1000))
        self._closing.wait(fault.seconds)

    def _fill_memory(self, fault: Fault) -> None:
        self._until_refused(fault, self._server.fill_memory, self._server.free_memory)

    def _fill_disk(self, fault: Fault) -> None:
        self._until_refused(fault, self._server.fill_disk, self._server.free_disk)

    def _until_refused(self, fault: Fault, fill: Callable[[], None], free: Callable[[], None]) -> None:
        """Keep the server full until a producer has been told so."""
        refused = self._book.refusals.total()

        def told() -> bool:
            return self._book.refusals.total() > refused

        def send() -> None:
            for more in count():  # a write that the server can keep in its buffers is no error yet
                self._producers.send(f"full-{fault.number}-{more}", fault.number)
                if told() or self._closing.wait(0.2):
                    return

        sending = threading.Thread(target=send, daemon=True)
        fill()
        try:
            sending.start()
            self._closing.wait(fault.seconds)
            until(told, what="a job that is refused")
        finally:
            free()
        sending.join()

    # --- network -------------------------------------------------------------------------------------------------

    def _delay(self, fault: Fault) -> None:
        self._proxy.delay(fault.seconds / 10)
        self._closing.wait(fault.seconds)
        self._proxy.delay(0)

    def _stall(self, fault: Fault) -> None:
        self._proxy.stall(True)
        self._closing.wait(fault.seconds)
        self._proxy.stall(False)

    def _refuse(self, fault: Fault) -> None:
        self._proxy.refuse(True)
        self._closing.wait(fault.seconds)
        self._proxy.refuse(False)
