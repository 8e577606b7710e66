"""Names of the keys in Redis."""

from __future__ import annotations

from dataclasses import dataclass

from pagefacts.client import WireKeys


@dataclass(frozen=True, slots=True)
class Keys(WireKeys):
    """The keys of one namespace: those of producers and consumers, and the workers' own."""

    @property
    def counts(self) -> str:
        """Hash of what happened so far: results, failures, duplicates."""
        return self._key("counts")

    @property
    def homes(self) -> str:
        """Sorted set of ``SHARD WORKER`` by the second when it is forgotten; on the first of several shards."""
        return self._key("homes")

    @property
    def homes_counted(self) -> str:
        """How many workers are at home in each shard, as counted a moment ago; expires."""
        return self._key("homes:counted")

    def celery(self, queue: str) -> str:
        """List of the messages that wait on one of Celery's queues."""
        return self._key(f"celery:{queue}")

    def claim(self, job_id: str) -> str:
        """Hash of a job in work: its entry, attempt, consumer and what its steps have made."""
        return self._key(f"claim:{job_id}")

    def pace(self, host: str) -> str:
        """Hash: when the next request may go to a host; expires."""
        return self._key(f"pace:{host}")

    def turns(self, job_id: str) -> str:
        """Hash of a job's turns at hosts, beside their pace where that is on another shard than the job; expires."""
        return self._key(f"turns:{job_id}")

    def robots(self, origin: str) -> str:
        """The rules of an origin's robots.txt; expires."""
        return self._key(f"robots:{origin}")

    @property
    def kept(self) -> str:
        """Hash of fetched pages, to be asked for anew; expires."""
        return self._key("kept")

    @property
    def kept_order(self) -> str:
        """Sorted set of the kept pages by time; expires."""
        return self._key("kept:order")

    @property
    def kept_bytes(self) -> str:
        """Bytes of the kept pages; expires."""
        return self._key("kept:bytes")
