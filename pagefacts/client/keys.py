"""Names of the keys in Redis that producers and consumers meet."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32


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


def shard_namespaces(namespace: str, shards: int) -> list[str]:
    """Return the namespace of each shard; a single one has the plain one.

    A slot is a CRC16, which is linear: names that differ in their last digit alone, 0 to 3 or 4 to 7, have one slot in
    each quarter of a cluster's slots, whatever the rest of them is. Raises `ValueError` where there is no shard.
    """
    if shards < 1:
        raise ValueError(f"shards: {shards} is less than one")
    return [namespace] if shards == 1 else [f"{namespace}.{shard}" for shard in range(shards)]


def shard_of(job_id: str, shards: int) -> int:
    """Return the shard of a job by its id: the CRC32 (zlib's) of its UTF-8, modulo the number of shards."""
    return crc32(job_id.encode("utf-8", "surrogatepass")) % shards if shards > 1 else 0
