"""A worker's own tasks: past the server while it would take them at once, else on the queue for whoever is idle."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery
from kombu import Consumer
from kombu.asynchronous import Hub

from config.celeryconfig import EXTRACT, PAGE, SUBMIT, celery_config
from config.settings import Settings
from worker.broker.transport import use_transport
from worker.ledger import Ledger


class Desk:
    """A consumer in an event loop, as in a worker's main process, with credit for one task."""

    def __init__(self, environment: dict[str, str], ledger: Ledger) -> None:
        use_transport()
        self.app = Celery(set_as_current=False)
        self.app.conf.update(celery_config(Settings.from_env(environment)))
        self._list = ledger.keys.celery(EXTRACT)
        self._client = ledger.client
        self.taken: list[Any] = []
        self.connection = self.app.connection_for_read()
        self.hub = Hub()
        self.connection.transport.register_with_event_loop(self.connection.connection, self.hub)
        channel = self.connection.channel()
        queue = self.app.amqp.queues[EXTRACT]
        self._consumer = Consumer(channel, [queue], on_message=self.taken.append, auto_declare=False)
        self._consumer.qos(prefetch_count=1)
        self._consumer.consume()

    def send(self, task: str, *args: object) -> None:
        self.app.send_task(task, args)

    def turn(self, seconds: float = 0.3) -> list[Any]:
        """Let the loop run for a moment; return the arguments of all tasks taken so far."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.hub.run_once()
        return [message.payload[0] for message in self.taken]

    @property
    def queued(self) -> int:
        return int(self._client.llen(self._list))

    def close(self) -> None:
        self.connection.close()
        self.hub.close()
        self.app.close()


@pytest.fixture
def desk(environment: dict[str, str], ledger: Ledger) -> Iterator[Desk]:
    desk = Desk(environment, ledger)
    yield desk
    desk.close()


def test_a_task_that_would_be_taken_at_once_does_not_go_through_the_server(desk: Desk) -> None:
    desk.send(PAGE, "a", 1)
    assert desk.queued == 0
    assert desk.turn() == [["a", 1]]


def test_one_more_lies_on_the_queue_until_there_is_credit(desk: Desk) -> None:
    desk.send(PAGE, "a", 1)
    desk.send(PAGE, "b", 1)
    assert desk.queued == 1
    assert desk.turn() == [["a", 1]]
    desk.taken[0].ack()
    assert desk.turn() == [["a", 1], ["b", 1]]
    assert desk.queued == 0


def test_a_submission_is_on_the_server_until_it_is_done(desk: Desk) -> None:
    desk.send(SUBMIT, {"id": "a", "body": "x"})
    assert desk.queued == 1


def test_what_was_not_taken_is_on_the_queue_when_the_worker_ends(desk: Desk) -> None:
    desk.send(PAGE, "a", 1)
    desk.close()
    assert desk.queued == 1


def test_a_child_puts_what_follows_on_the_queue(desk: Desk) -> None:
    child = os.fork()
    if child == 0:
        try:
            desk.send(EXTRACT, "a", 1)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert desk.queued == 1
