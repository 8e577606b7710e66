"""From a worker's intake to its own consumer: messages that would be taken at once do not go through the server.

The two are threads of one process. What the consumer has no credit for lies on the server as ever, where an idle worker
may take it.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from worker.broker.messages import Refused, anew

Message = dict[str, Any]


class Handover:
    """Hands messages over to the consumer of this process, which runs in an event loop."""

    def __init__(self, transport: Any, loop: Any) -> None:
        """``transport``: kombu's, that the consumer's channels are of."""
        self.transport = transport
        self._loop = loop
        self._messages: deque[tuple[str, Message]] = deque()
        self._closing = threading.Lock()
        self._closed = False

    def offer(self, queue: str, message: Message) -> bool:
        """Hand a message over, from any thread; return False where it has to lie on the queue."""
        if not self._has_credit(queue, len(self._messages)):
            return False
        try:
            delivered = anew(message)
        except Refused:  # it is for those to say that take it from the queue
            return False
        with self._closing:
            if self._closed:
                return False
            self._messages.append((queue, delivered))
        self._loop.call_soon(self._deliver)
        return True

    def _has_credit(self, queue: str, promised: int) -> bool:
        """Tell whether the consumer would take ``promised`` messages and one more."""
        for channel in tuple(self.transport.channels):
            if queue in channel.active_queues:
                free = channel.qos.can_consume_max_estimate()
                return free is None or promised < free
        return False

    def _deliver(self) -> None:
        while self._messages:
            queue, message = self._messages.popleft()
            self.transport._deliver(message, queue)  # noqa: SLF001 - as kombu does with what the server gave

    def close(self) -> list[tuple[str, Message]]:
        """Take no more messages; return those that were not delivered, with the queue of each."""
        with self._closing:
            self._closed = True
            left, self._messages = [*self._messages], deque()
        return left
