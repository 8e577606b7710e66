"""robots.txt, as RFC 9309 has it.

A reader of its own: Protego 0.7.0 keeps every group of the file, and each rule once for every agent named before it,
so that a file of 84 kB took 642 MB. Here only the groups that speak to this crawler are kept.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Final, Self
from urllib.parse import quote

MAX_READ: Final = 512_000
"""Bytes of a robots.txt that are read: RFC 9309 asks for 500 KiB at least."""

_TOKEN = re.compile(r"[A-Za-z_-]+")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT: Final = "%!\"#$&'()*+,/:;<=>?@[\\]^`{|}~"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a robots.txt says to one crawler."""

    allowed: tuple[str, ...] = ()
    disallowed: tuple[str, ...] = ()
    """Patterns of paths; ``*`` stands for any characters, a ``$`` at the end for the end of the path."""
    delay: float | None = None
    """Seconds between two requests, where the file names them (Crawl-delay, which is in no standard)."""

    def allow(self, path: str) -> bool:
        """Return whether ``path``, query included, may be fetched: the longest pattern decides."""
        if path == "/robots.txt":
            return True
        target = _normal(path)
        return _longest(self.allowed, target) >= _longest(self.disallowed, target)

    def to_json(self) -> str:
        """Return the rules as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Return the rules that `to_json` wrote."""
        value = json.loads(text)
        return cls(tuple(value["allowed"]), tuple(value["disallowed"]), value["delay"])


def read_robots(content: bytes, agent: str) -> Rules:
    """Return what ``content`` says to ``agent``, a product token; of what is not understood nothing is made.

    The groups that name the agent count; where there are none, those for ``*``.
    """
    lines = content[:MAX_READ].decode("utf-8", "replace").removeprefix("\ufeff")
    named, others = _Group(), _Group()
    speaks_to: list[_Group] = []
    naming = False
    for field, value in _records(lines):
        if field == "user-agent":
            if not naming:
                speaks_to = []
            naming = True
            group = named if _names(value, agent) else others if value.startswith("*") else None
            if group is not None and group not in speaks_to:
                group.found = True
                speaks_to.append(group)
        elif field in {"allow", "disallow", "crawl-delay"}:
            naming = False
            for group in speaks_to:
                group.add(field, value)
    return (named if named.found else others).rules()


def agent_token(user_agent: str) -> str:
    """Return the product token of a user agent's name: its first word, as robots.txt files spell it."""
    match = _TOKEN.match(user_agent)
    return match[0].lower() if match else "pagefacts"


class _Group:
    """All that is said to one agent."""

    def __init__(self) -> None:
        self.found = False
        self._paths: dict[str, list[str]] = {"allow": [], "disallow": []}
        self._delay: float | None = None

    def add(self, field: str, value: str) -> None:
        if field == "crawl-delay":
            self._delay = _seconds(value) or self._delay
        elif value.startswith(("/", "*")):
            self._paths[field].append(_normal(value))

    def rules(self) -> Rules:
        return Rules(tuple(self._paths["allow"]), tuple(self._paths["disallow"]), self._delay)


def _records(text: str) -> list[tuple[str, str]]:
    lines = (line.partition("#")[0] for line in text.replace("\r", "\n").split("\n"))
    parted = (line.partition(":") for line in lines)
    return [(field.strip().lower(), value.strip()) for field, colon, value in parted if colon]


def _names(value: str, agent: str) -> bool:
    match = _TOKEN.match(value)
    return match is not None and match[0].lower() == agent


def _seconds(value: str) -> float | None:
    try:
        seconds = float(value)
    except ValueError:
        return None
    return seconds if 0 < seconds < float("inf") else None


def _normal(path: str) -> str:
    """Return ``path`` in the form in which paths are compared (RFC 9309, 2.2.2)."""
    return _ESCAPE.sub(_unescaped, quote(path, safe=_KEPT))


def _unescaped(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


def _longest(patterns: tuple[str, ...], path: str) -> int:
    return max((len(pattern) for pattern in patterns if _matches(pattern, path)), default=-1)


def _matches(pattern: str, path: str) -> bool:
    """Match from the left, each stretch between two stars at its first place: no way is tried twice."""
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if not others:
        return not anchored or path == first
    position = len(first)
    for part in others[:-1]:
        found = path.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    last = others[-1]
    if anchored:
        return path.endswith(last) and len(path) - len(last) >= position
    return path.find(last, position) >= 0
