"""Names of the keys in Redis."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one namespace. The braces are a hash tag: all live in one slot of a cluster, as scripts require."""

    namespace: str

    def _key(self, rest: str) -> str:
        return f"{{{self.namespace}}}:{rest}"

    @property
    def jobs(self) -> str:
        """Stream of jobs that are not answered yet; each entry has the field ``job``."""
        return self._key("jobs")

    @property
    def results(self) -> str:
        """Stream of answers; each entry has the field ``event``."""
        return self._key("results")

    @property
    def dead(self) -> str:
        """Stream of dead letters; each entry has the field ``dead``."""
        return self._key("dead")

    @property
    def counts(self) -> str:
        """Hash of what happened so far: results, failures, duplicates."""
        return self._key("counts")

    def claim(self, job_id: str) -> str:
        """Hash of a job in work: its entry, attempt, consumer and what its steps have made."""
        return self._key(f"claim:{job_id}")

    def done(self, job_id: str) -> str:
        """The results entry that answered the job; expires."""
        return self._key(f"done:{job_id}")

    def pace(self, host: str) -> str:
        """Hash: when the next request may go to a host; expires."""
        return self._key(f"pace:{host}")

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
