"""Kombu's Redis transport, with a look at each message before Celery gets it."""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import contextlib
import functools
import logging
import os
from collections.abc import Mapping, Sequence
from typing import Any, Final

from kombu.transport import TRANSPORT_ALIASES, redis, virtual
from redis import Connection, SSLConnection

from config.celeryconfig import QUEUES, SUBMIT
from worker.broker.handover import Handover, Message
from worker.broker.messages import Refused, checked
from worker.cluster import at_slot, slot_of

_MALFORMED: Final = (AttributeError, LookupError, RecursionError, TypeError, ValueError)

_OF_LEDGER: Final = QUEUES.keys() - {SUBMIT}
"""Tasks whose job the ledger has; that of a submission is not in it yet."""

logger = logging.getLogger(__name__)


class _Client(redis.PrefixedStrictRedis):
    def parse_response(self, connection: Any, command_name: str, **options: Any) -> Any:
        """Return the server's reply; of a message that is refused, that the queues are empty."""
        reply = super().parse_response(connection, command_name, **options)
        if command_name != "BRPOP" or not reply:
            return reply
        queue, item = reply
        if queue.decode().partition(redis.Channel.sep)[0] not in QUEUES.values():
            return reply  # the answer to a control command, on a queue of this process' own
        try:
            return queue, checked(item)
        except Refused as refused:
            logger.warning("a message of %d bytes on Celery's queue was dropped: %s", len(item), refused)
            return None


class _QoS(redis.QoS):
    """The messages in hand. Kombu notes each in Redis, for when the worker dies; a step's job is in the ledger."""

    def append(self, message: Any, delivery_tag: Any) -> None:
        """Take a message in hand."""
        keep = virtual.QoS if _is_of_ledger(message.headers) else redis.QoS
        keep.append(self, message, delivery_tag)

    def ack(self, delivery_tag: Any) -> None:
        """Acknowledge a message; where the server cannot be told, no longer count it among those in hand.

        Celery takes no more than it may have in hand: one that stayed there would stop the worker, in silence.
        """
        message: Any = self._delivered.get(delivery_tag)
        if message is not None and _is_of_ledger(message.headers):
            virtual.QoS.ack(self, delivery_tag)
            return
        try:
            super().ack(delivery_tag)
        except self.channel.connection_errors:
            virtual.QoS.ack(self, delivery_tag)
            raise

    def restore_by_tag(self, tag: Any, client: Any = None, leftmost: bool = False) -> None:
        """Put a message back on its queue, unless it is acknowledged."""
        message: Any = self._delivered.get(tag)
        if message is None or not _is_of_ledger(message.headers):
            super().restore_by_tag(tag, client, leftmost)
        elif tag not in self._dirty:
            where = message.delivery_info
            with self.channel.conn_or_acquire(client) as given:
                self.channel._do_restore_message(  # noqa: SLF001 - as kombu does
                    message._raw,  # noqa: SLF001
                    where["exchange"],
                    where["routing_key"],
                    given,
                    leftmost,
                )


def _is_of_ledger(headers: Mapping[str, Any]) -> bool:
    """Tell whether a message with these headers, which may hold anything, is one of `_OF_LEDGER`."""
    task = headers.get("task")
    return isinstance(task, str) and task in _OF_LEDGER


class _Channel(redis.Channel):
    QoS = _QoS
    connection_class: Any = at_slot(Connection)
    connection_class_ssl: Any = at_slot(SSLConnection)
    _own: Any = None

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        """Return how to connect: where the server is a cluster, to the node that has the queues of this namespace."""
        given: dict[str, Any] = super()._connparams(asynchronous=asynchronous)
        return given if "path" in given else {**given, "slot": slot_of(self.global_keyprefix)}

    def _get_client(self) -> Any:
        super()._get_client()  # checks the version of redis-py
        return functools.partial(_Client, global_keyprefix=self.global_keyprefix)

    def _create_client(self, asynchronous: bool = False) -> Any:
        """Return a client of this channel's connections: the same again, where kombu makes one for each message."""
        if asynchronous:
            return super()._create_client(asynchronous=True)
        if self._own is None or self._own.connection_pool is not self.pool:
            self._own = super()._create_client()
        return self._own

    def _receive_one(self, c: Any) -> Any:
        """Take one control command, such as Flower's, or drop what is none: it would end the worker."""
        try:
            return super()._receive_one(c)
        except _MALFORMED:
            logger.warning("a control message was dropped: it is none of Celery's")
            return None

    def _put(self, queue: str, message: dict[str, Any], **options: Any) -> None:
        """Put a message on its queue, unless this process takes it at once."""
        handover = _here.handover
        if not (handover and _is_of_ledger(message.get("headers", {})) and handover.offer(queue, message)):
            super()._put(queue, message, **options)

    def close(self) -> None:
        """Close the channel, also where the connection is gone on which it would give its messages back."""
        with contextlib.suppress(AttributeError):  # kombu asks the connection for its address; the worker would end
            super().close()


class _Here:
    """What there is in this process only."""

    handover: Handover | None = None

    def forget(self) -> None:
        """In a child: the consumer is its parent's."""
        self.handover = None


_here: Final = _Here()
os.register_at_fork(after_in_child=_here.forget)


class Transport(redis.Transport):
    """Redis, but for messages that no worker of this project has sent, and those that need not go through it."""

    Channel = _Channel

    def register_with_event_loop(self, connection: Any, loop: Any) -> None:
        """Work in an event loop, as a worker's consumer does."""
        super().register_with_event_loop(connection, loop)
        _here.handover = Handover(self, loop)

    def close_connection(self, connection: Any) -> None:
        """Close all channels; what was not delivered goes to its queue."""
        if _here.handover and _here.handover.transport is self:
            self._give_back(_here.handover.close())
            _here.handover = None
        super().close_connection(connection)

    def _give_back(self, messages: Sequence[tuple[str, Message]]) -> None:
        if not messages:
            return
        with contextlib.suppress(*self.connection_errors):  # the ledger has their jobs
            channel = self.create_channel(self)
            for queue, message in messages:
                channel._put(queue, message)  # noqa: SLF001


def _without_its_content(record: logging.LogRecord) -> bool:
    """Let kombu say of a control message that it is no JSON, and not what it is."""
    if record.exc_info and str(record.msg).startswith("Cannot process event"):
        record.msg, record.args, record.exc_info = "a control message was dropped: it is no JSON", (), None
    return True


def use_transport() -> None:
    """Use this transport wherever this process names a Redis server.

    An alias of kombu's, and no name of its own in the broker's URL: Flower and Celery look at the scheme there.
    """
    redis.logger.addFilter(_without_its_content)
    TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), f"{__name__}:Transport"))
