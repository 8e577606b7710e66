"""Names of the keys in Redis that producers and consumers meet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WireKeys:
    """The keys of one namespace. The braces are a hash tag: all live in one slot of a cluster, as scripts require."""

    namespace: str = "pagefacts"

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

    def done(self, job_id: str) -> str:
        """The results entry that answered the job; expires."""
        return self._key(f"done:{job_id}")
