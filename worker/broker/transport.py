"""Kombu's Redis transport, with a look at each message before Celery gets it."""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import contextlib
import functools
import logging
from typing import Any, Final

from kombu.transport import TRANSPORT_ALIASES, redis, virtual

from config.celeryconfig import QUEUES
from worker.broker.messages import Refused, checked

_MALFORMED: Final = (AttributeError, LookupError, RecursionError, TypeError, ValueError)

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
    def ack(self, delivery_tag: Any) -> None:
        """Acknowledge a message; where the server cannot be told, no longer count it among those in hand.

        Celery takes no more than it may have in hand: one that stayed there would stop the worker, in silence.
        """
        try:
            super().ack(delivery_tag)
        except self.channel.connection_errors:
            virtual.QoS.ack(self, delivery_tag)
            raise


class _Channel(redis.Channel):
    QoS = _QoS

    def _get_client(self) -> Any:
        super()._get_client()  # checks the version of redis-py
        return functools.partial(_Client, global_keyprefix=self.global_keyprefix)

    def _receive_one(self, c: Any) -> Any:
        """Take one control command, such as Flower's, or drop what is none: it would end the worker."""
        try:
            return super()._receive_one(c)
        except _MALFORMED:
            logger.warning("a control message was dropped: it is none of Celery's")
            return None

    def close(self) -> None:
        """Close the channel, also where the connection is gone on which it would give its messages back."""
        with contextlib.suppress(AttributeError):  # kombu asks the connection for its address; the worker would end
            super().close()


class Transport(redis.Transport):
    """Redis, but for messages that no worker of this project has sent."""

    Channel = _Channel


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
