"""What is known of a cluster's nodes, from what they say."""

from __future__ import annotations

from typing import Any

import pytest
import redis

from worker.cluster import Nodes, at_node, nodes_at, slot_of


class Told:
    """A connection that gives each node's reply to ``CLUSTER SLOTS``; a node without one is away."""

    def __init__(self, replies: dict[int, Any]) -> None:
        self.host, self.port = "", 0
        self.asked: list[int] = []
        self._replies = replies

    def connect(self) -> None:
        self.asked.append(self.port)
        if self.port not in self._replies:
            raise redis.ConnectionError

    def send_command(self, command: str) -> None:
        assert command == "CLUSTER SLOTS"

    def read_response(self) -> Any:
        if isinstance(self._replies[self.port], Exception):
            raise self._replies[self.port]
        return self._replies[self.port]

    def disconnect(self) -> None:
        pass


def node(host: bytes | None, port: int) -> list[Any]:
    return [host, port, b"id", []]


BEFORE = [[0, 99, node(b"b", 2), node(b"c", 3)], [100, 16383, node(b"a", 1)]]
AFTER = [[0, 99, node(b"c", 3)], [100, 16383, node(b"a", 1)]]


def test_a_server_alone_has_every_slot_and_is_asked_once() -> None:
    nodes, told = Nodes(("a", 1)), Told({1: redis.ResponseError("cluster support disabled")})
    assert [nodes.has(slot, told) for slot in (0, 16383)] == [("a", 1), ("a", 1)]
    assert told.asked == [1]


def test_a_server_that_is_away_is_named_all_the_same_and_asked_again() -> None:
    nodes, told = Nodes(("a", 1)), Told({})
    assert [nodes.has(7, told), nodes.has(7, told)] == [("a", 1), ("a", 1)]
    assert told.asked == [1, 1]


def test_a_node_that_has_failed_is_asked_last_and_its_replica_found() -> None:
    nodes = Nodes(("a", 1))
    assert nodes.has(5, Told({1: BEFORE})) == ("b", 2)
    nodes.doubt(("b", 2))
    nodes.doubt(("a", 1))  # the one that was named has gone, too
    told = Told({3: AFTER})
    assert nodes.has(5, told) == ("c", 3)
    assert told.asked == [3]
    assert set(nodes.known) == {("a", 1), ("b", 2), ("c", 3)}


def test_the_node_that_a_slot_has_moved_to_is_asked_first() -> None:
    nodes = Nodes(("a", 1))
    nodes.has(5, Told({1: BEFORE}))
    nodes.doubt(("b", 2), ("new", 4))
    told = Told({4: [[0, 16383, node(b"new", 4)]], 1: BEFORE})
    assert nodes.has(5, told) == ("new", 4)
    assert told.asked == [4]


@pytest.mark.parametrize("host", [None, b"", b"?"])
def test_a_node_without_a_host_is_at_the_one_that_was_asked(host: bytes | None) -> None:
    assert Nodes(("a", 1)).has(5, Told({1: [[0, 16383, node(host, 9)]]})) == ("a", 9)


def test_a_unix_socket_leads_to_one_server() -> None:
    assert nodes_at("unix:///s.sock") == ()
    assert at_node("unix:///s.sock", "pagefacts") == "unix:///s.sock"


def test_the_slot_is_that_of_all_keys_of_the_namespace() -> None:
    assert slot_of("pagefacts") == 9370  # CLUSTER KEYSLOT {pagefacts}:jobs
