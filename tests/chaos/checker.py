"""The invariant: what was accepted is answered, once and rightly; nothing is left over; poison is parked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer on the results stream."""

    job_id: str
    content: str | None
    """What it says, in short; None where it says that the job failed."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the producers know at the end."""

    accepted: AbstractSet[str]
    """Ids of which the server has acknowledged a job."""
    unknown: AbstractSet[str] = frozenset()
    """Ids that were sent and of which no answer came: they may be answered, but not twice."""
    poison: AbstractSet[str] = frozenset()
    """Ids of pages that must end as dead letters."""
    expected: Mapping[str, str] = field(default_factory=dict)
    """What the answers of the others must say; an id that is missing may say anything."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is on the server at the end."""

    answers: Sequence[Answer]
    dead: Sequence[str] = ()
    """Ids of the dead letters."""
    waiting: int = 0
    """Jobs on the jobs stream."""
    pending: int = 0
    """Deliveries that nobody has acknowledged."""
    claims: int = 0
    """Claims of jobs in work."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong; all empty where the invariant holds."""

    lost: list[str]
    """Accepted, and not answered."""
    twice: list[str]
    """Answered more than once."""
    unasked: list[str]
    """Answered, though nobody has sent such a job."""
    wrong: list[str]
    """Answered with something else than the page says."""
    not_parked: list[str]
    """Poison that is no dead letter."""
    innocent_parked: list[str]
    """Dead letters, or failures, of pages at which nothing is wrong."""
    parked_twice: list[str]
    """Dead letters that lie there more than once."""
    left: dict[str, int]
    """Jobs, deliveries and claims that are still there."""

    def faults(self) -> dict[str, str]:
        """Return what is wrong, by its name; empty where nothing is."""
        lists = {name: value for name in self.__slots__ if name != "left" and (value := getattr(self, name))}
        short = {name: f"{len(ids)}: {', '.join(ids[:10])}" for name, ids in lists.items()}
        return {**short, **{f"left {name}": str(count) for name, count in self.left.items()}}


def check(sent: Sent, seen: Seen) -> Verdict:
    """Compare what was sent with what is there."""
    times = Counter(answer.job_id for answer in seen.answers)
    failed = {answer.job_id for answer in seen.answers if answer.content is None}
    dead = Counter(seen.dead)
    parked = sent.poison & sent.accepted
    left = {"jobs": seen.waiting, "pending": seen.pending, "claims": seen.claims}
    return Verdict(
        lost=sorted(sent.accepted - times.keys()),
        twice=_repeated(times),
        unasked=sorted(times.keys() - sent.accepted - sent.unknown),
        wrong=sorted({answer.job_id for answer in seen.answers if _is_wrong(answer, sent.expected)}),
        not_parked=sorted(parked - (dead.keys() & failed)),
        innocent_parked=sorted((dead.keys() | failed) - sent.poison),
        parked_twice=_repeated(dead),
        left={name: count for name, count in left.items() if count},
    )


def _repeated(times: Mapping[str, int]) -> list[str]:
    return sorted(job_id for job_id, count in times.items() if count > 1)


def _is_wrong(answer: Answer, expected: Mapping[str, str]) -> bool:
    return answer.content is not None and answer.content != expected.get(answer.job_id, answer.content)


def percentile(values: Iterable[float], percent: int) -> float | None:
    """Return the value that so many percent of ``values`` do not exceed (nearest rank); None where there are none."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else None
